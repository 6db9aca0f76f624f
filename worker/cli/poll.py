"""`poll`: listing → diff → fetch → extract → classify → store. Floor 4."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_sources, complete_sources, configuration
from worker.cli.reports import exit_code, show_reports
from worker.cli.screen import Progress
from worker.pipelines.cycle import poll_sources


@click.command("poll")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_sources)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def poll_command(ctx: click.Context, sources: tuple[str, ...], as_json: bool) -> None:
    """Read the listings of all enabled sources, or of those named, and store what is new or changed.

    A source named here is polled now, even while it is backing off; a Retry-After still counts.
    """
    config = configuration(ctx)
    chosen = chosen_sources(config, sources)
    with Progress() as progress, open_runtime(config, progress) as runtime:
        reports = poll_sources(runtime, chosen, datetime.now(UTC), by_hand=bool(sources))
    show_reports(reports, (), as_json=as_json)
    ctx.exit(exit_code(reports, ()))
