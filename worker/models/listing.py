"""What a press listing or a feed said. Floor 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ListingItem:
    """One entry of a listing, as the page gave it; `url` is absolute, nothing else is guessed."""

    url: str
    title: str
    kicker: str | None = None
    teaser: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing: its entries in page order and the way to the next page.

    `total` is the number of results the page claims («2.015 Ergebnisse gefunden»), None if it
    does not say. `witness` names the rule that found the entries.
    """

    items: tuple[ListingItem, ...]
    next_url: str | None = None
    total: int | None = None
    witness: str = ""
    warnings: tuple[str, ...] = ()
