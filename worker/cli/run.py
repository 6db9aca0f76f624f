"""`run`: one full cycle, for cron and CI. Floor 4."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_channels, chosen_sources, configuration
from worker.cli.reports import exit_code, show_reports
from worker.cli.screen import Progress
from worker.pipelines.cycle import deliver_channels, poll_sources


@click.command("run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def run_command(ctx: click.Context, as_json: bool) -> None:
    """Poll every source that is enabled, deliver every digest that is due, exit.

    \b
    Exit codes: 0 all well; 1 something failed and is recorded; 2 configuration; 3 store.
    """
    config = configuration(ctx)
    with Progress() as progress, open_runtime(config, progress) as runtime:
        sources = poll_sources(runtime, chosen_sources(config, ()), datetime.now(UTC))
        channels = deliver_channels(runtime, chosen_channels(config, ()), datetime.now(UTC))
    show_reports(sources, channels, as_json=as_json)
    ctx.exit(exit_code(sources, channels))
