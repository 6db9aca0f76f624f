"""German and machine dates as days in Berlin."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.reading.dates import find_dates, only_date, parse_date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-03-21", date(2024, 3, 21)),
        ("2024-03-20T23:30:00Z", date(2024, 3, 21)),
        ("2024-03-21T00:30:00+02:00", date(2024, 3, 20)),
        ("2024-03-21 10:15", date(2024, 3, 21)),
        ("20240321", date(2024, 3, 21)),
        ("Fri, 19 Jul 2019 23:30:00 UT", date(2019, 7, 20)),
        ("Montag, 12. April 2021 - 10:00", date(2021, 4, 12)),
        ("5. März 2024", date(2024, 3, 5)),
        ("05.03.24", date(2024, 3, 5)),
        ("1. Jänner 2023", date(2023, 1, 1)),
        ("31.02.2024", None),
        ("26. August", None),
        ("12.01.", None),
        ("0001-01-01", None),
        ("", None),
        (None, None),
    ],
)
def test_parses(raw: str | None, expected: date | None) -> None:
    """ISO, RFC 822 with zone UT, German words and numbers; half dates are none."""
    assert parse_date(raw) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("26.08.2016", date(2016, 8, 26)),
        ("Veröffentlicht am 26. August 2016", date(2016, 8, 26)),
        ("Die Tagung findet am 26. August 2016 statt", None),
        ("Bericht aus dem Kabinett vom 20. Januar 2026", None),
    ],
)
def test_only_date(line: str, expected: date | None) -> None:
    """A line counts as a date only when nothing else stands in it."""
    assert only_date(line) == expected


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_survives_both_spellings(day: date) -> None:
    """Each day is read from its German number form and from ISO, also within a sentence."""
    for text in (day.isoformat(), f"{day:%d.%m.%Y}"):
        assert parse_date(text) == day
        assert [found[0] for found in find_dates(f"Stuttgart, {text} – Text")] == [day]


@given(st.text())
def test_never_raises(raw: str) -> None:
    """Any text gives a day or none."""
    parse_date(raw)
    only_date(raw)
    find_dates(raw)
