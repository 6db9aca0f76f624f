"""Pacing: one host is never asked faster than agreed, and hosts do not wait for each other."""

from __future__ import annotations

import itertools
import threading
import time

from tests.fetching.conftest import MakeFetcher
from worker.demo.portal import Portal
from worker.fetching.pace import HostGate


def test_requests_to_one_host_keep_their_distance() -> None:
    """Also when several threads ask at once, each starts `seconds` after the one before."""
    gate, starts = HostGate(), list[float]()

    def ask() -> None:
        gate.wait("presse.test", 0.1)
        starts.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    starts.sort()
    assert all(later - earlier >= 0.08 for earlier, later in itertools.pairwise(starts))


def test_hosts_do_not_wait_for_each_other() -> None:
    """Another port is another host."""
    gate = HostGate()
    gate.wait("presse.test", 60)

    gate.wait("presse.test:8443", 60)
    gate.wait("andere.test", 60)


def test_the_fetcher_paces_itself(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """robots.txt, the page and its redirects count alike."""
    portal.answer("/alt", status=302, headers={"Location": portal.listing_url})

    fetcher_for(portal.base_url, min_interval_seconds=0.15).fetch(portal.base_url + "/alt")

    times = [request.at for request in portal.requests]
    assert len(times) == 3
    assert (times[2] - times[0]).total_seconds() >= 0.25
