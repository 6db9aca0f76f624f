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

_REVISIONS = """
    select v.url as release_url, v.revision, v.record, p.*
    from revisions v cross join releases r on r.url = v.url left join pages p on p.sha256 = v.page_sha256
    where (v.url, v.revision) > (?, ?)
      and r.source = ? and coalesce(r.published, r.first_seen_at) >= ?
    order by v.url, v.revision limit ?"""


@dataclass(frozen=True, slots=True)
class ArchivedRevision:
    """A version of a release: its record as stored, and the page it was read from, None if not kept."""

    item: KnownItem
    revision: int
    record: str
    page: Page | None


def archived_revisions(
    db: Database, source: str, since: date | None, at_once: int
) -> Iterator[list[ArchivedRevision]]:
    """All versions of a source's releases, or of those of `since` or later, so many at a time.

    Nothing is held between two of these lists, neither a lock nor a row.
    """
    url, number, first_day = "", 0, since.isoformat() if since else ""
    while rows := select(db, _REVISIONS, [url, number, source, first_day, at_once]):
        yield [
            ArchivedRevision(
                item=item_by_url(db, row["release_url"]),
                revision=row["revision"],
                record=row["record"],
                page=page_of(row) if row["sha256"] else None,
            )
            for row in rows
        ]
        url, number = rows[-1]["release_url"], rows[-1]["revision"]
