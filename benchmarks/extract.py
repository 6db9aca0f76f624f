"""How fast a saved page becomes a record, against a bare parse of the same page.

In goes a folder of HTML pages (argument or PRESSEWACHT_PAGES; without one, pages as large as a portal
serves them are made), out come milliseconds and the ratio to `LexborHTMLParser` alone (`turns.py`).
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from portal_pages import portal_pages
from selectolax.lexbor import LexborHTMLParser
from turns import Job, show_turns

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.page import Page
from worker.reading.page import read_page


def main() -> int:
    """Print milliseconds and ratios for the parse, the reading and the whole record."""
    parser = argparse.ArgumentParser(description="Time the extraction of release pages.")
    parser.add_argument("folder", nargs="?", default=os.environ.get("PRESSEWACHT_PAGES"))
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    pages = [page for page in _pages(options.folder) if _is_release(page)]
    if not pages:
        print(f"extract: skipped, no release pages in {options.folder}")
        return 0
    jobs: dict[str, Job] = {
        "bare parse": lambda page: LexborHTMLParser(page.body),
        "reading": read_page,
        "full record": extract_release,
    }
    show_turns(pages, jobs, options.rounds, lambda: None)
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


if __name__ == "__main__":
    sys.exit(main())
