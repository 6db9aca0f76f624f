"""What is remembered of each source between polls. Floor 2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from worker.instants import maybe_day, maybe_from_text, maybe_to_text
from worker.models.known import FeedState, SourceState
from worker.models.page import Validators
from worker.models.report import RunStatus
from worker.store.rows import change, put, select


def load_source(db: Database, source_id: str) -> SourceState:
    """The state of a source; that of one never polled if it is new."""
    rows = select(db, "select * from sources where id = ?", [source_id])
    return _state(rows[0]) if rows else SourceState(source_id)


def register_sources(db: Database, ids: Iterable[str]) -> None:
    """Make sure each source has a row that others can refer to; for use inside `write`."""
    db.conn.executemany("insert into sources (id) values (?) on conflict do nothing", [(one,) for one in ids])


def save_source(db: Database, state: SourceState) -> None:
    """Store the state of a source; for use inside `write`, with what was parsed."""
    put(
        db,
        "sources",
        {
            "id": state.id,
            "etag": state.validators.etag,
            "last_modified": state.validators.last_modified,
            "fingerprint": state.fingerprint,
            "first_polled_at": maybe_to_text(state.first_polled_at),
            "full_look_at": maybe_to_text(state.full_look_at),
            "last_success_at": maybe_to_text(state.last_success_at),
            "last_status": state.last_status,
            "last_error": state.last_error,
            "failures": state.failures,
            "not_before": maybe_to_text(state.not_before),
            "retry_after_until": maybe_to_text(state.retry_after_until),
            "unread_from": state.unread_from,
            "newest_on": state.newest_on.isoformat() if state.newest_on else None,
            "page_sha256": state.page_sha256,
            "arrivals": state.arrivals,
            "feed_etag": state.feed.validators.etag,
            "feed_last_modified": state.feed.validators.last_modified,
            "feed_fingerprint": state.feed.fingerprint,
            "feed_not_before": maybe_to_text(state.feed.not_before),
        },
        key=("id",),
    )


def note_status(db: Database, source: str, status: RunStatus, error: str) -> None:
    """Store how a source is, though it was read; for use inside `write`."""
    change(db, "sources", {"last_status": status, "last_error": error}, id=source)


def troubled_sources(db: Database) -> dict[str, datetime | None]:
    """The sources that cannot be read or are in drift, and since when; None if they never could be read."""
    rows = db.execute(
        """select s.id, iif(s.failures > 0, s.last_success_at, min(n.odd_since))
           from sources s left join norms n on n.source = s.id and n.drift is not null
           where s.last_error is not null group by s.id"""
    ).fetchall()
    return {source: maybe_from_text(since) for source, since in rows}


def backfill_url(db: Database, source_id: str) -> str | None:
    """The listing page a backfill goes on with, None if none is under way."""
    row = db.execute("select backfill_url from sources where id = ?", [source_id]).fetchone()
    return row[0] if row else None


def save_backfill_url(db: Database, source_id: str, url: str | None) -> None:
    """Remember where a backfill goes on; for use inside `write`."""
    change(db, "sources", {"backfill_url": url}, id=source_id)


def _state(row: dict[str, Any]) -> SourceState:
    return SourceState(
        id=row["id"],
        validators=Validators(row["etag"], row["last_modified"]),
        fingerprint=row["fingerprint"],
        first_polled_at=maybe_from_text(row["first_polled_at"]),
        full_look_at=maybe_from_text(row["full_look_at"]),
        last_success_at=maybe_from_text(row["last_success_at"]),
        last_status=row["last_status"],
        last_error=row["last_error"],
        failures=row["failures"],
        not_before=maybe_from_text(row["not_before"]),
        retry_after_until=maybe_from_text(row["retry_after_until"]),
        unread_from=row["unread_from"],
        newest_on=maybe_day(row["newest_on"]),
        page_sha256=row["page_sha256"],
        arrivals=row["arrivals"],
        feed=FeedState(
            validators=Validators(row["feed_etag"], row["feed_last_modified"]),
            fingerprint=row["feed_fingerprint"],
            not_before=maybe_from_text(row["feed_not_before"]),
        ),
    )
