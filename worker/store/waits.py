"""What a clock that ran ahead left behind. Floor 2."""

from __future__ import annotations

from datetime import datetime, timedelta

from worker.instants import to_text
from worker.store.connection import Database
from worker.store.outbox import WAITING

_DAY = timedelta(days=1)  # no attempt waits longer (`backoff`), nor is a `Retry-After` beyond it believed
_LOOKS = timedelta(days=3)  # the longest pause between two looks at a release (`changes`)


def end_impossible_waits(db: Database, now: datetime) -> None:
    """Let everything that waits longer than anything ever does be due now; for use inside `write`.

    The clock was wrong when the wait was noted and has been set back since: without this a source or a
    message would wait until the false time has come.
    """
    latest, due = to_text(now + _DAY), to_text(now)
    for column in ("not_before", "retry_after_until"):
        db.execute(f"update sources set {column} = ? where {column} > ?", [due, latest])  # noqa: S608
    for table, waiting in (("items", "state = 'pending'"), ("digests", WAITING)):
        db.execute(
            f"update {table} set next_attempt_at = ? where {waiting} and next_attempt_at > ?",  # noqa: S608
            [due, latest],
        )
    db.execute("update releases set next_look_at = ? where next_look_at > ?", [due, to_text(now + _LOOKS)])
