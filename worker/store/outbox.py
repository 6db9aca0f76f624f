"""The outbox: events nobody was told yet, messages on their way. Floor 2.

States of a message (contract §4): pending → sending → sent, back to pending for a retry, or failed for
good; held by the flood brake until somebody says so; suppressed with its channel or by hand. Its bytes
never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from worker.instants import from_text, maybe_from_text, maybe_to_text, to_text
from worker.models.event import EventKind
from worker.store.connection import write
from worker.store.rows import change, insert, select

CHANNEL_DISABLED = "the channel is disabled: its receiver answered 410"
# In the words of the index `digests_waiting`: else SQLite reads every message ever sent.
WAITING = "state in ('pending', 'sending') and state = 'pending'"
_EVENTS = """
    select e.id, e.kind, e.url, e.revision, e.happened_at, e.topics, e.held, r.source, (
        select group_concat(c.source, ' ') from releases c where c.url = e.url or c.duplicate_of = e.url
    ) as sources
    from events e join releases r on r.url = e.url"""


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event not yet told to a channel's recipient.

    `sources` are all that publish the release; `is_held`: it came in a flood.
    """

    id: int
    kind: EventKind
    url: str
    source: str
    sources: tuple[str, ...]
    revision: int
    happened_at: datetime
    topics: tuple[str, ...]
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A frozen message in the outbox."""

    id: int
    channel: str
    recipient: str
    uid: str
    body: bytes
    attempts: int


def open_events(db: Database, channel: str, recipient: str) -> list[OpenEvent]:
    """Events since a reader was registered that are in none of its digests, oldest first."""
    rows = select(
        db,
        f"""{_EVENTS} join subscribers s on s.channel = ? and s.recipient = ?
           where e.id > s.after_event and not exists (
               select 1 from digest_events d where d.event_id = e.id and d.channel = ? and d.recipient = ?)
           order by e.id""",  # noqa: S608 - nothing but our own words
        [channel, recipient, channel, recipient],
    )
    return [_open_event(row) for row in rows]


def recent_events(db: Database, limit: int) -> list[OpenEvent]:
    """The last events that are not held, newest first: what a feed shows."""
    rows = select(
        db,
        f"{_EVENTS} where not e.held order by e.id desc limit ?",
        [limit],
    )
    return [_open_event(row) for row in rows]


def next_digest_id(db: Database) -> int:
    """The id the next digest gets; certain only inside `write`."""
    row = db.execute("select seq from sqlite_sequence where name = 'digests'").fetchone()
    return int(row[0]) + 1 if row else 1


def last_composed_at(db: Database, channel: str, recipient: str) -> datetime | None:
    """When a reader's last digest was composed, None before the first."""
    row = db.execute(
        """select created_at from digests where channel = ? and recipient = ? and kind = 'digest'
           order by id desc limit 1""",
        [channel, recipient],
    ).fetchone()
    return from_text(row[0]) if row else None


def enqueue(
    db: Database,
    *,
    digest_id: int,
    channel: str,
    recipient: str,
    uid: str,
    body: bytes,
    event_ids: Sequence[int],
    now: datetime,
    kind: str = "digest",
    is_held: bool = False,
) -> None:
    """Put a composed message into the outbox, to be sent unless `is_held`; for use inside `write`."""
    insert(
        db,
        "digests",
        {
            "id": digest_id,
            "channel": channel,
            "recipient": recipient,
            "kind": kind,
            "created_at": to_text(now),
            "state": "held" if is_held else "pending",
            "message_id": uid,
            "body": body,
        },
    )
    db.conn.executemany(
        "insert into digest_events (digest_id, event_id, channel, recipient) values (?, ?, ?, ?)",
        [(digest_id, event_id, channel, recipient) for event_id in event_ids],
    )


def take_over(db: Database, channel: str, next_attempt_at: datetime, most_attempts: int) -> None:
    """Requeue what a dead process left as sending; the caller holds the lock, so no sender lives.

    It may have been accepted: the same bytes go out again under the same id. A message that was being
    sent at each of `most_attempts` deaths is given up: it may be what kills us.
    """
    with write(db):
        db.execute(
            """update digests set state = iif(attempts >= ?, 'failed', 'pending'), lease = null,
               next_attempt_at = ?,
               last_error = 'the process ended while sending; it may have arrived'
               where channel = ? and state = 'sending'""",
            [most_attempts, to_text(next_attempt_at), channel],
        )


