"""The day a release was published, from several witnesses. Floor 1.

In go a document, the blocks of its head and what the listing said; out comes a day with its witness
and a warning for each witness that disagrees. Order: `time`, metadata, a dateline at the title, the
listing or feed, and only then the words of the release; event dates are no candidates, and no half
date is ever completed.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from worker.models.listing import ListingItem
from worker.reading.dates import find_dates, only_date, parse_date
from worker.reading.document import Document
from worker.understanding.furniture import is_furniture

_SPEECH = r"(?:sagte|erklärte|betonte|teilte|berichtete|gab|verkündete|stellte)"
# Words before a date that make it the day of the release; «fand am … statt» is an event.
_PUBLISHED = re.compile(
    r"(?:pressemitteilung|presseinformation|medieninformation|meldung|veröffentlicht|erschienen|datum|publiziert)\W*(?:vom|am|:)?\W*$",
    re.I,
)
_PLACE = re.compile(
    r"^\W*(?!(?:Am|Ab|Bis|Seit|Vom|Zum|Im|\w+tag|Mittwoch)\b)"
    r"(?:[A-ZÄÖÜ][\w/-]+(?: (?:am|an der|im|bei|[A-ZÄÖÜ][\w-]+)){0,3})"
    r"(?:\s\([\w/.]{2,12}\))?(?P<parted>\s*[,–—|-])?\s*(?:\(?den|am|,)?\s*$"
)
# What closes a dateline: a dash or a colon, behind the sender's initials also a full stop («(aekm).»).
_DATELINE_END = re.compile(r"\W{0,2}[–:—-]|\s*\([\w/.]{2,12}\)\s*[.:–—-]")
_SPOKEN = re.compile(rf"“,?\s*{_SPEECH}\b[^.„“]*\b(?:am|vom|\()\W*(?:\w+tag\W+(?:den\W+)?)?$")
_LOOKED_AT, _DATES_LOOKED_AT = 2_000, 5
_NEAR_TITLE = 8


class Published(NamedTuple):
    """The day of publication, None where no witness speaks; the rule; what did not add up."""

    day: date | None
    witness: str
    block: int | None
    warnings: tuple[str, ...]


def find_published(
    document: Document,
    indexes: tuple[int, ...],
    title: int | None,
    datelines: tuple[int, ...],
    listed: ListingItem | None,
) -> Published:
    """Return the first witness in order, and warn where another names another day."""
    witnesses, unread = _times(document, indexes, title)
    witnesses += [
        (name, day, None) for name, raw in document.metadata.dates.items() if (day := parse_date(raw))
    ][:2]
    for index in datelines:
        if document.blocks[index].kind != "time" and (found := find_dates(document.blocks[index].text)):
            witnesses.append(("dateline", found[0][0], index))
    if not witnesses:
        witnesses += _named(document, indexes)
    if listed is not None and listed.published is not None:
        witnesses.append(("listing", listed.published, None))
    if not witnesses:
        witnesses += _prose(document, indexes)
    if not witnesses:
        return Published(None, "", None, unread)
    witness, day, at = witnesses[0]
    others = {name: other for name, other, _ in witnesses[1:] if other != day}
    warnings = tuple(
        f"published: {witness} says {day}, {name} says {other}" for name, other in others.items()
    )
    if witness.startswith("prose"):
        warnings += (f"published: {day} is taken from the words of the release",)
    return Published(day, witness, at, unread + warnings)


def _times(
    document: Document, indexes: tuple[int, ...], title: int | None
) -> tuple[list[tuple[str, date, int | None]], tuple[str, ...]]:
    """Return the `time` elements of the head, or the only one of the region, and those that are no date."""
    everywhere = [index for index in indexes if document.blocks[index].kind == "time"]
    near: list[int] = []
    if title is not None:
        # Beside the title also where a box named «footer» holds it (EXT:news): it belongs to nothing else.
        around = range(max(0, title - _NEAR_TITLE), min(len(document.blocks), title + _NEAR_TITLE + 1))
        close = [i for i in around if document.blocks[i].kind == "time"]
        near = [i for i in close if i in indexes] or [i for i in close if 0 < i - title <= 2]
    chosen = near or (everywhere if len(everywhere) == 1 else [])
    found: list[tuple[str, date, int | None]] = []
    unread: list[str] = []
    for index in chosen[:2]:
        block = document.blocks[index]
        day = parse_date(block.value)
        if day:
            found.append(("time[datetime]", day, index))
        elif day := parse_date(block.text):
            found.append(("time", day, index))
        else:
            unread.append(f"published: time «{(block.value or block.text)[:40]}» is no date")
    return found, tuple(unread)


def _named(document: Document, indexes: tuple[int, ...]) -> list[tuple[str, date, int | None]]:
    """Return the only line of the region, or right behind it, whose class calls it a date and that is one."""
    behind = (
        range(indexes[-1] + 1, min(len(document.blocks), indexes[-1] + 1 + _NEAR_TITLE)) if indexes else ()
    )
    named = [
        (day, index)
        for index in (*indexes, *behind)
        if "date" in document.blocks[index].hints and (day := only_date(document.blocks[index].text))
    ]
    return [("class", *named[0])] if len({day for day, _ in named}) == 1 else []


def _prose(document: Document, indexes: tuple[int, ...]) -> list[tuple[str, date, int | None]]:
    """Return a date that the release's own words give as its day, the year included."""
    blocks = [
        index for index in indexes if document.blocks[index].kind in ("paragraph", "quote", "list_item")
    ]
    for index in [*blocks[:6], *blocks[-3:]]:
        text = document.blocks[index].text
        if is_furniture(text):
            continue
        for day, start, end in find_dates(text[:_LOOKED_AT])[:_DATES_LOOKED_AT]:
            before = text[max(0, start - 80) : start]
            place = _PLACE.match(text[:start]) if start < 80 else None
            closed = _DATELINE_END.match(text, end) or (
                place and place["parted"] and text[end:].startswith(".")
            )
            if _PUBLISHED.search(before) or (place and closed):
                return [("prose", day, index)]
            if _SPOKEN.search(before):
                return [("prose: speech", day, index)]
    return []
