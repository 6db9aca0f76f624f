"""The end of a release: closing links, and where «Weitere Meldungen» begin. Floor 1.

In go a document and the blocks after its title, out come the related entries and the blocks they
take. The portal's latest news follow its releases, with and without their heading; they are recognised
by their shape (picture text, topic, title, again and again) and never reach the body.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.models.release import Related
from worker.reading.document import Block, Document
from worker.understanding.furniture import announces_entries, ends_release, is_furniture
from worker.understanding.links import is_link_line
from worker.understanding.phrases import is_kicker_like, is_sentence, is_title_like
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
# The words of a picture, a topic or a title: longer lines are text of the release.
_MAX_TEASER = 160
_MIN_TEXT = 100
_MIN_TITLE = 15
_NO_TAIL = Tail((), "", {})


def find_tail(document: Document, indexes: tuple[int, ...]) -> Tail:
    """Return everything in `indexes` (the blocks after the title) that comes after the release."""
    if document.form == "text":
        return _rendered_tail(document, indexes)
    return _markup_tail(document, indexes)


def _rendered_tail(document: Document, indexes: tuple[int, ...]) -> Tail:
    """In a rendering: everything after the heading, or the trailing run of topic and title lines."""
    for position, index in enumerate(indexes):
        if ends_release(document.blocks[index].text) and position:
            return _rendered_entries(document, indexes[position + 1 :], "heading", {index: "furniture"})
    start = _rendered_start(document, indexes)
    if start is None:
        return _NO_TAIL
    return _rendered_entries(document, indexes[start:], "shape", {})


def _groups(document: Document, indexes: tuple[int, ...]) -> list[list[int]]:
    """Return the runs of lines that blank lines part, without furniture."""
    groups: list[list[int]] = []
    last = -1
    for index in indexes:
        block = document.blocks[index]
        if is_furniture(block.text):
            continue
        if block.group != last:
            groups.append([])
            last = block.group
        groups[-1].append(index)
    return groups


def _rendered_entries(document: Document, indexes: tuple[int, ...], witness: str, roles: Roles) -> Tail:
    """Read pairs of runs: (picture text,) topic, blank line, title; `roles` are those of the heading."""
    entries: list[Related] = []
    doubts: list[str] = []
    bare: list[str] = []
    kicker: str | None = None
    waiting = False
    groups = _groups(document, indexes)
    bulleted = any(document.blocks[group[-1]].kind == "list_item" for group in groups)
    for group in groups:
        text = document.blocks[group[-1]].text
        opens = len(group) > 1 or document.blocks[group[-1]].kind == "list_item"
        if len(group) > 2 or (opens and (waiting or not is_kicker_like(text))):
            doubts.append(text)
        if waiting and not opens:
            entries.append(Related(kicker, text))
            kicker, waiting = None, False
        elif not opens and (bulleted or text.endswith(".")):
            # The words of a picture without a topic; no title ends in a full stop.
            kicker, waiting = None, True
        elif opens or is_kicker_like(text):
            kicker, waiting = text, True
        else:
            entries.append(Related(None, text))
            bare.append(text)
    if waiting:
        doubts.append(kicker or "")
    if len(bare) < len(entries):
        doubts += bare
    furniture = {index for index in indexes if is_furniture(document.blocks[index].text)}
    roles |= {index: "furniture" if index in furniture else "related" for index in indexes}
    warnings = _unlike(doubts)
    if doubts and witness == "shape":
        warnings += tuple(f"{name}: where the release ends is not certain" for name in ("body", "links"))
    return Tail(tuple(entries), witness, roles, warnings)


def _unlike(texts: list[str]) -> tuple[str, ...]:
    return tuple(f"related: «{text[:60]}» is set unlike the other entries" for text in texts[:_MOST_NAMED])


def _rendered_start(document: Document, indexes: tuple[int, ...]) -> int | None:
    """Find where entries begin that run to the end, at least one with a picture text or a bullet.

    An entry may be damaged: from the first that has the shape no running text follows, and the pairs
    of a bare topic and a title before it belong to them.
    """
    groups = _groups(document, indexes)
    text = [position for position, group in enumerate(groups) if _holds_text(document, group)]
    at = last = text[-1] + 1 if text else 1
    while at + 1 < len(groups) and not (
        _opens_entry(document, groups[at]) and _is_pair(document, groups[at], groups[at + 1])
    ):
        at += 1
    if at + 1 >= len(groups) or at == 0:
        return None
    while at - 2 >= last and _is_pair(document, groups[at - 2], groups[at - 1]):
        at -= 2
    while any(is_link_line(document.blocks[group[-1]].text) for group in groups[at : at + 2]):
        at += 2
    return indexes.index(groups[at][0]) if at < len(groups) else None


def _holds_text(document: Document, group: list[int]) -> bool:
    """True for running text: no title is as long, and no words of a picture stand over a topic."""
    if len(group) > 1 and is_kicker_like(document.blocks[group[-1]].text):
        return False
    lines = [document.blocks[index] for index in group if is_prose(document.blocks[index])]
    return any(len(line.text) > (_MIN_TEXT if is_sentence(line.text) else _MAX_TEASER) for line in lines)


def _opens_entry(document: Document, group: list[int]) -> bool:
    """True for a picture text with a topic under it, or a topic with a bullet."""
    return len(group) == 2 or document.blocks[group[-1]].kind == "list_item"


def _is_pair(document: Document, opener: list[int], title: list[int]) -> bool:
    last, only = document.blocks[opener[-1]], document.blocks[title[0]]
    return (
        len(opener) <= 2
        and len(title) == 1
        and only.kind != "list_item"
        and is_kicker_like(last.text)
        and is_title_like(only.text)
        and len(only.text) <= 160
        and not (is_sentence(only.text) and len(only.text) > 90)
    )


def _markup_tail(document: Document, indexes: tuple[int, ...]) -> Tail:
    """In markup: everything from the heading or from the first card behind the text."""
    start, witness = _markup_start(document, indexes)
    if start is None:
        return _NO_TAIL
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
        ends = ends_release(block.text) and block.kind != "image"
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
        kicker = next((i for i in reversed(around) if _is_topic(blocks[i])), None)
        topics.append(sum(_is_topic(blocks[i]) for i in around))
        taken |= {i for i in around if blocks[i].kind in ("image", "time")} | {title}
        if kicker is not None:
            taken.add(kicker)
        topic = blocks[kicker].text if kicker is not None else None
        entries.append(Related(topic, blocks[title].text, document.resolve(blocks[title].anchors[0].href)))
        done = place[title]
    roles: Roles = dict.fromkeys(taken, "related")
    usual = max(set(topics), key=topics.count, default=0)
    unlike = [entry.title for entry, count in zip(entries, topics, strict=True) if count != usual]
    return Tail(_once(entries), witness, roles, _unlike([*(blocks[index].text for index in odd), *unlike]))


def _odd_titles(document: Document, rest: tuple[int, ...], titles: list[int]) -> list[int]:
    """Return headings and linked lines among the cards that are set unlike the other titles."""
    blocks, boxes = document.blocks, document.containers
    lists = {boxes[blocks[title].group].parent for title in titles} - {0, -1}
    known = {anchor.href for title in titles for anchor in blocks[title].anchors}
    found: list[int] = []
    for index in rest:
        block = blocks[index]
        if index in titles or len(block.text) <= _MIN_TITLE or block.kind == "image":
            continue
        addresses = {anchor.href for anchor in block.anchors}
        if not (block.level or addresses) or addresses & known or is_prose(block):
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
