"""A site that breaks in every way it can: said, told once, harmless to others, and over by itself."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.fetching.raw import RawServer, Speak, answer, dripping, saying
from tests.world import FILES, World
from worker.models.report import SourceReport
from worker.pipelines.cycle import poll_sources

_TITLES = ["Sprachkurs für Geflüchtete", *(f"Neue Brücke {i}" for i in range(7))]
_ENTRIES = "".join(
    f'<li><h3><a href="/pid/meldung-{i}">{title}</a></h3></li>' for i, title in enumerate(_TITLES)
)
LISTING = f"<html><body><ul>{_ENTRIES}</ul></body></html>".encode()
RELEASE = b"<html><main><h1>Sprachkurs</h1><p>Das Land hilft Zugewanderten mit Kursen.</p></main></html>"
PACKED = gzip.compress(LISTING)
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _hang_up(connection: socket.socket, stop: threading.Event) -> None:
    """Not a word."""


def _say_nothing(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(5)


def _page(body: bytes, *headers: str, status: str = "200 OK") -> Speak:
    return saying(answer(body, "Content-Type: text/html", *headers, status=status))


FAULTS: dict[str, Speak] = {
    "hangs up": _hang_up,
    "says nothing": _say_nothing,
    "drips its headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n"),
    "drips its body": dripping(HTML + b"\r\n", b"<p>"),
    "ends before its length": saying(HTML + b"Content-Length: 9999\r\n\r\n" + LISTING),
    "ends in a cut page": saying(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + LISTING[:300]),
    "sends half a gzip": _page(PACKED[: len(PACKED) // 2], "Content-Encoding: gzip"),
    "sends a broken gzip": _page(PACKED[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
    "sends a bomb": _page(gzip.compress(bytes(20_000_000)), "Content-Encoding: gzip"),
    "sends a coding nobody asked for": _page(LISTING, "Content-Encoding: br"),
    "redirects in circles": _page(b"", "Location: /liste", status="302 Found"),
    "redirects to another host": _page(b"", "Location: http://127.0.0.1:9/", status="302 Found"),
    "redirects to a file": _page(b"", "Location: file:///etc/passwd", status="302 Found"),
    "redirects to a login": _page(b"", "Location: /login", status="302 Found"),
    "is gone": _page(b"weg", status="404 Not Found"),
    "is forbidden": _page(b"nein", status="403 Forbidden"),
    "fails": _page(b"au", status="500 Internal Server Error"),
    "is full": _page(b"spaeter", "Retry-After: 600", status="503 Service Unavailable"),
    "is not modified, unasked": saying(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"),
    "shows a maintenance page": _page(b"<html><h1>Wartung</h1><p>Wir sind bald wieder da.</p></html>"),
    "shows an empty listing": _page(b"<html><body><ul></ul></body></html>"),
    "has lost most entries": _page(b'<html><ul><li><h3><a href="/pid/x">Kurs X</a></h3></ul></html>'),
    "shows nothing": _page(b""),
    "shows a picture": _page(b"\x89PNG\r\n\x1a\n" + bytes(500)),
    "shows an error in JSON": saying(answer(b'{"error": 1}', "Content-Type: application/json")),
    "nests without end": _page(b"<div>" * 60_000),
    "has a header without end": saying(HTML + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\n"),
    "has a header with a NUL": saying(HTML + b"X-Nul: a\0b\r\n\r\n" + LISTING),
    "does not speak HTTP": saying(b"SSH-2.0-OpenSSH_9.2\r\n"),
}


class Site:
    """A ministry that can be spoilt: its robots.txt and release pages are fine, its listing is as told."""

    def __init__(self) -> None:
        self.fault: Speak | None = None
        self.server = RawServer(self._speak)

    def _speak(self, connection: socket.socket, stop: threading.Event) -> None:
        path = self.server.heads[-1].split()[1]
        if path == b"/robots.txt":
            connection.sendall(answer(b"", status="404 Not Found"))
        elif path.startswith(b"/pid/"):
            connection.sendall(answer(RELEASE, "Content-Type: text/html"))
        elif path == b"/liste" and self.fault:
            self.fault(connection, stop)
        else:
            body = LISTING if path == b"/liste" else b"<html><h1>Anmeldung</h1></html>"
            connection.sendall(answer(body, "Content-Type: text/html"))


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    """A second source beside the portal, both polled and told once."""
    site = Site()
    with site.server:
        world.configure(
            f'[[sources]]\nid = "kaputt"\nlisting = "{site.server.url}/liste"\n{FILES}'
            '[alerts]\nchannels = ["archiv"]\n'
        )
        settings = world.config_path.read_text(encoding="utf-8")
        world.config_path.write_text(settings.replace("timeout_seconds = 5", "timeout_seconds = 0.4"))
        world.reload()
        world.publish("Erster Sprachkurs")
        assert _poll(world)["kaputt"].error is None
        world.deliver()
        yield site


def _poll(world: World) -> dict[str, SourceReport]:
    reports = poll_sources(world.runtime, world.runtime.config.sources, world.now)
    return {report.id: report for report in reports}


def _troubles(world: World) -> list[str]:
    return [row["state"] for row in world.rows("select state from troubles where subject_id = 'kaputt'")]


@pytest.mark.parametrize("fault", FAULTS)
def test_site_that_breaks_is_reported_and_comes_back(world: World, site: Site, fault: str) -> None:
    """There is a reason, nothing known is touched, the other source goes on, each turn is told once."""
    site.fault = FAULTS[fault]
    known = world.rows("select url, state, revision from releases")
    for number in range(2):
        world.later(hours=1)
        world.publish(f"Sprachkurs {number} der anderen Quelle")
        reports = _poll(world)
        assert reports["kaputt"].status in ("failed", "drift")
        assert reports["kaputt"].error
        assert reports["ministerium"].items_new == 1
        assert reports["ministerium"].error is None
    assert [row for row in world.rows("select url, state, revision from releases") if row in known] == known
    assert _troubles(world) == ["trouble"]

    site.fault = None
    world.later(hours=25)
    assert _poll(world)["kaputt"].error is None
    assert _troubles(world) == ["trouble", "recovered"]
    world.deliver()
    subjects = " ".join(str(letter["Subject"]) for letter in world.letters())
    assert subjects.count("kaputt") == 2
    told = world.rows("select count(*) as n from events where url like ?", f"{site.server.url}%")
    assert told == [{"n": 1}]
