"""How fast a listing page that changed becomes entries, against a bare parse of the same page.

In go listing pages as a portal serves them, 20 entries on 69 kB, or those of a folder of HTML pages
(argument) that have entries; out come milliseconds and the ratio to `LexborHTMLParser` alone (`turns.py`).
What is remembered of addresses is forgotten before each page.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from portal_pages import portal_listings
from selectolax.lexbor import LexborHTMLParser
from turns import Job, show_turns

from worker.config.schema import Source
from worker.errors import ParseError
from worker.identity import canonical_url, identity_of
from worker.models.page import Page
from worker.pipelines.walk import fingerprint, read_listing
from worker.reading.listing import parse_listing

_URL = "https://portal.test/de/presse/"
_SOURCE = Source(id="portal", listing=_URL)


def main() -> int:
    """Print milliseconds and ratios for the parse, the reading and all that a look does with a page."""
    parser = argparse.ArgumentParser(description="Time the reading of listing pages.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    pages = [page for page in _pages(options.folder) if _has_entries(page)]
    if not pages:
        print(f"listing: skipped, no listings in {options.folder}")
        return 0
    jobs: dict[str, Job] = {
        "bare parse": lambda page: LexborHTMLParser(page.body),
        "entries": parse_listing,
        "with identities": _look,
    }
    show_turns(pages, jobs, options.rounds, _forget)
    return 0


def _pages(folder: Path | None) -> list[Page]:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    saved = [path.read_bytes() for path in sorted(folder.rglob("*.html"))] if folder else portal_listings(40)
    return [Page(_URL, body, "text/html", now) for body in saved]


def _has_entries(page: Page) -> bool:
    try:
        return len(parse_listing(page).items) > 1
    except ParseError:
        return False


def _look(page: Page) -> tuple[str, list[str]]:
    """All that a look asks of a page before it asks the store."""
    listing = read_listing(_SOURCE, page)
    return fingerprint(listing), [identity_of(item.url) for item in listing.items]


def _forget() -> None:
    canonical_url.cache_clear()
    identity_of.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
