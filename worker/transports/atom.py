"""A composed feed → its file, for whatever web server shows it. Floor 2."""

from __future__ import annotations

from worker.config.schema import AtomChannel
from worker.models.event import Outgoing
from worker.transports.atomic import write_atomically


class AtomTransport:
    """Replaces the feed file of one channel."""

    def __init__(self, channel: AtomChannel) -> None:
        self._channel = channel

    def send(self, message: Outgoing) -> None:
        """Put the new feed in the old one's place."""
        write_atomically(self._channel.id, self._channel.path, message.body)

    def check(self) -> str:
        """Write a file beside the feed and take it away again."""
        probe = self._channel.path.with_name(".pressewacht-check")
        write_atomically(self._channel.id, probe, b"")
        probe.unlink(missing_ok=True)
        return f"{self._channel.path.parent} can be written"
