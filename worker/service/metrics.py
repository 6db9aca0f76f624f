"""The health as Prometheus text (exposition format 0.0.4). Floor 4."""

from __future__ import annotations

from collections.abc import Iterator

from worker.pipelines.health import Health


def as_metrics(health: Health) -> str:
    """One gauge a line; ids come from the configuration and hold only letters, digits, `_` and `-`."""
    return "".join(f"pressewacht_{line}\n" for line in _lines(health))


def _lines(health: Health) -> Iterator[str]:
    yield f"healthy {int(health.is_healthy)}"
    for source in health.sources:
        label = f'{{source="{source.id}"}}'
        yield f"source_healthy{label} {int(source.is_healthy)}"
        if source.lag_seconds is not None:
            yield f"source_lag_seconds{label} {source.lag_seconds}"
    for channel in health.channels:
        label = f'{{channel="{channel.id}"}}'
        yield f"channel_healthy{label} {int(channel.is_healthy)}"
        yield f"messages_sent{label} {channel.sent}"
        yield f"messages_pending{label} {channel.pending}"
        yield f"messages_failed{label} {channel.failed}"
        yield f"messages_held{label} {len(channel.held_digests)}"
