"""What is wrong according to `status`, and the command that mends each of it. Floor 5, pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.cli.screen import counted
from worker.pipelines.health import NOT_POLLED, ChannelHealth, Health, SourceHealth

_FEW = 5  # numbers that still make a command to type


@dataclass(frozen=True, slots=True)
class Need:
    """One thing somebody has to see to, and what to do about it."""

    what: str
    mend: str


def needs_of(health: Health) -> list[Need]:
    """All that keeps the worker from being well, sources first; empty if it is."""
    sources = [_source(source) for source in health.sources if not source.is_healthy]
    return sources + [need for channel in health.channels for need in _channel(channel)]


def _source(source: SourceHealth) -> Need:
    if source.error is None:
        return Need(f"{source.id}: never polled", f"`pressewacht poll {source.id}`")
    what = f"{source.id}: {source.error}"
    if source.error == NOT_POLLED:
        return Need(what, "`systemctl status pressewacht`; without a service `pressewacht run`")
    if source.status in ("failed", "drift"):
        return Need(what, f"`pressewacht check --online {source.id}` shows what can be read of it now")
    return Need(what, f"`pressewacht poll {source.id}` tries again now")


def _channel(channel: ChannelHealth) -> Iterator[Need]:
    retry, reason = f"pressewacht retry --channel {channel.id}", f": {channel.error}" if channel.error else ""
    if channel.failed_digests:
        numbers = in_runs(channel.failed_digests)
        what = f"{channel.id}: {counted(len(channel.failed_digests), 'message')} failed for good ({numbers})"
        few = len(channel.failed_digests) <= _FEW and channel.status != "disabled"
        again = f"pressewacht retry {' '.join(map(str, channel.failed_digests))}" if few else retry
        yield Need(what + reason, f"`{again}` queues them again; numbers with --drop: never")
    elif channel.status == "disabled":
        yield Need(
            f"{channel.id}: switched off, its receiver wants nothing more", f"`{retry}` switches it on"
        )
    elif channel.status == "failing":
        yield Need(
            f"{channel.id}: {channel.error or 'messages are not accepted'}",
            f"it is tried again by itself; `pressewacht deliver {channel.id} --now` tries now",
        )
    if channel.held_digests:
        numbers = in_runs(channel.held_digests)
        yield Need(
            f"{channel.id}: held back in a flood: {numbers}",
            f"`{retry} --held` sends all of them, with --drop none; `pressewacht retry NUMBER` one",
        )


def in_runs(digests: Sequence[int]) -> str:
    """`3, 5–9`: neighbours drawn together, for a flood has many."""
    runs: list[list[int]] = []
    for digest in digests:
        if runs and digest == runs[-1][-1] + 1:
            runs[-1][1:] = [digest]
        else:
            runs.append([digest])
    return ", ".join("–".join(map(str, run)) for run in runs)
