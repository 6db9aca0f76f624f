"""The end of a release: where «Weitere Meldungen» begin, and what they are. Floor 1.

In go an HTML page and the blocks after its title, out come the related entries and the blocks they take.
The portal's latest news follow its releases, with and without their heading; they are recognised by
their cards and never reach the body. Renderings have a module of their own.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.models.release import Related
from worker.reading.document import Block, Document
from worker.understanding.furniture import announces_entries, ends_release, is_furniture
from worker.understanding.phrases import is_kicker_like
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles


class Tail(NamedTuple):
    """What follows the release: the entries, the rule that found them, and the roles of their blocks."""

    related: tuple[Related, ...]
    witness: str
    roles: Roles
    warnings: tuple[str, ...] = ()


# Lines that look like the end of a release and are not: more than these are not looked into.
_MOST_DOUBTS = 20
_MOST_NAMED = 3
_MIN_TITLE = 15
NO_TAIL = Tail((), "", {})


def unlike(texts: list[str]) -> tuple[str, ...]:
    """Return a warning for each entry that does not fit the others, the first few of them."""
    return tuple(f"related: «{text[:60]}» is set unlike the other entries" for text in texts[:_MOST_NAMED])


def find_tail(document: Document, indexes: tuple[int, ...]) -> Tail:
    """Return what comes after the release: all from the heading or from the first card behind the text."""
    start, witness = _markup_start(document, indexes)
    if start is None:
        return NO_TAIL
    rest = indexes[start:]
    tail = _cards(document, rest, witness)
    named = document.blocks[rest[0]].text
    if witness == "heading" and not tail.related and announces_entries(named):
        tail = tail._replace(warnings=(f"related: nothing readable under «{named}»",))
    return tail._replace(roles={**dict.fromkeys(rest, "furniture"), **tail.roles})


def find_cards(document: Document, indexes: tuple[int, ...], tail: Tail) -> Tail:
    """Look for «Weitere Meldungen» behind the main region; return `tail` as it was if there are none."""
    for position, index in enumerate(indexes):
        block = document.blocks[index]
        ends = block.kind != "image" and ends_release(block.text)
        card = _is_linked(block) and (block.level or _follows_topic(document, indexes, position))
        if not ends and not card:
            continue
        start = position + 1 if ends else _card_start(document, indexes, position)
        found = _cards(document, indexes[start:], "heading" if ends else "shape")
        if not found.related and announces_entries(block.text):
            return tail._replace(warnings=(f"related: nothing readable under «{block.text}»",))
        if len(found.related) < (1 if ends else 2):
            return tail
        return found._replace(roles={**tail.roles, **found.roles})
    return tail


def _follows_topic(document: Document, indexes: tuple[int, ...], position: int) -> bool:
    """True for a linked line right under a topic, both in the same box: a card without a heading."""
    here = document.blocks[indexes[position]]
    above = document.blocks[indexes[position - 1]]
    boxes = document.containers
    together = here.group in (above.group, boxes[above.group].parent)
    return (
        position > 0 and together and len(here.text) > _MIN_TITLE and not above.anchors and _is_topic(above)
    )


def _markup_start(document: Document, indexes: tuple[int, ...]) -> tuple[int | None, str]:
    """Return where the release ends and by which rule: a heading that says so, or the first card."""
    prose_seen = False
    last_text = max((p for p, i in enumerate(indexes) if _is_long_text(document.blocks[i])), default=-1)
    doubts = 0
    for position, index in enumerate(indexes):
        block = document.blocks[index]
        prose_seen = prose_seen or is_prose(block)
        if not prose_seen or block.kind == "image":
            continue
        if ends_release(block.text) and doubts < _MOST_DOUBTS:
            if not _goes_on(document, indexes, position):
                return position, "heading"
            doubts += 1
        if block.level and _is_linked(block) and position > last_text:
            return _card_start(document, indexes, position), "shape"
    return None, ""


def _goes_on(document: Document, indexes: tuple[int, ...], position: int) -> bool:
    """True when text of the release follows a line that only looks like its end («Auch interessant: …»).

    A heading is believed unless running text stands right under it and no card after it; any other
    line only when no running text follows in the container of the text before.
    """
    marker = document.blocks[indexes[position]]
    behind = [document.blocks[index] for index in indexes[position + 1 :]]
    if marker.level:
        first = next((block for block in behind if block.kind != "image"), None)
        cards = any(block.level and _is_linked(block) for block in behind)
        return first is not None and len(first.text) > 200 and not first.linked and not cards
    box = next(document.blocks[i].group for i in reversed(indexes[:position]) if is_prose(document.blocks[i]))
    return any(is_prose(block) and block.group == box for block in behind)


def _is_linked(block: Block) -> bool:
    """True when all of the block's words are a link."""
    return bool(block.anchors) and block.linked + 3 >= len(block.text)


