"""Counts and dates in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from worker.digests.wording import ENGLISH, GERMAN, say_counts, say_date, say_headline, say_moment, words_of
from worker.models.event import EventKind

from .samples import entry

NEW, CHANGED, GONE, BACK = EventKind.NEW, EventKind.CHANGED, EventKind.WITHDRAWN, EventKind.RESTORED


@pytest.mark.parametrize(
    ("kinds", "counts", "headline"),
    [
        ([NEW], "1 neue Mitteilung", "1 neue Mitteilung"),
        ([NEW, NEW], "2 neue Mitteilungen", "2 neue Mitteilungen"),
        ([CHANGED, NEW], "1 neue, 1 geänderte", "1 neue und 1 geänderte Mitteilung"),
        (
            [NEW, GONE, CHANGED, GONE],
            "1 neue, 1 geänderte, 2 zurückgezogene",
            "1 neue, 1 geänderte und 2 zurückgezogene Mitteilungen",
        ),
        ([BACK], "1 wieder veröffentlichte Mitteilung", "1 wieder veröffentlichte Mitteilung"),
    ],
)
def test_counts_in_german(kinds: list[EventKind], counts: str, headline: str) -> None:
    """The subject counts kinds, the headline is a whole phrase whose noun fits the last number."""
    entries = [entry(kind=kind) for kind in kinds]
    assert say_counts(GERMAN, entries) == counts
    assert say_headline(GERMAN, entries) == headline


def test_counts_in_english() -> None:
    """The same in English."""
    assert say_headline(ENGLISH, [entry(), entry(kind=CHANGED)]) == "1 new and 1 changed release"


def test_dates_are_written_out() -> None:
    """Months are words, and March has its umlaut whatever the system's locale."""
    assert say_date(GERMAN, date(2024, 3, 1)) == "1. März 2024"
    assert say_date(ENGLISH, date(2024, 3, 21)) == "21 March 2024"


def test_moments_are_in_the_readers_time() -> None:
    """UTC becomes Berlin time, summer and winter."""
    assert (
        say_moment(GERMAN, datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "Donnerstag, 2. Juli 2026, 00:30 Uhr"
    )
    assert say_moment(ENGLISH, datetime(2026, 1, 1, 6, 0, tzinfo=UTC)) == "Thursday, 1 January 2026, 07:00"


def test_both_languages_say_everything() -> None:
    """Every kind has its words in both languages."""
    for language in ("de", "en"):
        words = words_of(language)
        assert set(words.kinds) == set(words.counted) == set(EventKind)
        assert set(words.notices) == set(EventKind) - {NEW}
