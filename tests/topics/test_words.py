"""Words compare equal however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.topics.words import SENTENCE_GAP, clean, fold, stem, tokenize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flüchtlinge", "FLUECHTLINGE"),
        ("Straße", "Strasse"),
        ("Abschluss", "Abschlüsse"),
        ("Integration", "Integrationen"),
        ("Flüchtling", "Flüchtlingen"),
        ("Migrantin", "Migrantinnen"),
        ("Kind", "Kindern"),
        ("Nachbar", "Nachbarn"),
        ("Pflege", "pflegen"),
        ("Wasser", "Wassers"),
    ],
)
def test_inflected_forms_share_a_stem(one: str, other: str) -> None:
    """Inflection, umlauts spelt out, ß and case make no difference."""
    assert stem(fold(one)) == stem(fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sicherheit", "sich"), ("Ausbildung", "ausbildend"), ("Neue", "Neun"), ("Bauer", "Bär")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Derivation is not inflection: these are other words."""
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Inte\u00adgration", "Integration"),
        ("Migrant*innen", "Migrantinnen"),
        ("Migrant:innen", "Migrantinnen"),
        ("Bürger/-innen", "Bürgerinnen"),
        ("Integra-\ntion", "Integration"),
        ("Sozial-\nund Integrationsminister", "Sozial-\nund Integrationsminister"),
        ("Flu\u0308chtlinge", "Flüchtlinge"),
        (None, ""),
        ("", ""),
    ],
)
def test_cleaning(written: str | None, cleaned: str) -> None:
    """Soft hyphens, gender marks, decomposed letters and words broken at a line's end are mended."""
    assert clean(written) == cleaned


def test_hyphenated_words_are_parts_and_whole() -> None:
    """A hyphenated word gives its parts in order; the first part also carries the whole."""
    tokens = tokenize("EU-Ausländer")
    assert [(token.surface, token.joined) for token in tokens] == [("EU", "EUAusländer"), ("Ausländer", None)]


def test_sentences_lie_apart_but_dates_do_not() -> None:
    """Positions jump between sentences, so that no phrase reaches over; «25. November» is no end."""
    first, second = tokenize("Haushalt. Flüchtlinge")
    assert second.position - first.position > SENTENCE_GAP
    day, month = tokenize("25. November")
    assert month.position - day.position == 1


@given(st.text(max_size=300))
def test_cleaning_and_tokenizing_survive_anything(text: str) -> None:
    """Any text is cut into words that stand where they say they stand."""
    cleaned = clean(text)
    for token in tokenize(cleaned):
        assert cleaned[token.start : token.end] == token.surface


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more_than_once_in_ascii(word: str) -> None:
    """Folded words hold no umlauts, no ß and no capitals of German."""
    assert not set("äöüßÄÖÜ") & set(fold(word))
