"""The health as Prometheus text (exposition format 0.0.4). Floor 4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from worker.pipelines.health import ChannelHealth, Health, SourceHealth

_Value = int | None  # None: there is nothing to measure yet, and no sample
_Sample = tuple[str, _Value]

# name, what it tells, and how: one sample for each source, or each channel
_OF_SOURCES: tuple[tuple[str, str, Callable[[SourceHealth], _Value]], ...] = (
    ("healthy", "1 if it can be read and nothing about it is odd", lambda one: one.is_healthy),
    (
        "last_success_timestamp_seconds",
        "When it was last read, in seconds since 1970",
        lambda one: _epoch(one.last_success_at),
    ),
    ("lag_seconds", "How long ago it was last read", lambda one: one.lag_seconds),
    ("failures", "Polls in a row that failed", lambda one: one.failures),
    ("poll_seconds", "How long its last poll took", lambda one: one.poll_seconds),
    ("items", "Entries of its listing ever seen", lambda one: one.items),
    ("releases", "Releases on a topic among them", lambda one: one.releases),
    ("watched", "Releases watched for edits and withdrawals", lambda one: one.watched),
)
_OF_CHANNELS: tuple[tuple[str, str, Callable[[ChannelHealth], _Value]], ...] = (
    ("channel_healthy", "1 if its receiver takes messages", lambda one: one.is_healthy),
    (
        "channel_last_success_timestamp_seconds",
        "When it last took a message, in seconds since 1970",
        lambda one: _epoch(one.last_success_at),
    ),
    ("messages_sent", "Messages its receiver has taken", lambda one: one.sent),
    ("messages_pending", "Messages on their way or waiting for another attempt", lambda one: one.pending),
    ("messages_failed", "Messages that failed for good", lambda one: one.failed),
    ("messages_held", "Messages held back in a flood", lambda one: len(one.held_digests)),
)


def as_metrics(health: Health) -> str:
    """One gauge family after the other; a value not known yet has no sample.

    Ids come from the configuration and hold only letters, digits, `_` and `-`: nothing to escape in a label.
    """
    return "".join(f"{line}\n" for line in _lines(health))


def _lines(health: Health) -> Iterator[str]:
    yield from _family("healthy", "1 if every source and channel is", [("", health.is_healthy)])
    for name, told, of_source in _OF_SOURCES:
        samples = [(f'{{source="{one.id}"}}', of_source(one)) for one in health.sources]
        yield from _family(f"source_{name}", told, samples)
    for name, told, of_channel in _OF_CHANNELS:
        samples = [(f'{{channel="{one.id}"}}', of_channel(one)) for one in health.channels]
        yield from _family(name, told, samples)
    yield from _family(
        "delivery_seconds", "How long the last delivery on all channels took", [("", health.delivery_seconds)]
    )


def _family(name: str, told: str, samples: Iterable[_Sample]) -> Iterator[str]:
    yield f"# HELP pressewacht_{name} {told}"
    yield f"# TYPE pressewacht_{name} gauge"
    yield from (f"pressewacht_{name}{label} {value:d}" for label, value in samples if value is not None)


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
