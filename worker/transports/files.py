"""A frozen mail → `DIGEST.eml` and `DIGEST.html` in a folder. Floor 2."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

from worker.config.schema import FilesChannel
from worker.models.event import Outgoing
from worker.transports.atomic import write_atomically


class FilesTransport:
    """Writes to the folder of one channel; the same digest again overwrites its own two files."""

    def __init__(self, channel: FilesChannel) -> None:
        self._channel = channel

    def send(self, message: Outgoing) -> None:
        """Write both files, the `.eml` last: where it is, the other one is too."""
        stem = str(message.digest_id) if message.digest_id > 0 else re.sub(r"[^\w-]", "-", message.uid)
        html = _html_part(message.body)
        if html is not None:
            write_atomically(self._channel.id, self._channel.path / f"{stem}.html", html)
        write_atomically(self._channel.id, self._channel.path / f"{stem}.eml", message.body)

    def check(self) -> str:
        """Write a file into the folder and take it away again."""
        probe = self._channel.path / ".pressewacht-check"
        write_atomically(self._channel.id, probe, b"")
        probe.unlink(missing_ok=True)
        return f"{self._channel.path} can be written"


def _html_part(body: bytes) -> bytes | None:
    part = message_from_bytes(body, policy=policy.default).get_body(("html",))
    return None if part is None else part.get_content().replace("\r\n", "\n").encode("utf-8", "replace")
