"""Cron expressions as people write them, as wall-clock slots. Floor 1, pure.

A schedule is read as *local wall-clock* time and never as instants, so that a digest has exactly one
slot per local date: APScheduler's own cron jobs fire 02:30 twice on the autumn night (measured with
3.11.3). Its field parser is used, its calendar arithmetic on a clock without summer time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

IMMEDIATE = "immediate"
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WEEKDAY_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[1-9]\d?))?")
_AUTUMN = timedelta(hours=1)
_HORIZON = timedelta(days=366 * 9)  # the rarest slot there is: 29 February, absent in 2100


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
    """The latest slot at or before `now` (aware) as a naive local time; None if there was none yet.

    Searched backwards in windows that double, because a cron expression only knows «next».
    """
    local = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    window = timedelta(hours=1)
    while (found := _last_between(cron, local - window, local)) is None and window < _HORIZON:
        window = min(window * 2, _HORIZON)
    return found


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


def cron_trigger(cron: str, timezone: str, jitter_seconds: int = 0) -> BaseTrigger:
    """The APScheduler trigger of a cron expression, up to `jitter_seconds` after each slot."""
    return _trigger(cron, timezone, jitter_seconds or None)


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


def _last_between(cron: str, start: datetime, end: datetime) -> datetime | None:
    found, slot = None, _next(cron, start - timedelta(microseconds=1))
    while slot is not None and slot <= end:
        found, slot = slot, _next(cron, slot)
    return found


def _next(cron: str, after: datetime) -> datetime | None:
    """The first slot strictly after the naive local time `after`."""
    start = after.replace(tzinfo=UTC) + timedelta(microseconds=1)
    fires = _trigger(cron).get_next_fire_time(None, start)
    return None if fires is None else fires.replace(tzinfo=None)


@lru_cache(maxsize=64)
def _trigger(text: str, timezone: str = "UTC", jitter: int | None = None) -> BaseTrigger:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(
            'expected five cron fields such as "0 7 * * mon-fri" (minute hour day month weekday)'
        )
    minute, hour, day, month, weekday = fields
    names = _named_weekdays(weekday)
    # Cron takes either when both days are restricted, APScheduler would want both at once.
    either = day[0] != "*" and weekday[0] != "*"
    try:
        triggers = [
            CronTrigger(
                minute=minute,
                hour=hour,
                day=one_day,
                month=month,
                day_of_week=one_weekday,
                timezone=timezone,
                jitter=jitter,
            )
            for one_day, one_weekday in ([(day, "*"), ("*", names)] if either else [(day, names)])
        ]
    except ValueError as error:
        raise ValueError(f"{error} in {text!r}") from None
    return OrTrigger(triggers) if either else triggers[0]


def _named_weekdays(field: str) -> str:
    """The weekdays of a cron field by name.

    Cron begins the week on Sunday (0 and 7), APScheduler on Monday (0), where steps and ranges over
    the weekend mean something else or are ignored; names mean the same to both.
    """
    days = {day for part in field.lower().split(",") for day in _weekdays(part)}
    return ",".join(_WEEKDAYS[day] for day in sorted(days))


def _weekdays(part: str) -> Iterator[int]:
    match = _WEEKDAY_PART.fullmatch(part)
    if match is None or (match["first"] == "*" and match["last"]):
        raise ValueError(f"weekday {part!r}: expected mon…sun or 0…7, ranges and lists of them")
    step = int(match["step"] or 1)
    if match["first"] == "*":
        return iter(range(0, 7, step))
    first = _weekday(match["first"])
    last = _weekday(match["last"]) if match["last"] else 6 if match["step"] else first
    length = last - first if last >= first else last + 7 - first
    return (day % 7 for day in range(first, first + length + 1, step))


def _weekday(name: str) -> int:
    if name in _WEEKDAYS:
        return _WEEKDAYS.index(name)
    if name.isascii() and name.isdigit() and int(name) <= 7:
        return int(name)
    raise ValueError(f"{name!r} is no weekday: expected mon…sun or 0…7")
