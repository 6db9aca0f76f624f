"""How long a source may be silent, learned from its own pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.drift.norms import Norm
from worker.drift.pauses import allowed_days, judge_silence, learn_pauses
from worker.drift.traits import NEWS

_FIRST = date(2025, 1, 1)
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _after(pauses: list[int]) -> tuple[Norm, date]:
    """What is usual after releases so many days apart, and the day of the last one."""
    norm, newest = learn_pauses(Norm(NEWS), None, [_FIRST]), _FIRST
    for pause in pauses:
        day = newest + timedelta(days=pause)
        norm, newest = learn_pauses(norm, newest, [day]), day
    return norm, newest


@given(st.lists(st.integers(0, 15), max_size=60))
def test_the_pauses_it_always_made_are_no_alarm(pauses: list[int]) -> None:
    """Nor is Christmas: never less than three weeks are allowed."""
    norm, newest = _after(pauses)
    for days in {*pauses, 21}:
        now = _moment(newest + timedelta(days=days))
        assert judge_silence(norm, newest, _LONG_AGO, now, stated=None)[1] is None


def test_silence_is_told_once_and_its_end_too() -> None:
    """A source that speaks twice a week, and then no more for months."""
    norm, newest = _after([3, 4] * 10)
    turns = []
    for days in range(1, 90):
        norm, turn = judge_silence(norm, newest, _LONG_AGO, _moment(newest + timedelta(days)), stated=None)
        turns += [(days, turn)] if turn else []
    ((days, turn),) = turns
    assert days == 22
    assert turn.text == "nothing new for 22 days; the longest pause was 4"
    again = newest + timedelta(days=90)
    norm, turn_back = judge_silence(
        learn_pauses(norm, newest, [again]), again, _LONG_AGO, _moment(again), stated=None
    )
    assert turn_back is not None
    assert turn_back.state == "recovered"
    assert allowed_days(norm) <= 3 * 22, "an outage teaches little"


def test_a_young_source_has_time() -> None:
    """What is not known yet is not held against it, nor that nobody watched before."""
    norm, newest = _after([1])
    assert judge_silence(norm, newest, _LONG_AGO, _moment(newest + timedelta(45)), stated=None)[1] is None
    assert judge_silence(norm, newest, _LONG_AGO, _moment(newest + timedelta(46)), stated=None)[1]
    now = _moment(newest + timedelta(400))
    assert judge_silence(norm, newest, now - timedelta(days=3), now, stated=None)[1] is None


def test_what_is_stated_counts() -> None:
    """An operator who expects something every week hears of the eighth day."""
    norm, newest = _after([1] * 20)
    assert judge_silence(norm, newest, _LONG_AGO, _moment(newest + timedelta(7)), stated=7)[1] is None
    assert judge_silence(norm, newest, _LONG_AGO, _moment(newest + timedelta(8)), stated=7)[1]


def test_a_pinned_release_teaches_nothing() -> None:
    """The oldest entry of a first page may be years old."""
    days = [_FIRST - timedelta(days=900), *[_FIRST + timedelta(days=n) for n in range(10)]]
    assert learn_pauses(Norm(NEWS), None, days).usual == 1
