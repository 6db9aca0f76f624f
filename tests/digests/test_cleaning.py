"""What scraped text may still contain once it is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.digests.cleaning import clean_header, clean_line, clean_text, host_shown, shorten, web_link

# st.text() leaves lone surrogates out unless told otherwise.
anything = st.text(st.characters(codec=None), max_size=80)


@given(anything)
def test_a_line_is_one_line_of_characters_that_can_be_seen_and_encoded(text: str) -> None:
    """No line break of any kind, no control or direction character, nothing UTF-8 cannot say."""
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert {unicodedata.category(char) for char in line} <= _seen() | {"Cf"}
    assert not set(line) & set("\u202a\u202e\u2066\u200b\ufeff\u00ad")
    line.encode("utf-8")
    assert clean_line(line) == line


def _seen() -> set[str]:
    return {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe"} | {
        "Pi",
        "Pf",
        "Po",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Zs",
    }


@given(anything)
def test_a_header_holds_no_encoded_word(text: str) -> None:
    """`=?` is broken up, so no reader decodes a title a second time."""
    assert "=?" not in clean_header(f"=?utf-8?q?{text}=0AEvil:_1?=")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Erste\u2028Zweite\x0bDritte\x85Vierte", "Erste Zweite Dritte Vierte"),
        ("a\u202eb\u200bc\x00d\ud800e\x1b]0;", "abcde]0;"),
        ("  viel   Platz\n\n", "viel Platz"),
        ("Inte\u00adgration", "Integration"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 8),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_examples_of_clean_lines(text: str, shown: str) -> None:
    """Tricks vanish, words and the joiners real languages need stay."""
    assert clean_line(text) == shown


def test_paragraphs_stay_paragraphs() -> None:
    """Blank lines separate, everything else is one line."""
    assert clean_text("Eins\nzwei\n\n \n\nDrei") == "Eins zwei\n\nDrei"


@given(anything, st.integers(min_value=5, max_value=60))
def test_shortened_text_keeps_its_length(text: str, length: int) -> None:
    """A text that fits stays, one that does not is at most one character over for its dots."""
    short = shorten(text, length)
    assert short == text if len(text) <= length else len(short) <= length + 1
    assert len(text) <= length or short.endswith("…")


def test_shortening_ends_after_a_word() -> None:
    """No half words, no comma before the dots."""
    assert shorten("Land fördert Sprachkurse, aber", 27) == "Land fördert Sprachkurse …"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\njavascript:x",
        "data:text/html,x",
        "vbscript:x",
        "mailto:a@example.org",
        "//example.org/x",
        "/relative",
        "",
        None,
        "http://",
        "https:///x",
        "https://ministerium.de@evil.example/",
        "https://a b/",
        "https://evil.example\\@ministerium.de/",
        "http://[::1",
        "https://example.org:99999/",
        "https://exa\u202emple.org/",
        "https://" + "a" * 70 + ".de/",
    ],
)
def test_what_is_no_link(url: str | None) -> None:
    """Only plain http and https addresses of a host become links."""
    assert web_link(url) is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/ä?q=ü&x=%20", "https://example.org/%C3%A4?q=%C3%BC&x=%20"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
    ],
)
def test_what_a_link_looks_like(url: str, link: str) -> None:
    """Links are ASCII, and nothing in them can end an attribute."""
    assert web_link(url) == link


def test_the_host_shown_is_the_host_behind_the_link() -> None:
    """A look-alike letter in a host shows as its ASCII form."""
    link = web_link("https://www.sozialmınisterium.example/pid")
    assert link is not None
    assert host_shown(link) == "xn--sozialmnisterium-gqc.example"
