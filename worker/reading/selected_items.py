"""The entries of a listing by configured selectors. Floor 1.

In goes a parsed tree and CSS selectors from the configuration, out come entries. A field with a
selector is read by it alone; the others are read as everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.models.listing import ListingItem
from worker.reading.dates import parse_date
from worker.reading.document import Anchor, Block, resolve
from worker.reading.entries import read_entry
from worker.reading.listing_area import is_page_link
from worker.reading.listing_items import FoundItems
from worker.reading.markup import BlockReader
from worker.text import clean, clean_or_none


def select_items(tree: LexborHTMLParser, selectors: Mapping[str, str], base: str | None) -> FoundItems:
    """Return the entries that `selectors["item"]` matches; raises SelectolaxError for a broken selector."""
    items: dict[str, ListingItem] = {}
    nodes = tree.css(selectors["item"])
    for node in nodes:
        item = _entry(node, selectors, base)
        if item is not None:
            items.setdefault(item.url, item)
    unread = len(nodes) - len(items)
    warnings = (f"{unread} of {len(nodes)} entries have no title or link, or repeat one",) if unread else ()
    return FoundItems(tuple(items.values()), f"selector {selectors['item']}", warnings)


def _entry(node: LexborNode, selectors: Mapping[str, str], base: str | None) -> ListingItem | None:
    reader = BlockReader(of_listing=True)
    reader.read(node)
    link = _link(node, reader.blocks, selectors.get("link"))
    title = _title(reader.blocks)
    url = resolve(base, link.href) if link is not None else None
    if url is None or title is None:
        return None
    item = read_entry(url.partition("#")[0], reader.blocks, title, link)
    fields = {
        name: _text(node, selectors[name]) for name in ("title", "kicker", "teaser") if name in selectors
    }
    if "title" in fields and not fields["title"]:
        return None
    item = replace(item, **fields)  # type: ignore[arg-type]
    return replace(item, published=_date(node, selectors["date"])) if "date" in selectors else item


def _link(node: LexborNode, blocks: list[Block], selector: str | None) -> Anchor | None:
    if selector or node.tag == "a":
        chosen = node.css_first(selector) if selector else node
        return (
            Anchor(clean(chosen.text()), chosen.attributes.get("href") or "") if chosen is not None else None
        )
    anchors = [
        a for block in sorted(blocks, key=lambda b: not b.level) for a in block.anchors if is_page_link(a)
    ]
    return anchors[0] if anchors else None


def _title(blocks: list[Block]) -> Block | None:
    """Return the first heading, else the block with the longest link, else the first words."""
    headings = [block for block in blocks if block.level]
    linked = sorted((b for b in blocks if b.anchors and b.kind != "image"), key=lambda b: -b.linked)
    worded = [block for block in blocks if block.kind not in ("image", "time")]
    return next(iter([*headings, *linked, *worded]), None)


def _text(node: LexborNode, selector: str) -> str | None:
    chosen = node.css_first(selector)
    return clean_or_none(chosen.text(separator=" ")) if chosen is not None else None


def _date(node: LexborNode, selector: str) -> date | None:
    chosen = node.css_first(selector)
    if chosen is None:
        return None
    return parse_date(chosen.attributes.get("datetime")) or parse_date(clean(chosen.text()))
