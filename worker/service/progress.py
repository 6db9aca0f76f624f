"""Whether the jobs get anywhere: what the watchdog is fed with. Floor 4."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

_STUCK_SECONDS = 3600.0  # longer than any honest unit of work: fifty slow pages take half an hour


class Progress:
    """Remembers which jobs are running and since when."""

    def __init__(self) -> None:
        self._running: dict[int, float] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def job(self) -> Iterator[None]:
        """Mark the time a job takes."""
        key = threading.get_ident()
        with self._lock:
            self._running[key] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._running[key]

    def is_stuck(self) -> bool:
        """Whether a job has been running for longer than any honest one does."""
        with self._lock:
            return any(time.monotonic() - since > _STUCK_SECONDS for since in self._running.values())
