"""The schedule itself: what is planned, what a set clock does, what a stuck job means."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.world import FILES, World
from worker.service import progress, serve
from worker.service.jobs import Jobs
from worker.service.progress import Progress
from worker.service.slots import Slots


def test_poll_runs_now_and_channels_at_their_slots(world: World) -> None:
    """The first poll does not wait for its slot; a scheduled channel has a job of its own."""
    world.configure(FILES + 'schedule = "0 7 * * mon-fri"\n')
    scheduler = serve._scheduler(world.runtime.config, Jobs(world.runtime, Progress()))
    scheduler.start(paused=True)
    try:
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert set(jobs) == {"poll", "retry", "deliver archiv"}
        assert jobs["poll"].next_run_time <= datetime.now(UTC)
        for job in jobs.values():
            assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        seven = jobs["deliver archiv"].next_run_time.astimezone(ZoneInfo("Europe/Berlin"))
        assert (seven.hour, seven.minute) == (7, 0)
    finally:
        scheduler.shutdown(wait=True)


def test_the_autumn_night_fires_once() -> None:
    """A slot in the hour that comes twice is one slot to the service, too, and the next is tomorrow's."""
    trigger = Slots("30 2 * * *", "Europe/Berlin")
    first = trigger.get_next_fire_time(None, datetime(2026, 10, 24, 12, tzinfo=UTC))
    second = trigger.get_next_fire_time(first, datetime(2026, 10, 25, 0, 31, tzinfo=UTC))

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_slot_is_late_by_the_jitter_at_most() -> None:
    """Many installations must not ask one server in the same second."""
    trigger = Slots("*/30 * * * *", "Europe/Berlin", jitter_seconds=60)
    fires = trigger.get_next_fire_time(None, datetime(2026, 6, 3, 12, 34, tzinfo=UTC))

    assert fires is not None
    assert timedelta(0) <= fires - datetime(2026, 6, 3, 13, 0, tzinfo=UTC) <= timedelta(seconds=60)


def test_clock_set_back_does_not_silence_the_service(world: World) -> None:
    """After a step back every job falls due by the new clock."""
    scheduler = serve._scheduler(world.runtime.config, Jobs(world.runtime, Progress()))
    scheduler.start(paused=True)
    try:
        late = datetime.now(UTC) + timedelta(days=365)
        scheduler.modify_job("retry", next_run_time=late)
        serve._reschedule(scheduler)
        assert scheduler.get_job("retry").next_run_time < late - timedelta(days=300)
    finally:
        scheduler.shutdown(wait=True)


def test_stuck_job_starves_the_watchdog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only progress feeds the watchdog."""
    monkeypatch.setattr(progress, "_STUCK_SECONDS", 0.05)
    seen = Progress()
    release = threading.Event()

    def job() -> None:
        with seen.job():
            release.wait(10)

    thread = threading.Thread(target=job)
    thread.start()
    time.sleep(0.2)
    assert seen.is_stuck()
    release.set()
    thread.join()
    assert not seen.is_stuck()


def test_retry_job_sends_what_waited(world: World) -> None:
    """A message that failed is sent by the minute's look at the outbox, once its wait is over."""
    (world.folder / "digests").write_text("in the way")
    world.now -= timedelta(days=1)
    world.publish("Neue Sprachkurse")
    world.poll()
    assert world.deliver()["archiv"].pending == 1
    (world.folder / "digests").unlink()
    Jobs(world.runtime, Progress()).retry()
    assert len(world.letters()) == 1
