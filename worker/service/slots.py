"""The slots of a cron expression as a trigger of the scheduler. Floor 4."""

from __future__ import annotations

from datetime import datetime

from apscheduler.triggers.base import BaseTrigger

from worker.config.cron import next_slot


class Slots(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Fires at each slot of `cron` by the clocks of `timezone`, up to `jitter_seconds` later."""

    def __init__(self, cron: str, timezone: str, jitter_seconds: int = 0) -> None:
        self._cron = cron
        self._timezone = timezone
        self._jitter_seconds = jitter_seconds

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first slot after the last firing, or after `now` before there was one."""
        after = min(previous_fire_time, now) if previous_fire_time else now
        slot = next_slot(self._cron, self._timezone, after)
        fires: datetime | None = self._apply_jitter(slot, self._jitter_seconds, now)
        return fires
