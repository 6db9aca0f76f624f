"""Can this be the listing at all? Floor 1, pure.

«Nothing new» and «nothing readable» must never look alike: what cannot be a listing is drift, whatever
is usual of the source (`worker.drift`), and is never stored as if it were the ministry's words.
"""

from __future__ import annotations

from worker.errors import SourceDrift
from worker.models.listing import Listing

_SMALL = 6  # entries; below that the titles may be alike by chance


def check_listing(listing: Listing, url: str) -> None:
    """Raise SourceDrift if the first page of a listing is empty or its entries have lost their titles."""
    count = len(listing.items)
    if count == 0:
        raise SourceDrift(
            url, "no entries found: the page has changed or is not the listing; see `check --online`"
        )
    if count >= _SMALL and len({item.title for item in listing.items}) == 1:
        raise SourceDrift(url, f"all {count} entries have the same title ({listing.items[0].title!r})")
