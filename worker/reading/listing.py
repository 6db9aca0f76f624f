"""Read a press listing: which releases it shows, and where its next page is. Floor 1.

In goes a saved page, out comes a `Listing`. Entries are found by the repetition of structure (a
title with a link, again and again), so no class name is needed; configured selectors override that.
A page without entries gives an empty listing: whether that is drift, the caller decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from worker.errors import ParseError
from worker.models.listing import Listing
from worker.models.page import Page
from worker.reading.dated_titles import without_dates
from worker.reading.decoding import decode
from worker.reading.document import Block
from worker.reading.listing_items import FoundItems, find_items
from worker.reading.markup import HIDING, BlockReader
from worker.reading.page import base_address, parse_markup
from worker.reading.paging import find_next
from worker.reading.pruning import prune_listing
from worker.reading.selected_items import select_items

# «2.015 Ergebnisse gefunden», in one line or with the number on its own (BW portal 2020–2025).
_TOTAL = re.compile(
    r"(?=\d)(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+)\s+(?:Ergebnisse?|Treffer|Meldungen|Pressemitteilungen|Einträge|Artikel|Dokumente)"
    r"(?:\s+(?:gefunden|insgesamt))?",
    re.I,
)
_MAIN = f"main:not({', '.join(f'{one}, {one} *' for one in HIDING)})"  # HTML allows one that is shown
_NO_SELECTORS: Mapping[str, str] = {}


def parse_listing(page: Page, selectors: Mapping[str, str] = _NO_SELECTORS) -> Listing:
    """Read the entries of a listing page in page order.

    `selectors` may override the built-in reading: `item`, `link`, `title`, `kicker`, `teaser`,
    `date`, `next`, each a CSS selector, those but `item` and `next` inside an item. Raises
    ParseError where the page is not HTML, empty, cut off or too complex.
    """
    decoded = decode(page)
    if decoded.form == "text":
        raise ParseError(page.url, "not-html", "the listing is plain text, not HTML")
    tree = parse_markup(page.url, prune_listing(decoded.utf8))
    base = base_address(page.url, tree.head)
    reader, found = BlockReader(of_listing=True), FoundItems((), "")
    try:
        for part in _where_entries_stand(tree):
            reader = BlockReader(of_listing=True)
            reader.read(part)
            if "item" in selectors:
                found = select_items(tree, selectors, base)
            else:
                found = find_items(reader.blocks, reader.containers, base)
            if found.items:
                break
        next_url = find_next(
            tree, selectors.get("next"), page.url, base, entries={item.url for item in found.items}
        )
    except SelectolaxError as error:
        raise ParseError(
            page.url, "bad-selector", f"a configured selector cannot be used: {error}"
        ) from error
    return Listing(
        items=without_dates(found.items),
        next_url=next_url,
        total=_total(reader.blocks),
        witness=found.witness,
        warnings=(*decoded.warnings, *found.warnings),
    )


def _where_entries_stand(tree: LexborHTMLParser) -> list[LexborNode]:
    """The one `main` that is shown, if there is one, and the whole page, where none stand there."""
    mains = tree.css(_MAIN)
    body = [tree.body] if tree.body is not None else []
    return mains + body if len(mains) == 1 else body


def _total(blocks: list[Block]) -> int | None:
    """Return the number of results the page claims, None where it claims none."""
    short = [block.text for block in blocks if len(block.text) <= 80 and block.kind != "image"]
    for position, text in enumerate(short):
        found = _TOTAL.search(text)
        if not found and position + 1 < len(short) and re.fullmatch(r"[\d.]+", text):
            found = _TOTAL.fullmatch(f"{text} {short[position + 1]}")
        if found and (
            "gefunden" in found.group() or found.group() == text or "rgebnis" in text or "reffer" in text
        ):
            return int(found[1].replace(".", ""))
    return None
