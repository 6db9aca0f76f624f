"""The entries of a listing, by the repetition of structure. Floor 1.

In go the blocks of a page, out come entries in page order. A title is a heading (or a link) that has
siblings of its kind; its entry reaches as far as no other title does. Nothing is made up for what an
entry lacks, and no class name is needed.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.models.listing import ListingItem
from worker.reading.dates import GERMAN_DATE
from worker.reading.document import Anchor, Block, Container, resolve
from worker.reading.entries import is_more, read_entry
from worker.reading.listing_area import is_linked_heading, is_page_link, listing_area
from worker.reading.vocabulary import SIDE_HEADING

_MIN_LINK_TITLE = 15
_LEVELS = (2, 3, 4, 5, 6, 1)
# What holds one entry where a page shows only one and nothing repeats.
_ENTRY_TAGS = frozenset({"li", "article", "tr", "section"})
_HALF_ENTRIES = frozenset({"dd", "dt"})
_LOOK_BACK = 4
_SENTENCE_ENDS = (".", "…", "...")


class FoundItems(NamedTuple):
    """Entries in page order, the rule that found them, and what was odd."""

    items: tuple[ListingItem, ...]
    witness: str
    warnings: tuple[str, ...] = ()


class _Layout(NamedTuple):
    """The part of a page where entries stand, and what its blocks stand in."""

    blocks: list[Block]
    containers: list[Container]
    inside: list[int]


def find_items(blocks: list[Block], containers: list[Container], base: str | None) -> FoundItems:
    """Return the entries: titles that are linked headings, headings beside a link, or plain links."""
    layout = _Layout(blocks, containers, listing_area(blocks, containers))
    for witness, find_titles in (
        ("linked headings", _linked_headings),
        ("headings with a link beside them", _headings_beside_links),
        ("links", _repeated_links),
    ):
        titles = find_titles(layout)
        if len(titles) > 1 or (titles and witness != "links"):
            items = _entries(layout, titles, base)
            if items:
                warnings = ("only one entry",) if len(items) == 1 else ()
                return FoundItems(items, witness, warnings)
    return FoundItems((), "")


def _linked_headings(layout: _Layout) -> list[int]:
    """Return headings that hold a link, or stand in one; an h1 only if it repeats."""
    found = [index for index in layout.inside if is_linked_heading(layout.blocks[index])]
    levels = [layout.blocks[index].level for index in found]
    return [i for i in found if layout.blocks[i].level > 1 or levels.count(1) > 1]


def _headings_beside_links(layout: _Layout) -> list[int]:
    """Return repeated headings of one level whose entries each hold a link outside the heading."""
    blocks = layout.blocks
    best: list[int] = []
    for level in _LEVELS:
        titles = [
            i
            for i in layout.inside
            if blocks[i].level == level and not SIDE_HEADING.fullmatch(blocks[i].text)
        ]
        spans = _spans(layout, titles)
        linked = [t for t in titles if any(is_page_link(a) for i in spans[t] for a in blocks[i].anchors)]
        groups = [t for t in linked if _titled_links(blocks, spans[t]) > 1]
        if (
            len(linked) > max(1, len(best))
            and 2 * len(linked) >= len(titles)
            and 2 * len(groups) < len(linked)
        ):
            best = linked
    return best


def _titled_links(blocks: list[Block], span: list[int]) -> int:
    """Return how many pages a span links by words of a title: several stand under a heading like «März»."""
    anchors = (a for i in span for a in blocks[i].anchors)
    return len({a.href for a in anchors if _is_titled(a)})


def _is_titled(anchor: Anchor) -> bool:
    return is_page_link(anchor) and len(anchor.text) >= _MIN_LINK_TITLE and not is_more(anchor.text)


def _repeated_links(layout: _Layout) -> list[int]:
    """Return links with words of a title that repeat in the same kind of box (lists, tables, `dl`)."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    cards: dict[str, int] = {}
    for index in layout.inside:
        block = layout.blocks[index]
        anchor = max(block.anchors, key=lambda a: len(a.text), default=None)
        if block.level or block.kind == "image" or anchor is None or not _is_titled(anchor):
            continue
        # Where a link holds a whole card, its title is the first of its lines that is no sentence.
        before = cards.get(anchor.href)
        if before is None or layout.blocks[before].text.endswith(_SENTENCE_ENDS):
            cards[anchor.href] = index
    for index in sorted(cards.values()):
        shapes.setdefault(_shape(layout.containers, layout.blocks[index]), []).append(index)
    if not shapes:
        return []
    return max(shapes.values(), key=lambda found: (_are_dated(layout, found), _words_of(layout, found)))


def _are_dated(layout: _Layout, titles: list[int]) -> bool:
    """Whether most of these links show a day: what is dated is news, what is not may be a menu."""
    spans = _spans(layout, titles)
    dated = [t for t in titles if any(_shows_day(layout.blocks[i]) for i in spans[t])]
    return 2 * len(dated) > len(titles)


def _shows_day(block: Block) -> bool:
    return block.kind == "time" or GERMAN_DATE.search(block.text[:200]) is not None


def _words_of(layout: _Layout, titles: list[int]) -> int:
    return sum(min(len(layout.blocks[i].text), 120) for i in titles)


def _shape(containers: list[Container], block: Block) -> tuple[str, ...]:
    tags = [block.tag]
    at = block.group
    while at > 0 and len(tags) < 4:
        tags.append(containers[at].tag)
        at = containers[at].parent
    return tuple(tags)


