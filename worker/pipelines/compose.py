"""Put what is due into the outbox: once, with its final bytes. Floor 3.

open_events ▶ wanted_by ▶ tell ▶ Entry… ▶ Digest ▶ compose ▶ bytes ─▶ enqueue   (one transaction)
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from worker.config.cron import IMMEDIATE, last_slot, was_ahead
from worker.config.schema import AtomChannel, Channel, Config, EmailChannel
from worker.models.event import Digest, Entry, SourceNote
from worker.pipelines.entries import tell, wanted_by
from worker.store.channels import (
    ChannelState,
    load_channels,
    pass_events,
    pass_slot,
    register_channels,
    register_readers,
)
from worker.store.connection import Database, write
from worker.store.outbox import (
    OpenEvent,
    enqueue,
    last_composed_at,
    next_digest_id,
    open_events,
    recent_events,
)
from worker.store.sources import troubled_sources
from worker.store.waits import end_impossible_waits

_FEED_EVENTS = 50
_HELD_EVENTS = 100  # in one held message: few enough to be looked at, and to be sent if let go


def register(db: Database, config: Config, now: datetime) -> None:
    """Give new channels and readers their place in the store, and take it from those that are gone.

    What a clock that ran ahead has noted is put right: the last slot of a channel, and all waits.
    """
    enabled = [channel for channel in config.channels if channel.enabled]
    slots = {channel.id: _slot(config, channel, now) for channel in enabled}
    with write(db):
        register_channels(db, slots, now)
        for channel in enabled:
            register_readers(db, channel.id, recipients(channel), now)
        states = load_channels(db)
        for gone in set(states) - {channel.id for channel in enabled}:
            register_readers(db, gone, (), now)
        for channel in enabled:
            slot, noted = slots[channel.id], states[channel.id].last_slot
            if slot and noted and was_ahead(noted, channel.schedule, config.schedule.timezone, now):
                pass_slot(db, channel.id, slot)  # it would be silent until the time a wrong clock showed
        end_impossible_waits(db, now)


def recipients(channel: Channel) -> dict[str, str | None]:
    """A channel's readers by fingerprint: the addresses of an e-mail channel, else one without a name."""
    if not isinstance(channel, EmailChannel):
        return {"": None}
    return {hashlib.sha256(to.lower().encode()).hexdigest()[:16]: to for to in channel.to}


def compose_due(
    db: Database, config: Config, channel: Channel, state: ChannelState, now: datetime, *, at_once: bool
) -> None:
    """Compose what is due for a channel; nothing to tell, no message.

    Due is a channel whose schedule has had a slot since its last digest, or any if `at_once`.
    """
    slot = _slot(config, channel, now)
    is_slot_due = slot is not None and (state.last_slot is None or slot > state.last_slot)
    if not (is_slot_due or at_once or channel.schedule == IMMEDIATE):
        return
    with write(db):
        for recipient in recipients(channel):
            for events in _messages(wanted_by(channel, open_events(db, channel.id, recipient))):
                _enqueue(db, config, channel, recipient, events, now)
            pass_events(db, channel.id, recipient)
        if is_slot_due and slot is not None:
            pass_slot(db, channel.id, slot)


def preview(db: Database, config: Config, channel: Channel, now: datetime) -> Digest | None:
    """The digest a channel's first reader would get now, None if there is nothing to tell."""
    recipient = next(iter(recipients(channel)))
    wanted = wanted_by(channel, open_events(db, channel.id, recipient))
    events = [event for event in wanted if not event.is_held]
    return _digest(db, config, channel, recipient, events, now) if events else None


def _messages(events: Sequence[OpenEvent]) -> Iterator[Sequence[OpenEvent]]:
    """What goes into one message: all that may be told, and what came in a flood by the hundred."""
    if free := [event for event in events if not event.is_held]:
        yield free
    held = [event for event in events if event.is_held]
    for start in range(0, len(held), _HELD_EVENTS):
        yield held[start : start + _HELD_EVENTS]


def _enqueue(
    db: Database, config: Config, channel: Channel, recipient: str, events: Sequence[OpenEvent], now: datetime
) -> None:
    from worker.digests.compose import compose  # not loaded by a run that has nothing to tell

    digest = _digest(db, config, channel, recipient, events, now)
    history = _feed_history(db, config, channel) if isinstance(channel, AtomChannel) else ()
    enqueue(
        db,
        digest_id=digest.id,
        channel=channel.id,
        recipient=recipient,
        uid=digest.uid,
        body=compose(channel, digest, history),
        event_ids=[event.id for event in events],
        now=now,
        is_held=events[0].is_held,
    )


def _digest(
    db: Database, config: Config, channel: Channel, recipient: str, events: Sequence[OpenEvent], now: datetime
) -> Digest:
    return Digest(
        id=next_digest_id(db),
        uid=f"msg_{uuid.uuid4().hex}",
        channel=channel.id,
        language=config.digest.language,
        composed_at=now,
        entries=tell(db, config, events),
        since=last_composed_at(db, channel.id, recipient),
        sources=tuple(_source_notes(db, config, channel)),
        stored_copy_base=config.digest.datasette_url,
    )


def _source_notes(db: Database, config: Config, channel: Channel) -> Iterator[SourceNote]:
    """The sources a channel hears of, and how they are."""
    troubled = troubled_sources(db)
    for source in config.sources:
        is_of_topic = not channel.topics or set(source.topics) & set(channel.topics)
        if source.enabled and is_of_topic and (not channel.sources or source.id in channel.sources):
            yield SourceNote(source.display_name, source.id in troubled, troubled.get(source.id))


def _feed_history(db: Database, config: Config, channel: Channel) -> tuple[Entry, ...]:
    newest_first = wanted_by(channel, recent_events(db, _FEED_EVENTS))
    return tuple(tell(db, config, [event])[0] for event in newest_first)


def _slot(config: Config, channel: Channel, now: datetime) -> datetime | None:
    """The last slot of a channel's schedule; None for one that sends at once."""
    if channel.schedule == IMMEDIATE:
        return None
    return last_slot(channel.schedule, config.schedule.timezone, now)
