"""Read the archived pages again with today's extractor: never an edit by the ministry. Floor 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from worker.changes import fields_that_differ
from worker.config.schema import Source
from worker.errors import WorkerError
from worker.fingerprint import content_sha256
from worker.lock import unit_of_work
from worker.models.known import KnownRelease
from worker.models.report import RunStatus, SourceReport
from worker.pipelines.runtime import Runtime
from worker.pipelines.sighting import read_release
from worker.store.connection import Database, working
from worker.store.items import item_by_url
from worker.store.releases import releases_since, replace_extraction, stored_page, stored_revision
from worker.store.runs import finish_run, start_run


@dataclass(frozen=True, slots=True)
class Reextraction:
    """What reading one release again changes: the names of the fields, or why it cannot be read."""

    url: str
    fields: tuple[str, ...] = ()
    error: str | None = None


def reextract(
    runtime: Runtime, source: Source, since: date | None, now: datetime, *, dry_run: bool
) -> Iterator[Reextraction]:
    """Read every stored release of a source again; yields those that come out differently.

    Unless `dry_run`, the new reading takes the place of the old one under the same revision.
    """
    with unit_of_work(runtime.config.store.path), working(runtime.config.store.path) as db:
        run = None if dry_run else start_run(db, "reextract", source.id, now)
        seen, changed, errors = 0, 0, 0
        for known in releases_since(db, source.id, since):
            outcome = _read_again(db, known, dry_run=dry_run)
            seen, changed = seen + 1, changed + bool(outcome.fields)
            errors += outcome.error is not None
            if outcome.fields or outcome.error:
                yield outcome
        if run is not None:
            error = f"{errors} pages cannot be read" if errors else None
            status: RunStatus = "failed" if errors else "ok" if changed else "unchanged"
            finish_run(db, run, SourceReport(source.id, status, seen, changed, error))


def _read_again(db: Database, known: KnownRelease, *, dry_run: bool) -> Reextraction:
    page = stored_page(db, known.url, known.revision)
    before = stored_revision(db, known.url, known.revision)
    if page is None or before is None:
        return Reextraction(known.url, error="the page was not kept")
    try:
        after = read_release(item_by_url(db, known.url), page)
    except WorkerError as error:
        return Reextraction(known.url, error=str(error))
    if not dry_run:
        replace_extraction(db, known, after, content_sha256(after))
    return Reextraction(known.url, fields_that_differ(before, after))
