"""One source, from its listing to the events worth telling. Floor 3.

    look_at_listing:  hear_feed: fetch(feed, validators) ▶ Told
                      fetch(listing, validators) ▶ Page ▶ read_listing ▶ Listing ▶ check_listing (believed?)
                      walk_listing: further pages until a whole page is known
                      compare_listing, compare_feed ▶ ItemUpdate…, judge ▶ Norm…     ─▶ store_look
    fetch_waiting:    for each entry that matches, or might (begin_fetching):
                      fetch(release) ▶ Page ▶ extract_release ▶ Release ▶ match_topic
                      plan_first ▶ ReleaseUpdate, judge ▶ Norm…                      ─▶ apply
    recheck_due:      releases to look at again                                      ─▶ apply

Every poll ends in one `runs` row. It never sends anything: that is `deliver`'s, joined by the store.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from worker.backoff import source_wait
from worker.config.schema import Source
from worker.errors import FetchError, ParseError, SourceDrift, StoreError, WorkerError
from worker.instants import to_text
from worker.models.known import KnownItem, SourceState
from worker.models.report import QuietPoll, RunStatus, SourceReport, in_one_line
from worker.pipelines.arrivals import begin_fetching, fetch_waiting
from worker.pipelines.drift import forget_feed, is_silent_as_usual, open_drift, where_to_look
from worker.pipelines.flood import flood_note, note_flood
from worker.pipelines.look import Look, look_at_listing, store_look
from worker.pipelines.runtime import Runtime
from worker.pipelines.visit import Visit, begin_visit
from worker.store.connection import working, write
from worker.store.items import waiting_items
from worker.store.pages import save_page
from worker.store.runs import finish_run, note_quiet_polls, start_run
from worker.store.sources import load_source, note_status, register_sources, save_source
from worker.store.troubles import begin_trouble, end_trouble

log = logging.getLogger(__name__)

Found = TypeVar("Found")


def poll_source(
    runtime: Runtime,
    source: Source,
    now: datetime,
    *,
    by_hand: bool = False,
    quiet: list[QuietPoll] | None = None,
) -> SourceReport:
    """Poll one source and store what it brought; the report says how it went. Raises StoreError only.

    A source that is backing off is left alone unless `by_hand`; a `Retry-After` counts even then. If it is
    as it was, that is left for the caller to note, in the list `quiet` if there is one: a thousand sources
    cost one transaction then instead of three each, and a killed process only asks them again.
    """
    with working(runtime.config.store.path) as db:
        state = load_source(db, source.id)
        if reason := _must_wait(state, now, by_hand=by_hand):
            return SourceReport(source.id, state.last_status or "failed", error=reason)
        if state == SourceState(source.id):
            with write(db):
                register_sources(db, [source.id])
        visit = begin_visit(runtime, source, db, now)
        look = _attempt(visit, lambda: look_at_listing(visit, state))
        if isinstance(look, WorkerError):
            with write(db):
                return _close(visit, _open(visit), _failed(visit, state, look))
        if _is_quiet(visit, state, look):
            return _leave(visit, look, quiet)
        with write(db):
            run = _open(visit)
            after, waiting = _store(visit, state, look), begin_fetching(visit)
        return _close(visit, run, _fetch(visit, after, look, waiting))


def _leave(visit: Visit, look: Look, quiet: list[QuietPoll] | None) -> SourceReport:
    source, cost = visit.source.id, visit.fetcher
    poll = QuietPoll(source, visit.now, look.seen, cost.requests, cost.bytes)
    if quiet is None:
        note_quiet_polls(visit.db, [poll])
    else:
        quiet.append(poll)
    return SourceReport(source, "unchanged", look.seen)


def _open(visit: Visit) -> int:
    return start_run(visit.db, "poll", visit.source.id, visit.now)


def _close(visit: Visit, run: int, report: SourceReport) -> SourceReport:
    cost = visit.fetcher
    finish_run(visit.db, run, report, requests=cost.requests, bytes_received=cost.bytes)
    return report


def _attempt(visit: Visit, step: Callable[[], Found]) -> Found | WorkerError:
    """What a step brings, or why it brings nothing: one broken source must not stop the others."""
    try:
        return step()
    except StoreError:
        raise
    except WorkerError as error:
        return error
    except Exception as error:
        log.exception("%s: unexpected error", visit.source.id)
        return WorkerError(f"{visit.source.id}: unexpected error: {error!r}")


def _is_quiet(visit: Visit, before: SourceState, look: Look) -> bool:
    """Whether a look found nothing to store but that it took place (`note_quiet_polls`)."""
    as_noted = replace(before, last_success_at=visit.now, last_status="unchanged", arrivals=0)
    return (
        look.state == as_noted
        and before.last_status in ("ok", "unchanged")
        and look.change is None
        and look.entries is None
        and not any(evidence.measures for evidence in look.evidence)
        and is_silent_as_usual(visit, before)
        and open_drift(visit) is None
        and flood_note(visit, before) is None
        and not waiting_items(visit.db, visit.source.id, visit.now, 1)
    )


def _store(visit: Visit, before: SourceState, look: Look) -> SourceState:
    """Store what a look found; the source as stored. For use inside `write`."""
    source, now = visit.source, visit.now
    state = store_look(visit, look)
    note_flood(visit, before, look.state)
    if before.failures and look.error is None:
        over = look.recovery or "its listing can be read again"
        end_trouble(visit.db, "source", source.id, over, now)
    if source.feed is None:
        forget_feed(visit)
    return state


def _fetch(visit: Visit, state: SourceState, look: Look, waiting: list[KnownItem]) -> SourceReport:
    """Fetch the releases a look led to, and say how all of it went."""
    source, db = visit.source, visit.db
    problems = _attempt(visit, lambda: fetch_waiting(visit, waiting))
    new = look.change.new if look.change else 0
    if isinstance(problems, WorkerError):
        return replace(_failed(visit, state, problems), items_seen=look.seen, items_new=new)
    if look.gap:
        problems.insert(0, f"the listing was not read to its end: {look.gap}")
    if flood := flood_note(visit, look.state):
        problems.insert(0, flood)
    if look.error is not None:
        report = _failed(visit, state, look.error)
        told = in_one_line([str(report.error), *problems])
        return replace(report, items_seen=look.seen, items_new=new, error=told)
    status = state.last_status or "ok"
    drift = open_drift(visit)
    if drift is None:
        return SourceReport(source.id, status, look.seen, new, in_one_line(problems))
    with write(db):
        note_status(db, source.id, "drift", drift)
    told = in_one_line([drift, *problems])
    return SourceReport(source.id, "drift", look.seen, new, told)


def _must_wait(state: SourceState, now: datetime, *, by_hand: bool) -> str | None:
    """Why the source is left alone now, None if it may be polled."""
    if state.retry_after_until and now < state.retry_after_until:
        return f"asked to be left alone until {to_text(state.retry_after_until)} (Retry-After)"
    if state.not_before and now < state.not_before and not by_hand:
        until, failures = to_text(state.not_before), state.failures
        return f"left alone until {until} after {failures} failures: {state.last_error}"
    return None


def _failed(visit: Visit, state: SourceState, error: WorkerError) -> SourceReport:
    """Record that the source is in trouble; what was known of it stays."""
    source, db, now = visit.source, visit.db, visit.now
    status: RunStatus = "drift" if isinstance(error, SourceDrift) else "failed"
    failures = state.failures + 1
    asked = error.retry_after if isinstance(error, FetchError) else None
    until = now + asked if asked else None
    page = error.page if isinstance(error, ParseError) else None
    not_before = max(now + source_wait(failures), until or now)
    with write(db):
        if page is not None and state.page_sha256 is None:  # one is enough to see what is wrong
            state = replace(state, page_sha256=save_page(db, page, source.listing))
        text = f"{error}{where_to_look(state.page_sha256)}"
        if failures == 1:
            begin_trouble(db, "source", source.id, text, now)
        save_source(
            db,
            replace(
                state,
                last_status=status,
                last_error=text,
                failures=failures,
                not_before=not_before,
                retry_after_until=until,
            ),
        )
    log.warning("%s: %s", source.id, text)
    return SourceReport(source.id, status, error=text)
