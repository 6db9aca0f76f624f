"""What the start page says of a store: the newest releases, how many each month, how the sources are.

Every query is bounded by an index or by small rows, whatever the store has grown to. Floor 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from worker.instants import from_text, maybe_day, maybe_from_text
from worker.pipelines.health import STALE
from worker.store.connection import Database
from worker.store.rows import select

_NEWEST = 12
_MONTHS = 24

_NEWEST_FIRST = """
select url, kicker, title, published, first_seen_at, state, revision from releases
where duplicate_of is null
order by coalesce(published, first_seen_at) desc, id desc limit ?"""

_BY_MONTH = """
select substr(coalesce(published, first_seen_at), 1, 7), count(*) from releases
where duplicate_of is null and substr(coalesce(published, first_seen_at), 1, 7) >= ? group by 1"""


@dataclass(frozen=True, slots=True)
class Headline:
    """One release in a list; `day` is when it was first seen where no publication day is known."""

    url: str
    kicker: str | None
    title: str
    day: date
    is_withdrawn: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Month:
    """How many releases a month had; `share` is a percentage of the fullest month's."""

    first_day: date
    releases: int
    share: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source at its last poll; `age` is how long ago it could last be read, in words."""

    id: str
    state: Literal["well", "trouble", "late", "never polled"]
    last_success_at: datetime | None
    age: str
    error: str | None


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start page; `counts` are rows by what they are called there."""

    counts: Mapping[str, int]
    newest: tuple[Headline, ...]
    months: tuple[Month, ...]
    sources: tuple[SourceLine, ...]


def read_start_page(db: Database, now: datetime) -> StartPage:
    """The start page of a store as it is; `now` (aware) decides what is late."""
    newest = _newest(db)
    months = _months(db, newest[0].day, now.date()) if newest else ()
    return StartPage(_counts(db), newest, months, _sources(db, now))


def say_age(age: timedelta) -> str:
    """«3 days ago», in the largest unit that fits; a clock that was set back gives «just now»."""
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        count = int(age.total_seconds() // size)
        if count > 0:
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return "just now"


def _counts(db: Database) -> dict[str, int]:
    kinds = dict(db.execute("select kind, count(*) from events group by kind").fetchall())
    return {
        "releases": db.table("releases").count,
        "edits": kinds.get("changed", 0),
        "withdrawals": kinds.get("withdrawn", 0),
        "entries": db.table("items").count,
    }


def _newest(db: Database) -> tuple[Headline, ...]:
    return tuple(
        Headline(
            url=row["url"],
            kicker=row["kicker"],
            title=row["title"],
            day=maybe_day(row["published"]) or from_text(row["first_seen_at"]).date(),
            is_withdrawn=row["state"] == "withdrawn",
            revision=row["revision"],
        )
        for row in select(db, _NEWEST_FIRST, [_NEWEST])
    )


def _months(db: Database, newest: date, today: date) -> tuple[Month, ...]:
    """The months up to that of the newest release, but not beyond today: a release may be dated ahead."""
    last = min(newest, today)
    index = 12 * last.year + last.month - 1
    firsts = [date(one // 12, one % 12 + 1, 1) for one in range(index - _MONTHS + 1, index + 1)]
    counts = dict(db.execute(_BY_MONTH, [f"{firsts[0]:%Y-%m}"]).fetchall())
    found = [counts.get(f"{first:%Y-%m}", 0) for first in firsts]
    fullest = max(found) or 1
    return tuple(
        Month(first, count, round(100 * count / fullest)) for first, count in zip(firsts, found, strict=True)
    )


def _sources(db: Database, now: datetime) -> tuple[SourceLine, ...]:
    rows = select(db, "select id, last_success_at, last_status, last_error from sources order by id")
    return tuple(_source(row, now) for row in rows)


def _source(row: Mapping[str, str | None], now: datetime) -> SourceLine:
    last = maybe_from_text(row["last_success_at"])
    state: Literal["well", "trouble", "late", "never polled"] = "well"
    if row["last_error"] or row["last_status"] in ("failed", "drift"):
        state = "trouble"
    elif last is None:
        state = "never polled"
    elif now - last > STALE:
        state = "late"
    return SourceLine(str(row["id"]), state, last, say_age(now - last) if last else "", row["last_error"])
