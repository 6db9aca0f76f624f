"""Answers the demo portal gives instead of its own: which request meets which fault, and how often.

Only decides and counts; the portal and its server carry a fault out.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to matching requests, `times` times (None: until healed).

    `body` None with status 200 means the portal's own answer, only late, dripping, cut short or
    with more headers. Status 0 drops the connection without a word.
    """

    place: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    body: bytes | None = None
    times: int | None = None
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    truncate: int | None = None


class Faults:
    """The faults in force, at most one per place; the most exact place wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_place: dict[str, Fault] = {}

    def put(self, fault: Fault) -> None:
        """Set a fault, in place of an earlier one at the same place."""
        with self._lock:
            self._by_place[fault.place] = fault

    def heal(self, place: str) -> None:
        """End the fault of a place; no error if there is none."""
        with self._lock:
            self._by_place.pop(place, None)

    def heal_all(self) -> None:
        """End all faults."""
        with self._lock:
            self._by_place.clear()

    def meet(self, target: str) -> Fault | None:
        """The fault a request meets, counted as used once; None if the request is spared."""
        with self._lock:
            places = [place for place in self._by_place if _covers(place, place_of(target))]
            if not places:
                return None
            fault = self._by_place[max(places, key=len)]
            if fault.times is not None:
                self._use_up(fault, fault.times - 1)
            return fault

    def _use_up(self, fault: Fault, left: int) -> None:
        if left > 0:
            self._by_place[fault.place] = replace(fault, times=left)
        else:
            del self._by_place[fault.place]


def place_of(address: str) -> str:
    """In: a path, with or without query, or a whole URL. Out: path and query, percent-decoded."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return unquote(parts.path + query)


def _covers(place: str, target: str) -> bool:
    # Whole path segments only: /…/pressemitteilung must not break /…/pressemitteilungen.
    path = target.partition("?")[0]
    return place in (target, path) or path.startswith(place.rstrip("/") + "/")
