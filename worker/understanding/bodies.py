"""Lead, body and closing links: what each block after the head is. Floor 1.

In go a document and the blocks between its head and its tail that nothing else took, out comes one
role for each. A block that fits no role is left without one and named by the caller; nothing is
dropped in silence.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import NamedTuple

from worker.models.release import BodyBlock, BodyKind, Link
from worker.reading.document import Block, Document
from worker.text import clean
from worker.understanding.credits import has_credit, is_bare_credit
from worker.understanding.furniture import (
    is_address,
    is_contact,
    is_furniture,
    is_page_label,
    is_reached_by,
    is_slide_counter,
)
from worker.understanding.links import mark_links, mark_rendered_links, read_links
from worker.understanding.phrases import is_heading_like, is_sentence
from worker.understanding.region import is_prose
from worker.understanding.roles import Role, Roles, left_over
from worker.understanding.vocabulary import SALUTATION

# Under a text it names who published it first («Quelle: Sozialministerium»).
_TEXT_SOURCE = re.compile(r"Quelle:", re.I)
_MIN_FRAGMENT = 60
# Shorter points of lists may well repeat.
_MIN_REPEATED = 15
_MOST_NAMED = 3


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
    warnings: tuple[str, ...] = ()


def read_body(document: Document, indexes: tuple[int, ...]) -> Body:
    """Assign a role to each block of `indexes`; the first paragraph is the lead if more text follows."""
    roles: Roles = {}
    rendered = document.form == "text"
    _mark_furniture(document, indexes, roles)
    doubts: tuple[str, ...] = ()
    if rendered:
        lines, doubts = mark_rendered_links(document, indexes, roles)
    else:
        mark_links(document, indexes, roles)
        lines = left_over(indexes, roles)
    lead, witness = _lead(document, lines)
    if lead is not None:
        roles[lead] = "lead"
        lines = tuple(i for i in lines if i > lead or (document.blocks[i].level and i != lead))
    for index in lines:
        last = index == lines[-1]
        roles[index] = (
            _rendered_role(document, index, last) if rendered else _markup_role(document, index, last)
        )
    blocks = tuple(BodyBlock(BODY_ROLES[roles[i]], document.blocks[i].text) for i in lines)
    links = read_links(document, (index for index in indexes if roles.get(index) == "link"))
    told = document.blocks[lead].text if lead is not None else None
    doubts += _doubts(told, blocks, rendered=rendered) + _lone_captions(document, roles)
    return Body(told, witness, blocks, links, roles, doubts)


def _doubts(lead: str | None, blocks: tuple[BodyBlock, ...], *, rendered: bool) -> tuple[str, ...]:
    """Return what does not add up in the text: a paragraph told twice, an end in mid-sentence.

    In a rendering also headings in a row: they may be links, or the topics of other releases.
    """
    texts = [text for text in (lead, *(block.text for block in blocks)) if text]
    counts = Counter(text for text in texts if len(text) >= _MIN_REPEATED)
    found = [f"body: «{text[:60]}…» stands there twice" for text, count in counts.items() if count > 1]
    found += [
        f"body: «{here.text[:60]}» is a heading without text"
        for here, after in itertools.pairwise(blocks)
        if rendered and here.kind == after.kind == "heading"
    ][:_MOST_NAMED]
    if texts and blocks and blocks[-1].kind == "paragraph" and _breaks_off(texts[-1]):
        found.append("body: the text ends in the middle of a sentence")
    return tuple(found)


def _breaks_off(text: str) -> bool:
    return len(text) > _MIN_FRAGMENT and (text[-1].isalpha() or text[-1] == ",")


def _lone_captions(document: Document, roles: Roles) -> tuple[str, ...]:
    """Name the words of pictures that are not there: a script would show them, or the page is damaged."""
    lone = [
        index
        for index, role in roles.items()
        if role in ("caption", "credit") and not _TEXT_SOURCE.match(document.blocks[index].text)
    ]
    return tuple(
        f"images: «{document.blocks[index].text[:60]}» at {document.place(index)} belongs to no picture"
        for index in lone[:_MOST_NAMED]
    )


def _mark_furniture(document: Document, indexes: tuple[int, ...], roles: Roles) -> None:
    """Mark the page's own lines, bare sources without a picture, and contact boxes up to the next heading."""
    contact = False
    text_ends = next((i for i in reversed(indexes) if is_sentence(document.blocks[i].text)), -1)
    for index in indexes:
        block = document.blocks[index]
        contact = (contact and not block.level) or _opens_contact(document, block)
        is_behind = index > text_ends and is_reached_by(block.text)
        if contact or is_behind or block.kind in ("time", "image") or _is_of_page(block.text):
            roles[index] = "furniture"
        elif (block.kind in ("credit", "caption") and block.tag != "caption") or is_bare_credit(block.text):
            roles[index] = "credit"
        elif (
            document.form == "html" and len(block.text) <= 400 and not block.level and has_credit(block.text)
        ):
            # A picture that a script shows: its words with their source are no text of the release.
            roles[index] = "caption"


def _opens_contact(document: Document, block: Block) -> bool:
    """True for the heading of a contact box, shown as one."""
    shown = block.level or block.strong or document.form == "text" or block.text.endswith(":")
    return bool(shown) and is_contact(block.text)


def _is_of_page(text: str) -> bool:
    return is_address(text) or is_furniture(text) or is_slide_counter(text) or is_page_label(text)


def _lead(document: Document, left: tuple[int, ...]) -> tuple[int | None, str]:
    """Return the teaser before the body: by hint, else the first paragraph before any sub-heading."""
    texts = [
        index
        for index in left
        if document.blocks[index].kind in ("paragraph", "quote", "heading", "list_item")
    ]
    if len(texts) < 2 or any(SALUTATION.match(document.blocks[index].text) for index in texts[:3]):
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
    described = _described(document, texts[:2])
    if described is not None:
        return described, "description"
    for index in texts[:3]:
        block = document.blocks[index]
        if block.level and len(block.text) > 120 and is_sentence(block.text):
            return index, "heading"
        told = is_sentence(block.text) and len(block.text) >= _MIN_FRAGMENT
        if block.kind != "paragraph" or (
            document.form == "text" and is_heading_like(block.text) and not told
        ):
            return None, ""
        if is_sentence(block.text) or len(block.text) >= _MIN_FRAGMENT:
            return index, "first paragraph"
    return None, ""


def _described(document: Document, texts: list[int]) -> int | None:
    """Return the heading under the title that metadata quote as the page's description: its lead."""
    descriptions = {clean(words) for words in document.metadata.descriptions.values() if len(words) >= 40}
    for index in texts:
        block = document.blocks[index]
        if not block.level:
            break
        if block.text in descriptions:
            return index
    return None


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
