"""What the store knew, and what was decided to write. Floor 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from worker.models.event import EventKind
from worker.models.page import Page, Validators
from worker.models.release import Release
from worker.models.report import RunStatus
from worker.models.verdict import Verdict

ItemState = Literal["pending", "fetched", "skipped", "failed"]
ReleaseState = Literal["live", "withdrawn"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the feed beside a listing was like when last heard; its `fingerprint` is None if it never was.

    `not_before` is until when the server wants it left alone (Retry-After).
    """

    validators: Validators = field(default_factory=Validators)
    fingerprint: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source was like when last polled.

    `full_look_at` is when its listing was last read without validators, `unread_from` the first page
    that a walk did not reach (1-based, None if none), `not_before` until when it is left alone,
    `newest_on` the day of its newest entry, `arrivals` how many entries to be fetched the last walk
    brought, with those it went on from. `page_sha256` names the page that could not be believed when the
    trouble began that it is in.
    """

    id: str
    validators: Validators = field(default_factory=Validators)
    fingerprint: str | None = None
    first_polled_at: datetime | None = None
    full_look_at: datetime | None = None
    last_success_at: datetime | None = None
    last_status: RunStatus | None = None
    last_error: str | None = None
    failures: int = 0
    not_before: datetime | None = None
    retry_after_until: datetime | None = None
    unread_from: int | None = None
    newest_on: date | None = None
    page_sha256: str | None = None
    arrivals: int = 0
    feed: FeedState = field(default_factory=FeedState)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A listing entry as stored.

    `link` is the address as listed: what is asked for. `news_since`: the entry is news only if it
    was published on that day or later; None means it is news in any case. `is_held`: it came in a
    flood, so what happens to it is told only when somebody says so.
    """

    url: str
    identity: str
    link: str
    source: str
    kicker: str | None
    title: str
    teaser: str | None
    published: date | None
    state: ItemState
    attempts: int = 0
    news_since: date | None = None
    last_error: str | None = None
    is_held: bool = False

    @property
    def is_backfilled(self) -> bool:
        """Whether it was taken from the archive on purpose, and is never told."""
        return self.news_since == date.max


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release as stored, with what a second look needs.

    `missing_looks` counts the looks in a row at which its page was gone, `returning_sha256` is a
    wording seen once that counts when seen twice: an earlier one, or one that has lost much.
    """

    url: str
    link: str
    source: str
    revision: int
    state: ReleaseState
    content_sha256: str
    first_seen_at: datetime
    published: date | None = None
    validators: Validators = field(default_factory=Validators)
    missing_looks: int = 0
    returning_sha256: str | None = None
    duplicate_of: str | None = None
    earlier_sha256: frozenset[str] = frozenset()
    is_backfilled: bool = False


@dataclass(frozen=True, slots=True)
class ItemUpdate:
    """What to write about one listing entry."""

    item: KnownItem
    verdicts: tuple[Verdict, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page read as a release: the words, the bytes they came from, what they are about."""

    release: Release
    page: Page
    content_sha256: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class ReleaseUpdate:
    """What to write about one release after a look at its page: one transaction, decided beforehand.

    `sighting` is given when a revision is to be stored; `event` when something is to be told;
    `next_look_at` is None when it need not be looked at again.
    """

    url: str
    link: str
    source: str
    revision: int
    state: ReleaseState
    seen_at: datetime
    sighting: Sighting | None = None
    event: EventKind | None = None
    missing_looks: int = 0
    returning_sha256: str | None = None
    duplicate_of: str | None = None
    next_look_at: datetime | None = None
    validators: Validators | None = None
