"""Understand a document: from ordered blocks to a `Release`. Floor 1.

The second of the two steps of extraction, the same for HTML and for text renderings. Every block of
the main region gets exactly one role, each field names the rule that found it, and what fits no role
or does not add up becomes a warning. It raises ParseError instead of returning half a record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from worker.errors import ParseError
from worker.models.listing import ListingItem
from worker.models.release import Extraction, Image, Release
from worker.reading.document import Document
from worker.understanding.amounts import find_amounts
from worker.understanding.bodies import Body, closing_links, read_body
from worker.understanding.heads import Head, read_markup_head, read_rendered_head
from worker.understanding.page_types import refusal
from worker.understanding.pictures import Pictures, read_pictures, read_rendered_pictures
from worker.understanding.published import Published, find_published
from worker.understanding.quotes import find_quotes
from worker.understanding.region import Region, find_region
from worker.understanding.tails import Tail, find_cards, find_tail
from worker.understanding.titles import find_title, first_heading

EXTRACTOR_VERSION = "1"

_MAX_NAMED = 80


class _Parts(NamedTuple):
    """What the rules found, before it is put together."""

    region: Region
    head: Head
    pictures: Pictures
    tail: Tail
    body: Body


def understand(document: Document, *, listed: ListingItem | None = None) -> Release:
    """Turn `document` into a record; `listed` is what the listing said about it.

    Raises ParseError with kind `no-title`, `no-body` or `not-a-release`.
    """
    parts = _read_text(document, listed) if document.form == "text" else _read_html(document, listed)
    if not any(block.kind != "heading" for block in parts.body.blocks):
        raise ParseError(document.url, "no-body", "the page has a title but no text of a release")
    published = find_published(
        document, parts.region.indexes, parts.head.title.block, parts.head.dates, listed
    )
    return _assemble(document, parts, published, listed)


def _read_text(document: Document, listed: ListingItem | None) -> _Parts:
    head = read_rendered_head(document, listed)
    if head is None or head.title.block is None:
        raise ParseError(document.url, "no-title", "the first lines of the page hold no title")
    region = Region(tuple(range(len(document.blocks))))
    _refuse(document, head.title.text, region)
    taken = {*head.dates, *head.furniture}
    after = tuple(i for i in region.indexes if i > head.title.block and i not in taken)
    tail = find_tail(document, after)
    inner = _without(after, tail.indexes, tail.furniture)
    pictures = read_rendered_pictures(document, inner)
    return _Parts(region, head, pictures, tail, read_body(document, _without(inner, pictures.roles)))


def _read_html(document: Document, listed: ListingItem | None) -> _Parts:
    title = find_title(document, listed)
    if title is None:
        _refuse(document, first_heading(document), find_region(document, None))
        raise ParseError(document.url, "no-title", "the page has no heading and names no title")
    region = find_region(document, title.block)
    _refuse(document, title.text, region)
    head = read_markup_head(document, region.indexes, title)
    taken = {*head.dates, *head.furniture, head.kicker_index, title.block}
    after = tuple(i for i in region.indexes if i not in taken)
    tail = find_tail(document, after)
    inner = _without(after, tail.indexes, tail.furniture)
    pictures = read_pictures(document, inner)
    closing = closing_links(document, _without(region.near, tail.indexes)) if not tail.witness else ()
    body = read_body(document, _without((*inner, *closing), pictures.roles))
    if not tail.related:
        tail = find_cards(document, _without(region.after, closing), tail)
    return _Parts(region, head, pictures, tail, body)


def _refuse(document: Document, title: str, region: Region) -> None:
    reason = refusal(document, title, region)
    if reason:
        raise ParseError(document.url, "not-a-release", f"the page is {reason}")


def _without(indexes: tuple[int, ...], *taken: Iterable[int]) -> tuple[int, ...]:
    gone = {index for group in taken for index in group}
    return tuple(index for index in indexes if index not in gone)


def _assemble(document: Document, parts: _Parts, published: Published, listed: ListingItem | None) -> Release:
    head, body = parts.head, parts.body
    kicker, kicker_witness = head.kicker, head.kicker_witness
    if kicker is None and listed is not None and listed.kicker:
        kicker, kicker_witness = listed.kicker, "listing"
    texts = [body.lead, *(block.text for block in body.blocks)]
    spoken = [text for text in texts if text]
    captions = [words for image in parts.pictures.images for words in (image.alt, image.caption) if words]
    return Release(
        url=document.url,
        kicker=kicker,
        title=head.title.text,
        published=published.day,
        lead=body.lead,
        body=body.blocks,
        images=_once(parts.pictures.images),
        links=body.links,
        related=parts.tail.related,
        quotes=find_quotes(spoken, captions),
        amounts=find_amounts(spoken),
        extractor=_extraction(document, parts, published, kicker_witness),
    )


def _once(images: tuple[Image, ...]) -> tuple[Image, ...]:
    return tuple(dict.fromkeys(images))


def _extraction(document: Document, parts: _Parts, published: Published, kicker_witness: str) -> Extraction:
    """Say how the record came about: witnesses with their places, and everything that did not add up."""
    found = {
        "kicker": (kicker_witness, parts.head.kicker_index),
        "title": (parts.head.title.witness, parts.head.title.block),
        "published": (published.witness, published.block),
        "lead": (parts.body.lead_witness, parts.body.lead_index),
        "related": (parts.tail.witness, None),
    }
    warnings = [*document.warnings, *parts.head.title.warnings, *published.warnings, *parts.pictures.warnings]
    warnings += [f"unassigned: {_shown(document, index)}" for index in _left_over(parts)[:10]]
    if any("\ufffd" in block.text for block in document.blocks):
        warnings.append("charset: damaged characters in the text")
    return Extraction(
        version=EXTRACTOR_VERSION,
        layout="rendering" if document.form == "text" else "markup",
        witness={field: rule for field, (rule, _) in found.items() if rule},
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _left_over(parts: _Parts) -> list[int]:
    """Return the blocks of the main region that no rule gave a role: the first sign of a new template."""
    roles = {**parts.pictures.roles, **parts.body.roles}
    taken = {*roles, *parts.tail.indexes, *parts.tail.furniture, *parts.head.dates, *parts.head.furniture}
    taken |= {index for index in (parts.head.title.block, parts.head.kicker_index) if index is not None}
    return [index for index in parts.region.indexes if index not in taken]


def _shown(document: Document, index: int) -> str:
    text = document.blocks[index].text or document.blocks[index].kind
    return f"«{text[:_MAX_NAMED]}» at {document.place(index)}"
