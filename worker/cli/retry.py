"""`retry`: a failed or held digest on its way, a disabled channel back to work. Floor 4."""

from __future__ import annotations

import click

from worker.cli.loading import chosen_channels, complete_channels, configuration
from worker.errors import UsageError
from worker.lock import unit_of_work
from worker.store.by_hand import digests_in, drop, enable_channel, requeue
from worker.store.connection import Database, working, write


@click.command("retry")
@click.argument("digests", type=int, nargs=-1, metavar="[DIGEST]...")
@click.option(
    "--channel",
    shell_complete=complete_channels,
    help="Put this channel back to work, with all that failed on it.",
)
@click.option("--held", is_flag=True, help="With --channel: all that the flood brake holds back on it.")
@click.option("--drop", "is_dropped", is_flag=True, help="Never send them, instead.")
@click.pass_context
def retry_command(
    ctx: click.Context, digests: tuple[int, ...], channel: str | None, held: bool, is_dropped: bool
) -> None:
    """Queue a DIGEST that failed or is held: the same bytes under its id."""
    if bool(digests) == (channel is not None) or (held and channel is None):
        raise UsageError("give the number of a digest or --channel ID; `status` shows both")
    if is_dropped and channel is not None and not held:
        raise UsageError("--drop wants the numbers of digests, or --channel ID --held")
    config = configuration(ctx)
    if channel is not None:
        chosen_channels(config, (channel,))
    with unit_of_work(config.store.path), working(config.store.path) as db, write(db):
        if channel is not None and not held:
            enable_channel(db, channel)
        else:
            chosen = digests_in(db, channel, "held") if channel else digests
            _decide(db, chosen, is_dropped=is_dropped)
    queued = "queued; `pressewacht deliver` sends it now, the service with its next round"
    click.echo("dropped" if is_dropped else queued)


def _decide(db: Database, digests: tuple[int, ...] | list[int], *, is_dropped: bool) -> None:
    for digest in digests:
        if not (drop if is_dropped else requeue)(db, digest):
            raise UsageError(f"there is no failed or held digest {digest}; `status` shows which there are")
