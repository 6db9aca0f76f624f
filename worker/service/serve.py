"""When things run, and how they stop. Floor 4.

Knows only time and signals: SIGTERM lets the job in hand finish. What is due is decided by the store,
so a late or repeated wake-up does no harm.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from worker.config.cron import IMMEDIATE
from worker.config.schema import Config
from worker.service.jobs import Jobs
from worker.service.notify import notify, watchdog_seconds
from worker.service.progress import Progress
from worker.service.slots import Slots

log = logging.getLogger(__name__)

_RETRY_SECONDS = 60
_BEAT_SECONDS = 10.0
_CLOCK_STEP_SECONDS = 60.0  # a wall clock that moves this much against the monotonic one was set


def serve(config: Config, jobs: Jobs, progress: Progress, stop: threading.Event) -> None:
    """Run the jobs on their schedules until `stop` is set, then let the one in hand finish."""
    scheduler = _scheduler(config, jobs)
    scheduler.start()
    notify("READY=1")
    log.info("watching %d sources", sum(source.enabled for source in config.sources))
    try:
        _wait(scheduler, progress, stop)
    finally:
        notify("STOPPING=1")
        scheduler.shutdown(wait=True)


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; their former handlers come back at the end."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _scheduler(config: Config, jobs: Jobs) -> BackgroundScheduler:
    """The poll now and on its schedule, each channel at its slots, retries every minute.

    `misfire_grace_time` is 1 s by default, which drops every job that comes late: after sleep all run
    once instead.
    """
    schedule = config.schedule
    scheduler = BackgroundScheduler(
        timezone=schedule.timezone,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_listener(_on_trouble, EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
    poll = Slots(schedule.poll, schedule.timezone, schedule.jitter_seconds)
    scheduler.add_job(jobs.poll, poll, id="poll", next_run_time=datetime.now(UTC))
    scheduler.add_job(jobs.retry, IntervalTrigger(seconds=_RETRY_SECONDS), id="retry")
    for channel in config.channels:
        if channel.enabled and channel.schedule != IMMEDIATE:
            slots = Slots(channel.schedule, schedule.timezone)
            scheduler.add_job(jobs.deliver, slots, args=[channel.id], id=f"deliver {channel.id}")
    return scheduler


def _wait(scheduler: BackgroundScheduler, progress: Progress, stop: threading.Event) -> None:
    """Beat until told to stop: feed the watchdog while jobs get on, notice a clock that was set."""
    asked = watchdog_seconds()
    beat = min(_BEAT_SECONDS, asked / 3) if asked else _BEAT_SECONDS
    wall, steady = time.time(), time.monotonic()
    while not stop.wait(beat):
        if not progress.is_stuck():
            notify("WATCHDOG=1")
        if abs((time.time() - wall) - (time.monotonic() - steady)) > _CLOCK_STEP_SECONDS:
            _reschedule(scheduler)
            wall, steady = time.time(), time.monotonic()


def _reschedule(scheduler: BackgroundScheduler) -> None:
    """Let every job fall due by the new clock: after a step back APScheduler would stay silent till then."""
    log.warning("the clock was set; all jobs are rescheduled")
    for job in scheduler.get_jobs():
        job.reschedule(job.trigger)


def _on_trouble(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_ERROR:
        log.error("job %s failed: %r", event.job_id, event.exception)
    else:
        log.warning("job %s was still running at its next turn; that turn is left out", event.job_id)
