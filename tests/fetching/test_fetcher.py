"""Asking for a page: conditions, redirects, the allow-list of hosts, and how often."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tests.fetching.conftest import MakeFetcher
from tests.fetching.raw import RawServer, answer, saying
from worker.demo.portal import Portal
from worker.errors import FetchError, RefusedError
from worker.fetching import fetcher
from worker.models.page import Validators


def test_a_page_comes_whole_and_decompressed(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """The body is what the server meant, with its type, address and validators; the cost is counted."""
    fetcher = fetcher_for(portal.base_url)

    page = fetcher.fetch(portal.listing_url)

    assert page is not None
    assert b"</html>" in page.body
    assert (page.url, page.status) == (portal.listing_url, 200)
    assert page.content_type == "text/html; charset=utf-8"
    assert page.validators.etag
    assert page.validators.last_modified
    assert (fetcher.requests, fetcher.bytes > 0) == (2, True)  # robots.txt and the page


def test_an_unchanged_page_is_asked_for_with_both_validators(
    portal: Portal, fetcher_for: MakeFetcher
) -> None:
    """ETag and Last-Modified go back as they came, and «not modified» is None."""
    fetcher = fetcher_for(portal.base_url)
    page = fetcher.fetch(portal.listing_url)
    assert page is not None

    assert fetcher.fetch_if_changed(portal.listing_url, page.validators) is None

    sent = portal.asked(portal.listing_url)[-1]
    assert sent.headers["if-none-match"] == page.validators.etag
    assert sent.headers["if-modified-since"] == page.validators.last_modified
    assert sent.status == 304


def test_without_validators_nothing_is_conditional(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """A first request, or one after doubts, asks for the page itself."""
    fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert not {"if-none-match", "if-modified-since"} & set(portal.asked(portal.listing_url)[0].headers)


def test_not_modified_is_not_believed_unasked(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """A 304 to a request without conditions is a fault, never «nothing new»."""
    portal.answer(portal.listing_url, status=304)

    with pytest.raises(FetchError, match="304"):
        fetcher_for(portal.base_url).fetch(portal.listing_url)


def test_an_etag_that_cannot_be_sent_back_is_dropped(fetcher_for: MakeFetcher) -> None:
    """Bytes that no request header takes must not break the next poll."""
    with RawServer(saying(answer(b"page", 'ETag: "f\xfcnf"', "Last-Modified: yesterday"))) as server:
        fetcher = fetcher_for(server.url, respect_robots=False)
        page = fetcher.fetch(server.url + "/")
        assert page is not None

        fetcher.fetch_if_changed(server.url + "/", page.validators)

    assert page.validators == Validators(None, "yesterday")


def test_the_client_says_who_asks_and_what_it_reads(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Name and version, German, gzip and nothing else."""
    fetcher_for(portal.base_url, user_agent="Musterbot/{version}").fetch(portal.listing_url)

    headers = portal.requests[0].headers
    assert headers["user-agent"].startswith("Musterbot/")
    assert "{" not in headers["user-agent"]
    assert (headers["accept-encoding"], headers["accept-language"]) == ("gzip", "de")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed(
    portal: Portal, fetcher_for: MakeFetcher, status: int
) -> None:
    """The page carries the address it was found under."""
    portal.answer("/alt", status=status, headers={"Location": portal.listing_url})

    page = fetcher_for(portal.base_url).fetch(portal.base_url + "/alt")

    assert page is not None
    assert page.url == portal.listing_url


def test_a_relative_redirect_is_followed(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """A path is taken from the address that answered; a fragment is left out."""
    portal.answer("/a/alt", status=302, headers={"Location": "neu#oben"})
    portal.answer("/a/neu", body=b"da")

    page = fetcher_for(portal.base_url).fetch(portal.base_url + "/a/alt")

    assert page is not None
    assert (page.url, page.body) == (portal.base_url + "/a/neu", b"da")


def test_a_redirect_to_another_host_is_refused(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """The victim hears nothing, not even a request for its robots.txt."""
    with Portal() as victim:
        portal.answer("/alt", status=302, headers={"Location": victim.listing_url})

        with pytest.raises(RefusedError, match="not a host of this source"):
            fetcher_for(portal.base_url).fetch(portal.base_url + "/alt")

        assert victim.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/html,x",
        "ftp://127.0.0.1/x",
        "http://user:secret@127.0.0.1/",
        "//example.org/x",
        "http://[",
        "http://127.0.0.1:99999/",
        "",
    ],
)
def test_a_redirect_to_what_is_no_address_of_ours_is_refused(
    portal: Portal, fetcher_for: MakeFetcher, location: str
) -> None:
    """Other schemes, user names, other hosts, nonsense: one request, one clear error, no second try."""
    portal.answer("/alt", status=302, headers={"Location": location})

    with pytest.raises(FetchError) as caught:
        fetcher_for(portal.base_url).fetch(portal.base_url + "/alt")

    assert caught.value.permanent
    assert len(portal.asked("/alt")) == 1


@pytest.mark.parametrize(
    ("hops", "asked"), [({"/a": "/a"}, 1), ({"/a": "/a#x"}, 1), ({"/a": "/b", "/b": "/a"}, 2)]
)
def test_a_redirect_loop_ends_where_it_closes(
    portal: Portal, fetcher_for: MakeFetcher, hops: dict[str, str], asked: int
) -> None:
    """No page is asked for twice on the way."""
    for path, target in hops.items():
        portal.answer(path, status=302, headers={"Location": target})

    with pytest.raises(FetchError, match="circle"):
        fetcher_for(portal.base_url, respect_robots=False).fetch(portal.base_url + "/a")

    assert len(portal.requests) == asked


