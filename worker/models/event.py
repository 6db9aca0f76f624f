"""What happened to a release, and how it is told. Floor 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from worker.models.release import Release


class EventKind(StrEnum):
    """The four things worth telling."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of words of one field that stayed, came or went between two revisions."""

    field: str
    op: Literal["equal", "insert", "delete"]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One release in a digest.

    `release` is the version that is told (the last one seen, for a withdrawn release), `reasons` why
    it was chosen, in words, `diff` what changed since the revision told before (empty unless `kind`
    is `changed`), `happened_at` aware UTC.
    """

    kind: EventKind
    url: str
    source: str
    source_name: str
    release: Release
    revision: int
    happened_at: datetime
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    diff: tuple[DiffPart, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source that a digest draws on; `troubled_since` is None if the trouble has always been there."""

    name: str
    is_troubled: bool = False
    troubled_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """One message before it is put into bytes: what, for which channel, composed when.

    It covers what was noticed after `since`, the digest before (None for the first), in `sources`.
    `uid` names the message for ever (Message-ID, webhook-id); `stored_copy_base` is where a reader
    finds the store's Datasette (`https://…/monitor`), None if nobody serves it.
    """

    id: int
    uid: str
    channel: str
    language: Literal["de", "en"]
    composed_at: datetime
    entries: tuple[Entry, ...]
    since: datetime | None = None
    sources: tuple[SourceNote, ...] = ()
    stored_copy_base: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Trouble with a source or channel, told once at its onset and once when it is over."""

    uid: str
    channel: str
    language: Literal["de", "en"]
    composed_at: datetime
    state: Literal["trouble", "recovered"]
    subject_kind: Literal["source", "channel"]
    subject_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frozen message on its way: the same bytes under the same id on every attempt.

    `recipient` is the address of an e-mail channel's reader, None elsewhere: it is resolved from the
    configuration at the last moment, because no address is ever stored.
    """

    digest_id: int
    uid: str
    channel: str
    body: bytes
    recipient: str | None = None
