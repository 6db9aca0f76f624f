"""Trouble with sources and channels, from its onset to its end. Floor 2.

Recorded with what it comes from, told by the channels that `alerts` names: once at onset, once when it
is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from worker.instants import to_text
from worker.store.rows import change, insert, select

Subject = Literal["source", "channel"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One turn for the worse or the better."""

    id: int
    subject: Subject
    subject_id: str
    state: Literal["trouble", "recovered"]
    text: str


def begin_trouble(db: Database, subject: Subject, subject_id: str, text: str, now: datetime) -> None:
    """Note that a source or channel got into trouble; for use inside `write`."""
    _note(db, subject, subject_id, "trouble", text, now)


def end_trouble(db: Database, subject: Subject, subject_id: str, text: str, now: datetime) -> None:
    """Note that its trouble is over; for use inside `write`."""
    _note(db, subject, subject_id, "recovered", text, now)


def mark_channel(db: Database, channel: str, *, in_trouble: bool) -> None:
    """Remember whether a channel is in trouble; for use inside `write`."""
    change(db, "channels", {"in_trouble": int(in_trouble)}, id=channel)


def troubles_after(db: Database, last_told: int) -> list[Trouble]:
    """What happened since a channel was told, oldest first."""
    rows = select(db, "select * from troubles where id > ? order by id", [last_told])
    return [Trouble(row["id"], row["subject"], row["subject_id"], row["state"], row["text"]) for row in rows]


def pass_troubles(db: Database, channel: str, last_told: int) -> None:
    """Remember how far a channel was told; for use inside `write`."""
    change(db, "channels", {"after_trouble": last_told}, id=channel)


def _note(db: Database, subject: Subject, subject_id: str, state: str, text: str, now: datetime) -> None:
    row = {"subject": subject, "subject_id": subject_id, "state": state, "text": text}
    insert(db, "troubles", row | {"happened_at": to_text(now)})
