"""Plausible listings, and those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import SourceDrift
from worker.guards import check_listing, usual_items
from worker.models.listing import Listing, ListingItem

_URL = "https://presse.test/liste"


def _listing(count: int) -> Listing:
    return Listing(tuple(ListingItem(f"{_URL}/{n}", f"Titel {n}") for n in range(count)))


def test_an_empty_listing_is_drift() -> None:
    """«Nothing readable» is never «nothing new»; the message says what to do."""
    with pytest.raises(SourceDrift, match=r"no entries found.*check --online"):
        check_listing(_listing(0), _URL, None)


@pytest.mark.parametrize(
    ("count", "usual", "is_drift"),
    [
        (1, None, False),
        (1, 5, False),
        (9, 9, False),
        (3, 9, False),
        (2, 9, True),
        (1, 6, True),
        (2, 6, False),
        (30, 9, False),
    ],
)
def test_a_collapsed_listing_is_drift(count: int, usual: int | None, is_drift: bool) -> None:
    """Less than a third of what is usual; short listings may vary, growing is no harm."""
    if not is_drift:
        check_listing(_listing(count), _URL, usual)
        return
    with pytest.raises(SourceDrift, match=f"only {count} entries where there are usually {usual}"):
        check_listing(_listing(count), _URL, usual)


def test_a_listing_without_titles_of_its_own_is_drift() -> None:
    """Where every entry is called «Mehr», the reading has caught the wrong words."""
    same = Listing(tuple(ListingItem(f"{_URL}/{n}", "Mehr") for n in range(9)))

    with pytest.raises(SourceDrift, match="all 9 entries have the same title"):
        check_listing(same, _URL, 9)


@given(st.integers(1, 200), st.lists(st.integers(1, 200), max_size=60))
def test_the_usual_number_follows_slowly(first: int, counts: list[int]) -> None:
    """It stays between the smallest and the largest ever seen, and begins with the first."""
    usual = usual_items(None, first)
    assert usual == first
    for count in counts:
        usual = usual_items(usual, count)

    assert min([first, *counts]) <= usual <= max([first, *counts])
