"""Plausible listings, and those that are none."""

from __future__ import annotations

import pytest

from worker.errors import SourceDrift
from worker.guards import check_listing
from worker.models.listing import Listing, ListingItem

_URL = "https://presse.test/liste"


def _listing(count: int) -> Listing:
    return Listing(tuple(ListingItem(f"{_URL}/{n}", f"Titel {n}") for n in range(count)))


def test_an_empty_listing_is_drift() -> None:
    """«Nothing readable» is never «nothing new»; the message says what to do."""
    with pytest.raises(SourceDrift, match=r"no entries found.*check --online"):
        check_listing(_listing(0), _URL)


def test_a_listing_without_titles_of_its_own_is_drift() -> None:
    """Where every entry is called «Mehr», the reading has caught the wrong words."""
    same = Listing(tuple(ListingItem(f"{_URL}/{n}", "Mehr") for n in range(9)))

    with pytest.raises(SourceDrift, match="all 9 entries have the same title"):
        check_listing(same, _URL)
