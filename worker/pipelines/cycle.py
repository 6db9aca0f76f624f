"""Units of work over several sources or channels, each under the store's lock. Floor 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import TypeVar

from worker.config.schema import Channel, Source
from worker.identity import host_of
from worker.lock import unit_of_work
from worker.models.report import ChannelReport, QuietPoll, SourceReport, in_one_line
from worker.pipelines.compose import register
from worker.pipelines.deliver import deliver_channel
from worker.pipelines.poll import poll_source
from worker.pipelines.recheck import recheck_all, recheck_due
from worker.pipelines.runtime import Runtime
from worker.store.connection import working
from worker.store.runs import finish_delivery_run, note_quiet_polls, start_run

_THREADS = 32  # they wait for hosts and servers, not for the processor

One = TypeVar("One")
Report = TypeVar("Report")


def poll_sources(
    runtime: Runtime, sources: Sequence[Source], now: datetime, *, by_hand: bool = False
) -> list[SourceReport]:
    """Poll sources side by side, then look again at the releases whose turn it is. Raises StoreError only."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        quiet: list[QuietPoll] = []

        def poll(source: Source) -> SourceReport:
            return _poll_and_recheck(runtime, source, now, quiet, by_hand=by_hand)

        reports = _each(runtime, sources, _host, poll)
        with working(runtime.config.store.path) as db:
            note_quiet_polls(db, quiet)
        return reports


def recheck_sources(
    runtime: Runtime, sources: Sequence[Source], since: date | None, now: datetime
) -> list[SourceReport]:
    """Look again at all releases of the sources, now. Raises StoreError only."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        return _each(runtime, sources, _host, lambda source: recheck_all(runtime, source, since, now))


def deliver_channels(
    runtime: Runtime, channels: Sequence[Channel], now: datetime, *, at_once: bool = False
) -> list[ChannelReport]:
    """Send what is due, channels side by side: one that hangs does not hold up the messages of another."""
    with unit_of_work(runtime.config.store.path):
        _register_channels(runtime, now)
        with working(runtime.config.store.path) as db:
            run = start_run(db, "deliver", None, now)
            reports = _each(
                runtime,
                channels,
                _id,
                lambda channel: deliver_channel(runtime, channel, now, at_once=at_once),
            )
            finish_delivery_run(db, run, reports)
        return reports


def _poll_and_recheck(
    runtime: Runtime, source: Source, now: datetime, quiet: list[QuietPoll], *, by_hand: bool
) -> SourceReport:
    report = poll_source(runtime, source, now, by_hand=by_hand, quiet=quiet)
    again = recheck_due(runtime, source, now)
    if again is None or again.error is None:
        return report
    return replace(report, error=in_one_line([error for error in (report.error, again.error) if error]))


def _register_channels(runtime: Runtime, now: datetime) -> None:
    with working(runtime.config.store.path) as db:
        register(db, runtime.config, now)


def _host(source: Source) -> str:
    return host_of(source.listing)


def _id(channel: Channel) -> str:
    return channel.id


def _each(
    runtime: Runtime, ones: Sequence[One], place: Callable[[One], str], work: Callable[[One], Report]
) -> list[Report]:
    """`work` on each, side by side where their places differ; results in the order given.

    What shares a place would only wait for its like: a host is asked one thing at a time.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(ones):
        groups.setdefault(place(one), []).append(number)
    waiting, done = iter(list(groups.values())), dict[int, Report]()
    steps, one_at_a_time = iter(runtime.watch(ones)), Lock()

    def work_on_groups() -> None:
        with working(runtime.config.store.path):
            for group in waiting:  # shared: each thread takes the next one
                for number in group:
                    done[number] = work(ones[number])
                    with one_at_a_time:
                        next(steps, None)

    if len(groups) == 1:
        work_on_groups()
    else:
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="worker") as pool:
            for each in [pool.submit(work_on_groups) for _ in range(min(_THREADS, len(groups)))]:
                each.result()
    next(steps, None)  # lets whoever watches know that it is over
    return [done[number] for number in range(len(ones))]
