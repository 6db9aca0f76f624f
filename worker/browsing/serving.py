"""An application served on this machine until it is interrupted. Floor 4."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from worker.browsing.application import Application
from worker.errors import UsageError

_HOST = "127.0.0.1"
_GOODBYE_SECONDS = 3  # for answers under way; no query runs longer than settings.json allows


def serve(application: Application, port: int, announce: Callable[[str], None]) -> None:
    """Serve on this machine until SIGINT or SIGTERM; `announce` hears the address once it answers.

    Port 0 takes any free one. Raises UsageError for a port that cannot be had.
    """
    import uvicorn

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    with _listening_socket(port) as listener:
        announce(f"http://{_HOST}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            application,
            log_level="warning",
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=_GOODBYE_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listening_socket(port: int) -> socket.socket:
    # Named TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms (measured).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        advice = "choose another with --port N, or --port 0 for any free one"
        raise UsageError(f"port {port} on {_HOST} cannot be had ({error.strerror}); {advice}") from None
    return listener


def _leave(number: int, frame: FrameType | None) -> None:
    """End well before the server runs, and when it hands the signal back after its own farewell."""
    raise SystemExit(0)
