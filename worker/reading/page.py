"""Read a saved page, HTML or a text rendering of it, into a `Document`. Floor 1.

The first of the two steps of extraction. It refuses what is not a page (`not-html`, `empty`,
`incomplete`, `too-complex`) and says what it did about odd encodings; it never fetches, and never
decides what a block means.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.errors import ParseError
from worker.models.page import Page
from worker.reading.complexity import excess
from worker.reading.decoding import decode
from worker.reading.document import Document, resolve
from worker.reading.markup import BlockReader
from worker.reading.metadata import read_metadata
from worker.reading.pruning import prune_release
from worker.reading.rendering import read_rendering


def read_page(page: Page) -> Document:
    """Turn `page` into ordered, typed blocks.

    Raises ParseError with kind `not-html`, `empty`, `incomplete` or `too-complex`.
    """
    decoded = decode(page)
    if decoded.form == "text":
        document = read_rendering(page.url, decoded.text, decoded.warnings)
    else:
        document = _read_html(page.url, decoded.utf8, decoded.warnings)
    if not document.blocks:
        raise ParseError(page.url, "empty", "the page holds no visible text")
    return document


def parse_markup(url: str | None, markup: bytes) -> LexborHTMLParser:
    """Parse `markup` (UTF-8), unless it could take the parser unbounded time.

    Raises ParseError with kind `too-complex`.
    """
    reason = excess(markup)
    if reason:
        raise ParseError(url, "too-complex", f"the page is too complex to be parsed: {reason}")
    # NUL would end a text node early; the parser has no business with it.
    return LexborHTMLParser(markup.replace(b"\x00", b""))


def base_address(url: str | None, head: LexborNode | None) -> str | None:
    """Return what relative addresses are relative to: `<base href>` or the page itself."""
    base = head.css_first("base[href]") if head is not None else None
    return resolve(url, base.attributes.get("href")) or url if base is not None else url


def _read_html(url: str | None, markup: bytes, warnings: tuple[str, ...]) -> Document:
    tree = parse_markup(url, prune_release(markup))
    reader = BlockReader()
    if tree.body is not None:
        reader.read(tree.body)
    return Document(
        url=url,
        form="html",
        blocks=tuple(reader.blocks),
        containers=tuple(reader.containers),
        metadata=read_metadata(tree, markup),
        base_url=base_address(url, tree.head),
        warnings=warnings,
    )
