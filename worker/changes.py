"""What is new, edited, gone or back, and what to write about it. Floor 1, pure.

Everything here is decided from what a page said and what the store knew; `now` is an argument. Nothing
is inferred from absence: a release is withdrawn only when its own page says so twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from worker.identity import canonical_url, host_of, identity_of
from worker.models.event import EventKind
from worker.models.known import ItemState, ItemUpdate, KnownItem, KnownRelease, ReleaseUpdate, Sighting
from worker.models.listing import ListingItem
from worker.models.page import Validators
from worker.models.verdict import Verdict, Wording
from worker.twins import Telling, why_different

Belief = Literal["at-once", "twice", "never"]  # how often a new wording must be seen to count
Judge = Callable[[Wording], tuple[Verdict, ...]]

_NO_VALIDATORS = Validators()
_MISSING_LOOKS = 2  # a page must be gone at two looks: portals answer 404 while they deploy
_LOOKS = (  # how long after the first sight, how often: edits come early
    (timedelta(hours=6), timedelta(hours=1)),
    (timedelta(days=2), timedelta(hours=6)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=3650), timedelta(days=3)),
)


@dataclass(frozen=True, slots=True)
class ListingChange:
    """What a walk through a listing brought: entries to write, and those seen again as they were."""

    updates: tuple[ItemUpdate, ...]
    seen_again: tuple[KnownItem, ...]

    @property
    def new(self) -> int:
        """How many entries were never seen before."""
        return sum(update.is_new for update in self.updates)

    @property
    def arrivals(self) -> int:
        """How many of the entries to write are to be fetched: they match, or might."""
        return sum(update.item.state == "pending" for update in self.updates)

    def __add__(self, other: ListingChange) -> ListingChange:
        return ListingChange(self.updates + other.updates, self.seen_again + other.seen_again)

    def held(self) -> ListingChange:
        """The same change with its arrivals marked, so that nobody is told of them unasked."""
        updates = (
            replace(update, item=replace(update.item, is_held=True))
            if update.item.state == "pending"
            else update
            for update in self.updates
        )
        return replace(self, updates=tuple(updates))


def by_identity(listed: Iterable[ListingItem]) -> dict[str, ListingItem]:
    """The entries by identity in listing order; a listing that shifts while paging shows some twice."""
    unique: dict[str, ListingItem] = {}
    for entry in listed:
        unique.setdefault(identity_of(entry.url), entry)
    return unique


def compare_listing(
    listed: Sequence[ListingItem],
    known: Mapping[str, KnownItem],
    *,
    source: str,
    judge: Judge,
    horizon: date,
    is_first_look: bool,
    is_catching_up: bool,
) -> ListingChange:
    """Sort the entries of a walk, in listing order, into new, edited and known.

    `known` is by identity. At the first look, and below the last known entry (where older ones move
    up when something is withdrawn), an entry is news only if published on `horizon` or later; a walk
    that catches up on pages it missed finds news there too.
    """
    unique = by_identity(listed)
    last_known = max((i for i, identity in enumerate(unique) if identity in known), default=-1)
    updates, seen_again = [], []
    for position, (identity, entry) in enumerate(unique.items()):
        stored = known.get(identity)
        if stored is None:
            is_archive = is_first_look or (0 <= last_known < position and not is_catching_up)
            updates.append(_new_item(entry, identity, source, judge, horizon if is_archive else None))
        elif stored.source == source and _is_edited(stored, entry):
            updates.append(_edited_item(stored, entry, judge))
        else:
            seen_again.append(stored)
    return ListingChange(tuple(updates), tuple(seen_again))


def compare_feed(
    told: Mapping[str, ListingItem],
    listed: Collection[str],
    known: Mapping[str, KnownItem],
    *,
    source: str,
    judge: Judge,
    horizon: date,
    is_first_look: bool,
) -> ListingChange:
    """Sort the entries that a feed tells of, by identity in its order, and the listing does not show.

    As in a listing, those at the first look and below the last known one are news only if published on
    `horizon` or later. A feed never edits: its words differ from the listing's, in which an entry may have
    become known.
    """
    last_known = max((i for i, identity in enumerate(told) if identity in known), default=len(told))
    updates = tuple(
        _new_item(entry, identity, source, judge, horizon if is_first_look or position > last_known else None)
        for position, (identity, entry) in enumerate(told.items())
        if identity not in listed and identity not in known
    )
    return ListingChange(updates, tuple(known[key] for key in told if key in known and key not in listed))


def is_edited_release(update: ItemUpdate) -> bool:
    """Whether a listing edit concerns a release we hold, so that its page should be looked at again."""
    return not update.is_new and update.item.state == "fetched"


def find_original(sighting: Sighting, url: str, others: Mapping[str, Telling]) -> str | None:
    """The release on another host that tells the same, None if there is none.

    `others` are by address. On one host different slugs are different releases.
    """
    release = sighting.release
    mine = Telling(release.title, release.text, release.published)
    for other_url, other in others.items():
        if host_of(other_url) != host_of(url) and why_different(mine, other) is None:
            return other_url
    return None


def plan_first(
    item: KnownItem, sighting: Sighting, *, duplicate_of: str | None, now: datetime, recheck_days: int
) -> ReleaseUpdate:
    """What to write about a release read for the first time: told, unless it is old or told already."""
    published = sighting.release.published or item.published
    is_news = item.news_since is None or (published or now.date()) >= item.news_since
    return ReleaseUpdate(
        url=item.url,
        link=item.link,
        source=item.source,
        revision=1,
        state="live",
        seen_at=now,
        sighting=sighting,
        event=EventKind.NEW if is_news and duplicate_of is None else None,
        duplicate_of=duplicate_of,
        next_look_at=None
        if item.is_backfilled
        else _next_look(_first_day(published, now), now, recheck_days),
        validators=sighting.page.validators,
    )


def plan_look(
    known: KnownRelease, sighting: Sighting, now: datetime, recheck_days: int, *, belief: Belief = "at-once"
) -> ReleaseUpdate:
    """What to write after a release's page was read again.

    A wording never seen before counts at once, unless `belief` says otherwise; one seen before must be
    seen twice in a row, so that a portal whose servers disagree does not make us report an edit with
    every look.
    """
    seen = _seen(known, now, recheck_days)
    wording = sighting.content_sha256
    seen = replace(seen, validators=sighting.page.validators)
    if wording == known.content_sha256:
        return seen
    must_be_seen_twice = wording in known.earlier_sha256 or belief == "twice"
    if belief == "never" or (must_be_seen_twice and wording != known.returning_sha256):
        # Not yet believed, so the next look must bring the page and not «not modified».
        return replace(seen, returning_sha256=wording, validators=_NO_VALIDATORS)
    changed = replace(seen, revision=known.revision + 1, sighting=sighting)
    return replace(changed, event=seen.event or _told(known, EventKind.CHANGED))


def plan_unmodified(known: KnownRelease, now: datetime, recheck_days: int) -> ReleaseUpdate:
    """What to write after a release's page answered «not modified»."""
    return _seen(known, now, recheck_days)


