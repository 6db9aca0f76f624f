"""How fast a saved page becomes a record, against a bare parse of the same page.

In goes a folder of HTML pages (argument, PRESSEWACHT_PAGES, or the release pages of `fixtures/`), out
come pages per second and the ratio to `LexborHTMLParser` alone, measured in turns in one run: each
page is parsed and extracted one after the other, the ratio is the median over the rounds.
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
    folder = Path(options.folder) if options.folder else Path(__file__).parent.parent / "fixtures"
    pages = [page for page in _pages(folder) if _is_release(page)]
    if not pages:
        print(f"extract: skipped, no release pages in {folder}")
        return 0
    rounds = [_round(pages) for _ in range(options.rounds + 1)][1:]
    size = sum(len(page.body) for page in pages) / 1e6
    print(f"{len(pages)} release pages, {size:.1f} MB, {options.rounds} rounds")
    for name, position in (("bare parse", 0), ("reading", 1), ("full record", 2)):
        seconds = statistics.median(figures[position] for figures in rounds)
        ratio = statistics.median(figures[position] / figures[0] for figures in rounds)
        print(f"{name:<12} {len(pages) / seconds:7.0f} pages/s  {size / seconds:6.1f} MB/s  {ratio:5.2f} x")
    return 0


def _pages(folder: Path) -> list[Page]:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        Page("https://example.org/a/b", path.read_bytes(), "text/html", now)
        for path in sorted(folder.rglob("*.html"))
    ]


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
            started = time.perf_counter()
            job(page)
            totals[position] += time.perf_counter() - started
    return totals[0], totals[1], totals[2]


if __name__ == "__main__":
    sys.exit(main())
