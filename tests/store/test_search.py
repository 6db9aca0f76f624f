"""German full text over the releases, by our own search and by a plain `match`."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.samples import release, sighting
from tests.store.conftest import add_release
from worker.store.connection import open_store, write
from worker.store.search import search

_TEXT = (
    "Die Integrationsministerkonferenz berät über Geflüchtete. Neue Sprachkurse werden gefördert, sagte er."
)


@pytest.fixture(autouse=True)
def _archive(db: Database) -> None:
    """One release that is looked for, and one that is not."""
    add_release(db, "gesucht", sighting(release("Konferenz in Mainz", body=(_TEXT,))))
    add_release(db, "anders", sighting(release("Straßenbau", kicker="Verkehr", body=("Nichts davon.",))))


@pytest.mark.parametrize(
    "word",
    [
        "konferenz",
        "gefluechtete",
        "geflüchtete",
        "Gefluchtete",
        "integrationsministerkonferenz",
        "kurse",
        "ministerkonferenz",
    ],
)
def test_a_plain_match_finds_it(db: Database, word: str) -> None:
    """What people type into Datasette: parts of compounds, spellings without umlauts."""
    rows = db.execute(
        "select url from releases_fts join releases on id = releases_fts.rowid where releases_fts match ?",
        [word],
    ).fetchall()

    assert rows == [("https://presse.test/pid/gesucht",)]


@pytest.mark.parametrize(
    "words",
    [
        "Konferenz",
        "konferenzen",
        "Geflüchteten",
        "GEFLUECHTETEN",
        "Sprachkurs",
        "sprachk",
        "geförderte",
        "mainz konferenz",
    ],
)
def test_our_search_finds_inflected_words_too(db: Database, words: str) -> None:
    """By beginning and by stem, all words at once."""
    assert [hit.url for hit in search(db, words)] == ["https://presse.test/pid/gesucht"]


@pytest.mark.parametrize(
    "words", ["", "   ", '"', "mainz brücke", "OR", "EU", "konferenz NOT mainz", "NEAR(a b)"]
)
def test_what_is_not_there_is_not_found(db: Database, words: str) -> None:
    """Nothing of FTS5's own syntax passes through, and nothing fails."""
    assert search(db, words) == []


@pytest.mark.parametrize("words", ['"Mainz', "mainz*", "(mainz)", "mainz-", "title:mainz"])
def test_signs_do_not_matter(db: Database, words: str) -> None:
    """Typed by accident or by habit, they are not part of the question."""
    assert len(search(db, words)) <= 1


def test_a_hit_shows_its_sentence(db: Database) -> None:
    """With the words marked, and enough to know what it is."""
    (hit,) = search(db, "sprachkurse")

    assert "«Sprachkurse»" in hit.snippet
    assert (hit.title, hit.kicker, hit.published, hit.state) == (
        "Konferenz in Mainz",
        "Integration",
        "2026-03-20",
        "live",
    )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("gefluechtete", "«Geflüchtete»"), ("Konferenzen", "«Integrationsministerkonferenz»")],
)
def test_a_hit_by_a_term_shows_the_word_behind_it(db: Database, asked: str, shown: str) -> None:
    """What was typed stands nowhere; the word that it found does."""
    (hit,) = search(db, asked)

    assert shown in hit.snippet


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ('"neue Sprachkurse"', 1),
        ("„neue Sprachkurse“ mainz", 1),
        ('"Sprachkurse neue"', 0),
        ('"Sprachkurs"', 0),
        ('"nichts davon" NOT "', 0),
    ],
)
def test_what_stands_in_quotation_marks_stands_there(db: Database, asked: str, hits: int) -> None:
    """In this order and in these forms."""
    assert len(search(db, asked)) == hits


def test_an_index_made_by_an_older_version_is_made_anew(store: Path, db: Database) -> None:
    """With the first opening after an upgrade."""
    with write(db):
        db.execute("update releases_fts set terms = ''")
        db.execute("delete from _sqlite_migrations where name = 'finer_search_terms'")
    assert search(db, "gefluechtete") == []

    with closing(open_store(store).conn):
        assert len(search(db, "gefluechtete")) == 1


def test_words_of_the_title_come_first(db: Database) -> None:
    """A release about something goes before one that mentions it."""
    add_release(db, "nebenbei", sighting(release("Etwas anderes", body=(f"Auch in Mainz. {_TEXT}",))))

    assert [hit.title for hit in search(db, "mainz")] == ["Konferenz in Mainz", "Etwas anderes"]
    assert len(search(db, "mainz", limit=1)) == 1


@pytest.mark.parametrize("words", ["gelder", "förderungs"])
def test_of_very_many_the_newest_come_first(db: Database, words: str) -> None:
    """Whether they hold the word or longer ones that begin so, and whenever the archive was read."""
    for number, day in enumerate([date(2026, 3, 21), date(2026, 3, 19), *[date(2010, 1, 1)] * 200]):
        add_release(db, str(number), sighting(release("Förderungsgelder", published=day)))

    assert [hit.published for hit in search(db, words, limit=3)] == ["2026-03-21", "2026-03-19", "2010-01-01"]


def test_the_index_is_whole(db: Database) -> None:
    """FTS5's own check finds nothing wrong."""
    db.execute("insert into releases_fts (releases_fts) values ('integrity-check')")
