"""Every page that a version of a release was read from, to be read again. Floor 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from worker.models.known import KnownItem
from worker.models.page import Page
from worker.store.items import item_by_url
from worker.store.pages import page_of
from worker.store.rows import select

_OF_SOURCE = """
    from revisions v cross join releases r on r.url = v.url left join pages p on p.sha256 = v.page_sha256
    where (v.url, v.revision) > (?, ?) and r.source = ? and coalesce(r.published, r.first_seen_at) >= ?"""
_NEXT = f"select v.url, v.revision {_OF_SOURCE} order by v.url, v.revision limit ?"
_BATCH = f"""select v.url as release_url, v.revision, v.record, p.* {_OF_SOURCE}
    and (v.url, v.revision) <= (?, ?) order by v.url, v.revision"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Versions of a source's releases to be read together: `size` of them behind `after`, up to `last`.

    Both ends are the address of a release and the number of a version; `first_day` may be empty.
    """

    source: str
    first_day: str
    after: tuple[str, int]
    last: tuple[str, int]
    size: int


@dataclass(frozen=True, slots=True)
class ArchivedRevision:
    """A version of a release: its record as stored, and the page it was read from, None if not kept."""

    item: KnownItem
    revision: int
    record: str
    page: Page | None


def archived_batches(db: Database, source: str, since: date | None, at_once: int) -> Iterator[Batch]:
    """All versions of a source's releases, or of those of `since` or later, so many at a time.

    Nothing is held between two of these batches, neither a lock nor a row.
    """
    first_day, after = since.isoformat() if since else "", ("", 0)
    while versions := db.execute(_NEXT, [*after, source, first_day, at_once]).fetchall():
        yield Batch(source, first_day, after, versions[-1], len(versions))
        after = versions[-1]


def archived_revisions(db: Database, batch: Batch) -> list[ArchivedRevision]:
    """The versions of a batch with their pages."""
    return [
        ArchivedRevision(
            item=item_by_url(db, row["release_url"]),
            revision=row["revision"],
            record=row["record"],
            page=page_of(row) if row["sha256"] else None,
        )
        for row in select(db, _BATCH, [*batch.after, batch.source, batch.first_day, *batch.last])
    ]
