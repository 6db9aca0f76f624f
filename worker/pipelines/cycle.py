"""Units of work over several sources or channels, each under the store's lock. Floor 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from worker.config.schema import Channel, Source
from worker.lock import unit_of_work
from worker.models.report import ChannelReport, SourceReport, in_one_line
from worker.pipelines.compose import register
from worker.pipelines.deliver import deliver_channel
from worker.pipelines.poll import poll_source
from worker.pipelines.recheck import recheck_all, recheck_due
from worker.pipelines.runtime import Runtime
from worker.store.connection import working
from worker.store.runs import finish_delivery_run, start_run

_THREADS = 4  # sources and channels wait for the network, not for the processor

One = TypeVar("One")
Report = TypeVar("Report")


def poll_sources(
    runtime: Runtime, sources: Sequence[Source], now: datetime, *, by_hand: bool = False
) -> list[SourceReport]:
    """Poll sources side by side, then look again at the releases whose turn it is. Raises StoreError only."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        return _each(sources, lambda source: _poll_and_recheck(runtime, source, now, by_hand=by_hand))


def recheck_sources(
    runtime: Runtime, sources: Sequence[Source], since: date | None, now: datetime
) -> list[SourceReport]:
    """Look again at all releases of the sources, now. Raises StoreError only."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        return _each(sources, lambda source: recheck_all(runtime, source, since, now))


def deliver_channels(
    runtime: Runtime, channels: Sequence[Channel], now: datetime, *, at_once: bool = False
) -> list[ChannelReport]:
    """Send what is due, channels side by side: one that hangs does not hold up the messages of another."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        with working(runtime.config.store.path) as db:
            run = start_run(db, "deliver", None, now)
            reports = _each(channels, lambda channel: deliver_channel(runtime, channel, now, at_once=at_once))
            finish_delivery_run(db, run, reports)
        return reports


def _poll_and_recheck(runtime: Runtime, source: Source, now: datetime, *, by_hand: bool) -> SourceReport:
    report = poll_source(runtime, source, now, by_hand=by_hand)
    again = recheck_due(runtime, source, now)
    if again is None or again.error is None:
        return report
    return replace(report, error=in_one_line([error for error in (report.error, again.error) if error]))


def _register_channels(runtime: Runtime, now: datetime) -> None:
    with working(runtime.config.store.path) as db:
        register(db, runtime.config, now)


def _each(ones: Sequence[One], work: Callable[[One], Report]) -> list[Report]:
    """`work` on each, in threads if there are several; results in the order given."""
    if len(ones) < 2:
        return [work(one) for one in ones]
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="worker") as pool:
        return list(pool.map(work, ones))
