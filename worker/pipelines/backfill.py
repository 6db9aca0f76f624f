"""Walk a source's archive, page by page, as far back as asked: stored and searchable, never told. Floor 3.

Each page's entries are stored before the next page is asked for, and the walk remembers how far it
came, so that it can be stopped at any time and goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from worker.changes import compare_listing
from worker.config.schema import Source
from worker.errors import FetchError, SourceDrift, WorkerError
from worker.fetching.fetcher import Fetcher
from worker.identity import identity_of
from worker.lock import unit_of_work
from worker.models.listing import Listing
from worker.models.report import RunStatus, SourceReport, in_one_line
from worker.pipelines.arrivals import begin_fetching, fetch_waiting
from worker.pipelines.poll import poll_source
from worker.pipelines.runtime import Runtime
from worker.pipelines.visit import Visit, begin_visit
from worker.pipelines.walk import next_page_url, read_listing
from worker.store.connection import working, write
from worker.store.items import known_items, save_items
from worker.store.runs import finish_run, start_run
from worker.store.sources import backfill_url, load_source, register_sources, save_backfill_url


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """What a page of the archive brought; `total` is how many entries there are to walk, None if unknown."""

    report: SourceReport
    total: int | None


def backfill(
    runtime: Runtime, source: Source, since: date | None, max_pages: int, now: datetime
) -> Iterator[ArchivePage]:
    """Walk the archive from where the last walk stopped, page by page.

    A source that is already watched is polled first, so that news stays news.

    Ends at the last page, at a page wholly older than `since`, or after `max_pages`. Each step holds
    the store's lock only while it works. Raises FetchError, ParseError, StoreError.
    """
    with unit_of_work(runtime.config.store.path), working(runtime.config.store.path) as db:
        is_watched = load_source(db, source.id).first_polled_at is not None
        url: str | None = backfill_url(db, source.id) or source.listing
        if is_watched:
            report = poll_source(runtime, source, now, by_hand=True)
            state = load_source(db, source.id)
            if state.failures or state.unread_from:  # what it did not see would be taken for archive
                raise WorkerError(f"{source.id}: cannot be polled first, so nothing was done: {report.error}")
    is_resumed = url != source.listing
    seen: set[str] = set()
    for number in range(2 if is_resumed else 1, max_pages + (2 if is_resumed else 1)):
        if url is None:
            return
        with unit_of_work(runtime.config.store.path), working(runtime.config.store.path) as db:
            report, listing = _step(begin_visit(runtime, source, db, now), url, number, since)
            fresh = {identity_of(item.url) for item in listing.items} - seen
            is_end = not fresh or (since is not None and _newest(listing) < since)
            url = None if is_end else next_page_url(source, url, listing, is_linked=False)
            with write(db):
                save_backfill_url(db, source.id, url)
        if not fresh:
            return
        seen |= fresh
        yield ArchivePage(report, None if is_resumed or since else listing.total)


def _step(visit: Visit, url: str, number: int, since: date | None) -> tuple[SourceReport, Listing]:
    source, db, now = visit.source, visit.db, visit.now
    with write(db):
        register_sources(db, [source.id])
    run = start_run(db, "backfill", source.id, now)
    listing = _archive_page(visit.fetcher, source, url, number)
    wanted = [item for item in listing.items if since is None or (item.published or since) >= since]
    change = compare_listing(
        wanted,
        known_items(db, [identity_of(item.url) for item in wanted]),
        source=source.id,
        judge=visit.judge,
        horizon=date.max,
        is_first_look=True,
        is_catching_up=False,
    )
    with write(db):
        save_items(db, (update for update in change.updates if update.is_new), now)
        waiting = begin_fetching(visit)
    problems = fetch_waiting(visit, waiting)
    status: RunStatus = "ok" if change.new else "unchanged"
    report = SourceReport(source.id, status, len(listing.items), change.new, in_one_line(problems))
    finish_run(db, run, report, requests=visit.fetcher.requests, bytes_received=visit.fetcher.bytes)
    return report, listing


def _archive_page(fetcher: Fetcher, source: Source, url: str, number: int) -> Listing:
    """One page of the listing; beyond the first an empty or missing one is the end."""
    try:
        page = fetcher.fetch(url)
    except FetchError as error:
        if number > 1 and error.is_gone:
            return Listing(())
        raise
    listing = read_listing(source, page)
    if number == 1 and not listing.items:
        raise SourceDrift(url, "no entries found: the page has changed or is not the listing")
    return listing


def _newest(listing: Listing) -> date:
    """The newest day on a page; one without days never ends a walk."""
    return max((item.published for item in listing.items if item.published), default=date.max)
