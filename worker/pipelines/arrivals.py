"""Fetch what waits: listing entries that match, or might, become releases or are set aside. Floor 3."""

from __future__ import annotations

import logging
from datetime import datetime

from worker.backoff import ITEM_ATTEMPTS, item_wait
from worker.changes import find_original, plan_first
from worker.config.schema import Source
from worker.errors import FetchError, ParseError, SourceDrift, StoreError, WorkerError
from worker.fetching.fetcher import Fetcher
from worker.models.known import KnownItem, in_one_line
from worker.pipelines.runtime import Runtime
from worker.pipelines.sighting import look_at
from worker.store.connection import Database, write
from worker.store.items import begin_attempt, settle_item, waiting_items
from worker.store.releases import apply, texts_nearby

_ALL_UNREADABLE = 3  # pages: fewer may be broken by chance, and are said one by one

log = logging.getLogger(__name__)


def fetch_waiting(
    runtime: Runtime, source: Source, db: Database, fetcher: Fetcher, now: datetime
) -> list[str]:
    """Fetch every waiting entry of a source, oldest first; returns a line for each that failed.

    A page that fails waits for a later run and does not stop the others. Raises StoreError, FetchError
    when the host asks to be left alone, and SourceDrift when not one of several pages can be read.
    """
    waiting, problems = waiting_items(db, source.id, now), []
    for item in waiting:
        begin_attempt(db, item.url)
        try:
            _fetch(runtime, source, db, fetcher, item, now)
        except StoreError:
            raise
        except WorkerError as error:
            problems.append(_postpone(db, item, str(error), now))
            if isinstance(error, FetchError) and error.retry_after is not None:
                raise
        except Exception as error:  # one page that breaks us must not stop the others
            log.exception("%s: unexpected error", item.link)
            problems.append(_postpone(db, item, f"{item.link}: unexpected error: {error!r}", now))
    if len(problems) == len(waiting) >= _ALL_UNREADABLE:
        reason = f"none of {len(waiting)} release pages could be read: {in_one_line(problems)}"
        raise SourceDrift(source.listing, reason)
    return problems


def _fetch(
    runtime: Runtime, source: Source, db: Database, fetcher: Fetcher, item: KnownItem, now: datetime
) -> None:
    """A release if any topic says so now that its text is known; otherwise an entry set aside."""
    if item.attempts >= ITEM_ATTEMPTS:
        raise ParseError(item.link, "given-up", "the process ended at each attempt to read this page")
    sighting = look_at(runtime, fetcher, source, item)
    assert sighting is not None, "no validators were sent"
    if not any(verdict.relevant for verdict in sighting.verdicts):
        with write(db):
            settle_item(db, item.url, "skipped", verdicts=sighting.verdicts)
        return
    days = runtime.config.schedule.recheck_days
    with write(db):  # from the look for its like on: another source may be storing the same release
        original = find_original(sighting, item.url, texts_nearby(db, sighting, now))
        apply(db, plan_first(item, sighting, duplicate_of=original, now=now, recheck_days=days))
    log.info("%s: %s", "duplicate" if original else "release", item.link)


def _postpone(db: Database, item: KnownItem, error: str, now: datetime) -> str:
    attempts = item.attempts + 1
    with write(db):
        if attempts >= ITEM_ATTEMPTS:
            settle_item(db, item.url, "failed", error=error)
        else:
            settle_item(db, item.url, "pending", next_attempt_at=now + item_wait(attempts), error=error)
    log.warning("%s (attempt %d of %d)", error, attempts, ITEM_ATTEMPTS)
    return error
