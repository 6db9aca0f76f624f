"""One look at a source's listing: read as far as need be, compared with what is known. Floor 3."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.changes import ListingChange, compare_listing, is_edited_release
from worker.guards import check_listing, usual_items
from worker.identity import identity_of
from worker.models.known import SourceState
from worker.models.listing import Listing
from worker.models.page import Validators
from worker.pipelines.visit import Visit
from worker.pipelines.walk import fingerprint, read_listing, walk_listing
from worker.pipelines.witness import completed_from_feed
from worker.store.connection import Database
from worker.store.items import known_items, save_items, saw_items
from worker.store.releases import look_soon
from worker.store.sources import save_source

_FULL_LOOK = timedelta(hours=24)  # validators have been seen to stay the same while a page changed


@dataclass(frozen=True, slots=True)
class Look:
    """How the source is now, how many entries were seen, what changed; `gap` says what was not read."""

    state: SourceState
    seen: int = 0
    change: ListingChange | None = None
    gap: str | None = None


def look_at_listing(visit: Visit, state: SourceState) -> Look:
    """Read the listing and compare it; nothing is written yet. Raises FetchError, ParseError, SourceDrift.

    An unchanged listing costs one conditional request; once a day it is read without conditions and
    a page further.
    """
    source, now = visit.source, visit.now
    is_full = state.full_look_at is None or not timedelta(0) <= now - state.full_look_at < _FULL_LOOK
    is_whole = is_full or state.unread_from is not None
    page = visit.fetcher.fetch_if_changed(source.listing, Validators() if is_whole else state.validators)
    before, state = state, _well(state, now)
    if page is None:
        return Look(state)
    listing = read_listing(source, page)
    check_listing(listing, source.listing, before.usual_items, looks=before.failures + 1)
    shown = fingerprint(listing)
    is_same = shown == before.fingerprint and not is_whole
    state = replace(
        state,
        validators=page.validators,
        fingerprint=shown,
        full_look_at=now if is_full else state.full_look_at,
        usual_items=usual_items(state.usual_items, len(listing.items)),
    )
    if is_same:
        return Look(state, len(listing.items))
    return _compared(visit, state, page.url or source.listing, listing)


def store_look(db: Database, look: Look, now: datetime) -> None:
    """Write what a look found, validators and entries together; for use inside `write`."""
    save_source(db, look.state)
    if look.change is None:
        return
    save_items(db, look.change.updates, now)
    saw_items(db, (item.url for item in look.change.seen_again), now)
    look_soon(db, (update.item.url for update in look.change.updates if is_edited_release(update)), now)


def _well(state: SourceState, now: datetime) -> SourceState:
    """The source answered: troubles are over."""
    return replace(
        state,
        last_success_at=now,
        last_status="unchanged",
        last_error=None,
        failures=0,
        not_before=None,
        retry_after_until=None,
    )


def _compared(visit: Visit, state: SourceState, url: str, listing: Listing) -> Look:
    source, db, fetcher = visit.source, visit.db, visit.fetcher
    schedule = visit.runtime.config.schedule
    today = visit.now.astimezone(ZoneInfo(schedule.timezone)).date()
    horizon = today - timedelta(days=schedule.initial_days)
    is_first_look = state.first_polled_at is None

    walk = walk_listing(
        fetcher,
        source,
        url,
        listing,
        known_of=lambda identities: known_items(db, identities),
        horizon=horizon if is_first_look else None,
        unread_from=state.unread_from,
    )
    change = compare_listing(
        completed_from_feed(fetcher, source, walk.items),
        known_items(db, [identity_of(item.url) for item in walk.items]),
        source=source.id,
        judge=visit.judge,
        horizon=horizon,
        is_first_look=is_first_look,
        is_catching_up=state.unread_from is not None,
    )
    state = replace(
        state,
        last_status="ok" if change.updates else "unchanged",
        last_error=walk.gap,
        unread_from=walk.unread_from,
        first_polled_at=state.first_polled_at or (None if walk.gap else visit.now),
    )
    return Look(state, len(walk.items), change, walk.gap)
