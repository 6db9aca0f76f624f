"""`retry`: a failed digest again, a disabled channel back to work. Floor 4."""

from __future__ import annotations

import click

from worker.cli.loading import chosen_channels, configuration
from worker.errors import UsageError
from worker.lock import unit_of_work
from worker.store.channels import enable_channel
from worker.store.connection import working, write
from worker.store.outbox import requeue


@click.command("retry")
@click.argument("digest", type=int, required=False)
@click.option("--channel", help="Put this channel back to work, with all that failed on it.")
@click.pass_context
def retry_command(ctx: click.Context, digest: int | None, channel: str | None) -> None:
    """Queue a failed DIGEST again: the same bytes under its old id, sent by `deliver` or the service."""
    if (digest is None) == (channel is None):
        raise UsageError("give the number of a digest or --channel ID; `status` shows both")
    config = configuration(ctx)
    with unit_of_work(config.store.path), working(config.store.path) as db:
        if channel is not None:
            chosen_channels(config, (channel,))
            with write(db):
                enable_channel(db, channel)
        elif digest is not None and not requeue(db, digest):
            raise UsageError(f"there is no failed digest {digest}; `status` shows which there are")
    click.echo("queued; `pressewacht deliver` sends it now, the service with its next round")
