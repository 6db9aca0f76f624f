"""Every unit of work leaves one row, whatever happened. Floor 2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlite_utils import Database

from worker.instants import to_text
from worker.models.report import ChannelReport, QuietPoll, RunStatus, SourceReport
from worker.store.connection import write
from worker.store.rows import change

RunKind = Literal["poll", "deliver", "backfill", "recheck", "reextract"]


def start_run(db: Database, kind: RunKind, source: str | None, now: datetime) -> int:
    """Open a run and return its id; a run without an end tells that its process died."""
    with write(db):
        db.execute(
            "insert into runs (kind, source, started_at) values (?, ?, ?)", [kind, source, to_text(now)]
        )
        return int(db.execute("select last_insert_rowid()").fetchone()[0])


def note_quiet_polls(db: Database, polls: Iterable[QuietPoll]) -> None:
    """Note that sources were read and are as they were, all in one transaction."""
    ended_at = to_text(datetime.now(UTC))
    with write(db):
        for poll in polls:
            began_at = to_text(poll.started_at)
            db.execute(
                """insert into runs
                     (kind, source, started_at, finished_at, status, items_seen, requests, bytes)
                   values ('poll', ?, ?, ?, 'unchanged', ?, ?, ?)""",
                [poll.source, began_at, ended_at, poll.items_seen, poll.requests, poll.bytes],
            )
            quiet = {"last_success_at": began_at, "last_status": "unchanged", "arrivals": 0}
            change(db, "sources", quiet, id=poll.source)


def last_poll(db: Database, source: str) -> tuple[int, int]:
    """Entries seen and new at the last finished poll of a source."""
    row = db.execute(
        """select items_seen, items_new from runs
           where kind = 'poll' and source = ? and finished_at is not null order by id desc limit 1""",
        [source],
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def last_run_seconds(db: Database, kind: RunKind, source: str | None) -> int | None:
    """How long the last finished run of a kind took, None if there was none."""
    row = db.execute(
        """select strftime('%s', finished_at) - strftime('%s', started_at) from runs
           where kind = ? and source is ? and finished_at is not null order by id desc limit 1""",
        [kind, source],
    ).fetchone()
    return max(0, row[0]) if row else None


def finish_run(
    db: Database, run_id: int, report: SourceReport, *, requests: int = 0, bytes_received: int = 0
) -> None:
    """Close a run on a source with what came of it and what it cost."""
    _finish(
        db,
        run_id,
        {
            "status": report.status,
            "items_seen": report.items_seen,
            "items_new": report.items_new,
            "requests": requests,
            "bytes": bytes_received,
            "error": report.error,
        },
    )


def finish_delivery_run(db: Database, run_id: int, reports: Sequence[ChannelReport]) -> None:
    """Close a delivery pass: `items_new` are the messages sent."""
    errors = [f"{report.id}: {report.error}" for report in reports if report.error]
    sent = sum(report.sent for report in reports)
    status: RunStatus = "failed" if errors else "ok" if sent else "unchanged"
    _finish(db, run_id, {"status": status, "items_new": sent, "error": "; ".join(errors) or None})


def _finish(db: Database, run_id: int, outcome: dict[str, Any]) -> None:
    with write(db):
        change(db, "runs", outcome | {"finished_at": to_text(datetime.now(UTC))}, id=run_id)