def _is_long_text(block: Block) -> bool:
    """True for running text that no teaser of another page would hold."""
    return is_prose(block) and len(block.text) > 250


def _card_start(document: Document, indexes: tuple[int, ...], position: int) -> int:
    """Go back from a card's title to the picture and the topic that belong to it."""
    box = document.blocks[indexes[position]].group
    parent = document.containers[box].parent
    while position > 0:
        block = document.blocks[indexes[position - 1]]
        same = block.group == box or document.containers[block.group].parent == parent != 0
        if is_prose(block) or not same or not (block.kind in ("image", "time") or is_kicker_like(block.text)):
            break
        position -= 1
    return position


def _cards(document: Document, rest: tuple[int, ...], witness: str) -> Tail:
    """Read the cards of «Weitere Meldungen»: linked titles with the topic before them."""
    blocks = document.blocks
    titles = [index for index in rest if blocks[index].level and blocks[index].anchors]
    if len(titles) < 2:
        titles = [i for i in rest if _is_linked(blocks[i]) and len(blocks[i].text) > _MIN_TITLE] or titles
    titles = [i for i in titles if not (ends_release(blocks[i].text) or is_furniture(blocks[i].text))]
    odd = _odd_titles(document, rest, titles)
    entries: list[Related] = []
    taken: set[int] = set()
    place = {index: position for position, index in enumerate(rest)}
    done = -1
    topics: list[int] = []
    for title in sorted((*titles, *(index for index in odd if blocks[index].anchors))):
        around = rest[done + 1 : place[title]]
        named = [i for i in around if _is_topic(blocks[i])]
        topics.append(len(named))
        taken.update(named[-1:], (title,), (i for i in around if blocks[i].kind in ("image", "time")))
        topic = blocks[named[-1]].text if named else None
        entries.append(Related(topic, blocks[title].text, document.resolve(blocks[title].anchors[0].href)))
        done = place[title]
    roles: Roles = dict.fromkeys(taken, "related")
    usual = max(set(topics), key=topics.count, default=0)
    odd_ones = [entry.title for entry, count in zip(entries, topics, strict=True) if count != usual]
    return Tail(_once(entries), witness, roles, unlike([*(blocks[index].text for index in odd), *odd_ones]))


def _odd_titles(document: Document, rest: tuple[int, ...], titles: list[int]) -> list[int]:
    """Return headings and linked lines among the cards that are set unlike the other titles."""
    blocks, boxes = document.blocks, document.containers
    usual = set(titles)
    lists = {boxes[blocks[title].group].parent for title in titles} - {0, -1}
    known = {anchor.href for title in titles for anchor in blocks[title].anchors}
    found: list[int] = []
    for index in rest:
        block = blocks[index]
        if not (block.level or block.anchors) or block.kind == "image" or index in usual:
            continue
        if len(block.text) <= _MIN_TITLE or is_prose(block):
            continue
        addresses = {anchor.href for anchor in block.anchors}
        if not addresses.isdisjoint(known):
            continue
        if ends_release(block.text) or is_furniture(block.text):
            continue
        around = (block.group, boxes[block.group].parent)
        if any(box > 0 and (box in lists or boxes[box].parent in lists) for box in around):
            known |= addresses
            found.append(index)
    return found


def _once(entries: list[Related]) -> tuple[Related, ...]:
    """Return each entry once: some portals repeat the first for small screens."""
    first: dict[tuple[str, str | None], Related] = {}
    for entry in entries:
        first.setdefault((entry.title, entry.url), entry)
    return tuple(first.values())


def _is_topic(block: Block) -> bool:
    """True for the topic line of a card."""
    if block.kind in ("image", "time") or not is_kicker_like(block.text):
        return False
    return not (ends_release(block.text) or is_furniture(block.text))
