"""`backfill`: the archive, politely. Floor 4."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_sources, configuration
from worker.pipelines.backfill import backfill


@click.command("backfill")
@click.argument("source")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Go back to that day.")
@click.option(
    "--max-pages",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Listing pages to read in this call.",
)
@click.pass_context
def backfill_command(ctx: click.Context, source: str, since: datetime | None, max_pages: int) -> None:
    """Walk the archive of SOURCE; releases found are stored and searchable, none is told.

    Can be stopped at any time and goes on where it was.
    """
    config = configuration(ctx)
    (chosen,) = chosen_sources(config, (source,))
    day = since.date() if since else None
    failed = False
    with open_runtime(config) as runtime:
        reports = backfill(runtime, chosen, day, max_pages, datetime.now(UTC))
        hidden = not sys.stderr.isatty()
        with click.progressbar(
            reports, label=chosen.id, length=max_pages, file=sys.stderr, hidden=hidden
        ) as bar:
            pages, entries = 0, 0
            for report in bar:
                pages, entries = pages + 1, entries + report.items_new
                failed = failed or report.error is not None
    click.echo(f"{chosen.id}: {pages} pages, {entries} new entries")
    ctx.exit(int(failed))
