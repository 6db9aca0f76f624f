"""What the service does when it is time: the same functions the commands call. Floor 4."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from worker.config.schema import Channel
from worker.errors import WorkerError
from worker.models.report import ChannelReport, SourceReport
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
        """Poll every source, then send what is due; a watcher elsewhere hears how the round went."""
        with self._progress.job():
            ping(self._runtime, "start")
            troubles = [*self._poll(), *self._deliver(self._channels())]
            ping(self._runtime, "fail" if troubles else "success", "\n".join(troubles))

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

    def _poll(self) -> list[str]:
        """Poll every source; what went wrong, a line each."""
        sources = [source for source in self._runtime.config.sources if source.enabled]
        try:
            reports = poll_sources(self._runtime, sources, datetime.now(UTC))
        except WorkerError as error:
            log.error("poll: %s", error)
            return [f"poll: {error}"]
        for report in reports:
            log.info("%s: %s, %d new", report.id, report.status, report.items_new)
        return _troubles(reports)

    def _deliver(self, channels: Sequence[Channel]) -> list[str]:
        """Send what is due; what went wrong, a line each."""
        try:
            reports = deliver_channels(self._runtime, channels, datetime.now(UTC))
        except WorkerError as error:
            log.error("deliver: %s", error)
            return [f"deliver: {error}"]
        for report in reports:
            log.info("%s: %d sent, %d waiting", report.id, report.sent, report.pending)
        return _troubles(reports)


def _troubles(reports: Sequence[SourceReport | ChannelReport]) -> list[str]:
    return [f"{report.id}: {report.error}" for report in reports if report.error]
