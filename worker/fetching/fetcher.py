"""One polite way to ask for a page: allowed, paced, conditional, bounded, asked at most twice. Floor 2.

Turns an address into a Page, None for «not modified», or a FetchError that says whether asking again
can help. It never reads what a page says and never writes to the store.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from worker.config.schema import Http
from worker.errors import FetchError, RefusedError
from worker.fetching.body import BodyError, read_body
from worker.fetching.guard import PrivateAddress, deadline
from worker.fetching.pace import HostGate
from worker.fetching.robots import RobotsFile, RobotsMemory, decode_robots
from worker.identity import host_of
from worker.models.page import Page, Validators
from worker.retry_after import parse_retry_after

_MAX_REDIRECTS = 5
_PAUSE_SECONDS = 1.0  # before a page is asked for a second time in one run, which is the last
_REDIRECTS = (301, 302, 303, 307, 308)


class Fetcher:
    """Fetches for one source; counts what it asked for and what came.

    `hosts` is the allow-list (host and port, without `www.`); `client` and `gate` are shared by the
    whole process.
    """

    def __init__(
        self, client: httpx.Client, gate: HostGate, http: Http, *, hosts: frozenset[str], robots: RobotsMemory
    ) -> None:
        self._client = client
        self._gate = gate
        self._http = http
        self._hosts = hosts
        self._robots = robots
        self._outdated: dict[str, RobotsFile] = {}  # used because their hosts could not say anew
        self.requests = 0
        self.bytes = 0

    def fetch(self, url: str) -> Page:
        """The page at `url`, whole; raises as `fetch_if_changed` does."""
        page = self.fetch_if_changed(url, Validators())
        assert page is not None, "nothing was asked that could be answered with «not modified»"
        return page

    def fetch_if_changed(self, url: str, validators: Validators) -> Page | None:
        """The page at `url`, or None if it is as it was when it gave `validators`.

        A passing fault is tried once more after a pause, but never against a server's wish to wait. Raises
        FetchError, RefusedError where we may not ask.
        """
        try:
            return self._follow(url, validators)
        except FetchError as error:
            if error.permanent or error.retry_after is not None:
                raise
        time.sleep(_PAUSE_SECONDS)
        return self._follow(url, validators)

    def _follow(self, url: str, validators: Validators) -> Page | None:
        """`url` and the redirects it answers with, each checked like the first."""
        here, been = url, {url}
        while len(been) <= _MAX_REDIRECTS + 1:
            self._check_host(here)
            robots = self._obey_robots(here)
            answer = self._ask(here, _conditions(validators), robots.crawl_delay() if robots else 0.0)
            if answer.status not in _REDIRECTS:
                return self._page(here, answer, validators)
            here = _target(here, answer)
            if here in been:
                raise FetchError(url, f"redirects in a circle, back to {here}", permanent=True)
            been.add(here)
        raise FetchError(url, f"more than {_MAX_REDIRECTS} redirects", permanent=True)

    def _page(self, url: str, answer: _Answer, validators: Validators) -> Page | None:
        if answer.status == 304 and _conditions(validators):
            return None
        if answer.status != 200:
            phrase = httpx.codes.get_reason_phrase(answer.status)
            raise FetchError(
                url,
                f"the server answered {answer.status} {phrase}".rstrip(),
                status=answer.status,
                permanent=400 <= answer.status < 500 and answer.status not in (408, 418, 425, 429),
                retry_after=_retry_after(answer),
            )
        return Page(
            url=url,
            body=answer.body,
            content_type=answer.headers.get("content-type", ""),
            fetched_at=datetime.now(UTC),
            status=answer.status,
            validators=Validators(_sendable(answer, "etag"), _sendable(answer, "last-modified")),
        )

    def _check_host(self, url: str) -> None:
        try:
            parts, host = urlsplit(url), host_of(url)
        except ValueError:
            raise RefusedError(url, "this is not an address that can be fetched", permanent=True) from None
        if parts.scheme not in ("http", "https") or parts.username is not None:
            raise RefusedError(url, "only plain http and https addresses are fetched", permanent=True)
        if host not in self._hosts:
            raise RefusedError(
                url, f"{host} is not a host of this source; add it to its `hosts` to allow it", permanent=True
            )

    def _obey_robots(self, url: str) -> RobotsFile | None:
        if not self._http.respect_robots:
            return None
        robots = self._robots_of(url)
        if not robots.allows(url):
            raise RefusedError(url, f"robots.txt of {robots.host} forbids it", permanent=True)
        return robots

    def _robots_of(self, url: str) -> RobotsFile:
        """The rules for `url`'s host: the remembered ones while fresh, else as RFC 9309 §2.3.1 says."""
        parts = urlsplit(url)
        host, now = parts.netloc.lower(), datetime.now(UTC)
        known = self._outdated.get(host) or self._robots.recall(host)
        if known and (known.is_fresh(now) or host in self._outdated):
            return known
        try:
            text = self._robots_text(f"{parts.scheme}://{host}/robots.txt")
        except RefusedError:
            raise
        except FetchError as error:
            if known:
                self._outdated[host] = known
                return known
            raise FetchError(
                url, f"robots.txt cannot be read, so nothing else is asked for ({error.reason})",
                status=error.status, retry_after=error.retry_after,
            ) from error  # fmt: skip
        robots = RobotsFile(host, text, now)
        self._robots.remember(robots)
        return robots

    def _robots_text(self, url: str) -> str:
        """The rules, empty if the host has none (4xx); raises FetchError if it cannot say (5xx)."""
        here = url
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._ask(here, {}, 0.0)
            if answer.status in _REDIRECTS and (target := self._own_host(here, answer)):
                here = target
                continue
            if answer.status == 200:
                return decode_robots(answer.body)
            if answer.status < 500 and answer.status != 429:
                return ""
            raise FetchError(
                url,
                f"the server answered {answer.status}",
                status=answer.status,
                retry_after=_retry_after(answer),
            )
        return ""

    def _own_host(self, url: str, answer: _Answer) -> str | None:
        try:
            target = _target(url, answer)
            self._check_host(target)
        except FetchError:
            return None
        return target

    def _ask(self, url: str, headers: Mapping[str, str], crawl_delay: float) -> _Answer:
        """One request and its whole answer, within `timeout_seconds`; raises FetchError."""
        self._gate.wait(host_of(url), max(self._http.min_interval_seconds, crawl_delay))
        self.requests += 1
        try:
            with (
                deadline(self._http.timeout_seconds),
                self._client.stream("GET", url, headers=dict(headers)) as response,
            ):
                # An answer that is not read closes its connection; «not modified» has no body to fear.
                is_read = response.status_code in (200, 304)
                body = read_body(response, self._http.max_body_bytes) if is_read else b""
                self.bytes += response.num_bytes_downloaded
                return _Answer(response.status_code, response.headers, body)
        except BodyError as error:
            raise FetchError(url, str(error), permanent=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _fault(url, error, self._http.timeout_seconds) from error


class _Answer:
    """One response with its body read."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: httpx.Headers, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


def _target(url: str, answer: _Answer) -> str:
    """Where a redirect leads; raises FetchError if it does not say."""
    location = str(answer.headers.get("location", ""))
    try:
        target = urldefrag(urljoin(url, location)).url if location else ""
    except ValueError:
        target = ""
    if not target:
        raise FetchError(url, f"a redirect to nowhere ({location!r})", permanent=True)
    return target


def _sendable(answer: _Answer, name: str) -> str | None:
    """A header that can be sent back: an ETag may hold bytes that no request header takes."""
    value: str | None = answer.headers.get(name)
    return value if value and value.isascii() else None


def _retry_after(answer: _Answer) -> timedelta | None:
    return parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))


def _conditions(validators: Validators) -> dict[str, str]:
    given = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in given.items() if value}


def _fault(url: str, error: Exception, seconds: float) -> FetchError:
    if isinstance(error, httpx.TimeoutException):
        return FetchError(url, f"no complete answer within {seconds:g} s")
    if isinstance(error.__cause__, PrivateAddress):
        reason = f"{error}; set http.allow_private_addresses = true only for tests and intranets"
        return RefusedError(url, reason, permanent=True)
    if isinstance(
        error, httpx.InvalidURL
    ):  # httpx reads the Location of a redirect, although it follows none
        return RefusedError(url, f"it leads to something that is no address ({error})", permanent=True)
    return FetchError(
        url, f"cannot be reached: {error}" if isinstance(error, httpx.ConnectError) else str(error)
    )
