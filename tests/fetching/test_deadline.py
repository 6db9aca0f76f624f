"""One deadline over everything: a server that keeps talking cannot keep us."""

from __future__ import annotations

import socket

import pytest

from tests.fetching.conftest import MakeFetcher
from tests.fetching.raw import RawServer, Speak, dripping
from worker.demo.portal import Portal
from worker.errors import FetchError

_SECONDS = 0.25


@pytest.mark.parametrize(
    "speak",
    [
        lambda connection, stop: stop.wait(30),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"", b""),
    ],
    ids=["silence", "headers", "body", "chunks", "nothing"],
)
def test_no_server_outlasts_the_deadline(fetcher_for: MakeFetcher, speak: Speak) -> None:
    """Silence, dripping headers and dripping bodies end within `timeout_seconds`, each of two times."""
    with RawServer(speak) as server:
        fetcher = fetcher_for(server.url, respect_robots=False, timeout_seconds=_SECONDS)
        with pytest.raises(FetchError, match=r"no complete answer within 0\.25 s") as caught:
            fetcher.fetch(server.url + "/")
    assert (caught.value.permanent, fetcher.requests) == (False, 2)


def test_the_next_request_has_its_own_time(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """After a stalled page the next one is read as usual."""
    fetcher = fetcher_for(portal.base_url, timeout_seconds=_SECONDS)
    portal.answer("/langsam", delay_seconds=30)

    with pytest.raises(FetchError):
        fetcher.fetch(portal.base_url + "/langsam")

    assert fetcher.fetch(portal.listing_url) is not None


def test_a_dead_address_leaves_time_for_the_next(
    portal: Portal, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first address of a name swallows every packet, the second one is still tried in time."""
    port = int(portal.base_url.rpartition(":")[2])
    with socket.socket() as swallowing, socket.socket() as filling, socket.socket() as overflowing:
        swallowing.bind(("127.0.0.2", port))
        swallowing.listen(0)
        for one in (filling, overflowing):
            one.setblocking(False)
            one.connect_ex(("127.0.0.2", port))
        real = socket.getaddrinfo

        def resolve(host: str, *args: object, **keys: object) -> list[object]:
            addresses = ["127.0.0.2", "127.0.0.1"] if host == "presse.test" else [host]
            return [answer for one in addresses for answer in real(one, *args, **keys)]  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        url = f"http://presse.test:{port}"

        page = fetcher_for(url, respect_robots=False, timeout_seconds=2).fetch(url + "/robots.txt")

    assert page is not None
