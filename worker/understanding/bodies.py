"""Lead, body and closing links: what each block after the head is. Floor 1.

In go a document and the blocks between its head and its tail that nothing else took, out comes one
role for each. A block that fits no role is left without one and named by the caller; nothing is
dropped in silence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.models.release import BodyBlock, BodyKind, Link
from worker.reading.document import Block, Document
from worker.understanding.credits import has_credit, is_bare_credit
from worker.understanding.furniture import (
    is_contact,
    is_furniture,
    is_link_label,
    is_page_label,
    is_slide_counter,
)
from worker.understanding.phrases import is_heading_like, is_sentence
from worker.understanding.region import is_prose
from worker.understanding.roles import Role, Roles

_NEW_WINDOW = re.compile(
    r"\s*\((?:öffnet|link öffnet|externer link)[^)]*\)|^(?:extern(?:er link)?|intern):\s*", re.I
)
_MAX_LINK = 250
_MIN_FRAGMENT = 60


# What a role becomes in the body of the record.
BODY_ROLES: dict[Role, BodyKind] = {
    "paragraph": "paragraph",
    "heading": "heading",
    "list_item": "list_item",
    "quote": "quote",
}


class Body(NamedTuple):
    """Lead, body and links, and the role of every block that has one."""

    lead: str | None
    lead_witness: str
    blocks: tuple[BodyBlock, ...]
    links: tuple[Link, ...]
    roles: Roles


def read_body(document: Document, indexes: tuple[int, ...]) -> Body:
    """Assign a role to each block of `indexes`; the first paragraph is the lead if more text follows."""
    roles: Roles = {}
    text = document.form == "text"
    _mark_furniture(document, indexes, roles)
    _mark_links(document, indexes, roles)
    left = [index for index in indexes if index not in roles]
    lead, witness = _lead(document, left)
    if lead is not None:
        roles[lead] = "lead"
        for index in left[: left.index(lead)]:
            if not document.blocks[index].level:
                left.remove(index)
    for position, index in enumerate(left):
        if index not in roles:
            last = position + 1 == len(left)
            roles[index] = (
                _rendered_role(document, index, last) if text else _markup_role(document, index, last)
            )
    blocks = tuple(
        BodyBlock(BODY_ROLES[roles[i]], document.blocks[i].text) for i in left if roles[i] in BODY_ROLES
    )
    links = tuple(
        link for i in indexes if roles.get(i) == "link" for link in _links(document, document.blocks[i])
    )
    return Body(document.blocks[lead].text if lead is not None else None, witness, blocks, links, roles)


def _mark_furniture(document: Document, indexes: tuple[int, ...], roles: Roles) -> None:
    """Mark the page's own lines, bare sources without a picture, and contact boxes up to the next heading."""
    contact = False
    for index in indexes:
        block = document.blocks[index]
        if block.level and contact:
            contact = False
        if is_contact(block.text) and (block.level or block.strong or document.form == "text"):
            contact = True
        if (
            contact
            or is_furniture(block.text)
            or is_slide_counter(block.text)
            or is_page_label(block.text)
            or block.kind in ("time", "image")
        ):
            roles[index] = "furniture"
        elif block.kind in ("credit", "caption") or is_bare_credit(block.text):
            roles[index] = "credit"
        elif (
            document.form == "html" and len(block.text) <= 400 and not block.level and has_credit(block.text)
        ):
            # A picture that a script shows: its words with their source are no text of the release.
            roles[index] = "caption"


def _mark_links(document: Document, indexes: tuple[int, ...], roles: Roles) -> None:
    """Mark closing links: lines that are links, or the trailing short lines of a rendering."""
    closing = True
    for index in reversed(indexes):
        block = document.blocks[index]
        if index in roles:
            continue
        if document.form == "text":
            is_link = (
                closing
                and block.kind == "paragraph"
                and len(block.text) <= _MAX_LINK
                and not is_sentence(block.text)
            )
        else:
            share = 0.5 if closing and ":" in block.text else 0.85
            is_link = (
                bool(block.anchors)
                and len(block.text) <= _MAX_LINK
                and block.linked >= share * len(block.text)
            )
            if block.anchors and not is_link and block.linked >= 0.85 * len(block.text):
                roles[index] = "furniture"  # the teaser of another page, set as one long link
                continue
        if is_link:
            roles[index] = "link"
        elif closing and is_link_label(block.text):
            roles[index] = "furniture"
        else:
            closing = False


def closing_links(document: Document, indexes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the unbroken run of link lines that follows the body in the same article."""
    found: list[int] = []
    for index in indexes:
        block = document.blocks[index]
        linked = bool(block.anchors) and block.kind != "image" and 2 * block.linked >= len(block.text)
        if linked and not block.level and len(block.text) <= _MAX_LINK:
            found.append(index)
        elif not (is_link_label(block.text) or is_furniture(block.text)):
            break
    return tuple(found)


def _links(document: Document, block: Block) -> list[Link]:
    """Return the links of a closing line; one link takes the whole line as its text."""
    if len(block.anchors) <= 1:
        url = document.resolve(block.anchors[0].href) if block.anchors else None
        return [Link(_link_text(block.text), url)]
    return [Link(_link_text(anchor.text), document.resolve(anchor.href)) for anchor in block.anchors]


def _link_text(text: str) -> str:
    """Strip what screen readers are told («Extern:», «(Öffnet in neuem Fenster)»)."""
    return _NEW_WINDOW.sub("", text).strip() or text


def _lead(document: Document, left: list[int]) -> tuple[int | None, str]:
    """Return the teaser before the body: by hint, else the first paragraph before any sub-heading."""
    texts = [
        index
        for index in left
        if document.blocks[index].kind in ("paragraph", "quote", "heading", "list_item")
    ]
    if len(texts) < 2:
        return None, ""
    for position, index in enumerate(texts[:4]):
        block = document.blocks[index]
        if "lead" in block.hints | document.containers[block.group].hints:
            behind = any(is_prose(document.blocks[other]) for other in texts[position + 1 :])
            ahead = any(
                is_prose(document.blocks[other]) or document.blocks[other].level for other in texts[:position]
            )
            if behind and not ahead:
                return index, "class"
    for index in texts[:3]:
        block = document.blocks[index]
        if block.level and len(block.text) > 120 and is_sentence(block.text):
            return index, "heading"
        if block.kind != "paragraph" or (document.form == "text" and is_heading_like(block.text)):
            return None, ""
        if is_sentence(block.text) or len(block.text) >= _MIN_FRAGMENT:
            return index, "first paragraph"
    return None, ""


def _rendered_role(document: Document, index: int, last: bool) -> Role:
    """In a rendering a short line without an end of sentence is a heading, if text follows it."""
    block = document.blocks[index]
    if block.kind == "list_item":
        return "list_item"
    return "heading" if not last and is_heading_like(block.text) else "paragraph"


def _markup_role(document: Document, index: int, last: bool) -> Role:
    block = document.blocks[index]
    if block.level:
        return "heading"
    if block.kind == "list_item" or block.kind == "quote":
        return block.kind
    if block.strong and not last and is_heading_like(block.text):
        return "heading"
    return "paragraph"
