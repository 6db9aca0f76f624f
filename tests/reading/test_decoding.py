"""From bytes to characters: encodings, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.errors import ParseError
from worker.models.page import Page
from worker.reading.decoding import decode

NOW = datetime(2024, 5, 2, tzinfo=UTC)
HTML = "<html><body><p>Förderung für Geflüchtete</p></body></html>"


def page(body: bytes, content_type: str = "text/html") -> Page:
    """Return a page with this body."""
    return Page("https://example.org/a", body, content_type, NOW)


@pytest.mark.parametrize(
    ("body", "content_type", "warned"),
    [
        (HTML.encode(), "text/html; charset=utf-8", False),
        (HTML.encode(), "text/html", False),
        (b"\xef\xbb\xbf" + HTML.encode(), "text/html; charset=iso-8859-1", False),
        (HTML.encode("latin-1"), "text/html; charset=iso-8859-1", False),
        (HTML.replace("<body>", '<meta charset="windows-1252"><body>').encode("cp1252"), "text/html", False),
        (HTML.encode("utf-16"), "text/html; charset=utf-16", False),
        (HTML.encode(), "text/html; charset=iso-8859-1", True),
        (HTML.encode("latin-1"), "text/html; charset=utf-8", True),
    ],
)
def test_reads_umlauts(body: bytes, content_type: str, warned: bool) -> None:
    """BOM, header, meta, UTF-8, cp1252, in that order; a label that is wrong leaves a warning."""
    decoded = decode(page(body, content_type))
    assert "Förderung für Geflüchtete" in decoded.text
    assert bool(decoded.warnings) is warned


def test_damaged_utf8_stays_utf8() -> None:
    """One bad byte in a UTF-8 page costs one character, not all umlauts."""
    decoded = decode(page(HTML.encode() + "äöüß".encode() * 10 + b"\xff</html>"))
    assert "Förderung für Geflüchtete" in decoded.text
    assert decoded.warnings == ("charset: 1 damaged characters",)


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"", "text/html", "empty"),
        (b" \n\t", "text/html", "empty"),
        (b"%PDF-1.7 ...", "text/html", "not-html"),
        (b"\x89PNG\r\n", "image/png", "not-html"),
        (b'{"a": 1}', "text/html", "not-html"),
        (b'{"a": 1}', "application/json", "not-html"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "text/xml", "not-html"),
        (b"nur Text", "text/html", "not-html"),
        (b"\x00\x01\x02<p>", "text/html", "not-html"),
        (b"<html><body><p>Anfang", "text/html", "incomplete"),
    ],
)
def test_refuses(body: bytes, content_type: str, kind: str) -> None:
    """What is no page, empty or cut off is refused with its kind."""
    with pytest.raises(ParseError) as caught:
        decode(page(body, content_type))
    assert caught.value.kind == kind


def test_last_end_tags_may_be_left_out() -> None:
    """HTML does not ask for `</body>` and `</html>`: a page that ends behind its last script is whole."""
    whole = b"<html><body><p>Text</p><script>go()</script>\n"
    assert decode(page(whole)).form == "html"
    with pytest.raises(ParseError, match="cut off"):
        decode(page(whole[:-12]))


def test_html_in_a_text_file_is_html() -> None:
    """A saved page with a wrong name is still a page."""
    assert decode(page(b"<!DOCTYPE html><html><p>x</p></html>", "text/plain")).form == "html"
    assert decode(page(b"Integration\n\nTitel", "text/plain")).form == "text"
