"""The dates of German press pages as days in Berlin. Floor 1.

In goes a machine date (`time[datetime]`, metadata, feeds) or words (`5. März 2024`, `05.03.24`), out
comes a `date` or None. It never completes half a date, and a date outside the plausible window
(1990 to 2100) is none at all; there is no locale and no clock here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_BERLIN = ZoneInfo("Europe/Berlin")
_MONTH_NAMES = (
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber maerz",
    "jan feb mrz apr mai jun jul aug sep okt nov dez",
)
_MONTHS = {name: number for names in _MONTH_NAMES for number, name in enumerate(names.split(), start=1)} | {
    "mär": 3,
    "sept": 9,
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAMED = rf"(?P<day>\d{{1,2}})\.?\s*(?P<month>{_NAMES})\.?\s+(?P<year>\d{{4}}|['’]\d{{2}})"
_NUMERIC = r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})"
_ISO = r"(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
# A date begins with a digit: most letters of a text are passed over by that alone.
GERMAN_DATE = re.compile(rf"(?=\d)(?<![\d.,])(?:{_NAMED}|{_NUMERIC}|{_ISO})(?![\d])", re.I)
_ISO_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_RFC_822 = re.compile(r"[A-Za-z]{3},? +\d{1,2} [A-Za-z]{3} \d{4} ")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?$")
_WEEKDAYS = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so)"
_LABELS = (
    r"(?:veröffentlicht|erschienen|datum|stand|vom|am|den|publiziert|erstellt|ausgabe|pressemitteilung vom)"
)
_AROUND = re.compile(
    rf"^(?:{_LABELS}|{_WEEKDAYS}|uhr|\d{{1,2}}[:.]\d{{2}}|\W)*$",
    re.I,
)


def parse_date(raw: str | None) -> date | None:
    """Read a machine-readable date or date-time; a time with a zone counts as its day in Berlin."""
    if not raw:
        return None
    raw = raw.strip()
    if found := _ISO_TIME.match(raw):
        return _from_iso(found)
    if found := _COMPACT.match(raw):
        return _day(*found.groups()[:3])
    # A time of day with a zone decides the day, so RFC 822 is read before words.
    if not _RFC_822.match(raw) and (found := GERMAN_DATE.search(raw)):
        return _from_words(found)
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return plausible(in_berlin(moment))


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Return every full date in `text` with where it stands (start, end)."""
    found = ((_from_words(match), *match.span()) for match in GERMAN_DATE.finditer(text))
    return [(day, start, end) for day, start, end in found if day is not None]


def only_date(text: str) -> date | None:
    """Return the date that `text` consists of («Montag, 12. April 2021 - 10:00 Uhr»), else None."""
    if len(text) > 80 or not (found := GERMAN_DATE.search(text)):
        return None
    around = text[: found.start()] + " " + text[found.end() :]
    return _from_words(found) if _AROUND.match(around) else None


def in_berlin(moment: datetime) -> date:
    """Return the day of `moment` in Berlin; a naive time is taken to be local already."""
    try:
        return (moment.astimezone(_BERLIN) if moment.tzinfo else moment).date()
    except OverflowError:
        return moment.date()


def plausible(day: date | None) -> date | None:
    """Return `day` where a press release could carry it."""
    return day if day is not None and 1990 <= day.year < 2100 else None


def _from_iso(found: re.Match[str]) -> date | None:
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None or zone is None:
        return _day(year, month, day)
    offset = UTC if zone in ("Z", "UTC") else _offset(zone)
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=offset
        )
    except ValueError:
        return _day(year, month, day)
    return plausible(in_berlin(moment))


def _offset(zone: str) -> timezone:
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        return UTC
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if zone[0] == "-" else delta)


def _from_words(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    if parts["month"]:
        return _day(
            _whole_year(parts["year"].lstrip("'’")), str(_MONTHS[parts["month"].lower()]), parts["day"]
        )
    if parts["iy"]:
        return _day(parts["iy"], parts["im"], parts["id"])
    return _day(_whole_year(parts["y"]), parts["m"], parts["d"])


def _whole_year(year: str) -> str:
    return year if len(year) == 4 else "20" + year


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return plausible(date(int(year), int(month), int(day)))
    except ValueError:
        return None
