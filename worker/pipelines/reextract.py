"""Read the archived pages again with today's extractor: never an edit by the ministry. Floor 3.

archived_batches ▶ Batch… ▶ (on every core) archived_revisions ▶ read_release ▶ Rereading… ▶ one transaction

Each process fetches its pages from the store itself and hands back only what comes out differently: pages and
records that went from process to process cost as much as reading them.
The store's lock is held while a batch is written and no longer, so a service goes on beside it. Killed and
started again, it finds what it has written already as it would read it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from worker.config.schema import Source
from worker.diffs import FieldChange, compare_readings
from worker.errors import WorkerError
from worker.fingerprint import content_sha256
from worker.lock import unit_of_work
from worker.models.release import EXTRACTOR_VERSION, Release
from worker.models.report import RunStatus, SourceReport
from worker.pipelines.runtime import Runtime
from worker.pipelines.sighting import read_release
from worker.record import from_record, to_record
from worker.store.archive import ArchivedRevision, Batch, archived_batches, archived_revisions
from worker.store.connection import Database, reading, working, write
from worker.store.releases import note_extraction, replace_extraction
from worker.store.runs import finish_run, start_run

_AT_ONCE = 50  # pages read by one process, and stored in one transaction
_PATIENCE_SECONDS = 600.0  # once begun it waits out a long poll rather than ends half-done


@dataclass(frozen=True, slots=True)
class Rereading:
    """What reading one version of a release again changes, or why its page cannot be read.

    `release` is given where its fields or its fingerprint changed; `record` where anything did, if only the
    extractor's notes.
    """

    url: str
    revision: int
    changes: tuple[FieldChange, ...] = ()
    release: Release | None = None
    record: str | None = None
    error: str | None = None


def reextract(
    runtime: Runtime, source: Source, since: date | None, now: datetime, *, dry_run: bool
) -> Iterator[Rereading]:
    """Read every stored version of a source's releases again; yields those that come out differently.

    Unless `dry_run`, the new reading takes the place of the old one under the same revision.
    Raises StoreError.
    """
    path = runtime.config.store.path
    with reading(path) if dry_run else working(path) as db:
        run = None if dry_run else start_run(db, "reextract", source.id, now)
        seen, changed, errors = 0, 0, 0
        for readings in _on_every_core(path, archived_batches(db, source.id, since, _AT_ONCE)):
            if not dry_run and any(one.record is not None for one in readings):
                with unit_of_work(path, _PATIENCE_SECONDS), write(db):
                    _store(db, readings)
            seen += len(readings)
            changed += sum(bool(one.changes) for one in readings)
            errors += sum(one.error is not None for one in readings)
            yield from (one for one in readings if one.changes or one.error)
        if run is not None:
            error = f"{errors} pages cannot be read" if errors else None
            status: RunStatus = "failed" if errors else "ok" if changed else "unchanged"
            finish_run(db, run, SourceReport(source.id, status, seen, changed, error))


def _on_every_core(store: Path, batches: Iterator[Batch]) -> Iterator[list[Rereading]]:
    """The batches read, in their order; what is one batch is not worth starting processes for."""
    first = next(batches, None)
    if first is None or first.size < _AT_ONCE:
        yield _read_again(store, first) if first else []
        return
    cores = os.cpu_count() or 1
    # Spawned, not forked: an open SQLite connection must not be carried into another process.
    with ProcessPoolExecutor(
        cores, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
    ) as pool:
        under_way = deque([pool.submit(_read_again, store, first)])
        for batch in batches:
            under_way.append(pool.submit(_read_again, store, batch))
            if len(under_way) > 2 * cores:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _end_with_parent() -> None:
    """Let a reading process end with its parent, when that is killed too, and no sooner."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _read_again(store: Path, batch: Batch) -> list[Rereading]:
    with reading(store) as db:
        archived = archived_revisions(db, batch)
    return [_reread(one) for one in archived]


def _reread(archived: ArchivedRevision) -> Rereading:
    url, revision = archived.item.url, archived.revision
    if archived.page is None:
        return Rereading(url, revision, error="the page was not kept")
    try:
        release = read_release(archived.item, archived.page)
    except WorkerError as error:
        return Rereading(url, revision, error=str(error))
    except Exception as error:  # noqa: BLE001 - one page that breaks us must not stop the others
        return Rereading(url, revision, error=f"unexpected error: {error!r}")
    record = json.dumps(to_record(release, archived.item.source), ensure_ascii=False)
    if record == archived.record:
        return Rereading(url, revision)
    before = from_record(json.loads(archived.record))
    changes = compare_readings(before, release)
    is_other = bool(changes) or content_sha256(before) != content_sha256(release)
    return Rereading(url, revision, changes, release if is_other else None, record)


def _store(db: Database, readings: list[Rereading]) -> None:
    for one in readings:
        if one.release is not None:
            replace_extraction(db, one.url, one.revision, one.release, content_sha256(one.release))
        elif one.record is not None:
            note_extraction(db, one.url, one.revision, one.record, EXTRACTOR_VERSION)
