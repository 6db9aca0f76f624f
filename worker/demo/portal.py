"""A ministry's press portal on loopback, over real HTTP: the world that `demo` shows and tests program.

Publish, edit, withdraw, redesign or break it while it runs; it answers like the original, with
validators, compression, robots.txt and a feed. It never reads the bundled releases itself; see `story`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Self, Unpack

from worker.demo import answers
from worker.demo.answers import Answer, SeenRequest
from worker.demo.faults import NO_HEADERS, Fault, Faults, place_of
from worker.demo.pages import ALIAS_PATH, FEED_PATH, LAYOUTS, LISTING_PATH, RELEASE_PATH, Look
from worker.demo.release import PortalRelease, ReleaseChanges
from worker.demo.server import LoopbackServer
from worker.demo.shelf import Shelf
from worker.demo.site import Settings, answer_for, error_page
from worker.demo.versions import Versions

ROBOTS = "User-agent: *\nDisallow: /typo3/\nDisallow: /suche\n"


class Portal:
    """The programmable portal; `with Portal() as portal:` starts it and cleans up behind it.

    Switches that may be set at any time: `page_size`, `robots` and `robots_status`, `validators`
    (False: no ETag, no Last-Modified), `volatile` (True: a random token in every page), `gzip`,
    `show_dates`, `show_kickers`, and `on_request`, called with each request before it is answered.
    `requests` holds every request in order of arrival; clear it to count afresh.
    """

    def __init__(self, *, page_size: int = 9, host: str = "127.0.0.1", port: int = 0) -> None:
        self.page_size = page_size
        self.robots = ROBOTS
        self.robots_status = 200
        self.validators = True
        self.volatile = False
        self.gzip = True
        self.show_dates = True
        self.show_kickers = True
        self.on_request: Callable[[SeenRequest], None] | None = None
        self.requests: list[SeenRequest] = []
        self._layout = LAYOUTS[0]
        self._shelf = Shelf()
        self._faults = Faults()
        self._versions = Versions()
        self._server = LoopbackServer(self._respond, host=host, port=port)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve; after a `stop` at the same address again."""
        self._server.start()

    def stop(self) -> None:
        """Refuse connections, as a machine that is down; what was published stays."""
        self._server.stop()

    # Addresses

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return self._server.base_url

    @property
    def listing_url(self) -> str:
        """The first page of the press listing."""
        return self.base_url + LISTING_PATH

    @property
    def feed_url(self) -> str:
        """The RSS feed of all releases."""
        return self.base_url + FEED_PATH

    def release_url(self, slug: str) -> str:
        """The page of a release, as the listing links it."""
        return self.base_url + RELEASE_PATH + slug

    def alias_url(self, slug: str) -> str:
        """The other address of the same page, as the feed links it."""
        return self.base_url + ALIAS_PATH + slug

    # What the press office does

    def publish(self, release: PortalRelease, *, position: int = 0) -> PortalRelease:
        """Put a release into the listing, 0 being the top; returns it. ValueError if its slug is taken."""
        self._shelf.publish(release, position)
        return release

    def edit(self, slug: str, **changes: Unpack[ReleaseChanges]) -> PortalRelease:
        """Change a release on its page and in the listing; returns the new version."""
        return self._shelf.edit(slug, silently=False, **changes)

    def edit_silently(self, slug: str, **changes: Unpack[ReleaseChanges]) -> PortalRelease:
        """Change a release on its own page only; the listing and the feed stay as they are."""
        return self._shelf.edit(slug, silently=True, **changes)

    def withdraw(self, slug: str, status: int = 410) -> None:
        """Take a release out of listing and feed; its page answers `status`."""
        self._shelf.withdraw(slug, status)

    def restore(self, slug: str) -> None:
        """Bring a withdrawn release back to its old place."""
        self._shelf.restore(slug)

    def pin(self, slug: str) -> None:
        """Keep a release at the top of the listing."""
        self._shelf.pin(slug)

    def unpin(self, slug: str) -> None:
        """Let a pinned release fall back to its place."""
        self._shelf.unpin(slug)

    def release(self, slug: str) -> PortalRelease:
        """A release as its own page tells it; KeyError if there never was one."""
        entry = self._shelf.find(slug)
        if entry is None:
            raise KeyError(f"{slug} was never published")
        return entry.paged

    def listed(self) -> list[PortalRelease]:
        """All releases in listing order."""
        return self._shelf.listed()

    # What its technicians do

    def redesign(self, name: str = "redesign") -> None:
        """Switch all pages to another layout; ValueError if there is none of that name."""
        if name not in LAYOUTS:
            raise ValueError(f"no layout {name!r}; there are {', '.join(LAYOUTS)}")
        self._layout = name

    def answer(
        self,
        path: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] = NO_HEADERS,
        body: bytes | None = None,
        times: int | None = None,
        delay_seconds: float = 0.0,
        drip_seconds: float = 0.0,
        truncate: int | None = None,
    ) -> None:
        """Give a path, all paths below it, or one path with its query another answer than its own.

        `path` may be a whole URL. For `times` requests, or until `heal`. The body left out, status
        200 keeps the portal's own page and other statuses send a short error page; status 0 drops
        the connection. `drip_seconds` is the pause after every 512 bytes, `truncate` the number of
        bytes after which the connection ends although more were promised.
        """
        place = place_of(path)
        self._faults.put(Fault(place, status, headers, body, times, delay_seconds, drip_seconds, truncate))

    def heal(self, path: str | None = None) -> None:
        """End the fault of a path, or all of them."""
        if path is None:
            self._faults.heal_all()
        else:
            self._faults.heal(place_of(path))

    def asked(self, path: str) -> list[SeenRequest]:
        """The requests so far for a path, whatever their query; `path` may be a whole URL."""
        wanted = place_of(path).partition("?")[0].rstrip("/")
        return [request for request in list(self.requests) if request.path == (wanted or "/")]

    # How it answers

    def _respond(self, request: SeenRequest) -> Answer:
        if self.on_request is not None:
            self.on_request(request)
        fault = self._faults.meet(request.target)
        answer = self._broken(fault, request) if fault else self._whole(request)
        self.requests.append(replace(request, status=answer.status))
        return answer

    def _broken(self, fault: Fault, request: SeenRequest) -> Answer:
        if fault.body is None and fault.status == 200:
            answer = self._whole(request)
        elif fault.body is None:
            answer = error_page(fault.status, self._look())
        else:
            answer = answers.page(fault.body, status=fault.status)
        return replace(
            answer,
            headers={**answer.headers, **fault.headers},
            delay_seconds=fault.delay_seconds,
            drip_seconds=fault.drip_seconds,
            truncate=fault.truncate,
        )

    def _whole(self, request: SeenRequest) -> Answer:
        answer = answer_for(request, self._shelf, self._settings())
        if answer.status == 200 and self.validators:
            changed_at = self._versions.changed_at(request.target, answer.body)
            answer = answers.validated(answer, request, changed_at=changed_at)
        return answers.compressed(answer, request) if self.gzip else answer

    def _look(self) -> Look:
        token = secrets.token_hex(16) if self.volatile else ""
        return Look(self._layout, self.show_dates, self.show_kickers, token)

    def _settings(self) -> Settings:
        return Settings(self.base_url, self.page_size, self.robots, self.robots_status, self._look())
