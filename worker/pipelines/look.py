"""One look at a source's listing: read as far as need be, compared with what is known. Floor 3."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.changes import ListingChange, by_identity, compare_feed, compare_listing, is_edited_release
from worker.drift.norms import Norm
from worker.drift.traits import measure_entries
from worker.errors import FetchError, ParseError, SourceDrift, WorkerError
from worker.guards import check_listing
from worker.models.known import KnownItem, SourceState
from worker.models.listing import Listing
from worker.models.page import Page, Validators
from worker.pipelines.drift import Evidence, check_size, judge, judge_news, read_from
from worker.pipelines.flood import brake, flood_note
from worker.pipelines.visit import Visit
from worker.pipelines.walk import fingerprint, read_listing, walk_listing
from worker.pipelines.witness import Entries, Told, hear_feed
from worker.store.connection import Database
from worker.store.items import known_items, save_items, saw_items
from worker.store.norms import save_norm
from worker.store.releases import look_soon
from worker.store.sources import save_source

_FULL_LOOK = timedelta(hours=24)  # validators have been seen to stay the same while a page changed


@dataclass(frozen=True, slots=True)
class Look:
    """How the source is now, how many entries were seen, what changed; `gap` says what was not read.

    `entries` is what their number taught, `evidence` what else was measured; `recovery` says, better
    than that it can be read again, why a listing is believed again. With an `error` the listing could not
    be read, and all else is what its feed tells alone.
    """

    state: SourceState
    seen: int = 0
    change: ListingChange | None = None
    gap: str | None = None
    entries: Norm | None = None
    evidence: tuple[Evidence, ...] = ()
    recovery: str | None = None
    error: WorkerError | None = None


class _Known:
    """The stored entries by identity, each asked for once in a look."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked: dict[str, KnownItem | None] = {}

    def __call__(self, identities: Collection[str]) -> dict[str, KnownItem]:
        fresh = [one for one in identities if one not in self._asked]
        self._asked |= dict.fromkeys(fresh) | known_items(self._db, fresh)
        return {one: item for one in identities if (item := self._asked[one]) is not None}


def look_at_listing(visit: Visit, state: SourceState) -> Look:
    """Read feed and listing and compare them; nothing they say is stored yet.

    Raises FetchError, ParseError, and SourceDrift for a listing that cannot be believed, unless there is a
    feed that can: its news need not wait for it.

    An unchanged listing costs one conditional request, and its feed another; once a day, after trouble, and
    when the feed tells something else than before, it is read without conditions and a page further.
    """
    is_full = state.full_look_at is None or not timedelta(0) <= visit.now - state.full_look_at < _FULL_LOOK
    is_whole = is_full or state.unread_from is not None or state.failures > 0
    told = hear_feed(visit, state.feed, is_whole=is_whole)
    try:
        return _read(visit, state, told, is_full=is_full, is_whole=is_whole or told.entries is not None)
    except (FetchError, ParseError, SourceDrift) as error:
        is_asked_to_wait = isinstance(error, FetchError) and error.retry_after is not None
        if told.entries is None or is_asked_to_wait:
            raise
        return _heard(visit, state, told, error)


def _read(visit: Visit, state: SourceState, told: Told, *, is_full: bool, is_whole: bool) -> Look:
    source, now = visit.source, visit.now
    page = visit.fetcher.fetch_if_changed(source.listing, Validators() if is_whole else state.validators)
    before, state = state, replace(_well(state, now), feed=told.state)
    if page is None:
        return Look(state, evidence=(told.evidence,))
    with read_from(page):
        listing = read_listing(source, page)
        check_listing(listing, source.listing)
        entries, turn = check_size(visit, len(listing.items))
    shown = fingerprint(listing)
    is_same = shown == before.fingerprint and not is_whole
    state = replace(
        state,
        validators=page.validators,
        fingerprint=shown,
        full_look_at=now if is_full else state.full_look_at,
    )
    if is_same:
        return Look(state, len(listing.items), entries=entries if turn else None, evidence=(told.evidence,))
    look = _compared(visit, state, page, listing, told)
    return replace(look, entries=entries, recovery=turn.text if turn else None)


