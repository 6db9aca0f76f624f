"""What is remembered of each channel: from where it is told, and how it is doing. Floor 2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from worker.instants import maybe_from_text, to_text
from worker.store.connection import Database
from worker.store.outbox import suppress_channel, suppress_strangers
from worker.store.rows import change, insert, select


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What is remembered of a channel; `last_slot` is a naive local time."""

    id: str
    last_slot: datetime | None
    after_trouble: int
    is_in_trouble: bool
    disabled_at: datetime | None
    last_sent_at: datetime | None


def register_channels(db: Database, slots: dict[str, datetime | None], now: datetime) -> None:
    """Give each new channel its row: its first digest comes at its next slot; for use inside `write`."""
    latest_trouble = db.execute("select coalesce(max(id), 0) from troubles").fetchone()[0]
    for channel, slot in slots.items():
        insert(
            db,
            "channels",
            {
                "id": channel,
                "registered_at": to_text(now),
                "after_trouble": latest_trouble,
                "last_slot": slot.isoformat() if slot else None,
            },
            if_new=True,
        )


def register_readers(db: Database, channel: str, recipients: Iterable[str], now: datetime) -> None:
    """Give each new reader of a channel a row, take it from those removed; for use inside `write`.

    A reader hears of what happens from its registration on, one who comes back from then on again.
    """
    latest = db.execute("select coalesce(max(id), 0) from events").fetchone()[0]
    wanted = list(recipients)
    for row in select(db, "select recipient from subscribers where channel = ?", [channel]):
        if row["recipient"] not in wanted:
            db.execute(
                "delete from subscribers where channel = ? and recipient = ?", [channel, row["recipient"]]
            )
    suppress_strangers(db, channel, wanted)
    for recipient in wanted:
        insert(
            db,
            "subscribers",
            {
                "channel": channel,
                "recipient": recipient,
                "registered_at": to_text(now),
                "after_event": latest,
            },
            if_new=True,
        )


def pass_events(db: Database, channel: str, recipient: str) -> None:
    """A reader was told of all events up to now that it wants: it hears of the others no more."""
    db.execute(
        """update subscribers set after_event = (select coalesce(max(id), 0) from events)
           where channel = ? and recipient = ?""",
        [channel, recipient],
    )


def load_channels(db: Database) -> dict[str, ChannelState]:
    """All channels ever configured, by id."""
    return {
        row["id"]: ChannelState(
            id=row["id"],
            last_slot=datetime.fromisoformat(row["last_slot"]) if row["last_slot"] else None,
            after_trouble=row["after_trouble"],
            is_in_trouble=bool(row["in_trouble"]),
            disabled_at=maybe_from_text(row["disabled_at"]),
            last_sent_at=maybe_from_text(row["last_sent_at"]),
        )
        for row in select(db, "select * from channels")
    }


def pass_slot(db: Database, channel: str, slot: datetime) -> None:
    """Note that a slot of the channel's schedule has had its digest, or had nothing to tell."""
    change(db, "channels", {"last_slot": slot.isoformat()}, id=channel)


def disable_channel(db: Database, channel: str, now: datetime) -> None:
    """Stop sending to a channel whose receiver wants nothing more; what waits is suppressed."""
    change(db, "channels", {"disabled_at": to_text(now)}, id=channel)
    suppress_channel(db, channel)
