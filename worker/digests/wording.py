"""The words of a message in German and English: counts, dates, labels. Floor 1, pure.

Everything a reader reads that the ministry did not write stands here, so that it can be corrected in
one place. No layout and no markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from worker.models.event import Entry, EventKind

Language = Literal["de", "en"]

ORDER = (EventKind.NEW, EventKind.CHANGED, EventKind.WITHDRAWN, EventKind.RESTORED)
_ZONE = "Europe/Berlin"  # where the readers live; the portal's own time


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `{…}` in a sentence is filled with our own values only, never with scraped text."""

    language: Language
    kinds: Mapping[EventKind, str]
    counted: Mapping[EventKind, str]
    notices: Mapping[EventKind, str]
    fields: Mapping[str, str]
    one: str
    many: str
    conjunction: str
    reasons: str
    amounts: str
    read_more: str
    former_address: str
    stored_copy: str
    in_archive: str
    excerpt: str
    diff_legend: str
    no_diff: str
    more_changes: str
    period: str
    first_period: str
    sources: str
    no_trouble: str
    troubled: str
    since: str
    spans: tuple[tuple[int, str, str], ...]
    footer: str
    alert_footer: str
    quoted: str
    unsubscribe: str
    more_entries: str
    trouble: str
    recovered: str
    source: str
    channel: str
    months: str
    weekdays: str
    date_form: str
    moment_form: str


GERMAN = Words(
    language="de",
    kinds=MappingProxyType(dict(zip(ORDER, ("Neu", "Geändert", "Zurückgezogen", "Wieder da"), strict=True))),
    counted=MappingProxyType(
        dict(zip(ORDER, ("neue", "geänderte", "zurückgezogene", "wieder veröffentlichte"), strict=True))
    ),
    notices=MappingProxyType(
        {
            EventKind.CHANGED: "Nachträglich geändert (Fassung {revision}), bemerkt am {when}.",
            EventKind.WITHDRAWN: "Zurückgezogen: Die Seite dieser Mitteilung ist nicht mehr abrufbar, "
            "festgestellt am {when}.",
            EventKind.RESTORED: "Wieder da: Diese Mitteilung war zurückgezogen und ist wieder abrufbar, "
            "festgestellt am {when}.",
        }
    ),
    fields=MappingProxyType(
        {
            "kicker": "Thema",
            "title": "Titel",
            "published": "Datum",
            "lead": "Vorspann",
            "text": "Text",
            "images": "Bilder",
        }
    ),
    one="Mitteilung",
    many="Mitteilungen",
    conjunction="und",
    reasons="Ausgewählt wegen",
    amounts="Beträge",
    read_more="Zur Mitteilung auf",
    former_address="Frühere Adresse",
    stored_copy="Gespeicherte Fassung ansehen",
    in_archive="Die zuletzt gesehene Fassung liegt in unserem Archiv:",
    excerpt="Zuletzt hieß es dort",
    diff_legend="Gestrichenes steht in [-…-], Neues in {+…+}.",
    no_diff="Am Wortlaut hat sich nichts Sichtbares geändert.",
    more_changes="Weitere Änderungen stehen in der Mitteilung.",
    period="Zeitraum: {since} bis {when}.",
    first_period="Zeitraum: bis {when}; dies ist der erste Überblick dieses Kanals.",
    sources="Quellen",
    no_trouble="alle lesbar",
    troubled="{source} ist {since} gestört: Was dort erscheint, kann hier fehlen.",
    since="seit {span}",
    spans=(
        (86_400, "einem Tag", "{} Tagen"),
        (3_600, "einer Stunde", "{} Stunden"),
        (60, "einer Minute", "{} Minuten"),
    ),
    footer="Automatisch erstellt von Pressewacht {version}, Kanal „{channel}“. "
    "Maßgeblich ist immer die Seite des Ministeriums.",
    alert_footer="Automatisch erstellt von Pressewacht am {when}.",
    quoted="„{}“",
    unsubscribe="Abbestellen",
    more_entries="… und {count} weitere",
    trouble="Störung",
    recovered="Wieder in Ordnung",
    source="Quelle",
    channel="Kanal",
    months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    weekdays="Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    date_form="{day}. {month} {year}",
    moment_form="{weekday}, {date}, {clock} Uhr",
)

