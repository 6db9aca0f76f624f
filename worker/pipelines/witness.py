"""A source's feed as a second witness: entries, days and teasers its listing does not show. Floor 3."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from worker.changes import by_identity
from worker.drift.traits import FEED, Measure, measure_feed
from worker.errors import FetchError, ParseError
from worker.identity import host_of, identity_of
from worker.models.known import FeedState
from worker.models.listing import Listing, ListingItem
from worker.models.page import Page, Validators
from worker.pipelines.drift import Evidence
from worker.pipelines.visit import Visit
from worker.pipelines.walk import fingerprint, read_feed

log = logging.getLogger(__name__)

Entries = Mapping[str, ListingItem]  # by identity, in the order in which they were shown

_NOTHING = Evidence(())


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed told at one look, and how it is now.

    `entries` are those on the source's hosts; None if it says what it said before, or cannot be read.
    `is_first`: it was never heard before.
    """

    state: FeedState
    entries: Entries | None = None
    page: Page | None = None
    evidence: Evidence = _NOTHING
    is_first: bool = False

    def complete(self, items: Iterable[ListingItem]) -> list[ListingItem]:
        """Entries of the listing with what the feed says where the listing is silent."""
        entries = self.entries or {}
        return [_completed(item, entries.get(identity_of(item.url))) for item in items]

    def beside(self, listed: Entries, listing: str) -> Evidence:
        """What the feed was good for beside these entries of the listing at that address."""
        if self.entries is None:
            return self.evidence
        return Evidence(measure_feed(listed, self.entries, host_of(listing)), self.page)


def hear_feed(visit: Visit, before: FeedState, *, is_whole: bool) -> Told:
    """What the feed tells if it is not what it told before, in any case if `is_whole`.

    It never fails a look: that it cannot be read is drift.
    """
    source, now = visit.source, visit.now
    if source.feed is None:
        return Told(FeedState())
    if before.not_before and now < before.not_before:
        return Told(before)
    page = None
    try:
        page = visit.fetcher.fetch_if_changed(source.feed, Validators() if is_whole else before.validators)
        if page is None:
            return Told(before, evidence=Evidence([Measure(FEED, 1)]))
        items = read_feed(page).items
        if not items:
            raise ParseError(source.feed, "empty", "the feed has no entries")
    except (FetchError, ParseError) as error:
        log.warning("%s: the feed is no help: %s", source.id, error)
        asked = error.retry_after if isinstance(error, FetchError) else None
        state = replace(before, not_before=now + asked if asked else None)
        return Told(state, evidence=Evidence([Measure(FEED, 0)], page))
    items = tuple(item for item in items if host_of(item.url) in source.allowed_hosts)
    state = FeedState(page.validators, fingerprint(Listing(items)))
    if state.fingerprint == before.fingerprint and not is_whole:
        return Told(state, evidence=Evidence([Measure(FEED, 1)]))
    return Told(state, by_identity(items), page, is_first=before.fingerprint is None)


def _completed(item: ListingItem, told: ListingItem | None) -> ListingItem:
    if told is None:
        return item
    return replace(item, teaser=item.teaser or told.teaser, published=item.published or told.published)
