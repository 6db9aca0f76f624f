"""How every source and channel is doing, from what the store remembers. Floor 3."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.config.cron import IMMEDIATE, last_slot, next_slot
from worker.config.schema import Channel, Config, Source
from worker.instants import to_text
from worker.store.by_hand import digests_in
from worker.store.channels import ChannelState, load_channels
from worker.store.connection import Database
from worker.store.items import count_items, unread_pages
from worker.store.outbox import count_states, last_troubles
from worker.store.releases import looks_ahead
from worker.store.runs import last_poll, last_run_seconds
from worker.store.sources import load_source
from worker.text import printable_json

NOT_POLLED = "not polled for more than a day: is the service running?"
STALE = timedelta(hours=26)  # a pause at night and a missed poll are no reason to worry
_GRACE = timedelta(hours=2)
_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source at its last poll; `next_at` is its next one, `lag_seconds` how old its last success is.

    It has told of `items` entries, `releases` of them on a topic; of these `watched` are looked at again for
    edits and withdrawals, the next at `next_look_at`. `failures` polls in a row failed.
    """

    id: str
    status: str
    items_seen: int
    items_new: int
    error: str | None
    last_success_at: datetime | None
    lag_seconds: int | None
    next_at: datetime | None
    failures: int
    poll_seconds: int | None
    items: int
    releases: int
    watched: int
    next_look_at: datetime | None

    @property
    def is_healthy(self) -> bool:
        return self.error is None and self.status in ("ok", "unchanged")


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One channel; `next_at` is its next slot, None for one that sends at once."""

    id: str
    status: str
    sent: int
    pending: int
    failed: int
    failed_digests: tuple[int, ...]
    held_digests: tuple[int, ...]
    error: str | None
    last_success_at: datetime | None
    lag_seconds: int | None
    next_at: datetime | None

    @property
    def is_healthy(self) -> bool:
        return self.status == "ok"


@dataclass(frozen=True, slots=True)
class Health:
    """All of it; the last delivery on all channels took `delivery_seconds`."""

    sources: tuple[SourceHealth, ...]
    channels: tuple[ChannelHealth, ...]
    delivery_seconds: int | None

    @property
    def is_healthy(self) -> bool:
        return all(s.is_healthy for s in self.sources) and all(c.is_healthy for c in self.channels)


def health_of(db: Database, config: Config, now: datetime) -> Health:
    """The health of everything enabled in the configuration."""
    channels = load_channels(db)
    return Health(
        tuple(_source(db, source, config, now) for source in config.sources if source.enabled),
        tuple(
            _channel(db, channel, channels.get(channel.id), config, now)
            for channel in config.channels
            if channel.enabled
        ),
        last_run_seconds(db, "deliver", None),
    )


def as_json(health: Health) -> str:
    """The health as one JSON document, in the form of contract §1."""
    return printable_json(
        {
            "healthy": health.is_healthy,
            "sources": [_plain(one) for one in health.sources],
            "channels": [_plain(one) for one in health.channels],
        }
    )


def _plain(one: SourceHealth | ChannelHealth) -> dict[str, object]:
    plain = asdict(one)
    return plain | {key: to_text(at) for key, at in plain.items() if isinstance(at, datetime)}


def _source(db: Database, source: Source, config: Config, now: datetime) -> SourceHealth:
    state = load_source(db, source.id)
    seen, new = last_poll(db, source.id)
    error = state.last_error or _unread_note(db, source.id, now)
    if _is_stale(state.last_success_at, config, now):
        error = error or NOT_POLLED
    next_at = next_slot(config.schedule.poll, config.schedule.timezone, now)
    if state.not_before and next_at:
        next_at = max(next_at, state.not_before)
    items, releases = count_items(db, source.id)
    watched, next_look_at = looks_ahead(db, source.id)
    return SourceHealth(
        id=source.id,
        status=state.last_status or "never polled",
        items_seen=seen,
        items_new=new,
        error=error,
        last_success_at=state.last_success_at,
        lag_seconds=_lag(state.last_success_at, now),
        next_at=next_at,
        failures=state.failures,
        poll_seconds=last_run_seconds(db, "poll", source.id),
        items=items,
        releases=releases,
        watched=watched,
        next_look_at=next_look_at,
    )


def _is_stale(last: datetime | None, config: Config, now: datetime) -> bool:
    """Whether a poll is missing: a day has passed, and a slot of the schedule that nothing answered to."""
    if last is None or now - last <= STALE:
        return False
    slot = last_slot(config.schedule.poll, config.schedule.timezone, now - _GRACE)
    return slot is not None and slot > last.astimezone(ZoneInfo(config.schedule.timezone)).replace(
        tzinfo=None
    )


def _unread_note(db: Database, source_id: str, now: datetime) -> str | None:
    """What is to be said of release pages that could not be read lately."""
    waiting, given_up = unread_pages(db, source_id, now - _LATELY)
    if not waiting + given_up:
        return None
    return (
        f"release pages not read: {waiting} waiting after errors, {given_up} given up; see items.last_error"
    )


def _channel(
    db: Database, channel: Channel, state: ChannelState | None, config: Config, now: datetime
) -> ChannelHealth:
    counts, trouble = count_states(db).get(channel.id, {}), last_troubles(db).get(channel.id)
    is_disabled = state is not None and state.disabled_at is not None
    failed, pending = counts.get("failed", 0), counts.get("pending", 0) + counts.get("sending", 0)
    is_failing = failed or trouble or (state is not None and state.is_in_trouble)
    held = digests_in(db, channel.id, "held")
    status = "disabled" if is_disabled else "failing" if is_failing else "holding" if held else "ok"
    return ChannelHealth(
        id=channel.id,
        status=status,
        sent=counts.get("sent", 0),
        pending=pending,
        failed=failed,
        failed_digests=tuple(digests_in(db, channel.id, "failed")),
        held_digests=tuple(held),
        error=trouble,
        last_success_at=state.last_sent_at if state else None,
        lag_seconds=_lag(state.last_sent_at if state else None, now),
        next_at=_next_digest(channel, config, now),
    )


def _next_digest(channel: Channel, config: Config, now: datetime) -> datetime | None:
    if channel.schedule == IMMEDIATE:
        return None
    return next_slot(channel.schedule, config.schedule.timezone, now)


def _lag(last: datetime | None, now: datetime) -> int | None:
    return None if last is None else max(0, int((now - last).total_seconds()))
