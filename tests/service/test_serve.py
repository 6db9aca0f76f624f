"""The background service as an operator sees it: a real process, real signals, a real notify socket."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import pressewacht
from tests.transports.servers import Receiver, webhook_receiver
from tests.world import FILES, World

_PATIENCE_SECONDS = 30


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Return when `condition` holds; fail when it never does."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


@contextlib.contextmanager
def serving(world: World, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`pressewacht serve` in a process of its own; ended at the latest with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "--config", str(world.config_path), "--verbose", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def noted(world: World) -> bool:
    """Whether trouble was noted; a store that is still being made has none."""
    with contextlib.suppress(sqlite3.OperationalError):
        return bool(world.rows("select 1 from troubles"))
    return False


def stop(process: subprocess.Popen[str]) -> str:
    """End a service as systemd does; its log."""
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0, log
    assert "Traceback" not in log
    return log


def test_serve_polls_at_once_delivers_and_stops_cleanly(world: World) -> None:
    """A release is in the reader's folder soon after the start; SIGTERM ends with 0."""
    world.publish("Neue Sprachkurse")
    with serving(world) as process:
        wait_for(world.letters, "no digest arrived")
        stop(process)
    runs = world.rows("select kind, status from runs order by id")
    assert [(run["kind"], run["status"]) for run in runs] == [("poll", "ok"), ("deliver", "ok")]


def test_sigterm_finishes_the_job_in_hand(world: World) -> None:
    """A poll that is waiting for the ministry when the service is stopped is brought to its end."""
    world.publish("Neue Sprachkurse")
    world.portal.answer(world.portal.listing_url, delay_seconds=2, times=1)
    with serving(world) as process:
        wait_for(lambda: world.portal.requests, "no poll began")
        stop(process)
    assert world.titles() == ["Neue Sprachkurse"]
    assert world.rows("select 1 from runs where finished_at is null") == []


def test_a_second_service_says_so_at_once(world: World) -> None:
    """Two services on one store would send twice: the second ends with 3."""
    world.publish("Neue Sprachkurse")
    with serving(world) as process:
        wait_for(world.letters, "no digest arrived")
        second = pressewacht("--config", world.config_path, "serve", folder=world.folder)
        assert second.code == 3
        assert "another `pressewacht serve`" in second.err
        by_hand = pressewacht("--config", world.config_path, "run", folder=world.folder)
        assert by_hand.code == 0, "a command by hand waits its turn"
        stop(process)


def test_systemd_hears_ready_alive_and_stopping(world: World, tmp_path: Path) -> None:
    """The notify socket gets READY=1, then WATCHDOG=1 within a third of the time asked for, STOPPING=1."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(tmp_path / "notify"))
        notices.settimeout(_PATIENCE_SECONDS)
        world.publish("Neue Sprachkurse")
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "600000"}
        with serving(world, **environment) as process:
            assert notices.recv(100) == b"READY=1"
            assert notices.recv(100) == b"WATCHDOG=1"
            process.send_signal(signal.SIGTERM)
            heard = b""
            while heard != b"STOPPING=1":
                heard = notices.recv(100)
            process.communicate(timeout=_PATIENCE_SECONDS)


def test_health_and_metrics(world: World) -> None:
    """/healthz answers 200 with the JSON of status, 503 in trouble; /metrics speaks Prometheus."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    world.configure(FILES + f'\n[service]\nhttp = "127.0.0.1:{port}"\n')
    world.publish("Neue Sprachkurse")
    with serving(world) as process:
        wait_for(world.letters, "no digest arrived")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert json.load(answer)["healthy"] is True
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert b'pressewacht_source_healthy{source="ministerium"} 1' in answer.read()
        world.portal.answer(world.portal.listing_url, status=404)
        pressewacht("--config", world.config_path, "poll", folder=world.folder)
        with pytest.raises(urllib.error.HTTPError, match="503") as error:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
        error.value.close()
        stop(process)


def test_ping_says_that_we_live(world: World) -> None:
    """The dead man's switch hears of begin and end of a round, and its address is in no log."""
    world.configure(FILES + '\n[service]\nping_url_env = "PING_URL"\n')
    world.publish("Neue Sprachkurse")
    with webhook_receiver(Receiver()) as watcher, serving(world, PING_URL=watcher.url) as process:
        wait_for(lambda: len(watcher.requests) >= 2, "no ping came")
        log = stop(process)
    assert [request.path.split("?")[0] for request in watcher.requests[:2]] == ["/hook/start", "/hook"]
    assert "CANARY" not in log


def test_broken_source_does_not_end_the_service(world: World) -> None:
    """A ministry that is down is logged; the service goes on."""
    world.portal.answer(world.portal.listing_url, status=500)
    with serving(world) as process:
        wait_for(lambda: noted(world), "no trouble")
        assert process.poll() is None
        stop(process)