def test_a_long_chain_of_redirects_ends(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Five are followed, a sixth is not."""
    for number in range(10):
        portal.answer(f"/{number}", status=302, headers={"Location": f"/{number + 1}"})

    with pytest.raises(FetchError, match="more than 5 redirects"):
        fetcher_for(portal.base_url, respect_robots=False).fetch(portal.base_url + "/0")

    assert len(portal.requests) == 6


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "http://127.0.0.1:1/", "ftp://127.0.0.1/", "http://[", "about:blank", "http://"],
)
def test_only_hosts_of_the_source_are_asked(portal: Portal, fetcher_for: MakeFetcher, url: str) -> None:
    """Host means host and port; everything else is refused before a socket is opened."""
    fetcher = fetcher_for(portal.base_url)

    with pytest.raises(RefusedError):
        fetcher.fetch(url)

    assert fetcher.requests == 0


def test_www_is_the_same_host(fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The allow-list holds hosts without `www.`, upper or lower case."""
    with RawServer(saying(answer(b"da"))) as server:
        resolved = _resolving_to_loopback(monkeypatch)
        fetcher = fetcher_for(f"http://presse.test:{server.port}", respect_robots=False)

        page = fetcher.fetch(f"http://WWW.presse.test:{server.port}/")

    assert page is not None
    assert page.body == b"da"
    assert resolved == ["www.presse.test"]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
def test_a_passing_fault_is_tried_exactly_twice(
    portal: Portal, fetcher_for: MakeFetcher, status: int
) -> None:
    """Once more within the run, and no more."""
    portal.answer(portal.listing_url, status=status)

    with pytest.raises(FetchError) as caught:
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert (caught.value.status, caught.value.permanent) == (status, False)
    assert len(portal.asked(portal.listing_url)) == 2


def test_the_second_try_may_succeed(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """One hiccup costs one more request and nothing else."""
    portal.answer(portal.listing_url, status=502, times=1)

    assert fetcher_for(portal.base_url).fetch(portal.listing_url) is not None
    assert [request.status for request in portal.asked(portal.listing_url)] == [502, 200]


def test_between_two_tries_there_is_a_pause(
    portal: Portal, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time passes before the second try."""
    monkeypatch.setattr(fetcher, "_PAUSE_SECONDS", 0.5)
    portal.answer(portal.listing_url, status=500, times=1)
    started = time.monotonic()

    fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_final_answer_is_asked_for_once(portal: Portal, fetcher_for: MakeFetcher, status: int) -> None:
    """Asking again cannot help."""
    portal.answer(portal.listing_url, status=status)

    with pytest.raises(FetchError) as caught:
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert (caught.value.status, caught.value.permanent) == (status, True)
    assert len(portal.asked(portal.listing_url)) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_wish_to_wait_is_obeyed_at_once(portal: Portal, fetcher_for: MakeFetcher, status: int) -> None:
    """With Retry-After there is no second try, and the wish reaches the caller, clamped."""
    portal.answer(portal.listing_url, status=status, headers={"Retry-After": "120"})

    with pytest.raises(FetchError) as caught:
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert caught.value.retry_after == timedelta(seconds=120)
    assert len(portal.asked(portal.listing_url)) == 1


def test_a_portal_that_is_down_is_a_clear_error(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Refused connections say where and that it cannot be reached."""
    fetcher = fetcher_for(portal.base_url, respect_robots=False)
    url = portal.listing_url
    portal.stop()

    with pytest.raises(FetchError, match="cannot be reached") as caught:
        fetcher.fetch(url)

    assert str(caught.value).startswith(url)
    assert (caught.value.permanent, fetcher.requests) == (False, 2)


def test_a_name_nobody_knows_is_a_clear_error(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that fails is a passing fault, named with the host."""

    def fail(*_: object, **__: object) -> None:
        raise socket_error

    import socket

    socket_error = socket.gaierror(-2, "Name or service not known")
    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(FetchError, match=r"presse\.test cannot be resolved") as caught:
        fetcher_for("http://presse.test").fetch("http://presse.test/")

    assert not caught.value.permanent


def test_cookies_are_not_kept(fetcher_for: MakeFetcher) -> None:
    """What a portal sets on one request does not follow us to the next."""
    with RawServer(saying(answer(b"", "Set-Cookie: visitor=1; Path=/"))) as server:
        fetcher = fetcher_for(server.url, respect_robots=False)
        fetcher.fetch(server.url + "/")
        fetcher.fetch(server.url + "/")

    assert b"cookie" not in server.heads[1].lower()


def test_proxies_in_the_environment_are_ignored(
    portal: Portal, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would walk round the address guard and hear what we read."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert fetcher_for(portal.base_url).fetch(portal.listing_url) is not None


@pytest.mark.parametrize(
    "wire",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n",
        b"",
        b"HTTP/1.1 2000 OK\r\n\r\n",
    ],
    ids=["no-http", "giant-header", "nul", "hang-up", "odd-status"],
)
def test_broken_http_is_a_fetch_error(fetcher_for: MakeFetcher, wire: bytes) -> None:
    """Whatever a server says, only FetchError comes out."""
    with RawServer(saying(wire)) as server, pytest.raises(FetchError):
        fetcher_for(server.url, respect_robots=False).fetch(server.url + "/")


def _resolving_to_loopback(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every name lead to this machine; the names asked for."""
    import socket

    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: object, **keys: object) -> object:
        if not host[0].isdigit():
            asked.append(host)
        return real("127.0.0.1", port, *args, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked
