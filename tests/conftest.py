"""A world for every story: a portal over real HTTP, a store on disk, and no network beyond this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.world import World
from worker.demo.portal import Portal
from worker.fetching import fetcher

# Time is measured in benchmarks: on a busy machine a single slow example proves nothing.
settings.register_profile("pressewacht", deadline=None)
settings.load_profile("pressewacht")

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries happen, but nobody waits for them."""
    monkeypatch.setattr(fetcher, "_PAUSE_SECONDS", 0.0)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """An empty portal, served on loopback."""
    with Portal() as running:
        yield running


@pytest.fixture
def world(portal: Portal, tmp_path: Path) -> Iterator[World]:
    """A worker in front of that portal."""
    with World(portal, tmp_path) as made:
        yield made
