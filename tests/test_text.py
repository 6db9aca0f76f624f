"""Cleaning of text: what every other stage relies on."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text import clean, clean_or_none, printable, printable_json


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Inte\u00adgration", "Integration"),
        ("20\u00a0Millionen  Euro\n", "20 Millionen Euro"),
        ("Fo\u0308rderung", "Förderung"),
        ("a\u200bb\u202ec\u2069", "abc"),
        ("Zeile\x00\x07 eins\ud800", "Zeile eins"),
        ("„Motto“ – bleibt", "„Motto“ – bleibt"),
        ("\ufffe\ue000", ""),
    ],
)
def test_cleans(raw: str, expected: str) -> None:
    """Soft hyphens, odd spaces, controls and decomposed umlauts go; visible characters stay."""
    assert clean(raw) == expected


def test_nothing_visible_is_none() -> None:
    """Text without a visible character is absent, not empty."""
    assert clean_or_none(" \u00ad\u200b ") is None
    assert clean_or_none(None) is None


@given(st.text())
def test_clean_text_is_safe(raw: str) -> None:
    """Whatever comes in: one line, NFC, single spaces, encodable, and cleaning it again changes nothing."""
    text = clean(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert "  " not in text
    assert text == text.strip()
    assert text.isprintable()
    json.dumps(text).encode("utf-8")
    text.encode("utf-8")
    assert clean(text) == text


@given(st.text(st.characters(codec=None)))
def test_what_a_terminal_is_shown(raw: str) -> None:
    """Nothing in it drives a terminal or breaks a line, and as JSON it still says the same."""
    assert printable(raw).isprintable()
    assert printable_json([raw]).isprintable()
    assert json.loads(printable_json([raw], indent=2)) == [raw]
