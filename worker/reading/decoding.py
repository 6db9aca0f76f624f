"""From bytes to characters: what kind of thing a page is, and in which encoding. Floor 1.

In goes a `Page`, out comes its text as UTF-8 and the form it has. It refuses what is no page of text
(PDF, JSON, feeds, images), what is empty, and what was cut off; it never guesses at content.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from worker.errors import ParseError
from worker.models.page import Page

Form = Literal["html", "text"]

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x1f\x8b", "compressed data"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|main|article|section|div|h[1-6]|p|ul|table)\b", re.I
)
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.S
)
_HTML_OPEN = re.compile(rb"<html[\s>]", re.I)
_HTML_CLOSE = re.compile(rb"</(?:html|body)\s*>", re.I)
# HTML lets a page leave out its last end tags; one that was cut off hardly ends behind these.
_LAST_PART = re.compile(rb"</(?:script|style|noscript|footer|main)\s*>(?:\s|<!--[^>]*-->)*\Z", re.I)
_TEXT_TYPES = frozenset({"text/plain", "text/markdown"})
_HTML_TYPES = frozenset(
    {"", "text/html", "application/xhtml+xml", "application/octet-stream", "application/xml", "text/xml"}
)
_SNIFF_BYTES = 4096
_SINGLE_BYTE = frozenset({"cp1252", "iso8859-1", "latin-1", "iso8859-15", "ascii"})


class Decoded(NamedTuple):
    """A page's characters, the form it has, and what was odd about its encoding.

    The characters are UTF-8, which is what the parser works on: most pages are it already.
    """

    utf8: bytes
    form: Form
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The characters as a string."""
        return self.utf8.decode("utf-8")


def decode(page: Page) -> Decoded:
    """Return the characters of `page`.

    Raises ParseError with kind `not-html`, `empty` or `incomplete`.
    """
    body = page.body
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ParseError(page.url, "empty", "the page is empty")
    form = _form(page)
    if form == "html" and _is_cut_off(body):
        raise ParseError(page.url, "incomplete", "the page is cut off: <html> is opened and never closed")
    text, warnings = _characters(body, page.content_type)
    return Decoded(text, form, warnings)


def _form(page: Page) -> Form:
    """Decide between HTML and a text rendering, by the header and by what the bytes look like."""
    declared = page.content_type.partition(";")[0].strip().lower()
    head = page.body[:_SNIFF_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise ParseError(page.url, "not-html", f"the page is {name}, not HTML")
    if _FEED.match(head):
        raise ParseError(page.url, "not-html", "the page is a feed or a sitemap, not HTML")
    if declared not in _TEXT_TYPES and declared not in _HTML_TYPES:
        raise ParseError(page.url, "not-html", f"the page is {declared}, not HTML")
    if head[:1] in (b"{", b"[") and head.rstrip()[-1:] in b'}],:"' and not _MARKUP.search(page.body):
        raise ParseError(page.url, "not-html", "the page is JSON, not HTML")
    if b"\x00" in head and not read_bom(page.body)[0] and "utf-16" not in page.content_type.lower():
        raise ParseError(page.url, "not-html", "the page is binary data, not HTML")
    if declared in _TEXT_TYPES:
        return (
            "html"
            if re.match(rb"(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", head, re.I | re.S)
            else "text"
        )
    if not _MARKUP.search(page.body) and not read_bom(page.body)[0]:
        raise ParseError(page.url, "not-html", "the page holds no HTML element")
    return "html"


def _is_cut_off(body: bytes) -> bool:
    """True when the page was opened, was never closed, and does not end like a page that need not be."""
    end = body[-_SNIFF_BYTES:]
    if b"</html>" in end or b"</body>" in end or _LAST_PART.search(end):
        return False
    return bool(_HTML_OPEN.search(body)) and not _HTML_CLOSE.search(body)


def _characters(body: bytes, content_type: str) -> tuple[bytes, tuple[str, ...]]:
    """Turn into UTF-8: BOM, header, meta (all through w3lib), strict UTF-8, cp1252."""
    bom, mark = read_bom(body)
    if bom and mark:
        return _utf8(body[len(mark) :].decode(bom, "replace")), ()
    named = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:_SNIFF_BYTES])
    codec = (resolve_encoding(named) if named else None) or "utf-8"
    if not _is_utf8(body):
        text, warnings = _not_utf8(body, codec)
        return _utf8(text), warnings
    if codec in ("utf-8", "ascii") or body.isascii() or codec in _SINGLE_BYTE:
        # Multi-byte sequences that are valid UTF-8 throughout are UTF-8, whatever a single-byte label says.
        odd = codec in _SINGLE_BYTE and codec != "ascii" and not body.isascii()
        return body, (f"charset: declared {named}, the bytes are utf-8",) if odd else ()
    try:
        return _utf8(body.decode(codec)), ()
    except UnicodeDecodeError:
        return body, (f"charset: declared {named}, the bytes are utf-8",)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8(text: str) -> bytes:
    """Encode; lone surrogates, which some codecs let through, are no characters."""
    return text.encode("utf-8", "replace")


def _not_utf8(body: bytes, codec: str) -> tuple[str, tuple[str, ...]]:
    """Decode bytes that are not valid UTF-8: as declared, or as damaged UTF-8, or as cp1252."""
    if codec not in ("utf-8", "ascii"):
        try:
            return body.decode(codec), ()
        except UnicodeDecodeError:
            return body.decode(codec, "replace"), (f"charset: some bytes are not {codec}",)
    damaged = body.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    good = sum(1 for character in damaged if character > "\x7f") - bad
    if good > 4 * bad:
        return damaged, (f"charset: {bad} damaged characters",)
    return body.decode("cp1252", "replace"), ("charset: not utf-8, read as cp1252",)