def plan_missing(known: KnownRelease, now: datetime, recheck_days: int) -> ReleaseUpdate:
    """What to write after a release's page was gone (404 or 410)."""
    looks = known.missing_looks + 1
    is_withdrawn = looks >= _MISSING_LOOKS
    newly = is_withdrawn and known.state == "live"
    soon = now + _LOOKS[0][1]
    return ReleaseUpdate(
        url=known.url,
        link=known.link,
        source=known.source,
        revision=known.revision,
        state="withdrawn" if is_withdrawn else known.state,
        seen_at=now,
        event=_told(known, EventKind.WITHDRAWN) if newly else None,
        missing_looks=looks,
        next_look_at=next_look(known, now, recheck_days) if is_withdrawn else soon,
        validators=_NO_VALIDATORS,
    )


def next_look(known: KnownRelease, now: datetime, recheck_days: int) -> datetime | None:
    """When a release is looked at again; None for one that is old or from the archive."""
    if known.is_backfilled:
        return None
    return _next_look(_first_day(known.published, known.first_seen_at), now, recheck_days)


def _new_item(
    entry: ListingItem, identity: str, source: str, judge: Judge, news_since: date | None
) -> ItemUpdate:
    verdicts = judge(Wording(entry.title, entry.kicker, entry.teaser))
    item = KnownItem(
        url=canonical_url(entry.url),
        identity=identity,
        link=entry.url,
        source=source,
        kicker=entry.kicker,
        title=entry.title,
        teaser=entry.teaser,
        published=entry.published,
        state=_wanted(verdicts),
        news_since=news_since,
    )
    return ItemUpdate(item, verdicts, is_new=True)


