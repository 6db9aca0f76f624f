"""Moments as the store writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from worker.instants import from_text, maybe_day, maybe_from_text, maybe_to_text, to_text

_AWARE = st.datetimes(
    min_value=datetime.fromisoformat("0001-01-03"),
    max_value=datetime.fromisoformat("9999-12-28"),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]),
)


@given(_AWARE)
def test_a_moment_comes_back_to_the_second(moment: datetime) -> None:
    """Whatever zone it was in, it is the same instant in UTC."""
    back = from_text(to_text(moment))

    assert back.utcoffset() == timedelta(0)
    assert timedelta(0) <= moment - back < timedelta(seconds=1)


@given(_AWARE, _AWARE)
def test_texts_sort_as_moments_do(one: datetime, other: datetime) -> None:
    """SQL compares the texts."""
    assert (to_text(one) <= to_text(other)) == (from_text(to_text(one)) <= from_text(to_text(other)))


def test_the_form_is_that_of_the_contract() -> None:
    """UTC, to the second, ending in Z."""
    moment = datetime(2026, 3, 21, 9, 0, 0, 999_999, timezone(timedelta(hours=1)))

    assert to_text(moment) == "2026-03-21T08:00:00Z"


def test_nothing_stays_nothing() -> None:
    """NULL in the store is None here."""
    assert maybe_to_text(None) is maybe_from_text(None) is maybe_day(None) is None
    assert maybe_day("2026-03-21") == date(2026, 3, 21)
