"""Understand a document: from ordered blocks to a `Release`. Floor 1.

The second of the two steps of extraction, the same for HTML and for text renderings. Every block of
the main region gets exactly one role, each field names the rule that found it, and what fits no role
or does not add up becomes a warning. It raises ParseError instead of returning half a record.
"""

from __future__ import annotations

from worker.errors import ParseError
from worker.models.listing import ListingItem
from worker.models.release import Release
from worker.reading.document import Document
from worker.understanding.amounts import find_amounts
from worker.understanding.bodies import Body, read_body
from worker.understanding.heads import read_markup_head
from worker.understanding.links import closing_links
from worker.understanding.page_types import refusal
from worker.understanding.pictures import read_pictures
from worker.understanding.published import Published, find_published
from worker.understanding.quotes import find_quotes
from worker.understanding.region import Region, find_region
from worker.understanding.rendered_heads import read_rendered_head
from worker.understanding.rendered_pictures import read_rendered_pictures
from worker.understanding.rendered_tails import find_rendered_tail
from worker.understanding.roles import left_over
from worker.understanding.tails import find_cards, find_tail
from worker.understanding.titles import find_title, first_heading
from worker.understanding.witnesses import Parts, account

__all__ = ["assign_roles", "understand"]


def understand(document: Document, *, listed: ListingItem | None = None) -> Release:
    """Turn `document` into a record; `listed` is what the listing said about it.

    Raises ParseError with kind `no-title`, `no-body` or `not-a-release`.
    """
    parts = assign_roles(document, listed)
    if not any(block.kind != "heading" for block in parts.body.blocks):
        raise ParseError(document.url, "no-body", "the page has a title but no text of a release")
    published = find_published(
        document, parts.region.indexes, parts.head.title.block, parts.head.dates, listed
    )
    return _assemble(document, parts, published, listed)


def assign_roles(document: Document, listed: ListingItem | None = None) -> Parts:
    """Give each block of the main region its role; what no rule knew is left without one.

    Raises ParseError with kind `no-title` or `not-a-release`.
    """
    return _read_text(document, listed) if document.form == "text" else _read_html(document, listed)


def _read_text(document: Document, listed: ListingItem | None) -> Parts:
    head = read_rendered_head(document, listed)
    if head is None or head.title.block is None:
        raise ParseError(document.url, "no-title", "the first lines of the page hold no title")
    region = Region(tuple(range(len(document.blocks))))
    _refuse(document, head.title.text, region)
    after = left_over(region.indexes[head.title.block + 1 :], head.roles)
    tail = find_rendered_tail(document, after)
    inner = left_over(after, tail.roles)
    pictures = read_rendered_pictures(document, inner)
    return Parts(region, head, pictures, tail, read_body(document, left_over(inner, pictures.roles)))


def _read_html(document: Document, listed: ListingItem | None) -> Parts:
    title = find_title(document, listed)
    if title is None:
        _refuse(document, first_heading(document), find_region(document, None))
        raise ParseError(document.url, "no-title", "the page has no heading and names no title")
    region = find_region(document, title.block)
    _refuse(document, title.text, region)
    head = read_markup_head(document, region.indexes, title)
    after = left_over(region.indexes, head.roles)
    tail = find_tail(document, after)
    inner = left_over(after, tail.roles)
    pictures = read_pictures(document, inner)
    closing = closing_links(document, left_over(region.near, tail.roles)) if not tail.witness else ()
    body = read_body(document, left_over((*inner, *closing), pictures.roles))
    if not tail.related:
        tail = find_cards(document, left_over(region.after, body.roles), tail)
    return Parts(region, head, pictures, tail, body)


def _refuse(document: Document, title: str, region: Region) -> None:
    reason = refusal(document, title, region)
    if reason:
        raise ParseError(document.url, "not-a-release", f"the page is {reason}")


def _assemble(document: Document, parts: Parts, published: Published, listed: ListingItem | None) -> Release:
    head, body = parts.head, parts.body
    if head.kicker is None and listed is not None and listed.kicker:
        head = head._replace(kicker=listed.kicker, kicker_witness="listing")
    spoken = ([body.lead] if body.lead else []) + [block.text for block in body.blocks]
    captions = [words for image in parts.pictures.images for words in (image.alt, image.caption) if words]
    return Release(
        url=document.url,
        kicker=head.kicker,
        title=head.title.text,
        published=published.day,
        lead=body.lead,
        body=body.blocks,
        images=parts.pictures.images,
        links=body.links,
        related=parts.tail.related,
        quotes=find_quotes(spoken, captions, _cited(document, body)),
        amounts=find_amounts(spoken),
        extractor=account(document, parts._replace(head=head), published),
    )


def _cited(document: Document, body: Body) -> dict[int, str | None]:
    """Return which of the release's texts, the lead first, are block quotations, and their sources."""
    sources = {block.text: block.attribution for block in document.blocks if block.attribution}
    first = 1 if body.lead else 0
    return {
        index: sources.get(block.text)
        for index, block in enumerate(body.blocks, start=first)
        if block.kind == "quote"
    }
