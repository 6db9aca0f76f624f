"""What a person decides about messages that failed, are held, or wait for a disabled channel. Floor 2."""

from __future__ import annotations

from typing import Literal

from sqlite_utils import Database

from worker.store.outbox import CHANNEL_DISABLED
from worker.store.rows import change


def digests_in(db: Database, channel: str, state: Literal["failed", "held"]) -> list[int]:
    """The messages of a channel that leave their state only by hand, oldest first."""
    rows = db.execute("select id from digests where channel = ? and state = ? order by id", [channel, state])
    return [row[0] for row in rows.fetchall()]


def requeue(db: Database, digest_id: int) -> bool:
    """Send a failed, held or suppressed message under its old id; false if there is none of that id.

    What it tells is no longer held from anybody: a person has looked at it. For use inside `write`.
    """
    _let_go(db, digest_id)
    db.execute(
        "update events set held = 0 where id in (select event_id from digest_events where digest_id = ?)",
        [digest_id],
    )
    done = db.execute(
        """update digests set state = 'pending', next_attempt_at = null, attempts = 0
           where id = ? and state in ('failed', 'suppressed', 'held')""",
        [digest_id],
    )
    return bool(done.rowcount == 1)


def drop(db: Database, digest_id: int) -> bool:
    """Never send a failed or held message; false if there is none of that id. For use inside `write`."""
    _let_go(db, digest_id)
    done = db.execute(
        """update digests set state = 'suppressed', last_error = 'dropped by hand'
           where id = ? and state in ('failed', 'held')""",
        [digest_id],
    )
    return bool(done.rowcount == 1)


def enable_channel(db: Database, channel: str) -> None:
    """Put a channel back to work, with what failed or was suppressed with it; for use inside `write`."""
    change(db, "channels", {"disabled_at": None}, id=channel)
    db.execute(
        """update digests set state = 'pending', next_attempt_at = null, attempts = 0 where channel = ?
           and (state = 'failed' or (state = 'suppressed' and last_error = ?))""",
        [channel, CHANNEL_DISABLED],
    )


def _let_go(db: Database, digest_id: int) -> None:
    """What happens to its releases from now on is told like what happens to others."""
    db.execute(
        """update items set held = 0 where url in (
           select e.url from events e join digest_events d on d.event_id = e.id where d.digest_id = ?)""",
        [digest_id],
    )
