"""One release as people read it: its words, why it was chosen, and what happened to it since. Floor 4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from worker.diffs import by_field, diff_releases, shorten_diff, without_repeats
from worker.instants import from_text, maybe_from_text
from worker.models.event import DiffPart
from worker.models.known import KnownRelease
from worker.models.release import Release
from worker.models.verdict import Verdict
from worker.store.connection import Database
from worker.store.releases import known_release, stored_revision
from worker.store.verdicts import stored_verdicts

_CONTEXT = 240  # characters around a change
_EDITS = 12  # of a release edited more often, only so many are compared here; each revision has its page


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose words differ from the revision before, as runs that stayed, came or went."""

    field: str
    runs: tuple[DiffPart, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a release; `changes` is None where nothing was compared."""

    at: datetime
    kind: Literal["first read", "edited", "withdrawn", "restored"]
    revision: int
    changes: tuple[Change, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """`release` as it read in `revision`; `known` and all else is about the release as it is now.

    `next_look_at` is None once it is no longer watched; `history` goes from the newest to the oldest.
    """

    release: Release
    revision: int
    known: KnownRelease
    next_look_at: datetime | None
    verdicts: tuple[Verdict, ...]
    history: tuple[Step, ...]

    @property
    def is_current(self) -> bool:
        """Whether this is how the release reads now, as far as we know."""
        return self.revision == self.known.revision


def read_release_page(db: Database, url: str, revision: str | None = None) -> ReleasePage | None:
    """The release stored under `url`, as it reads now or in one revision; None if there is no such row.

    Now, every edit is shown with the words around it; of a revision, the whole text with what it changed.
    """
    known = known_release(db, url)
    asked = _revisions(db, url, revision)
    if known is None or not asked:
        return None
    number = max(asked)
    release = stored_revision(db, url, number)
    assert release is not None
    next_look = db.execute("select next_look_at from releases where url = ?", [url]).fetchone()[0]
    return ReleasePage(
        release=release,
        revision=number,
        known=known,
        next_look_at=maybe_from_text(next_look),
        verdicts=tuple(stored_verdicts(db, url)),
        history=_history(db, url, None if revision is None else number),
    )


def _revisions(db: Database, url: str, revision: str | None = None) -> dict[int, datetime]:
    """When each revision was first seen; only that one, if one is named as an address names it."""
    rows = db.execute(
        """select revision, seen_at from revisions
           where url = :url and revision = coalesce(:revision, revision)""",
        {"url": url, "revision": revision},
    )
    return {number: from_text(seen_at) for number, seen_at in rows.fetchall()}


def _history(db: Database, url: str, shown: int | None) -> tuple[Step, ...]:
    seen = _revisions(db, url)
    compared = {shown} if shown else set(sorted(seen)[-_EDITS:])
    steps = [
        Step(
            at,
            "edited" if number > 1 else "first read",
            number,
            _changes(db, url, number, is_whole=number == shown) if number in compared else None,
        )
        for number, at in seen.items()
    ]
    events = db.execute(
        """select happened_at, kind, revision from events
           where url = ? and kind in ('withdrawn', 'restored') order by id""",
        [url],
    )
    steps += [Step(from_text(at), kind, number) for at, kind, number in events.fetchall()]
    return tuple(sorted(steps, key=lambda step: (step.at, step.revision), reverse=True))


def _changes(db: Database, url: str, revision: int, *, is_whole: bool) -> tuple[Change, ...] | None:
    """What `revision` changed, each field told once."""
    before, after = stored_revision(db, url, revision - 1), stored_revision(db, url, revision)
    if before is None or after is None:
        return None
    parts = without_repeats(diff_releases(before, after))
    if not is_whole:
        parts = shorten_diff(parts, context=_CONTEXT)
    return tuple(Change(name, runs) for name, runs in by_field(parts).items())
