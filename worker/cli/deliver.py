"""`deliver`: compose and send what is due. Floor 4."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_channels, complete_channels, configuration
from worker.cli.reports import exit_code, show_reports
from worker.cli.screen import Progress
from worker.config.schema import Channel, Config
from worker.digests.plain import write_plain
from worker.digests.view import view_digest
from worker.pipelines.compose import preview
from worker.pipelines.cycle import deliver_channels
from worker.store.connection import reading
from worker.text import printable_json


@click.command("deliver")
@click.argument("channels", nargs=-1, metavar="[CHANNEL]...", shell_complete=complete_channels)
@click.option("--now", "at_once", is_flag=True, help="Ignore schedules and the waiting times of retries.")
@click.option("--dry-run", is_flag=True, help="Print the digests and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def deliver_command(
    ctx: click.Context, channels: tuple[str, ...], at_once: bool, dry_run: bool, as_json: bool
) -> None:
    """Compose and send the digests that are due on all enabled channels, or on those named."""
    config = configuration(ctx)
    chosen = chosen_channels(config, channels)
    if dry_run:
        _show_previews(config, chosen, as_json=as_json)
        return
    with Progress() as progress, open_runtime(config, progress) as runtime:
        reports = deliver_channels(runtime, chosen, datetime.now(UTC), at_once=at_once)
    show_reports((), reports, as_json=as_json)
    ctx.exit(exit_code((), reports))


def _show_previews(config: Config, channels: Iterable[Channel], *, as_json: bool) -> None:
    with reading(config.store.path) as db:
        digests = {channel.id: preview(db, config, channel, datetime.now(UTC)) for channel in channels}
    texts = {name: write_plain(view_digest(digest)) if digest else None for name, digest in digests.items()}
    if as_json:
        previews = [{"id": name, "preview": text} for name, text in texts.items()]
        click.echo(printable_json({"sources": [], "channels": previews}))
        return
    for name, text in texts.items():
        click.echo(f"── {name} " + "─" * max(0, 68 - len(name)))
        click.echo(text or "nothing to tell")
