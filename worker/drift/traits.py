"""What can be measured of a listing, its feed and a release, to know what is usual. Floor 1, pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from worker.identity import host_of
from worker.models.listing import Listing, ListingItem
from worker.models.release import Release

_SAME_DAY = timedelta(days=1)  # the portal's feed writes local times as if they were UTC


class Kind(Enum):
    """How a trait is counted: a share of one look's entries, a yes or no after the other, a size."""

    SHARE = "share"
    RUN = "run"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is usual or not.

    `name` is its name in the store, `what` what `of_whom` has. For a size: `falls` is how many times
    smaller than usual is no longer believable, `returns` how many times smaller is usual again, and
    one whose usual size is below `least` may vary as it likes.
    """

    name: str
    kind: Kind
    of_whom: str
    what: str
    falls: int = 3
    returns: int = 2
    least: int = 0


ENTRIES = Trait("entries", Kind.SIZE, "the listing", "entries", least=6)
ENTRY_DATE = Trait("entry-date", Kind.SHARE, "entries", "a date")
ENTRY_KICKER = Trait("entry-kicker", Kind.SHARE, "entries", "a kicker")
ENTRY_TEASER = Trait("entry-teaser", Kind.SHARE, "entries", "a teaser of their own")
FEED = Trait("feed", Kind.RUN, "the feed", "anything that can be read")
FEED_ENTRIES = Trait("feed-entries", Kind.RUN, "the feed", "any of the entries listed")
FEED_ALL = Trait("feed-all", Kind.RUN, "the feed", "every entry that the listing shows")
LISTING_ALL = Trait("listing-all", Kind.RUN, "the listing", "every entry that the feed tells of")
FEED_DAYS = Trait("feed-days", Kind.SHARE, "entries", "the same day in the feed")
RELEASE_DATE = Trait("release-date", Kind.RUN, "releases", "a date on their page")
RELEASE_KICKER = Trait("release-kicker", Kind.RUN, "releases", "a kicker on their page")
RELEASE_LEAD = Trait("release-lead", Kind.RUN, "releases", "a lead")
RELEASE_PICTURES = Trait("release-pictures", Kind.RUN, "releases", "pictures")
RELEASE_ROLES = Trait("release-roles", Kind.RUN, "releases", "a role for each of their blocks")
RELEASE_LENGTH = Trait("release-length", Kind.SIZE, "releases", "characters", falls=10, returns=3, least=200)
NEWS = Trait("news", Kind.SIZE, "the listing", "days without anything new")

FEED_TRAITS = (FEED, FEED_ENTRIES, FEED_ALL, LISTING_ALL, FEED_DAYS)
TRAITS = {
    trait.name: trait
    for trait in (
        *(ENTRIES, ENTRY_DATE, ENTRY_KICKER, ENTRY_TEASER, NEWS, *FEED_TRAITS),
        *(RELEASE_DATE, RELEASE_KICKER, RELEASE_LEAD, RELEASE_PICTURES, RELEASE_ROLES, RELEASE_LENGTH),
    )
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One observation: `found` of `of` have it; for a size `found` is the size."""

    trait: Trait
    found: int
    of: int = 1

    @property
    def value(self) -> float:
        return self.found / self.of


def measure_entries(listing: Listing) -> list[Measure]:
    """What the entries of a first page show; a teaser that all entries share belongs to none of them."""
    items = listing.items
    shown = (
        (ENTRY_DATE, [item.published for item in items if item.published]),
        (ENTRY_KICKER, [item.kicker for item in items if item.kicker]),
        (ENTRY_TEASER, {item.teaser for item in items if item.teaser}),
    )
    return [Measure(trait, len(found), len(items)) for trait, found in shown if items]


def measure_feed(
    listed: Mapping[str, ListingItem], told: Mapping[str, ListingItem], own_host: str
) -> list[Measure]:
    """What a feed was good for: the listing's entries and the feed's, each by identity in its order.

    Both should show the same as far back as both reach; of the feed's entries only those on `own_host`,
    the listing's, for a portal's feed tells of other ministries too.
    """
    both = listed.keys() & told.keys()
    spoke = [Measure(FEED, 1), Measure(FEED_ENTRIES, int(bool(both)))]
    if both:
        own = {key: item for key, item in told.items() if key in both or host_of(item.url) == own_host}
        spoke += [
            Measure(FEED_ALL, int(_has_all(told, listed))),
            Measure(LISTING_ALL, int(_has_all(listed, own))),
        ]
    days = [(listed[key].published, told[key].published) for key in both]
    dated = [(ours, its) for ours, its in days if ours and its]
    agreeing = sum(abs(ours - its) <= _SAME_DAY for ours, its in dated)
    return [*spoke, Measure(FEED_DAYS, agreeing, len(dated))] if dated else spoke


def _has_all(shown: Mapping[str, ListingItem], expected: Mapping[str, ListingItem]) -> bool:
    """Whether all of `expected` is shown, down to the last entry common to both; an entry older than all
    that are shown, as one pinned to the top, need not be.
    """
    order = list(expected)
    last = max(position for position, key in enumerate(order) if key in shown)
    oldest = min((item.published for item in shown.values() if item.published), default=date.min)
    return all(key in shown or (expected[key].published or date.max) < oldest for key in order[:last])


def measure_release(release: Release) -> list[Measure]:
    """Which fields a release's own page gave, how long it is, and whether anything was left over."""
    witness, warnings = release.extractor.witness, release.extractor.warnings
    has = {
        RELEASE_DATE: release.published is not None and witness.get("published") != "listing",
        RELEASE_KICKER: release.kicker is not None and witness.get("kicker") != "listing",
        RELEASE_LEAD: release.lead is not None,
        RELEASE_PICTURES: bool(release.images),
        RELEASE_ROLES: not any(warning.startswith("unassigned:") for warning in warnings),
    }
    fields = [Measure(trait, int(is_there)) for trait, is_there in has.items()]
    return [*fields, Measure(RELEASE_LENGTH, len(release.text))]


def measure_losses(before: Release, after: Release) -> list[Measure]:
    """What a second reading of a release has lost: by an edit, or because its page can be read no longer."""
    lost = [Measure(RELEASE_LEAD, 0)] if before.lead and not after.lead else []
    lost += [Measure(RELEASE_PICTURES, 0)] if before.images and not after.images else []
    length = Measure(RELEASE_LENGTH, len(after.text))
    return [*lost, length] if length.found * RELEASE_LENGTH.falls < len(before.text) else lost