def _edited_item(stored: KnownItem, entry: ListingItem, judge: Judge) -> ItemUpdate:
    """The stored entry in its new words; what the listing no longer shows stays as it was.

    A verdict made on the text of the page stays too: the listing's words know less.
    """
    item = replace(
        stored,
        link=entry.url,
        title=entry.title,
        kicker=entry.kicker or stored.kicker,
        teaser=entry.teaser or stored.teaser,
        published=entry.published or stored.published,
    )
    if stored.state == "fetched":
        return ItemUpdate(item, (), is_new=False)
    verdicts = judge(Wording(item.title, item.kicker, item.teaser))
    if stored.state in ("skipped", "failed") and _wanted(verdicts) == "pending":
        item = replace(item, state="pending", attempts=0, last_error=None)
    return ItemUpdate(item, verdicts, is_new=False)


def _is_edited(stored: KnownItem, entry: ListingItem) -> bool:
    if canonical_url(entry.url) != canonical_url(stored.link):
        return True  # the portal moved the page to another of its paths: ask there from now on
    words = ((stored.title, entry.title), (stored.kicker, entry.kicker), (stored.teaser, entry.teaser))
    pairs = (*words, (stored.published, entry.published))
    return any(now is not None and now != before for before, now in pairs)


def _wanted(verdicts: Sequence[Verdict]) -> ItemState:
    return "pending" if any(verdict.relevant or verdict.uncertain for verdict in verdicts) else "skipped"


def _seen(known: KnownRelease, now: datetime, recheck_days: int) -> ReleaseUpdate:
    """The release is there; back, if it was withdrawn."""
    is_back = known.state == "withdrawn"
    return ReleaseUpdate(
        url=known.url,
        link=known.link,
        source=known.source,
        revision=known.revision,
        state="live",
        seen_at=now,
        event=_told(known, EventKind.RESTORED) if is_back else None,
        next_look_at=next_look(known, now, recheck_days),
    )


def _told(known: KnownRelease, kind: EventKind) -> EventKind | None:
    """Of several releases with the same content only the first is told about, of backfilled ones none."""
    return None if known.duplicate_of or known.is_backfilled else kind


def _first_day(published: date | None, first_seen_at: datetime) -> datetime:
    """From when on a release is watched: its publication, if that was before we saw it."""
    if published is None:
        return first_seen_at
    return min(first_seen_at, datetime.combine(published, time.max, tzinfo=UTC))


def _next_look(watched_from: datetime, now: datetime, recheck_days: int) -> datetime | None:
    """When to look at a page again: often at first, then seldom, then no more."""
    age = now - watched_from
    pause = next(pause for limit, pause in _LOOKS if age < limit or limit == _LOOKS[-1][0])
    due = now + pause
    return due if due - watched_from <= timedelta(days=recheck_days) else None
