"""Titles that carry the day of their entry: «21.03.2024: Land fördert …», «… (21. März 2024)». Floor 1.

In go the entries of a listing, out come the same with the day as a day. A single title may well begin
with a date that is part of it («1. Januar 2025: Das ändert sich»), so it takes most of a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.models.listing import ListingItem
from worker.reading.dates import GERMAN_DATE, only_date

_DATE = GERMAN_DATE.pattern
_OPENING = re.compile(rf"\(?({_DATE})\)?(?:\s*[:|,–—-]\s*|\s+)(?=\S)", re.I)
_CLOSING = re.compile(r"(?:\s*[|–—]\s*|\s+-\s+|\s*\()([^(|–—]{6,20})\)?$")


def without_dates(items: Sequence[ListingItem]) -> tuple[ListingItem, ...]:
    """Take the day out of the titles where most of at least two entries carry one and show no other."""
    read = [_without_date(item) for item in items]
    dated = sum(after is not before for before, after in zip(items, read, strict=True))
    return tuple(read if dated > 1 and 2 * dated > len(items) else items)


def _without_date(item: ListingItem) -> ListingItem:
    if item.published is not None:
        return item
    if (found := _OPENING.match(item.title)) and (day := only_date(found[1])):
        return replace(item, title=item.title[found.end() :], published=day)
    if (found := _CLOSING.search(item.title)) and found.start() and (day := only_date(found[1])):
        return replace(item, title=item.title[: found.start()], published=day)
    return item
