"""What the service does when it is time: the same functions the commands call. Floor 4."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from worker.config.schema import Channel
from worker.errors import WorkerError
from worker.pipelines.cycle import deliver_channels, poll_sources
from worker.pipelines.runtime import Runtime
from worker.service.ping import ping
from worker.service.progress import Progress
from worker.store.connection import reading
from worker.store.outbox import has_due_messages

log = logging.getLogger(__name__)


class Jobs:
    """The service's jobs; each ends in a logged line instead of an exception."""

    def __init__(self, runtime: Runtime, progress: Progress) -> None:
        self._runtime = runtime
        self._progress = progress

    def poll(self) -> None:
        """Poll every source, then send what is due."""
        with self._progress.job():
            config = self._runtime.config
            sources = [source for source in config.sources if source.enabled]
            try:
                for report in poll_sources(self._runtime, sources, datetime.now(UTC)):
                    log.info("%s: %s, %d new", report.id, report.status, report.items_new)
            except WorkerError as error:
                log.error("poll: %s", error)
                return
            if self._deliver(self._channels()):
                ping(self._runtime)

    def deliver(self, channel_id: str | None = None) -> None:
        """Send what is due on one channel, or on all."""
        with self._progress.job():
            self._deliver([one for one in self._channels() if channel_id in (None, one.id)])

    def retry(self) -> None:
        """Send what waited for another attempt, if there is anything."""
        with self._progress.job():
            try:
                with reading(self._runtime.config.store.path) as db:
                    is_due = has_due_messages(db, datetime.now(UTC))
            except WorkerError as error:
                log.error("retry: %s", error)
                return
            if is_due:
                self._deliver(self._channels())

    def _channels(self) -> list[Channel]:
        return [channel for channel in self._runtime.config.channels if channel.enabled]

    def _deliver(self, channels: Sequence[Channel]) -> bool:
        """Deliver; whether the store let us."""
        try:
            for report in deliver_channels(self._runtime, channels, datetime.now(UTC)):
                log.info("%s: %d sent, %d waiting", report.id, report.sent, report.pending)
        except WorkerError as error:
            log.error("deliver: %s", error)
            return False
        return True
