"""No host is asked faster than agreed, however many sources live there. Floor 2."""

from __future__ import annotations

import threading
import time
from collections import defaultdict


class HostGate:
    """Lets requests to one host pass one at a time, `seconds` apart; hosts do not wait for each other."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()

    def wait(self, host: str, seconds: float) -> None:
        """Return when the next request to `host` may start, and reserve its place."""
        with self._guard:
            lock = self._locks[host]
        with lock:
            time.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
            self._free_at[host] = time.monotonic() + seconds
