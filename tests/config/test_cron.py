"""Cron slots against an oracle that watches a wall clock minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worker.config.cron import check_cron, check_schedule, check_timezone, last_slot, next_slot

_BERLIN = "Europe/Berlin"
_ZONE = ZoneInfo(_BERLIN)
_MINUTE = timedelta(minutes=1)
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, 6).map(lambda number: f"*/{number}")
    part = st.one_of(number.map(str), span, step)
    return st.one_of(st.just("*"), part, st.lists(part, min_size=2, max_size=3).map(",".join))


_CRON = st.tuples(*(_field(low, high) for low, high in _RANGES[:2])).map(
    lambda two: f"{two[0]} {two[1]} * * *"
)
_FULL_CRON = st.tuples(*(_field(low, high) for low, high in _RANGES)).map(" ".join)
# Within a few days of both nights on which the clock jumps, and anywhere else.
_MOMENT = st.one_of(
    st.integers(-2 * 1440, 2 * 1440).map(lambda m: datetime(2026, 3, 29, 1, tzinfo=UTC) + m * _MINUTE),
    st.integers(-2 * 1440, 2 * 1440).map(lambda m: datetime(2026, 10, 25, 1, tzinfo=UTC) + m * _MINUTE),
    st.integers(0, 3 * 525_600).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + m * _MINUTE),
)


@cache
def _values(field: str, low: int, high: int) -> frozenset[int]:
    """The numbers a field stands for, by the book."""
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else int(first)
        end = high if first == "*" or (step and not last) else int(last or first)
        values |= set(range(start, end + 1, int(step or 1)))
    return frozenset(values)


def _matches(cron: str, local: datetime) -> bool:
    """Whether a wall clock showing `local` is at a slot: crontab(5), Sunday is 0 and 7."""
    fields = cron.split()
    minute, hour, day, month, weekday = (
        _values(field, low, high if number < 4 else 6 if field.startswith("*") else 7)
        for number, (field, (low, high)) in enumerate(zip(fields, _RANGES, strict=True))
    )
    is_day = local.day in day
    is_weekday = bool({local.isoweekday() % 7, local.isoweekday()} & weekday)
    either = fields[2][0] != "*" and fields[4][0] != "*"
    days = is_day or is_weekday if either else is_day and is_weekday
    return local.minute in minute and local.hour in hour and local.month in month and days


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_ZONE).replace(tzinfo=None, fold=0)


def _new_slots(cron: str, before: datetime, minute: datetime) -> bool:
    """Whether the wall clock passes a slot for the first time when it gets to `minute` (both UTC)."""
    slot = before + _MINUTE
    while slot <= minute:
        if _matches(cron, slot):
            return True
        slot += _MINUTE
    return False


def _oracle_next(cron: str, after: datetime, within: timedelta) -> datetime | None:
    """The first minute after `after` at which a clock in Berlin reaches or jumps over an unseen slot."""
    start = after - timedelta(hours=3)  # what the clock has shown up to `after`, also before it was set back
    highest = max(_local(start + n * _MINUTE) for n in range(181))
    moment = after
    while moment < after + within:
        moment += _MINUTE
        if _new_slots(cron, highest, _local(moment)):
            return moment
        highest = max(highest, _local(moment))
    return None


def _oracle_last(cron: str, now: datetime, within: timedelta) -> datetime | None:
    slot = _local(now).replace(second=0, microsecond=0)
    earliest = slot - within
    while slot >= earliest:
        if _matches(cron, slot):
            return slot
        slot -= _MINUTE
    return None


@settings(max_examples=20, deadline=None)
@given(_CRON, _MOMENT)
@example("30 2 * * *", datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
@example("30 2 * * *", datetime(2026, 10, 25, 0, 40, tzinfo=UTC))
@example("*/30 * * * *", datetime(2026, 3, 29, 0, 45, tzinfo=UTC))
@example("*/30 * * * *", datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
def test_the_next_slot_is_that_of_a_wall_clock(cron: str, after: datetime) -> None:
    """It is when the clock first reaches or jumps over a slot, in every night of the year."""
    within = timedelta(hours=8)
    expected = _oracle_next(cron, after, within)

    found = next_slot(cron, _BERLIN, after)

    assert found is not None
    assert found == expected if expected else found > after + within


@settings(max_examples=20, deadline=None)
@given(_FULL_CRON, _MOMENT, st.integers(0, 59))
@example("0 0 * * */2", datetime(2026, 3, 1, tzinfo=UTC), 0)
@example("0 0 * * 5-7", datetime(2026, 3, 1, tzinfo=UTC), 0)
@example("0 0 1 * 1", datetime(2026, 3, 4, tzinfo=UTC), 0)
def test_the_last_slot_is_that_of_a_wall_clock(cron: str, now: datetime, second: int) -> None:
    """It is the latest minute at or before now that the expression names, as crontab(5) reads it."""
    now = now.replace(second=second)
    try:
        check_cron(cron)
    except ValueError:  # 31 February and the like
        assert _oracle_last(cron, now, timedelta(days=3)) is None
        return

    within = timedelta(days=3)
    expected = _oracle_last(cron, now, within)

    found = last_slot(cron, _BERLIN, now)

    if expected is not None:
        assert found == expected
    else:
        assert found is None or found < _local(now) - within


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 2 * * *", "0 3 * * *", "15 7 * * *", "0 0 * * *"])
def test_every_local_day_has_exactly_one_slot(cron: str) -> None:
    """Over ten years of nights, none is lost and none comes twice."""
    moment, days = datetime(2026, 1, 1, tzinfo=UTC), list[date]()
    end = datetime(2036, 1, 1, tzinfo=UTC)
    while (found := next_slot(cron, _BERLIN, moment)) and found < end:
        days.append(found.astimezone(_ZONE).date())
        moment = found

    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 3651


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime.fromisoformat("2026-03-28T02:30")),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), datetime.fromisoformat("2026-03-29T02:30")),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime.fromisoformat("2026-10-25T02:30")),
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), datetime.fromisoformat("2026-10-25T02:30")),
    ],
)  # fmt: skip
def test_a_night_slot_keeps_its_name(now: datetime, slot: datetime) -> None:
    """02:30 is due once in the spring night that has none, and is the same slot both times in autumn."""
    assert last_slot("30 2 * * *", _BERLIN, now) == slot


def test_the_rarest_slot_is_found() -> None:
    """29 February lies up to eight years back."""
    assert last_slot("0 7 29 2 *", _BERLIN, datetime(2028, 2, 28, tzinfo=UTC)) == datetime.fromisoformat(
        "2024-02-29T07:00"
    )
    assert last_slot("0 7 29 2 *", _BERLIN, datetime(2104, 2, 28, tzinfo=UTC)) == datetime.fromisoformat(
        "2096-02-29T07:00"
    )


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("0-2", "Sun Mon Tue"),
        ("5-7", "Fri Sat Sun"),
        ("6-1", "Sat Sun Mon"),
        ("fri-mon", "Fri Sat Sun Mon"),
        ("mon-fri/2", "Mon Wed Fri"),
        ("*/2", "Sun Tue Thu Sat"),
        ("SUN,wed", "Sun Wed"),
        ("0,7", "Sun"),
        ("sun-sat", "Sun Mon Tue Wed Thu Fri Sat"),
        ("1/2", "Mon Wed Fri"),
        ("*/7", "Sun"),
    ],
)
def test_weekdays_are_those_of_cron(field: str, days: str) -> None:
    """Numbers, names, steps and ranges over the weekend mean what crontab(5) says."""
    found, moment = set(), datetime(2026, 6, 1, tzinfo=UTC)
    for _ in range(8):
        slot = next_slot(f"0 12 * * {field}", _BERLIN, moment)
        assert slot is not None
        found.add(f"{slot:%a}")
        moment = slot

    assert found == set(days.split())


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "täglich",
        "@daily",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "* * * * mo",
        "* * * * mon-",
        "* * * * *-fri",
        "*/0 * * * *",
        "5-1 * * * *",
        "* * * * */0",
        "a * * * *",
        "0 0 31 2 *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "-1 * * * *",
        "* * * * ²",
        "0 7 * * mon,",
        "*/90 * * * *",
        "* * * * */8",
        "immediate",
    ],
)
def test_what_is_no_schedule_is_refused(cron: str) -> None:
    """Too few fields, numbers out of range, days that never come."""
    with pytest.raises(ValueError):
        check_cron(cron)


def test_immediate_is_a_schedule_for_channels_only() -> None:
    """A poll needs times, a channel may send at once."""
    assert check_schedule("immediate") == "immediate"
    assert check_schedule("0 7 * * mon-fri") == "0 7 * * mon-fri"


@pytest.mark.parametrize("name", ["", "Mars", "Europe", "../etc/passwd", "/etc/localtime", "Europe/Berlin\n"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    """Only names of the IANA database count."""
    with pytest.raises(ValueError, match="IANA"):
        check_timezone(name)
