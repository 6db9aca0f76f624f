"""robots.txt as RFC 9309 means it: fetched seldom, kept in the store, obeyed. Floor 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from protego import Protego

AGENT = "pressewacht"
MAX_AGE = timedelta(hours=24)  # RFC 9309 §2.4
MAX_BYTES = 500 * 1024  # RFC 9309 §2.5


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The rules of one host as last fetched; `text` is empty where the host has none."""

    host: str
    text: str
    fetched_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may be used without asking again."""
        return timedelta(0) <= now - self.fetched_at < MAX_AGE

    def allows(self, url: str) -> bool:
        """Whether we may ask for `url`."""
        return bool(_rules(self.text).can_fetch(url, AGENT))

    def crawl_delay(self) -> float:
        """The seconds between two requests the host asks for; 0 if it does not."""
        return min(float(_rules(self.text).crawl_delay(AGENT) or 0.0), 60.0)


class RobotsMemory(Protocol):
    """Where robots files stay between processes: an unchanged source must cost one request."""

    def recall(self, host: str) -> RobotsFile | None:
        """The file of `host` as last remembered, however old."""

    def remember(self, robots: RobotsFile) -> None:
        """Keep `robots` for the next process."""


class PassingRobots:
    """A memory for a single look, without a store."""

    def __init__(self) -> None:
        self._known: dict[str, RobotsFile] = {}

    def recall(self, host: str) -> RobotsFile | None:
        """The file of `host`, if it was asked for in this look."""
        return self._known.get(host)

    def remember(self, robots: RobotsFile) -> None:
        """Keep `robots` until the look is over."""
        self._known[robots.host] = robots


def decode_robots(body: bytes) -> str:
    """The text of a robots file; a byte order mark would make Protego allow everything."""
    return body[:MAX_BYTES].decode("utf-8-sig", errors="replace")


@lru_cache(maxsize=32)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
