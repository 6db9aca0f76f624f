"""Bodies: whole or not at all, and never more of them in memory than allowed."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib

import pytest

from tests.fetching.conftest import MakeFetcher
from tests.fetching.raw import RawServer, Speak, answer, saying
from worker.demo.portal import Portal
from worker.errors import FetchError

_PAGE = b"<html><body>Guten Tag</body></html>" * 100
_LIMIT = 1_000_000


def _fetch(fetcher_for: MakeFetcher, speak: Speak, limit: int = _LIMIT) -> tuple[bytes, int]:
    """The body a fetcher reads from a server that speaks so, and how often it asked."""
    with RawServer(speak) as server:
        fetcher = fetcher_for(server.url, respect_robots=False, max_body_bytes=limit)
        page = fetcher.fetch(server.url + "/")
        assert page is not None
        return page.body, fetcher.requests


def _chunked(*chunks: bytes, coding: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("identity", _PAGE),
        ("gzip", gzip.compress(_PAGE)),
        ("x-gzip", gzip.compress(_PAGE)),
        (" GZip ", gzip.compress(_PAGE)),
        ("deflate", zlib.compress(_PAGE)),
        ("gzip", gzip.compress(_PAGE[:1000]) + gzip.compress(_PAGE[1000:])),
    ],
    ids=["identity", "gzip", "x-gzip", "odd-case", "deflate", "two-members"],
)
def test_what_was_coded_comes_out(fetcher_for: MakeFetcher, coding: str, wire: bytes) -> None:
    """Every coding we take, and gzip in several members, gives the page byte for byte."""
    body, _ = _fetch(fetcher_for, saying(answer(wire, f"Content-Encoding: {coding}")))

    assert body == _PAGE


def test_gzip_in_tiny_chunks_comes_out(fetcher_for: MakeFetcher) -> None:
    """Nothing depends on where the wire cuts."""
    packed = gzip.compress(_PAGE)
    chunks = [packed[i : i + 1] for i in range(len(packed))]

    assert _fetch(fetcher_for, saying(_chunked(*chunks, coding="gzip")))[0] == _PAGE


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_coding_we_did_not_offer_is_refused(fetcher_for: MakeFetcher, coding: str) -> None:
    """httpx would inflate some of them in one piece, whatever their size."""
    with pytest.raises(FetchError, match="was not offered") as caught:
        _fetch(fetcher_for, saying(answer(_PAGE, f"Content-Encoding: {coding}")))

    assert caught.value.permanent


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (gzip.compress(_PAGE)[:-1], "cut off"),
        (gzip.compress(_PAGE)[:40], "cut off"),
        (b"", "cut off"),
        (gzip.compress(_PAGE)[:-8] + bytes(8), "damaged"),
        (gzip.compress(_PAGE) + b"trailing garbage", "damaged"),
        (gzip.compress(_PAGE) + gzip.compress(_PAGE)[:-5], "cut off"),
        (_PAGE, "damaged"),
    ],
    ids=["no-trailer", "half", "empty", "wrong-crc", "garbage-behind", "second-member-cut", "no-gzip"],
)
def test_half_a_gzip_is_no_page(fetcher_for: MakeFetcher, wire: bytes, reason: str) -> None:
    """HTTP framing is right and the body is not: httpx returns what it has, we refuse it."""
    with pytest.raises(FetchError, match=reason):
        _fetch(fetcher_for, saying(_chunked(*([wire] if wire else []), coding="gzip")))


def test_a_body_cut_before_its_length_is_no_page(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """More bytes were promised than came: a fault that may pass, so it is asked for twice."""
    portal.answer(portal.listing_url, truncate=300)
    fetcher = fetcher_for(portal.base_url)

    with pytest.raises(FetchError) as caught:
        fetcher.fetch(portal.listing_url)

    assert not caught.value.permanent
    assert len(portal.asked(portal.listing_url)) == 2


def test_chunks_without_an_end_are_no_page(fetcher_for: MakeFetcher) -> None:
    """A chunked body must end with its last chunk."""
    with pytest.raises(FetchError):
        _fetch(fetcher_for, saying(_chunked(_PAGE, coding="identity").removesuffix(b"0\r\n\r\n")))


@pytest.mark.parametrize("size", [_LIMIT, _LIMIT + 1])
def test_the_size_limit_is_exact(fetcher_for: MakeFetcher, size: int) -> None:
    """The last byte allowed is read, the next one is refused; refusing is final."""
    speak = saying(answer(b"x" * size))
    if size <= _LIMIT:
        assert len(_fetch(fetcher_for, speak)[0]) == size
        return
    with pytest.raises(FetchError, match="max_body_bytes") as caught:
        _fetch(fetcher_for, speak)
    assert caught.value.permanent


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_an_endless_body_ends_in_flat_memory(fetcher_for: MakeFetcher, coding: str) -> None:
    """A bomb of 200 MB, or a stream of zeros without end, costs a few times the limit and no more."""
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    speak = saying(_chunked(bomb, coding="gzip")) if coding == "gzip" else _zeros_for_ever
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        with pytest.raises(FetchError, match="max_body_bytes"):
            _fetch(fetcher_for, speak)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()

    assert peak < 8 * _LIMIT


def test_endless_nothing_ends_too(fetcher_for: MakeFetcher) -> None:
    """Empty gzip members without end inflate to nothing and are still too large."""
    nothing = gzip.compress(b"")

    def speak(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        while not stop.is_set():
            connection.sendall(nothing * 500)

    with pytest.raises(FetchError, match="max_body_bytes"):
        _fetch(fetcher_for, speak, limit=20_000)


def test_the_body_of_an_error_is_not_read(fetcher_for: MakeFetcher) -> None:
    """A 404 may say what it likes at whatever length."""

    def speak(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        _zeros(connection, stop)

    with pytest.raises(FetchError, match="404"):
        _fetch(fetcher_for, speak)


def _zeros_for_ever(connection: socket.socket, stop: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    _zeros(connection, stop)


def _zeros(connection: socket.socket, stop: threading.Event) -> None:
    block = bytes(65_536)
    while not stop.is_set():
        connection.sendall(block)
