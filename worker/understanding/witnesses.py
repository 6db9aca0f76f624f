"""How a record came about: who answered for each field, and what did not add up. Floor 1.

In go a document and what the rules found in it, out comes the `Extraction` of its record. A field is
found, absent in this layout, or broken: it has no value, and a warning that begins with its name says
which sign of it could not be read. Nothing is read here a second time.
"""

from __future__ import annotations

from typing import NamedTuple

from worker.models.release import EXTRACTOR_VERSION, Extraction, Witness
from worker.reading.dates import only_date
from worker.reading.document import Document
from worker.understanding.bodies import BODY_ROLES, Body
from worker.understanding.credits import is_bare_credit
from worker.understanding.furniture import (
    ends_release,
    is_address,
    is_contact,
    is_furniture,
    is_link_label,
    is_reading_time,
    is_slide_counter,
)
from worker.understanding.heads import Head
from worker.understanding.pictures import Pictures
from worker.understanding.published import Published
from worker.understanding.region import Region
from worker.understanding.roles import Roles, left_over
from worker.understanding.tails import Tail

_MAX_NAMED = 80
_MOST_NAMED = 10


class Parts(NamedTuple):
    """What the rules found, before it is put together."""

    region: Region
    head: Head
    pictures: Pictures
    tail: Tail
    body: Body

    @property
    def roles(self) -> Roles:
        """The role of each block; no block is in two parts."""
        return {**self.head.roles, **self.tail.roles, **self.pictures.roles, **self.body.roles}


def account(document: Document, parts: Parts, published: Published) -> Extraction:
    """Say how the record came about: each field's witness and everything that did not add up."""
    roles = parts.roles
    warnings = _warnings(document, parts, published, roles)
    return Extraction(
        version=EXTRACTOR_VERSION,
        layout=_layout(document, parts, roles),
        fields=_fields(document, parts, published, roles, warnings),
        warnings=warnings,
    )


def _warnings(document: Document, parts: Parts, published: Published, roles: Roles) -> tuple[str, ...]:
    """Return what did not add up, each with the field it concerns before a colon."""
    named = (parts.head.title, parts.head, published, parts.body, parts.pictures, parts.tail)
    warnings = [*document.warnings, *(warning for part in named for warning in part.warnings)]
    unknown = (*left_over(parts.region.indexes, roles), *_behind(document, parts, roles))
    warnings += [f"unassigned: {_shown(document, index)}" for index in unknown[:_MOST_NAMED]]
    if any("\ufffd" in block.text for block in document.blocks):
        warnings.append("charset: damaged characters in the text")
    return tuple(dict.fromkeys(warnings))


def _behind(document: Document, parts: Parts, roles: Roles) -> list[int]:
    """Return lines right behind the main region, in the same article, that no rule knows."""
    found: list[int] = []
    for index in left_over(parts.region.near, roles):
        block = document.blocks[index]
        if block.level or is_contact(block.text) or ends_release(block.text):
            break
        of_page = is_furniture(block.text) or is_address(block.text) or is_link_label(block.text)
        shown = block.kind in ("image", "time") or block.anchors or only_date(block.text)
        if not (of_page or shown or is_bare_credit(block.text)):
            found.append(index)
    return found


def _fields(
    document: Document, parts: Parts, published: Published, roles: Roles, warnings: tuple[str, ...]
) -> dict[str, Witness]:
    """Return who answered for each field; a rule without a value would be a contradiction."""
    head, body, form = parts.head, parts.body, document.form
    first = {roles[index]: index for index in sorted(roles, reverse=True)}
    pictures = [first[role] for role in ("image", "caption") if role in first]
    texts = [first[role] for role in BODY_ROLES if role in first]
    # The kicker may stand in the title's own heading.
    kicker = head.title.block if head.kicker_witness == "heading" else first.get("kicker")
    found = {
        "kicker": (head.kicker_witness, kicker),
        "title": (head.title.witness, head.title.block),
        "published": (published.witness, published.block),
        "lead": (body.lead_witness, first.get("lead")),
        "body": ("main region" if form == "html" else "lines", min(texts, default=None)),
        "images": (parts.pictures.witness, min(pictures, default=None)),
        "links": ("closing lines" if body.links else "", first.get("link")),
        "related": (parts.tail.witness if parts.tail.related else "", first.get("related")),
    }
    broken = {warning.partition(":")[0] for warning in warnings}
    return {
        name: Witness("found", rule, document.place(at) if at is not None else None)
        if rule
        else Witness("broken" if name in broken else "absent")
        for name, (rule, at) in found.items()
    }


def _layout(document: Document, parts: Parts, roles: Roles) -> str:
    """Return the form of the page and the generation of templates that its own lines betray.

    Only the templates of 2016/17 count slides and only those since 2023 tell the reading time;
    `named` pages call their fields by class names that we know, the others were read by shape alone.
    """
    form = "rendering" if document.form == "text" else "markup"
    tools = [document.blocks[index].text for index, role in roles.items() if role == "furniture"]
    if any(is_reading_time(text) for text in tools):
        return f"{form}-2023"
    if any(is_slide_counter(text) for text in tools):
        return f"{form}-2016"
    if document.form == "text":
        return f"{form}-plain"
    return (
        f"{form}-named"
        if "class" in (parts.head.kicker_witness, parts.body.lead_witness)
        else f"{form}-generic"
    )


def _shown(document: Document, index: int) -> str:
    text = document.blocks[index].text or document.blocks[index].kind
    return f"«{text[:_MAX_NAMED]}» at {document.place(index)}"
