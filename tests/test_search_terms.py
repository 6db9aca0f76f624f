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
