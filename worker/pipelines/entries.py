"""Events → what a digest says of each release. Floor 3.

A digest tells each release once: what happened since the last one is drawn together, so that a release
published and corrected in one night is one new release in its last wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from worker.config.schema import Channel, Config
from worker.digests.reasons import say_reasons
from worker.models.event import DiffPart, Entry, EventKind
from worker.store.connection import Database
from worker.store.outbox import OpenEvent
from worker.store.releases import stored_revision
from worker.store.verdicts import stored_verdicts


def wanted_by(channel: Channel, events: Iterable[OpenEvent]) -> list[OpenEvent]:
    """The events a channel wants to hear of: of its sources and topics, of all where it names none."""
    return [
        event
        for event in events
        if (not channel.sources or set(event.sources) & set(channel.sources))
        and (not channel.topics or set(event.topics) & set(channel.topics))
    ]


def tell(db: Database, config: Config, events: Sequence[OpenEvent]) -> tuple[Entry, ...]:
    """One entry per release for events given oldest first, in the order of their first event."""
    by_release: dict[str, list[OpenEvent]] = {}
    for event in events:
        by_release.setdefault(event.url, []).append(event)
    return tuple(_entry(db, config, history) for history in by_release.values())


def _entry(db: Database, config: Config, history: Sequence[OpenEvent]) -> Entry:
    last = history[-1]
    kind = _kind(history)
    release = stored_revision(db, last.url, last.revision)
    assert release is not None, "an event names a stored revision"
    source = config.source(last.source)
    return Entry(
        kind=kind,
        url=last.url,
        source=last.source,
        source_name=source.display_name if source else last.source,
        release=release,
        revision=last.revision,
        happened_at=last.happened_at,
        topics=last.topics,
        reasons=_reasons(db, config.digest.language, last.url),
        diff=_diff(db, history) if kind is EventKind.CHANGED else (),
    )


def _kind(history: Sequence[OpenEvent]) -> EventKind:
    """What a reader who knows nothing of the events in between has to be told."""
    kinds = [event.kind for event in history]
    if kinds[-1] is EventKind.WITHDRAWN:
        return EventKind.WITHDRAWN
    if EventKind.NEW in kinds:
        return EventKind.NEW
    return EventKind.RESTORED if EventKind.RESTORED in kinds else EventKind.CHANGED


def _diff(db: Database, history: Sequence[OpenEvent]) -> tuple[DiffPart, ...]:
    """From the revision told before to the last one."""
    before = stored_revision(db, history[0].url, history[0].revision - 1)
    after = stored_revision(db, history[-1].url, history[-1].revision)
    if not before or not after:
        return ()
    from worker.diffs import diff_releases  # edits are rare, and its library large

    return diff_releases(before, after)


def _reasons(db: Database, language: Literal["de", "en"], url: str) -> tuple[str, ...]:
    return say_reasons(language, stored_verdicts(db, url))
