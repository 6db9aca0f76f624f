"""Addresses on a page: those of the web, as a browser would read them, and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given

from tests.hostile.payloads import NO_LINKS, addresses
from worker.reading.document import resolve

BASE = "https://ministerium.example/de/presse/liste"


@pytest.mark.parametrize("href", [None, "", " ", *NO_LINKS, "mailto:a@example.org", "tel:1", "blob:x", "x:y"])
def test_what_is_no_address_of_the_web(href: str | None) -> None:
    """Scripts, files, mail, what no browser reads, and a user name that hides the host behind it."""
    found = resolve(BASE, href)
    assert found is None or urlsplit(found).netloc == "ministerium.example"
    assert resolve(None, href) is None or not urlsplit(str(resolve(None, href))).scheme


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("meldung/pid/x", "https://ministerium.example/de/presse/meldung/pid/x"),
        (" /pid/x\n", "https://ministerium.example/pid/x"),
        ("//example.org/y", "https://example.org/y"),
        ("HTTPS://example.org/y", "https://example.org/y"),
        ("https://example.org/a\tb\nc", "https://example.org/abc"),
        ("https://example.org/ä?x=y z", "https://example.org/ä?x=y z"),
        ("https://example.org/\x1b[2J\x9b\u202e\ud800", "https://example.org/%1B[2J%C2%9B%E2%80%AE%3F"),
    ],
)
def test_what_is_one(href: str, address: str) -> None:
    """Line breaks go as in a browser; what cannot be seen is written as percent signs."""
    assert resolve(BASE, href) == address


def test_without_a_known_address_relative_ones_stay() -> None:
    """A page saved by hand says no more."""
    assert resolve(None, "/pid/x") == "/pid/x"


@given(addresses)
def test_no_address_hides_anything(href: str) -> None:
    """Whatever a page writes: http(s), visible characters, no user name, and it says so twice the same."""
    found = resolve(BASE, href)
    if found is not None:
        parts = urlsplit(found)
        assert parts.scheme in ("http", "https")
        assert "@" not in parts.netloc
        assert found.isprintable()
        assert resolve(BASE, found) == found
