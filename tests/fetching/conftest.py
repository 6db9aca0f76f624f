"""A fetcher for loopback, as polite as a test wants it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from worker.config.schema import Http
from worker.fetching.client import open_client
from worker.fetching.fetcher import Fetcher
from worker.fetching.pace import HostGate
from worker.fetching.robots import PassingRobots, RobotsMemory
from worker.identity import host_of

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def fetcher_for() -> Iterator[MakeFetcher]:
    """Makes a fetcher that may ask the hosts of these addresses; keywords are keys of `[http]`."""
    with contextlib.ExitStack() as opened:

        def make(*urls: str, robots: RobotsMemory | None = None, **keys: Any) -> Fetcher:
            defaults = {"min_interval_seconds": 0, "allow_private_addresses": True, "timeout_seconds": 5}
            http = Http.model_validate(defaults | keys)
            client = opened.enter_context(open_client(http))
            hosts = frozenset(host_of(url) for url in urls)
            return Fetcher(client, HostGate(), http, hosts=hosts, robots=robots or PassingRobots())

        yield make