def store_look(visit: Visit, look: Look) -> SourceState:
    """Write what a look found, validators, entries and what is usual together; the source as stored.

    For use inside `write`.
    """
    db, now = visit.db, visit.now
    state = judge_news(visit, look.state, _news_days(look, now))
    save_source(db, state)
    if look.entries is not None:
        save_norm(db, visit.source.id, look.entries)
    for evidence in look.evidence:
        judge(visit, evidence)
    if look.change is not None:
        save_items(db, look.change.updates, now)
        saw_items(db, (item.url for item in look.change.seen_again), now)
        edited = (update.item.url for update in look.change.updates if is_edited_release(update))
        look_soon(db, edited, now)
    return state


def _news_days(look: Look, now: datetime) -> list[date]:
    """The days of the entries a look found for the first time; today where the listing shows none."""
    updates = look.change.updates if look.change else ()
    return [update.item.published or now.date() for update in updates if update.is_new]


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
        page_sha256=None,
        arrivals=state.arrivals if state.unread_from is not None else 0,
    )


def _compared(visit: Visit, state: SourceState, page: Page, listing: Listing, told: Told) -> Look:
    source = visit.source
    is_first_look = state.first_polled_at is None
    horizon, known_of = _horizon(visit), _Known(visit.db)
    walk = walk_listing(
        visit.fetcher,
        source,
        page.url or source.listing,
        listing,
        known_of=known_of,
        horizon=horizon if is_first_look else None,
        unread_from=state.unread_from,
    )
    listed = by_identity(walk.items)
    change = compare_listing(
        told.complete(walk.items),
        known_of(listed),
        source=source.id,
        judge=visit.judge,
        horizon=horizon,
        is_first_look=is_first_look,
        is_catching_up=state.unread_from is not None,
    )
    unlisted = _unlisted(visit, state, told, listed, known_of)
    change, arrivals = brake(visit, state, change + unlisted)
    state = replace(
        state,
        last_status="ok" if change.updates else "unchanged",
        unread_from=walk.unread_from,
        first_polled_at=state.first_polled_at or (None if walk.unread_from else visit.now),
        arrivals=arrivals,
    )
    state = replace(state, last_error=flood_note(visit, state) or walk.gap)
    evidence = (Evidence(measure_entries(listing), page), told.beside(listed, source.listing))
    seen = len(walk.items) + len(unlisted.updates) + len(unlisted.seen_again)
    return Look(state, seen, change, walk.gap, evidence=evidence)


def _heard(visit: Visit, state: SourceState, told: Told, error: WorkerError) -> Look:
    """What the feed tells while the listing cannot be read."""
    change, arrivals = brake(visit, state, _unlisted(visit, state, told, {}, _Known(visit.db)))
    state = replace(state, feed=told.state, arrivals=arrivals)
    return Look(state, len(told.entries or ()), change, evidence=(told.evidence,), error=error)


def _unlisted(
    visit: Visit, state: SourceState, told: Told, listed: Entries, known_of: _Known
) -> ListingChange:
    """What the feed tells beyond the entries of the listing."""
    entries = told.entries or {}
    return compare_feed(
        entries,
        listed,
        known_of(entries),
        source=visit.source.id,
        judge=visit.judge,
        horizon=_horizon(visit),
        is_first_look=state.first_polled_at is None or told.is_first,
    )


def _horizon(visit: Visit) -> date:
    """The first day of what counts as news at a first look."""
    schedule = visit.runtime.config.schedule
    return visit.now.astimezone(ZoneInfo(schedule.timezone)).date() - timedelta(days=schedule.initial_days)