ENGLISH = Words(
    language="en",
    kinds=MappingProxyType(dict(zip(ORDER, ("New", "Changed", "Withdrawn", "Restored"), strict=True))),
    counted=MappingProxyType(dict(zip(ORDER, ("new", "changed", "withdrawn", "restored"), strict=True))),
    notices=MappingProxyType(
        {
            EventKind.CHANGED: "Edited after publication (revision {revision}), noticed on {when}.",
            EventKind.WITHDRAWN: "Withdrawn: the page of this release is gone, noticed on {when}.",
            EventKind.RESTORED: "Restored: this release had been withdrawn and is back, noticed on {when}.",
        }
    ),
    fields=MappingProxyType(
        {
            "kicker": "Topic line",
            "title": "Title",
            "published": "Date",
            "lead": "Lead",
            "text": "Text",
            "images": "Pictures",
        }
    ),
    one="release",
    many="releases",
    conjunction="and",
    reasons="Chosen for",
    amounts="Amounts",
    read_more="Read the release on",
    former_address="Former address",
    stored_copy="View the stored copy",
    in_archive="The last version seen is kept in our archive:",
    excerpt="It last said",
    diff_legend="Removed words stand in [-…-], new ones in {+…+}.",
    no_diff="Nothing visible changed in the wording.",
    more_changes="Further changes are in the release.",
    period="Period: {since} to {when}.",
    first_period="Period: until {when}; this is the first overview of this channel.",
    sources="Sources",
    no_trouble="all readable",
    troubled="{source} has been in trouble {since}: what appears there may be missing here.",
    since="for {span}",
    spans=((86_400, "one day", "{} days"), (3_600, "one hour", "{} hours"), (60, "one minute", "{} minutes")),
    footer="Put together automatically by Pressewacht {version}, channel “{channel}”. "
    "The ministry's own page is what counts.",
    alert_footer="Put together automatically by Pressewacht on {when}.",
    quoted="“{}”",
    unsubscribe="Unsubscribe",
    more_entries="… and {count} more",
    trouble="Trouble",
    recovered="Recovered",
    source="source",
    channel="channel",
    months="January February March April May June July August September October November December",
    weekdays="Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    date_form="{day} {month} {year}",
    moment_form="{weekday}, {date}, {clock}",
)


def words_of(language: Language) -> Words:
    """The words of a language."""
    return ENGLISH if language == "en" else GERMAN


def say_date(words: Words, day: date) -> str:
    """«21. März 2024»."""
    return words.date_form.format(day=day.day, month=words.months.split()[day.month - 1], year=day.year)


def say_day(words: Words, at: datetime) -> str:
    """The day of a moment in the readers' time zone."""
    return say_date(words, at.astimezone(ZoneInfo(_ZONE)))


def say_moment(words: Words, at: datetime) -> str:
    """«Montag, 23. November 2026, 07:00 Uhr», in the readers' time zone."""
    local = at.astimezone(ZoneInfo(_ZONE))
    weekday = words.weekdays.split()[local.weekday()]
    return words.moment_form.format(weekday=weekday, date=say_date(words, local), clock=f"{local:%H:%M}")


def say_since(words: Words, then: datetime | None, now: datetime) -> str:
    """«seit 2 Tagen»; nothing if it has always been so, or for less than a minute."""
    seconds = int((now - then).total_seconds()) if then else 0
    for size, one, many in words.spans:
        if count := seconds // size:
            return words.since.format(span=one if count == 1 else many.format(count))
    return ""


def say_counts(words: Words, entries: Sequence[Entry]) -> str:
    """«2 neue Mitteilungen», or «2 neue, 1 geänderte» where there are several kinds: for a subject."""
    counts = _counts(entries)
    if len(counts) == 1:
        return say_headline(words, entries)
    return ", ".join(f"{count} {words.counted[kind]}" for kind, count in counts)


def say_headline(words: Words, entries: Sequence[Entry]) -> str:
    """«2 neue, 1 geänderte und 1 zurückgezogene Mitteilung»: for the top of a message."""
    counts = _counts(entries)
    named = [f"{count} {words.counted[kind]}" for kind, count in counts]
    noun = words.one if counts[-1][1] == 1 else words.many
    listed = f" {words.conjunction} ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
    return f"{listed} {noun}"


def _counts(entries: Sequence[Entry]) -> list[tuple[EventKind, int]]:
    kinds = [entry.kind for entry in entries]
    return [(kind, kinds.count(kind)) for kind in ORDER if kind in kinds]
