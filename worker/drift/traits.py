"""What can be measured of a listing, its feed and a release, to know what is usual. Floor 1, pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

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
FEED_DAYS = Trait("feed-days", Kind.SHARE, "entries", "the same day in the feed")
RELEASE_DATE = Trait("release-date", Kind.RUN, "releases", "a date on their page")
RELEASE_KICKER = Trait("release-kicker", Kind.RUN, "releases", "a kicker on their page")
RELEASE_LEAD = Trait("release-lead", Kind.RUN, "releases", "a lead")
RELEASE_PICTURES = Trait("release-pictures", Kind.RUN, "releases", "pictures")
RELEASE_ROLES = Trait("release-roles", Kind.RUN, "releases", "a role for each of their blocks")
RELEASE_LENGTH = Trait("release-length", Kind.SIZE, "releases", "characters", falls=10, returns=3, least=200)
NEWS = Trait("news", Kind.SIZE, "the listing", "days without anything new")

TRAITS = {
    trait.name: trait
    for trait in (
        *(ENTRIES, ENTRY_DATE, ENTRY_KICKER, ENTRY_TEASER, FEED, FEED_ENTRIES, FEED_DAYS, NEWS),
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


def measure_feed(pairs: Sequence[tuple[ListingItem, ListingItem]]) -> list[Measure]:
    """What a feed that could be read said: `pairs` are the entries listed that it tells of too."""
    days = [(ours.published, its.published) for ours, its in pairs if ours.published and its.published]
    spoke = [Measure(FEED, 1), Measure(FEED_ENTRIES, int(bool(pairs)))]
    agreeing = sum(abs(ours - its) <= _SAME_DAY for ours, its in days)
    return [*spoke, Measure(FEED_DAYS, agreeing, len(days))] if days else spoke


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
