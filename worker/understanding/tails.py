"""The end of a release: closing links, and where «Weitere Meldungen» begin. Floor 1.

In go a document and the blocks after its title, out come the related entries and the blocks they
take. The portal's latest news follow its releases, with and without their heading; they are recognised
by their shape (picture text, topic, title, again and again) and never reach the body.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.models.release import Related
from worker.reading.document import Block, Document
from worker.understanding.furniture import ends_release, is_furniture
from worker.understanding.phrases import is_kicker_like, is_sentence, is_title_like
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles

_LINK_LINE = re.compile(
    r"\((?:PDF|Öffnet)|^Extern\b|^\S*(?:ministerium|portal|\.de)\b[^:]*:|^(?:Zum|Zur) "
    r"|^(?:Weitere|Mehr) Informationen",
    re.I,
)


class Tail(NamedTuple):
    """What follows the release: the entries, the rule that found them, and the roles of their blocks."""

    related: tuple[Related, ...]
    witness: str
    roles: Roles


# Lines that look like the end of a release and are not: more than these are not looked into.
_MOST_DOUBTS = 20
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
            entries, roles = _rendered_entries(document, indexes[position + 1 :])
            return Tail(entries, "heading", {index: "furniture", **roles})
    start = _rendered_start(document, indexes)
    if start is None:
        return _NO_TAIL
    entries, roles = _rendered_entries(document, indexes[start:])
    return Tail(entries, "shape", roles)


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


def _rendered_entries(document: Document, indexes: tuple[int, ...]) -> tuple[tuple[Related, ...], Roles]:
    """Read pairs of runs: (picture text,) topic, blank line, title."""
    roles: Roles = {
        index: "furniture" if is_furniture(document.blocks[index].text) else "related" for index in indexes
    }
    entries: list[Related] = []
    kicker: str | None = None
    waiting = False
    for group in _groups(document, indexes):
        text = document.blocks[group[-1]].text
        opens = len(group) > 1 or document.blocks[group[-1]].kind == "list_item"
        if waiting and not opens:
            entries.append(Related(kicker, text))
            kicker, waiting = None, False
        elif opens or is_kicker_like(text):
            kicker, waiting = text, True
        else:
            entries.append(Related(None, text))
    return tuple(entries), roles


def _rendered_start(document: Document, indexes: tuple[int, ...]) -> int | None:
    """Find where pairs of topic and title begin that run to the end, at least one with a picture text."""
    groups = _groups(document, indexes)
    at = len(groups)
    shaped = 0
    while at >= 2 and _is_pair(document, groups[at - 2], groups[at - 1]):
        at -= 2
        opener = groups[at]
        shaped += len(opener) == 2 or document.blocks[opener[-1]].kind == "list_item"
    while shaped and any(_is_link_line(document.blocks[group[-1]].text) for group in groups[at : at + 2]):
        at += 2
    return indexes.index(groups[at][0]) if shaped and at > 0 else None


def _is_link_line(text: str) -> bool:
    """True for a closing link of the release, which can look like a topic («Förderaufruf (PDF)»)."""
    return _LINK_LINE.search(text) is not None


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
    entries, taken = _cards(document, rest)
    roles: Roles = {index: "related" if index in taken else "furniture" for index in rest}
    return Tail(entries, witness, roles)


def find_cards(document: Document, indexes: tuple[int, ...], tail: Tail) -> Tail:
    """Look for «Weitere Meldungen» behind the main region; return `tail` as it was if there are none."""
    for position, index in enumerate(indexes):
        block = document.blocks[index]
        ends = ends_release(block.text) and block.kind != "image"
        if not ends and not (block.level and _is_linked(block)):
            continue
        start = position + 1 if ends else _card_start(document, indexes, position)
        entries, taken = _cards(document, indexes[start:])
        if len(entries) < (1 if ends else 2):
            return tail
        roles: Roles = {**tail.roles, **dict.fromkeys(taken, "related")}
        return Tail(entries, "heading" if ends else "shape", roles)
    return tail


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


def _cards(document: Document, rest: tuple[int, ...]) -> tuple[tuple[Related, ...], set[int]]:
    """Read the cards of «Weitere Meldungen»: linked titles with the topic before them."""
    titles = [index for index in rest if document.blocks[index].level and document.blocks[index].anchors]
    if len(titles) < 2:
        titles = [
            index
            for index in rest
            if _is_linked(document.blocks[index]) and len(document.blocks[index].text) > 15
        ] or titles
    entries: list[Related] = []
    taken: set[int] = set()
    place = {index: position for position, index in enumerate(rest)}
    done = -1
    for title in titles:
        block = document.blocks[title]
        if ends_release(block.text) or is_furniture(block.text):
            continue
        around = rest[done + 1 : place[title]]
        kicker = next((i for i in reversed(around) if _is_topic(document.blocks[i])), None)
        taken |= {i for i in around if document.blocks[i].kind in ("image", "time")} | {title}
        if kicker is not None:
            taken.add(kicker)
        topic = document.blocks[kicker].text if kicker is not None else None
        entries.append(Related(topic, block.text, document.resolve(block.anchors[0].href)))
        done = place[title]
    return tuple(entries), taken


def _is_topic(block: Block) -> bool:
    """True for the topic line of a card."""
    if block.kind in ("image", "time") or not is_kicker_like(block.text):
        return False
    return not (ends_release(block.text) or is_furniture(block.text))
