"""Cron expressions as people write them, as wall-clock slots. Floor 1, pure.

A schedule is read as *local wall-clock* time and never as instants, so that a digest has exactly one
slot per local date: APScheduler's own cron jobs fire 02:30 twice on the autumn night (measured with
3.11.3). A `run` need not load it either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

IMMEDIATE = "immediate"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[1-9]\d?))?")
_AUTUMN = timedelta(hours=1)
_DAY = timedelta(days=1)
_HORIZON = 366 * 9  # days to the rarest slot there is: 29 February, absent in 2100


def check_cron(text: str) -> str:
    """`text` if it is a cron expression of five fields; ValueError says what is wrong otherwise."""
    if _next(text, datetime(2024, 1, 1)) is None:  # noqa: DTZ001 - wall-clock time
        raise ValueError(f"there is no such day as in {text!r}")
    return text


def check_schedule(text: str) -> str:
    """As `check_cron`, but the word `immediate` is allowed."""
    return text if text == IMMEDIATE else check_cron(text)


def check_timezone(name: str) -> str:
    """`name` if it is an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("expected an IANA time zone such as Europe/Berlin") from None
    return name


def last_slot(cron: str, timezone: str, now: datetime) -> datetime | None:
    """The latest slot at or before `now` (aware) as a naive local time; None if there was none yet."""
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    schedule = _schedule(cron)
    day, times = local.date(), [one for one in schedule.times if one <= local.time()]
    for _ in range(_HORIZON):
        if times and schedule.is_on(day):
            return datetime.combine(day, times[-1])
        day, times = day - _DAY, schedule.times
    return None


def next_slot(cron: str, timezone: str, after: datetime) -> datetime | None:
    """The first slot strictly after `after` (aware), as an aware UTC instant.

    A slot in the hour that the spring night skips happens when the clock jumps over it, one in the
    hour that autumn repeats happens the first time.
    """
    zone = ZoneInfo(timezone)
    slot = _next(cron, after.astimezone(zone).replace(tzinfo=None, fold=0))
    while slot is not None and _instant(slot, zone) <= after:
        slot = _next(cron, slot)
    return None if slot is None else _instant(slot, zone)


def was_ahead(slot: datetime, cron: str, timezone: str, now: datetime) -> bool:
    """Whether only a clock that ran ahead can have passed `slot` (naive local) before `now` (aware).

    One slot may lie ahead, and all of the hour that autumn repeats: the clock was set back over them, and
    they do not happen again.
    """
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    following = _next(cron, local)
    return following is not None and slot > max(following, local + _AUTUMN)


def _instant(slot: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which a clock in `zone` has reached the local time `slot`."""
    instant = slot.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == slot:
        return instant
    # The clock never shows `slot`: by the offset after the jump it lies before the jump.
    instant = slot.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while instant.astimezone(zone).replace(tzinfo=None) < slot:
        instant += timedelta(minutes=1)
    return instant


def _next(cron: str, after: datetime) -> datetime | None:
    """The first slot strictly after the naive local time `after`."""
    schedule = _schedule(cron)
    day, times = after.date(), [one for one in schedule.times if one > after.time()]
    for _ in range(_HORIZON):
        if times and schedule.is_on(day):
            return datetime.combine(day, times[0])
        day, times = day + _DAY, schedule.times
    return None


@dataclass(frozen=True, slots=True)
class _Schedule:
    """A cron expression, read: on which days, and at which times of them in their order."""

    times: list[time]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def is_on(self, day: date) -> bool:
        """Whether `day` has slots: when both kinds of days are restricted, cron takes either."""
        is_day, is_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (is_day or is_weekday if self.either else is_day and is_weekday)


@lru_cache(maxsize=64)
def _schedule(text: str) -> _Schedule:
    """`text` as a schedule; raises ValueError."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            'expected five cron fields such as "0 7 * * mon-fri" (minute hour day month weekday)'
        )
    minutes, hours, days, months, weekdays = map(_Field.read, _FIELDS, fields)
    return _Schedule(
        times=[time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)],
        days=days,
        months=months,
        weekdays=weekdays,
        either=fields[2][0] != "*" and fields[4][0] != "*",
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five: its numbers, and the names some have. `is_round`: the first follows on the last."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    is_round: bool = False

    def read(self, text: str) -> frozenset[int]:
        """The numbers that `text` stands for; raises ValueError."""
        return frozenset(number % (self.high + 1) for part in text.split(",") for number in self._part(part))

    def _part(self, part: str) -> range:
        """`*`, `first` or `first-last`, each also with `/step`; `first/step` goes on to the end."""
        match = _PART.fullmatch(part)
        if match is None or (match["first"] == "*" and match["last"]):
            raise self._error(part)
        step = int(match["step"] or 1)
        first = self.low if match["first"] == "*" else self._number(match["first"])
        to_end = match["first"] == "*" or (match["step"] and not match["last"])
        last = self.high if to_end else self._number(match["last"] or match["first"])
        if last < first and self.is_round:
            last += self.high + 1
        if last < first or step > self.high - self.low + 1:
            raise self._error(part)
        return range(first, last + 1, step)

    def _number(self, text: str) -> int:
        if text.lower() in self.names:
            return self.low + self.names.index(text.lower())
        if text.isascii() and text.isdigit() and self.low <= int(text) <= self.high + self.is_round:
            return int(text)
        raise self._error(text)

    def _error(self, part: str) -> ValueError:
        names = f" or {self.names[0]}…{self.names[-1]}" if self.names else ""
        numbers = f"{self.low}…{self.high + self.is_round}{names}"
        return ValueError(f"{self.name} {part!r}: expected {numbers}, and ranges, steps and lists of them")


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 6, _WEEKDAYS, is_round=True),  # Sunday is 0 and 7
)
