"""The schedule itself: what is planned, what a set clock does, what a stuck job means."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.world import FILES, World
from worker.service import progress, serve
from worker.service.jobs import Jobs
from worker.service.progress import Progress


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
        seven = jobs["deliver archiv"].next_run_time
        assert (seven.hour, seven.minute, str(seven.tzinfo)) == (7, 0, "Europe/Berlin")
    finally:
        scheduler.shutdown(wait=True)


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
