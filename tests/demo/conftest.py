"""A started portal with three releases, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from worker.demo.portal import Portal
from worker.demo.release import PortalRelease


@pytest.fixture
def portal() -> Iterator[Portal]:
    """Three releases, two to a page: «eins» is the oldest, «drei» the newest."""
    with Portal(page_size=2) as running:
        for day, title in enumerate(("Eins", "Zwei", "Drei"), start=1):
            running.publish(PortalRelease.about(title, published=date(2026, 3, day)))
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client that keeps connections alive and asks for the portal's answers only."""
    with httpx.Client(timeout=5, trust_env=False) as http:
        yield http
