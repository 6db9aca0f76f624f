"""Fetch what waits: listing entries that match, or might, become releases or are set aside. Floor 3."""

from __future__ import annotations

import logging

from worker.backoff import ITEM_ATTEMPTS, item_wait
from worker.changes import find_original, plan_first
from worker.drift.traits import measure_release
from worker.errors import FetchError, ParseError, SourceDrift, StoreError, WorkerError
from worker.models.known import KnownItem, Sighting
from worker.models.page import Page
from worker.models.report import in_one_line
from worker.pipelines.drift import Evidence, judge
from worker.pipelines.sighting import look_at
from worker.pipelines.visit import Visit
from worker.store.connection import write
from worker.store.items import begin_attempt, settle_item, waiting_items
from worker.store.releases import apply, tellings_nearby

_ALL_UNREADABLE = 3  # pages: fewer may be broken by chance, and are said one by one

log = logging.getLogger(__name__)


def begin_fetching(visit: Visit) -> list[KnownItem]:
    """The entries of a source that wait, in the order they are to be fetched, the first attempt counted.

    For use inside `write`, with what made them wait.
    """
    most = visit.runtime.config.schedule.flood  # so that no source keeps all others waiting for hours
    waiting = waiting_items(visit.db, visit.source.id, visit.now, most)
    _begin(visit, waiting[0] if waiting else None)
    return waiting


def fetch_waiting(visit: Visit, waiting: list[KnownItem]) -> list[str]:
    """Fetch what `begin_fetching` gave; returns a line for each entry that failed.

    A page that fails waits for a later run and does not stop the others. Each commit stores what came of one
    page and counts the attempt at the next. Raises StoreError, FetchError when the host asks to be left
    alone, and SourceDrift when not one of several pages can be read.
    """
    problems: list[str] = []
    unreadable: Page | None = None
    for item, following in zip(visit.runtime.watch(waiting), [*waiting[1:], None], strict=False):
        try:
            _fetch(visit, item, following)
        except StoreError:
            raise
        except FetchError as error:
            is_last = error.retry_after is not None
            problems.append(_postpone(visit, item, str(error), None if is_last else following))
            if is_last:
                raise
        except WorkerError as error:
            problems.append(_postpone(visit, item, str(error), following))
            unreadable = unreadable or (error.page if isinstance(error, ParseError) else None)
        except Exception as error:  # one page that breaks us must not stop the others
            log.exception("%s: unexpected error", item.link)
            problems.append(_postpone(visit, item, f"{item.link}: unexpected error: {error!r}", following))
    if len(problems) == len(waiting) >= _ALL_UNREADABLE:
        reason = f"none of {len(waiting)} release pages could be read: {in_one_line(problems)}"
        raise SourceDrift(visit.source.listing, reason, page=unreadable)
    return problems


def _begin(visit: Visit, item: KnownItem | None) -> None:
    if item is not None:
        begin_attempt(visit.db, item.url)


def _fetch(visit: Visit, item: KnownItem, following: KnownItem | None) -> None:
    """A release if any topic says so now that its text is known; otherwise an entry set aside."""
    if item.attempts >= ITEM_ATTEMPTS:
        raise ParseError(item.link, "given-up", "the process ended at each attempt to read this page")
    sighting = look_at(visit, item)
    # The archive has other layouts: what was usual there says nothing of today.
    evidence = Evidence(() if item.is_backfilled else measure_release(sighting.release), sighting.page)
    with write(visit.db):  # from the look for its like on: another source may be storing the same release
        judge(visit, evidence)
        if any(verdict.relevant for verdict in sighting.verdicts):
            _store(visit, item, sighting)
        else:
            settle_item(visit.db, item.url, "skipped", verdicts=sighting.verdicts)
        _begin(visit, following)


def _store(visit: Visit, item: KnownItem, sighting: Sighting) -> None:
    db, now, days = visit.db, visit.now, visit.recheck_days
    day = sighting.release.published or now.date()
    original = find_original(sighting, item.url, tellings_nearby(db, item.url, day))
    apply(db, plan_first(item, sighting, duplicate_of=original, now=now, recheck_days=days))
    log.info("%s: %s", "duplicate" if original else "release", item.link)


def _postpone(visit: Visit, item: KnownItem, error: str, following: KnownItem | None) -> str:
    attempts, db, now = item.attempts + 1, visit.db, visit.now
    with write(db):
        if attempts >= ITEM_ATTEMPTS:
            settle_item(db, item.url, "failed", error=error)
        else:
            settle_item(db, item.url, "pending", next_attempt_at=now + item_wait(attempts), error=error)
        _begin(visit, following)
    log.warning("%s (attempt %d of %d)", error, attempts, ITEM_ATTEMPTS)
    return error
