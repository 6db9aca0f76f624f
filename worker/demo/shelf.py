"""What the demo portal has published, in listing order: the part of its world that changes.

Every method takes the lock, so a test may publish while the server answers. Knows nothing of HTML
or HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Unpack

from worker.demo.release import PortalRelease, ReleaseChanges


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as the listing and as its own page tell it; a silent edit makes them differ."""

    listed: PortalRelease
    paged: PortalRelease
    gone_status: int | None = None


class Shelf:
    """Releases in listing order, newest first unless published elsewhere, pinned ones before all."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._entries: dict[str, Entry] = {}
        self._order: list[str] = []
        self._pinned: list[str] = []

    def publish(self, release: PortalRelease, position: int) -> None:
        """Put a release into the listing; ValueError if its slug is taken."""
        with self._lock:
            if release.slug in self._entries:
                raise ValueError(f"{release.slug} is already published; edit it instead")
            self._entries[release.slug] = Entry(release, release)
            self._order.insert(position, release.slug)

    def edit(self, slug: str, *, silently: bool, **changes: Unpack[ReleaseChanges]) -> PortalRelease:
        """Change a release's page, and its listing entry unless `silently`; KeyError if unknown."""

        def edited(entry: Entry) -> Entry:
            listed = entry.listed if silently else replace(entry.listed, **changes)
            return replace(entry, listed=listed, paged=replace(entry.paged, **changes))

        return self._change(slug, edited).paged

    def withdraw(self, slug: str, status: int) -> None:
        """Take a release out of the listing; its page answers `status` from now on."""
        self._change(slug, lambda entry: replace(entry, gone_status=status))

    def restore(self, slug: str) -> None:
        """Put a withdrawn release back where it was."""
        self._change(slug, lambda entry: replace(entry, gone_status=None))

    def pin(self, slug: str) -> None:
        """Keep a release at the top of the first page, whatever is published later."""
        with self._lock:
            self._known(slug)
            self.unpin(slug)
            self._pinned.insert(0, slug)

    def unpin(self, slug: str) -> None:
        """Let a pinned release fall back to its place; no error if it was not pinned."""
        with self._lock:
            self._pinned = [pinned for pinned in self._pinned if pinned != slug]

    def find(self, slug: str) -> Entry | None:
        """The entry of a slug, withdrawn ones included."""
        with self._lock:
            return self._entries.get(slug)

    def listed(self) -> list[PortalRelease]:
        """All releases that are not withdrawn, as the listing tells them, pinned ones first."""
        with self._lock:
            order = self._pinned + [slug for slug in self._order if slug not in self._pinned]
            return self._visible(order)

    def latest(self) -> list[PortalRelease]:
        """The same without the effect of pins: what feed and «Weitere Meldungen» show."""
        with self._lock:
            return self._visible(self._order)

    def _visible(self, order: list[str]) -> list[PortalRelease]:
        entries = (self._entries[slug] for slug in order)
        return [entry.listed for entry in entries if entry.gone_status is None]

    def _change(self, slug: str, change: Callable[[Entry], Entry]) -> Entry:
        with self._lock:
            self._entries[slug] = change(self._known(slug))
            return self._entries[slug]

    def _known(self, slug: str) -> Entry:
        if slug not in self._entries:
            raise KeyError(f"{slug} was never published; known: {', '.join(self._order)}")
        return self._entries[slug]
