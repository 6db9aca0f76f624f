"""Extra terms for German full text, and questions that hold no syntax."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.search_terms import search_query, search_terms


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Integrationsministerkonferenz", "konferenz"),
        ("Integrationsministerkonferenz", "ministerkonferenz"),
        ("Geflüchtete", "gefluechtete"),
        ("Straße", "strasse"),
        ("Rückführung", "rueckfuehrung"),
        ("Flüchtlingsunterkünfte", "unterkuenfte"),
    ],
)
def test_what_people_type_is_indexed(text: str, term: str) -> None:
    """The tails of compounds and the spellings without umlauts."""
    assert term in search_terms(text).split()


_FINDS = """
    haus:Rathaus Haus:Häuser Häuser:Krankenhaus kurs:Sprachkurse Kurse:Sprachkurs Sprachkurse:Sprachkurs
    Land:Länder laender:Bundesland Flüchtlinge:Flüchtling fluechtling:Flüchtlingsunterkunft
    Ministerin:Ministerinnen Ministerinnen:Ministerin Kinder:Kind Bücher:Buch Männer:Mann Städten:Stadt
    Räte:Rat Beiräte:Landesbeirat Tag:Tage Höfen:Hof Amt:Ämter Orte:Ort Tal:Täler Thema:Themen
    Zentren:Zentrum Museen:Museum Plätze:Studienplatz antrag:Asylanträge Ärztinnen:Ärztin
    Fachkraft:Fachkräfte kraft:Fachkräfte Verträge:Vertrag strasse:Straßen Bürger*innen:Bürgerinnen
    Bürgerinnen:Bürger*innen EU:EU
"""
_FINDS_NOT = """
    sprache:Gespräche integration:Industrie EU:Euro kurs:kurz rat:rasch asyl:Analyse kind:Kinn
    stadt:statt amt:gesamt hof:hoffen ort:Sport tag:Landung tal:digital schule:Schuld konferenz:Referenz
    wende:Wand recht:rechnen Thema:Theke
"""


def _finds(asked: str, written: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "create virtual table t using fts5(text, terms, tokenize = 'unicode61 remove_diacritics 2')"
        )
        db.execute("insert into t values (?, ?)", [written, search_terms(written)])
        return bool(db.execute("select 1 from t where t match ?", [search_query(asked)]).fetchall())


@pytest.mark.parametrize("pair", _FINDS.split())
def test_a_word_finds_its_forms(pair: str) -> None:
    """Singular and plural, with umlaut and without, alone and at the end of a compound."""
    assert _finds(*pair.split(":"))


@pytest.mark.parametrize("pair", _FINDS_NOT.split())
def test_a_word_does_not_find_what_only_sounds_like_it(pair: str) -> None:
    """Nor what holds its letters by chance."""
    assert not _finds(*pair.split(":"))


def test_the_words_themselves_are_not_repeated() -> None:
    """The index holds them already; each extra term comes once."""
    terms = search_terms("Konferenz Konferenz Konferenzen").split()

    assert "konferenz" not in terms
    assert len(terms) == len(set(terms))


def test_decomposed_letters_count_as_letters() -> None:
    """Text copied from a Mac spells ü as two characters."""
    assert search_terms("Geflu\u0308chtete") == search_terms("Geflüchtete")
    assert search_query("Geflu\u0308chtete") == search_query("Geflüchtete")


@pytest.mark.parametrize("asked", ["", " ", "_", '"', "*", "()", "-", "…"])
def test_a_question_without_words_is_empty(asked: str) -> None:
    """Nothing to look for, no error."""
    assert search_query(asked) == ""


@given(st.text(max_size=60))
def test_no_question_breaks_the_search(asked: str) -> None:
    """Whatever people type is words to FTS5, never syntax."""
    query = search_query(asked)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create virtual table t using fts5(text)")
        if query:
            assert db.execute("select * from t where t match ?", [query]).fetchall() == []


def test_a_very_long_question_is_cut() -> None:
    """FTS5's parser has an end; what stands behind 32 words is not looked for."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create virtual table t using fts5(text)")
        query = search_query("wort " * 10_000)

        assert db.execute("select * from t where t match ?", [query]).fetchall() == []


@given(st.text(max_size=200))
def test_terms_are_words_in_lower_case(text: str) -> None:
    """No sign that FTS5 could read as syntax goes into the index."""
    assert all(term.isalnum() and term == term.lower() for term in search_terms(text).split())
