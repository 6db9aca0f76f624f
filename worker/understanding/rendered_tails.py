"""The end of a text rendering: where «Weitere Meldungen» begin, and what they are. Floor 1.

In go a document and the blocks behind its title, out come the related entries and the lines they take.
With or without their heading they are recognised by their shape (picture text, topic, blank line,
title, again and again) and never reach the body.
"""

from __future__ import annotations

from worker.models.release import Related
from worker.reading.document import Document
from worker.understanding.furniture import ends_release, is_furniture
from worker.understanding.links import is_link_line
from worker.understanding.phrases import is_kicker_like, is_sentence, is_title_like
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles
from worker.understanding.tails import NO_TAIL, Tail, unlike

# The words of a picture, a topic or a title: longer lines are text of the release.
_MAX_TEASER = 160
_MIN_TEXT = 100


def find_rendered_tail(document: Document, indexes: tuple[int, ...]) -> Tail:
    """In a rendering: everything after the heading, or the trailing run of topic and title lines."""
    for position, index in enumerate(indexes):
        if ends_release(document.blocks[index].text) and position and not _opens_list(document, index):
            return _entries(document, indexes[position + 1 :], "heading", {index: "furniture"})
    start = _start(document, indexes)
    if start is None:
        return NO_TAIL
    return _entries(document, indexes[start:], "shape", {})


def _opens_list(document: Document, heading: int) -> bool:
    """True when a list of the release stands under a line: entries have one line with a bullet each."""
    under = document.blocks[heading + 1 : heading + 3]
    return len(under) == 2 and all(
        block.kind == "list_item" and block.group == under[0].group for block in under
    )


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


def _entries(document: Document, indexes: tuple[int, ...], witness: str, roles: Roles) -> Tail:
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
    warnings = unlike(doubts)
    if doubts and witness == "shape":
        warnings += tuple(f"{name}: where the release ends is not certain" for name in ("body", "links"))
    return Tail(tuple(entries), witness, roles, warnings)


def _start(document: Document, indexes: tuple[int, ...]) -> int | None:
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
