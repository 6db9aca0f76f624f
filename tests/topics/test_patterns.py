"""The little language of words and phrases."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.topics.patterns import PatternError, PatternIndex
from worker.topics.words import clean, tokenize


def stands(pattern: str, text: str, groups: Mapping[str, tuple[str, ...]] | None = None) -> bool:
    """Whether `pattern` is found in `text`."""
    return bool(PatternIndex([pattern], groups or {}).find(tokenize(clean(text))))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("Flüchtling", "mit den Flüchtlingen"),
        ("Flüchtling*", "FLÜCHTLINGSHILFE"),
        ("Flüchtling*", "Fluechtlingserstaufnahme"),
        ("*erstaufnahme*", "Flüchtlingserstaufnahmen"),
        ("*kurs", "neue Integrationskurse"),
        ("Welcome Cent*", "Welcome-Center Ulm"),
        ("Deutschkurs*", "Deutsch-Kurse"),
        ("Ausländer*", "für Nicht-EU-Ausländer"),
        ("Hilfe .. Flüchtling*", "Hilfe für junge, gut ausgebildete Flüchtlinge"),
        ("aus Kosovo", "Pflegekräfte aus dem Kosovo"),
        ("aus der Türkei", "Gäste aus der Türkei"),
        ("LEA", "Besuch in der LEA Ellwangen"),
        ("Integration", "Integration/Ukraine"),
        ("Migrant*", "Migrant*innen und Migrant:innen"),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str) -> None:
    """Inflection, compounds, hyphens, gaps, capitals and spellings are seen through."""
    assert stands(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("Pflege", "Verpflegung"),
        ("Flüchtling", "Flüchtlingshilfe"),
        ("*kurs", "Kursaal"),
        ("LEA", "Lea Müller"),
        ("Hilfe .. Flüchtling*", "Hilfe ist da. Flüchtlinge kommen"),
        ("Hilfe .. Flüchtling*", "Hilfe für eins zwei drei vier fünf sechs sieben Flüchtlinge"),
        ("Welcome Center", "Welcome to the Center"),
        ("*rassismus*", "Querverkehrassistent"),
    ],
)
def test_a_pattern_is_not_found(pattern: str, text: str) -> None:
    """No star, no compound; no gap, no words between; nothing over a sentence's end."""
    assert not stands(pattern, text)


def test_a_group_stands_for_each_of_its_words() -> None:
    """`@name` is any word of the group."""
    groups = {"leute": ("Migrant*", "Geflüchtet*")}
    assert stands("Integration .. @leute", "Integration von Geflüchteten", groups)
    assert not stands("Integration .. @leute", "Integration von Speichern", groups)


@pytest.mark.parametrize("pattern", ["", "  ", "..", "a ..", ".. a", "@fehlt", "ab*", "Wo*rt", "a+b", "***"])
def test_an_unreadable_pattern_is_refused(pattern: str) -> None:
    """What cannot be read raises an error that quotes it."""
    with pytest.raises(PatternError):
        PatternIndex([pattern], {})


@given(st.text(max_size=200), st.text(alphabet="abc .*@-", max_size=12))
def test_no_pattern_and_no_text_does_harm(text: str, pattern: str) -> None:
    """Any pattern is read or refused with PatternError; any text is searched."""
    try:
        index = PatternIndex([pattern], {})
    except PatternError:
        return
    index.find(tokenize(clean(text)))
