"""A simulated year: every release once, one digest for each day that has news, also when the clock is set."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tests.world import FILES, World

pytestmark = pytest.mark.soak


@pytest.mark.timeout(900)
def test_a_year_of_polls_and_daily_digests(world: World) -> None:
    """Three polls a day, a digest at half past two at night, faults here and there: 0 missed, 0 double."""
    chance = random.Random(2026)
    world.configure(FILES + 'schedule = "30 2 * * *"\n')
    world.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    world.deliver()
    published, slots_with_news, sent, waiting = 0, 0, 0, False
    for step in range(365 * 3):
        if chance.random() < 0.2:
            world.publish(f"Sprachkurs {step}")
            published += 1
        world.portal.heal()
        if chance.random() < 0.05:
            world.portal.answer(world.portal.listing_url, status=503)
        before = len(world.events())
        world.poll(by_hand=True)
        waiting = waiting or len(world.events()) > before
        day = world.now.date()
        world.later(hours=8)
        sent += world.deliver()["archiv"].sent
        if world.now.date() != day:  # half past two has passed
            slots_with_news += waiting
            waiting = False
    world.portal.heal()
    world.poll(by_hand=True)
    news = [event for event in world.events() if event[0] == "new"]
    assert len(news) == published
    assert sent == slots_with_news
    told = world.rows("select count(*) as n, count(distinct event_id) as m from digest_events")[0]
    assert told["n"] == told["m"]
    assert world.rows("select state, count(*) as n from digests group by 1") == [{"state": "sent", "n": sent}]