def due_messages(db: Database, channel: str, now: datetime, *, ignore_waits: bool) -> list[QueuedMessage]:
    """What is to be sent to a channel now, oldest first."""
    rows = select(
        db,
        f"""select * from digests where channel = ? and {WAITING}
           and (? or next_attempt_at is null or next_attempt_at <= ?) order by id""",  # noqa: S608 - ours
        [channel, int(ignore_waits), to_text(now)],
    )
    return [
        QueuedMessage(
            id=row["id"],
            channel=row["channel"],
            recipient=row["recipient"],
            uid=row["message_id"],
            body=bytes(row["body"]),
            attempts=row["attempts"],
        )
        for row in rows
    ]


def claim(db: Database, digest_id: int, lease: str) -> bool:
    """Take a message for sending, before any socket is opened; false if another was faster."""
    with write(db):
        taken = db.execute(
            """update digests set state = 'sending', attempts = attempts + 1, lease = ?
               where id = ? and state = 'pending'""",
            [lease, digest_id],
        )
        return bool(taken.rowcount == 1)


def settle_sent(db: Database, digest_id: int, channel: str, lease: str, now: datetime) -> None:
    """The receiver has it."""
    with write(db):
        _settle(db, digest_id, lease, {"state": "sent", "sent_at": to_text(now), "last_error": None})
        change(db, "channels", {"last_sent_at": to_text(now)}, id=channel)


def settle_retry(db: Database, digest_id: int, lease: str, error: str, next_attempt_at: datetime) -> None:
    """It was not accepted, as far as we know; try again later."""
    with write(db):
        _settle(
            db,
            digest_id,
            lease,
            {"state": "pending", "last_error": error, "next_attempt_at": maybe_to_text(next_attempt_at)},
        )


def settle_failed(db: Database, digest_id: int, lease: str, error: str) -> None:
    """It will never be accepted as it is; `retry` repeats it by hand."""
    with write(db):
        _settle(db, digest_id, lease, {"state": "failed", "last_error": error})


def suppress_channel(db: Database, channel: str) -> None:
    """Keep what waits for a disabled channel from being sent; for use inside `write`."""
    db.execute(
        "update digests set state = 'suppressed', last_error = ? where channel = ? and state = 'pending'",
        [CHANNEL_DISABLED, channel],
    )


def suppress_strangers(db: Database, channel: str, recipients: Sequence[str]) -> None:
    """Keep what waits for readers a channel no longer has from ever being sent; for use inside `write`."""
    marks = ",".join("?" * len(recipients))
    db.execute(
        f"""update digests set state = 'suppressed', last_error = 'removed from the configuration'
            where channel = ? and recipient not in ({marks})
            and state in ('pending', 'held', 'failed')""",  # noqa: S608 - nothing but question marks
        [channel, *recipients],
    )


def count_states(db: Database) -> dict[str, dict[str, int]]:
    """How many messages of each channel are in each state."""
    counts: dict[str, dict[str, int]] = {}
    for channel, state, number in db.execute(
        "select channel, state, count(*) from digests group by 1, 2"
    ).fetchall():
        counts.setdefault(channel, {})[state] = number
    return counts


def last_troubles(db: Database) -> dict[str, str]:
    """The last error of each channel among messages that have not arrived."""
    rows = db.execute(
        """select channel, last_error, max(id) from digests
           where state in ('pending', 'sending', 'failed') and last_error is not null group by channel"""
    ).fetchall()
    return {channel: error for channel, error, _ in rows}


def has_due_messages(db: Database, now: datetime) -> bool:
    """Whether any message waits for an attempt that is due; those of unknown channels never wait."""
    row = db.execute(
        f"""select 1 from digests where {WAITING}
           and (next_attempt_at is null or next_attempt_at <= ?) limit 1""",  # noqa: S608 - our own words
        [to_text(now)],
    ).fetchone()
    return row is not None


def _settle(db: Database, digest_id: int, lease: str, changes: dict[str, Any]) -> None:
    """Only the sender that holds the lease may say what came of it."""
    row = db.execute("select lease from digests where id = ? and state = 'sending'", [digest_id]).fetchone()
    if row and row[0] == lease:
        change(db, "digests", changes | {"lease": None}, id=digest_id)


def _open_event(row: dict[str, Any]) -> OpenEvent:
    happened = maybe_from_text(row["happened_at"])
    assert happened is not None
    return OpenEvent(
        id=row["id"],
        kind=EventKind(row["kind"]),
        url=row["url"],
        source=row["source"],
        sources=tuple(row["sources"].split()),
        revision=row["revision"],
        happened_at=happened,
        topics=tuple(row["topics"].split()),
        is_held=bool(row["held"]),
    )
