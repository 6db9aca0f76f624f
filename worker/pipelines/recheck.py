"""Look again at known releases: silent edits, withdrawals, returns. Floor 3.

fetch(release, validators) ▶ not modified | gone | Page ▶ extract ▶ Release ▶ plan_… ▶ ReleaseUpdate ─▶ apply
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from worker.changes import Belief, next_look, plan_look, plan_missing, plan_unmodified
from worker.config.schema import Source
from worker.errors import FetchError, StoreError, WorkerError
from worker.fingerprint import content_sha256
from worker.models.known import KnownRelease, ReleaseUpdate, Sighting
from worker.models.release import EXTRACTOR_VERSION
from worker.models.report import RunStatus, SourceReport, in_one_line
from worker.pipelines.drift import belief_in_edit
from worker.pipelines.runtime import Runtime
from worker.pipelines.sighting import look_again, read_release
from worker.pipelines.visit import Visit, begin_visit
from worker.store.connection import working
from worker.store.items import item_by_url
from worker.store.releases import (
    apply,
    known_release,
    releases_since,
    releases_to_look_at,
    replace_extraction,
    stored_page,
    stored_revision,
    wait_to_look_at,
)
from worker.store.runs import finish_run, start_run
from worker.store.sources import load_source

log = logging.getLogger(__name__)


def recheck_due(runtime: Runtime, source: Source, now: datetime) -> SourceReport | None:
    """Look at the releases of a source whose turn it is; None if it is nobody's, or the source is in trouble.

    Raises StoreError only.
    """
    with working(runtime.config.store.path) as db:
        is_in_trouble = load_source(db, source.id).failures > 0
        most = runtime.config.schedule.flood
        due = [] if is_in_trouble else releases_to_look_at(db, source.id, now, most)
        return _recheck(begin_visit(runtime, source, db, now), due) if due else None


def recheck_all(runtime: Runtime, source: Source, since: date | None, now: datetime) -> SourceReport:
    """Look at all releases of a source published on `since` or later, now. Raises StoreError only."""
    with working(runtime.config.store.path) as db:
        return _recheck(begin_visit(runtime, source, db, now), releases_since(db, source.id, since))


def _recheck(visit: Visit, releases: Iterable[KnownRelease]) -> SourceReport:
    run = start_run(visit.db, "recheck", visit.source.id, visit.now)
    seen, told, problems = 0, 0, []
    for known in visit.runtime.watch(releases):
        try:
            update = _decide(visit, known)
        except StoreError:
            raise
        except WorkerError as error:
            problems.append(_postpone(visit, known, str(error)))
            if isinstance(error, FetchError) and error.retry_after is not None:
                break  # the host wants to be left alone
        except Exception as error:  # one page that breaks us must not stop the others
            log.exception("%s: unexpected error", known.link)
            reason = f"{known.link}: unexpected error: {error!r}"
            problems.append(_postpone(visit, known, reason))
        else:
            apply(visit.db, update)
            seen, told = seen + 1, told + (update.event is not None)
    status: RunStatus = "failed" if problems else "ok" if told else "unchanged"
    report = SourceReport(visit.source.id, status, seen, told, in_one_line(problems))
    cost = visit.fetcher
    finish_run(visit.db, run, report, requests=cost.requests, bytes_received=cost.bytes)
    return report


def _decide(visit: Visit, known: KnownRelease) -> ReleaseUpdate:
    """What one more look at a release means; raises FetchError, ParseError if it means nothing."""
    now, days = visit.now, visit.recheck_days
    item = item_by_url(visit.db, known.url)
    item = replace(item, published=item.published or known.published)  # a day lost on the page is no edit
    try:
        sighting = look_again(visit, item, known.validators)
    except FetchError as error:
        if error.is_gone:
            return plan_missing(known, now, days)
        raise
    if sighting is None:
        return plan_unmodified(known, now, days)
    known = _with_its_day(visit, _as_read_today(visit, known), sighting.release.published)
    return plan_look(known, sighting, now, days, belief=_belief(visit, known, sighting))


def _belief(visit: Visit, known: KnownRelease, sighting: Sighting) -> Belief:
    """How far to believe what a page says now; nothing is asked where it says what it said before."""
    wording = sighting.content_sha256
    if wording == known.content_sha256:
        return "at-once"
    stored = stored_revision(visit.db, known.url, known.revision)
    assert stored is not None, "a release has the revision it names"
    is_first_sight = wording != known.returning_sha256
    return belief_in_edit(visit, stored, sighting, is_first_sight=is_first_sight)


def _as_read_today(visit: Visit, known: KnownRelease) -> KnownRelease:
    """The stored release as today's extractor reads its page: an upgrade of ours is no edit of theirs."""
    db = visit.db
    stored = stored_revision(db, known.url, known.revision)
    if stored is None or stored.extractor.version == EXTRACTOR_VERSION:
        return known
    page = stored_page(db, known.url, known.revision)
    if page is None:
        return known
    try:
        release = read_release(item_by_url(db, known.url), page)
    except WorkerError:
        return known
    replace_extraction(db, known.url, known.revision, release, content_sha256(release))
    return known_release(db, known.url) or known


def _with_its_day(visit: Visit, known: KnownRelease, day: date | None) -> KnownRelease:
    """The stored release with a day that nobody knew before: from a feed, from a new layout. No edit."""
    if known.published or day is None:
        return known
    stored = stored_revision(visit.db, known.url, known.revision)
    assert stored is not None, "a release has the revision it names"
    dated = replace(stored, published=day)
    replace_extraction(visit.db, known.url, known.revision, dated, content_sha256(dated))
    return known_release(visit.db, known.url) or known


def _postpone(visit: Visit, known: KnownRelease, error: str) -> str:
    wait_to_look_at(visit.db, known.url, next_look(known, visit.now, visit.recheck_days))
    log.warning("%s", error)
    return error
