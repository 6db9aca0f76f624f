"""Where on an HTML page the release stands. Floor 1.

In goes a `Document`, out come the blocks of the main region in page order, and those left out.
Prose decides (long blocks with few links); elements and class names only raise or lower certainty,
so a page without any known name is read the same way. It assigns no roles.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.reading.document import Block, Container, Document
from worker.understanding.phrases import is_sentence

# A region is left for a part of it only when that part holds nearly all of its prose.
_DESCEND_SHARE = 0.8
# Below this a hint such as «sidebar» is believed; above it the hint sits on the page's own frame.
_EXCLUDABLE_SHARE = 0.4
_PROSE_LENGTH = 50
_SENTENCE_LENGTH = 20
_LONGEST_DATELINE = 120
_EXCLUDING_HINTS = frozenset({"navigation", "furniture", "share", "related"})
_EXCLUDING_TAGS = frozenset({"aside", "form", "menu", "search", "footer", "nav"})
_SILENT_HINTS = frozenset({"navigation", "furniture", "share"})
_LEAF_TAGS = frozenset(
    {"ul", "ol", "li", "dl", "dd", "dt", "table", "tbody", "tr", "figure", "blockquote", "details"}
)


class Region(NamedTuple):
    """The main region: its blocks in page order, and what follows it on the page.

    `near` are the blocks right behind the region in the same article, `after` all blocks behind it
    that are no navigation: closing links stand in the first, «Weitere Meldungen» in the second.
    """

    indexes: tuple[int, ...]
    near: tuple[int, ...] = ()
    after: tuple[int, ...] = ()


def is_prose(block: Block) -> bool:
    """True for a block of running text: long, and at most a third of it linked."""
    length = len(block.text)
    return (
        length >= _PROSE_LENGTH
        and block.linked * 3 <= length
        and block.kind in ("paragraph", "list_item", "quote")
    )


def _is_sentence(block: Block) -> bool:
    """True for «Das Land gibt 14 Millionen Euro.»: a short release may have no longer paragraph."""
    return not block.linked and block.kind in ("paragraph", "list_item", "quote") and is_sentence(block.text)


def find_region(document: Document, title: int | None) -> Region:
    """Return the region of `document` that holds the title's release.

    `title` is the index of the title's block; the region begins with it or shortly before it.
    """
    own = _own_prose(document, title)
    excluded = _excluded(document, _summed(document, own, frozenset()), title)
    prose = _summed(document, own, excluded)
    container = _descend(document, prose)
    indexes = _blocks_of(document, container, title, excluded)
    return Region(indexes, *_behind(document, indexes, container, title, excluded))


def _own_prose(document: Document, title: int | None) -> list[int]:
    """Count the prose that stands in each container itself; prose before the title counts little."""
    prose = [0] * len(document.containers)
    for index, block in enumerate(document.blocks):
        if len(block.text) >= _SENTENCE_LENGTH and (is_prose(block) or _is_sentence(block)):
            before = title is not None and index < title
            prose[block.group] += len(block.text) // (4 if before else 1)
    return prose


def _summed(document: Document, own: list[int], excluded: frozenset[int]) -> list[int]:
    """Add to the prose of each container that of its parts, without what is excluded."""
    prose = [0 if at in excluded else length for at, length in enumerate(own)] if excluded else own.copy()
    for at in range(len(prose) - 1, 0, -1):
        if prose[at]:
            prose[document.containers[at].parent] += prose[at]
    return prose


def _excluded(document: Document, prose: list[int], title: int | None) -> frozenset[int]:
    """Return the containers that are not part of any release: navigation, sidebars, share bars."""
    ancestors = _ancestors(document, document.blocks[title].group) if title is not None else frozenset[int]()
    found: set[int] = set()
    limit = _EXCLUDABLE_SHARE * max(prose[0], 1)
    for at, container in enumerate(document.containers):
        if container.parent in found or (
            _is_aside(container) and prose[at] <= limit and at and at not in ancestors
        ):
            found.add(at)
    return frozenset(found)


def _is_aside(container: Container) -> bool:
    """True for an element whose tag or names say that it is no part of the text."""
    hints = container.hints
    if not hints:
        return container.tag in _EXCLUDING_TAGS
    named = container.tag in _EXCLUDING_TAGS or not hints.isdisjoint(_EXCLUDING_HINTS)
    return named and "body" not in hints


def _ancestors(document: Document, container: int, most: int = 10_000) -> frozenset[int]:
    """Return a container and those around it, at most so many."""
    found: set[int] = set()
    while container >= 0 and len(found) < most:
        found.add(container)
        container = document.containers[container].parent
    return frozenset(found)


def _descend(document: Document, prose: list[int]) -> int:
    """Go down from the page to the smallest container that still holds nearly all of the prose."""
    children: dict[int, list[int]] = {}
    for at, length in enumerate(prose):
        if length and at:
            children.setdefault(document.containers[at].parent, []).append(at)
    here = 0
    while here in children:
        best = max(children[here], key=prose.__getitem__)
        if document.containers[best].tag in _LEAF_TAGS or prose[best] < _DESCEND_SHARE * prose[here]:
            break
        here = best
    return here


def _blocks_of(
    document: Document, container: int, title: int | None, excluded: frozenset[int]
) -> tuple[int, ...]:
    """Return the blocks of the region, and those between the title and it."""
    inside = _inside(document, container, excluded)
    core = [index for index, block in enumerate(document.blocks) if block.group in inside]
    if title is None or not core:
        return tuple(core)
    return tuple(sorted(set(core) | _bridge(document, core, title, excluded)))


def _inside(document: Document, container: int, excluded: frozenset[int]) -> set[int]:
    """Return a container and those in it; they follow it without a gap, since all stand in page order."""
    boxes = document.containers
    behind = (at for at in range(container + 1, len(boxes)) if boxes[at].parent < container)
    return set(range(container, next(behind, len(boxes)))) - excluded


def _bridge(document: Document, core: list[int], title: int, excluded: frozenset[int]) -> set[int]:
    """Return the title, what stands close before it, and what lies between it and the region."""
    first = core[0]
    if title in core:
        first = title
    start = title
    head = document.blocks[title].group
    near = _ancestors(document, head)
    while start > 0 and title - start < 6:
        block = document.blocks[start - 1]
        if len(block.text) > _LONGEST_DATELINE or block.level == 1:
            break
        # A picture may stand on a stage of its own.
        figure = "figure" in {document.containers[at].tag for at in _ancestors(document, block.group, 3)}
        reach = 5 if figure or block.kind == "image" else 3
        if block.group in excluded or not (near & _ancestors(document, block.group, reach)) - {0}:
            break
        start -= 1
    between = range(start, first) if title < first else range(start, title + 1)
    return {index for index in between if document.blocks[index].group not in excluded} | {title}


def _behind(
    document: Document, indexes: tuple[int, ...], container: int, title: int | None, excluded: frozenset[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the blocks behind the region: in the same article, and on the whole page."""
    last = indexes[-1] if indexes else len(document.blocks)
    boxes = document.containers
    inside = _inside(document, _article(document, container, title), excluded)
    silent: set[int] = set()
    for at in sorted(excluded):
        hints = boxes[at].hints
        if boxes[at].parent in silent or (hints & _SILENT_HINTS and "related" not in hints):
            silent.add(at)
    behind = [(index, document.blocks[index].group) for index in range(last + 1, len(document.blocks))]
    near = tuple([index for index, group in behind if group in inside])
    return near, tuple([index for index, group in behind if group not in silent])


def _article(document: Document, container: int, title: int | None) -> int:
    """Return the article around the region: `article` or `main`, else what also holds the title."""
    heading = _ancestors(document, document.blocks[title].group) if title is not None else frozenset({0})
    at = container
    while at > 0 and document.containers[at].tag not in ("article", "main"):
        if at in heading and at != container:
            break
        at = document.containers[at].parent
    return at or container
