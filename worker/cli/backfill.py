"""`backfill`: the archive, politely. Floor 4."""

from __future__ import annotations

import math
import sys
import time
from datetime import UTC, datetime

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_sources, complete_sources, configuration
from worker.cli.options import since_option
from worker.pipelines.backfill import ArchivePage, backfill


@click.command("backfill")
@click.argument("source", shell_complete=complete_sources)
@since_option("Go back to that day.")
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
    progress = _Progress(max_pages)
    with open_runtime(config) as runtime:
        walk = backfill(runtime, chosen, day, max_pages, datetime.now(UTC))
        with click.progressbar(
            walk,
            label=chosen.id,
            bar_template="%(label)s  %(info)s",
            item_show_func=lambda page: page and progress.said(time.monotonic()),
            show_eta=False,
            show_pos=False,
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar:
            for page in bar:
                progress.add(page)
    click.echo(f"{chosen.id}: {progress.pages} pages, {progress.new} new entries")
    ctx.exit(int(progress.has_failed))


class _Progress:
    """How far a walk has come, how fast, and what is left where the listing says how much there is."""

    def __init__(self, max_pages: int) -> None:
        self.pages = self.new = self._entries = 0
        self.has_failed = False
        self._max_pages = max_pages
        self._total: int | None = None
        self._began = time.monotonic()

    def add(self, page: ArchivePage) -> None:
        """Count a page that is done."""
        self.pages += 1
        self.new += page.report.items_new
        self.has_failed = self.has_failed or page.report.error is not None
        self._entries += page.report.items_seen
        self._total = page.total

    def said(self, now: float) -> str:
        """`12 pages, 120 of 2015 entries, 30 pages a minute, 6 min left`."""
        rate = self.pages / max(now - self._began, 0.001) * 60
        of = f" of {self._total}" if self._total else ""
        said = f"{self.pages} pages, {self._entries}{of} entries, {rate:.0f} pages a minute"
        if not self._total or not self._entries:
            return said
        to_come = (self._total - self._entries) * self.pages / self._entries
        to_come = max(min(to_come, self._max_pages - self.pages), 0)
        return f"{said}, {math.ceil(to_come / rate)} min left"
