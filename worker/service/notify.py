"""Tell systemd how we are (sd_notify(3)): ready, alive, stopping. Floor 4."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> None:
    """Send one state (`READY=1`, `WATCHDOG=1`, `STOPPING=1`) if a service manager asked for it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out,
    ):
        out.sendto(state.encode(), address)


def watchdog_seconds() -> float | None:
    """How often the service manager wants to hear from us, None if never."""
    asked = os.environ.get("WATCHDOG_USEC", "")
    return int(asked) / 1_000_000 if asked.isdigit() and int(asked) > 0 else None
