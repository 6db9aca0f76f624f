"""Which part of a listing page shows its entries. Floor 1.

In go the blocks of a page, out come those outside navigation, footer, forms, side boxes and
«Weitere Meldungen». It decides by elements and headings; class names only count where most of the
page's linked headings stand elsewhere.
"""

from __future__ import annotations

from worker.reading.document import Anchor, Block, Container
from worker.reading.vocabulary import SIDE_HEADING

_OUTSIDE_TAGS = frozenset({"nav", "footer", "aside"})
_FORMS = frozenset({"form", "search"})  # ASP.NET puts the whole page into one
_SIDE_HINTS = frozenset({"furniture", "share"})
_BOXES = frozenset({"div", "section", "ul", "ol"})
_ASSETS = (".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".mp3", ".mp4", ".zip", ".css", ".js", ".ics")
# Each closes at most one box; more of them than any page has would only cost time.
_MOST_SIDE_BOXES = 30
_NO_PAGE = ("#", "javascript:", "mailto:", "tel:", "data:")


def listing_area(blocks: list[Block], containers: list[Container]) -> list[int]:
    """Return the blocks among which entries may stand, in page order."""
    outside = _outside(blocks, containers)
    inside = [index for index, block in enumerate(blocks) if not outside[block.group]]
    return _before_side_headings(blocks, containers, inside)


def is_page_link(anchor: Anchor) -> bool:
    """True for a link that may lead to a release: no fragment, script, mail or picture."""
    href = anchor.href.strip().lower()
    path = href.partition("?")[0].partition("#")[0]
    return bool(href) and not href.startswith(_NO_PAGE) and not path.endswith(_ASSETS)


def is_linked_heading(block: Block) -> bool:
    """True for a heading that holds a link to a page, or stands in one."""
    return bool(block.level) and any(is_page_link(anchor) for anchor in block.anchors)


def _parts_of(containers: list[Container], root: int) -> list[bool]:
    """Return for each container whether it is `root` or inside it."""
    found = [False] * len(containers)
    found[root] = True
    for at in range(root + 1, len(containers)):
        found[at] = found[containers[at].parent]
    return found


def _outside(blocks: list[Block], containers: list[Container]) -> list[bool]:
    """Return for each container whether it is no place for entries."""
    headings = [0] * len(containers)
    for block in blocks:
        headings[block.group] += is_linked_heading(block)
    for at in range(len(containers) - 1, 0, -1):
        headings[containers[at].parent] += headings[at]
    outside = [False] * len(containers)
    for at, box in enumerate(containers):
        if not at:
            continue
        named_side = box.hints & _SIDE_HINTS and not box.hints & {"list", "body"} and box.tag in _BOXES
        holds_most = 2 * headings[at] > headings[0] > 1
        outside[at] = (
            outside[box.parent]
            or box.tag in _OUTSIDE_TAGS
            or "navigation" in box.hints
            or bool((named_side or box.tag in _FORMS) and not holds_most)
        )
    return outside


def _before_side_headings(blocks: list[Block], containers: list[Container], inside: list[int]) -> list[int]:
    """Leave out what an unlinked side heading opens, up to the end of the box it stands in."""
    if not any(_is_side_heading(blocks[index]) for index in inside):
        return inside
    linked = sum(is_linked_heading(blocks[index]) for index in inside)
    closed: list[list[bool]] = []
    kept: list[int] = []
    for position, index in enumerate(inside):
        block = blocks[index]
        if any(within[block.group] for within in closed):
            continue
        if len(closed) < _MOST_SIDE_BOXES and _is_side_heading(block):
            within = _parts_of(containers, block.group)
            behind = sum(is_linked_heading(blocks[i]) for i in inside[position:] if within[blocks[i].group])
            if behind < linked or not linked:
                closed.append(within)
                continue
        kept.append(index)
    return kept


def _is_side_heading(block: Block) -> bool:
    """True for an unlinked heading such as «Service» or «Weitere Meldungen»; never for the page's h1."""
    return (
        block.level > 1 and not block.anchors and SIDE_HEADING.fullmatch(block.text.strip(" :")) is not None
    )
