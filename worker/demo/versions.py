"""When each page of the portal last changed, worked out from what it looks like each time it is asked for."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from worker.demo.answers import etag_of


class Versions:
    """Remembers when each page last changed; strictly later than before, although HTTP counts seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[str, datetime]] = {}

    def changed_at(self, target: str, body: bytes) -> datetime:
        """In: an address and its page of this moment. Out: since when the page reads so."""
        etag = etag_of(body)
        with self._lock:
            known = self._seen.get(target)
            if known is None or known[0] != etag:
                now = datetime.now(UTC).replace(microsecond=0)
                known = (etag, now if known is None else max(now, known[1] + timedelta(seconds=1)))
                self._seen[target] = known
            return known[1]