def _spans(layout: _Layout, titles: list[int]) -> dict[int, list[int]]:
    """Return for each title the blocks of its entry.

    An entry is the largest container that holds no other title; where titles are siblings in one
    container, or each has a container to itself, it is the run of blocks from one title to the next,
    shifted by what stands before the first title.
    """
    holders = _titles_by_container(layout, titles)
    boxes = {title: _own_box(layout, title, holders) for title in titles}
    owned = _blocks_by_box(layout, {box for box in boxes.values() if box is not None})
    is_flat = len(titles) > 1 and all(len(span) == 1 for span in owned.values())
    runs = _runs(layout, titles, holders) if is_flat or None in boxes.values() else {}
    return {title: runs[title] if is_flat or box is None else owned[box] for title, box in boxes.items()}


def _titles_by_container(layout: _Layout, titles: list[int]) -> list[int]:
    count = [0] * len(layout.containers)
    for title in titles:
        count[layout.blocks[title].group] += 1
    for at in range(len(count) - 1, 0, -1):
        count[layout.containers[at].parent] += count[at]
    return count


def _own_box(layout: _Layout, title: int, holders: list[int]) -> int | None:
    """Return the largest container around a title that holds no other, None where there is none.

    A lone title takes its nearest item-like box, else everything would be its entry.
    """
    containers = layout.containers
    group = layout.blocks[title].group
    if holders[group] > 1:
        return None
    if holders[0] == 1:
        at = group
        while at > 0 and containers[at].tag not in _ENTRY_TAGS and "list" not in containers[at].hints:
            at = containers[at].parent
        return at if at > 0 else group
    while group > 0 and holders[containers[group].parent] <= 1:
        group = containers[group].parent
    # A `dd` belongs with the `dt` beside it; alone it is not the whole entry.
    return None if containers[group].tag in _HALF_ENTRIES else group


def _blocks_by_box(layout: _Layout, boxes: set[int]) -> dict[int, list[int]]:
    """Return the blocks inside each box; boxes do not overlap."""
    owner = [-1] * len(layout.containers)
    for at, container in enumerate(layout.containers):
        owner[at] = at if at in boxes else owner[container.parent] if at else -1
    owned: dict[int, list[int]] = {box: [] for box in boxes}
    for index in layout.inside:
        box = owner[layout.blocks[index].group]
        if box >= 0:
            owned[box].append(index)
    return owned


def _runs(layout: _Layout, titles: list[int], holders: list[int]) -> dict[int, list[int]]:
    """Return for each title of a flat list the blocks from it to the next one."""
    place = {index: position for position, index in enumerate(layout.inside)}
    lead = _lead_in(layout, titles, place)
    runs: dict[int, list[int]] = {}
    for position, title in enumerate(titles):
        start = max(0, place[title] - lead)
        if position + 1 < len(titles):
            end = max(place[title] + 1, place[titles[position + 1]] - lead)
        else:
            end = _end_of_list(layout, title, place[title], holders)
        runs[title] = layout.inside[start:end]
    return runs


def _end_of_list(layout: _Layout, title: int, at: int, holders: list[int]) -> int:
    """Return where the last entry of a flat list ends: with the container of the list."""
    group = layout.blocks[title].group
    while group and holders[group] < 2:
        group = layout.containers[group].parent
    for position in range(at + 1, len(layout.inside)):
        around = layout.blocks[layout.inside[position]].group
        while around > group:
            around = layout.containers[around].parent
        if around != group:
            return position
    return len(layout.inside)


def _lead_in(layout: _Layout, titles: list[int], place: dict[int, int]) -> int:
    """Return how many blocks before each title belong to its entry: those that all titles share in kind."""
    shared: list[str] | None = None
    for title in titles:
        kinds = _kinds_before(layout, title, place[title])
        if shared is None:
            shared = kinds
        same = 0
        while same < min(len(shared), len(kinds)) and shared[same] == kinds[same]:
            same += 1
        shared = shared[:same]
    return len(shared or ())


def _kinds_before(layout: _Layout, title: int, at: int) -> list[str]:
    """Describe the blocks before a title, nearest first, up to the entry before."""
    found: list[str] = []
    own = layout.blocks[title]
    for index in reversed(layout.inside[max(0, at - _LOOK_BACK) : at]):
        block = layout.blocks[index]
        if block.level or (block.tag == own.tag and not own.level and _leads_elsewhere(block, own)):
            break
        found.append(f"{block.kind} {block.tag} {layout.containers[block.group].tag} {len(block.text) > 100}")
    return found


def _leads_elsewhere(block: Block, title: Block) -> bool:
    return bool(block.anchors and title.anchors) and block.anchors[0].href != title.anchors[0].href


def _entries(layout: _Layout, titles: list[int], base: str | None) -> tuple[ListingItem, ...]:
    """Read each entry; a release shown twice on the page counts once."""
    items: dict[str, ListingItem] = {}
    for title, span in _spans(layout, titles).items():
        link = _link(layout.blocks, title, span)
        url = resolve(base, link.href) if link is not None else None
        if url is None:
            continue
        url = url.partition("#")[0]
        if url not in items:
            items[url] = read_entry(url, [layout.blocks[i] for i in span], layout.blocks[title], link)
    return tuple(items.values())


def _link(blocks: list[Block], title: int, span: list[int]) -> Anchor | None:
    """Return the link of an entry: in its title, else «Mehr», else the first that leads to a page."""
    own = [a for a in blocks[title].anchors if is_page_link(a)]
    if own:
        return max(own, key=lambda a: len(a.text))
    others = [a for i in span for a in blocks[i].anchors if is_page_link(a)]
    return next((a for a in others if is_more(a.text)), others[0] if others else None)
