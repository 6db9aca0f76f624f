"""`recheck`: silent edits and withdrawals, looked for now. Floor 4."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_sources, complete_sources, configuration
from worker.cli.options import since_option
from worker.cli.reports import exit_code, show_reports
from worker.cli.screen import Progress
from worker.pipelines.cycle import recheck_sources


@click.command("recheck")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_sources)
@since_option()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def recheck_command(
    ctx: click.Context, sources: tuple[str, ...], since: datetime | None, as_json: bool
) -> None:
    """Look again at all known releases, now.

    The service does this by itself, often for fresh releases and seldom for old ones. A page that is
    gone counts as withdrawn when it is gone at two looks: two calls.
    """
    config = configuration(ctx)
    chosen = chosen_sources(config, sources)
    with Progress() as progress, open_runtime(config, progress) as runtime:
        reports = recheck_sources(runtime, chosen, since.date() if since else None, datetime.now(UTC))
    show_reports(reports, (), as_json=as_json)
    ctx.exit(exit_code(reports, ()))
