"""How fast a saved page becomes a record, against a bare parse of the same page.

In goes a folder of HTML pages (argument or PRESSEWACHT_PAGES; without one, pages as large as a portal
serves them are made), out come pages per second and the ratio to `LexborHTMLParser` alone, measured in
turns in one run: each page is parsed and extracted one after the other, the ratio is the median over
the rounds. Seconds are those of the processor, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from portal_pages import portal_pages
from selectolax.lexbor import LexborHTMLParser

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.page import Page
from worker.reading.page import read_page


def main() -> int:
    """Print pages per second and ratios for the parse, the reading and the whole record."""
    parser = argparse.ArgumentParser(description="Time the extraction of release pages.")
    parser.add_argument("folder", nargs="?", default=os.environ.get("PRESSEWACHT_PAGES"))
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    pages = [page for page in _pages(options.folder) if _is_release(page)]
    if not pages:
        print(f"extract: skipped, no release pages in {options.folder}")
        return 0
    rounds = [_round(pages) for _ in range(options.rounds + 1)][1:]
    size = sum(len(page.body) for page in pages) / 1e6
    print(f"{len(pages)} release pages, {size:.1f} MB, {options.rounds} rounds")
    for name, position in (("bare parse", 0), ("reading", 1), ("full record", 2)):
        seconds = statistics.median(figures[position] for figures in rounds)
        ratio = statistics.median(figures[position] / figures[0] for figures in rounds)
        print(f"{name:<12} {len(pages) / seconds:7.0f} pages/s  {size / seconds:6.1f} MB/s  {ratio:5.2f} x")
    return 0


def _pages(folder: str | None) -> list[Page]:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    saved = (
        [path.read_bytes() for path in sorted(Path(folder).rglob("*.html"))] if folder else portal_pages(40)
    )
    return [Page("https://example.org/a/b", body, "text/html", now) for body in saved]


def _is_release(page: Page) -> bool:
    try:
        extract_release(page)
    except ParseError:
        return False
    return True


def _round(pages: list[Page]) -> tuple[float, float, float]:
    """Time the three jobs page by page, so that a slow moment of the machine hits all of them."""
    jobs: tuple[Callable[[Page], object], ...] = (
        lambda page: LexborHTMLParser(page.body),
        read_page,
        extract_release,
    )
    totals = [0.0, 0.0, 0.0]
    for page in pages:
        for position, job in enumerate(jobs):
            started = time.thread_time()
            job(page)
            totals[position] += time.thread_time() - started
    return totals[0], totals[1], totals[2]


if __name__ == "__main__":
    sys.exit(main())
