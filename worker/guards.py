"""Is this listing plausible, or has the site changed? Floor 1, pure.

«Nothing new» and «nothing readable» must never look alike: what cannot be the listing we know is
drift, and drift is never stored as if it were the ministry's words.
"""

from __future__ import annotations

from worker.errors import SourceDrift
from worker.models.listing import Listing

_COLLAPSE = 3  # a first page with less than a third of its usual entries is not believed
_ACCEPTED_LOOKS = 6  # by then its operator was told of the drift
_SMALL = 6  # entries; below that a listing may honestly vary


def check_listing(listing: Listing, url: str, usual_items: int | None, *, looks: int = 1) -> None:
    """Raise SourceDrift if the first page of a listing is empty, has collapsed or lost its titles.

    `looks` counts this one and those in trouble before it: a collapse that lasts is the new normal.
    """
    count = len(listing.items)
    if count == 0:
        raise SourceDrift(
            url, "no entries found: the page has changed or is not the listing; see `check --online`"
        )
    has_collapsed = usual_items and usual_items >= _SMALL and count * _COLLAPSE < usual_items
    if has_collapsed and looks < _ACCEPTED_LOOKS:
        raise SourceDrift(url, f"only {count} entries where there are usually {usual_items}")
    if count >= _SMALL and len({item.title for item in listing.items}) == 1:
        raise SourceDrift(url, f"all {count} entries have the same title ({listing.items[0].title!r})")


def usual_items(before: int | None, count: int) -> int:
    """The usual number of entries on the first page, after one more look: a slowly moving average."""
    return count if before is None else round((3 * before + count) / 4)
