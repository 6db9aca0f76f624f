"""The dead man's switch as the watcher elsewhere sees it: a real receiver on loopback."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Iterator

import pytest

from tests.transports.servers import Receiver, raw_server, webhook_receiver
from tests.world import FILES, World
from worker.service.jobs import Jobs
from worker.service.ping import ping
from worker.service.progress import Progress

_CONFIG = FILES + '\n[service]\nping_url_env = "PING_URL"\n'


@pytest.fixture
def watcher(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A watcher whose address is configured."""
    with webhook_receiver(Receiver()) as receiver:
        monkeypatch.setenv("PING_URL", receiver.url)
        world.configure(_CONFIG)
        yield receiver


def told(watcher: Receiver) -> list[tuple[str, str]]:
    """Path and text of every ping, in order."""
    return [(request.path.split("?")[0], request.body.decode()) for request in watcher.requests]


def test_a_good_round_is_begun_and_ended(world: World, watcher: Receiver) -> None:
    """`/start`, then the address itself; a query stays where it was."""
    world.publish("Neue Sprachkurse")
    Jobs(world.runtime, Progress()).poll()
    assert told(watcher) == [("/hook/start", ""), ("/hook", "")]
    assert all(request.path.endswith("?token=CANARY-path") for request in watcher.requests)


def test_a_source_in_trouble_fails_the_round_and_says_why(world: World, watcher: Receiver) -> None:
    """`/fail` carries what `run` would print; what could be sent was sent."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.answer(world.portal.listing_url, status=404)
    Jobs(world.runtime, Progress()).poll()
    assert len(world.letters()) == 1
    (_, (path, text)) = told(watcher)
    assert path == "/hook/fail"
    assert text.startswith("ministerium: ")
    assert "404" in text


def test_a_channel_in_trouble_fails_the_round(world: World, watcher: Receiver) -> None:
    """A digest that could not be written is a reason too."""
    world.publish("Neue Sprachkurse")
    (world.folder / "digests").write_text("in the way")
    Jobs(world.runtime, Progress()).poll()
    assert told(watcher)[-1][0] == "/hook/fail"
    assert told(watcher)[-1][1].startswith("archiv: ")


def test_a_store_that_cannot_be_used_fails_the_round(world: World, watcher: Receiver) -> None:
    """Not even a run is recorded then: the ping is all a watcher elsewhere has."""
    world.store.parent.mkdir(exist_ok=True)
    world.store.write_bytes(b"this is no database" * 100)
    Jobs(world.runtime, Progress()).poll()
    assert [path for path, _ in told(watcher)] == ["/hook/start", "/hook/fail"]


def test_a_long_tale_is_cut_to_its_end(world: World, watcher: Receiver) -> None:
    """The last lines matter most, and half a character harms nobody."""
    ping(world.runtime, "fail", "ä" * 9_000 + "\nthe end")
    (request,) = watcher.requests
    assert len(request.body) == 10_000
    assert request.body.endswith(b"\nthe end")


def test_a_watcher_that_drips_keeps_no_round_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One deadline over connecting, sending and the answer; without it this one would end otherwise."""

    def drip(connection: socket.socket) -> None:
        connection.recv(65_536)
        with contextlib.suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: x\r\n" * 10:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)

    with raw_server(drip) as port:
        monkeypatch.setenv("PING_URL", f"http://127.0.0.1:{port}/CANARY")
        world.configure(_CONFIG)
        ping(world.runtime, "success", seconds=0.5)
    assert "ReadTimeout" in caplog.text


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_watcher_that_refuses_fails_nothing(
    world: World, watcher: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, without the address; an unusable address is no different."""
    watcher.status = status
    with caplog.at_level(logging.WARNING):
        ping(world.runtime, "success")
    assert "PING_URL" in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize("address", ["https://[CANARY", "CANARY", "ftp://CANARY/", "http://CANARY.invalid/"])
def test_an_address_that_is_none_fails_nothing(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever stands in the variable, the round goes on."""
    monkeypatch.setenv("PING_URL", address)
    world.configure(_CONFIG)
    for signal in ("start", "success", "fail"):
        ping(world.runtime, signal)
    assert caplog.text.count("PING_URL") == 3
    assert "CANARY" not in caplog.text
