"""Waiting grows, ends somewhere, and never gives up by itself."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.backoff import ITEM_ATTEMPTS, MESSAGE_ATTEMPTS, item_wait, message_wait, source_wait

_COUNT = st.integers(0, 10_000)


@given(_COUNT)
def test_waits_grow_and_are_capped(count: int) -> None:
    """More failures never mean a shorter wait, and no number of them overflows."""
    assert timedelta(0) <= source_wait(count) <= source_wait(count + 1) <= timedelta(hours=6)
    assert timedelta(0) <= item_wait(count) <= item_wait(count + 1) <= timedelta(hours=24)


@given(_COUNT, st.integers())
def test_messages_do_not_all_come_back_at_once(attempts: int, seed: int) -> None:
    """The wait is up to a fifth longer, by chance, and at most a working day and a half."""
    wait = message_wait(attempts, random.Random(seed))
    longest = message_wait(attempts, random.Random(seed)) if attempts else timedelta(0)

    assert timedelta(0) <= wait <= timedelta(hours=8 * 1.2)
    assert wait == longest


def test_the_first_failures_of_a_source_cost_nothing() -> None:
    """The next scheduled poll is late enough; then a quarter of an hour, doubling to six."""
    hours = [source_wait(failures) / timedelta(hours=1) for failures in range(10)]

    assert hours == [0, 0, 0, 0.25, 0.5, 1, 2, 4, 6, 6]


def test_a_page_is_given_up_after_about_a_week() -> None:
    """A deployment or a long weekend on the ministry's side loses no release."""
    total = sum((item_wait(attempts) for attempts in range(1, ITEM_ATTEMPTS)), timedelta(0))

    assert timedelta(days=6) < total < timedelta(days=8)


def test_a_message_outlasts_a_weekend() -> None:
    """From Friday evening to Monday morning, even without a bit of luck."""

    class _Never(random.Random):
        def random(self) -> float:
            return 0.0

    total = sum((message_wait(attempts, _Never()) for attempts in range(1, MESSAGE_ATTEMPTS)), timedelta(0))

    assert timedelta(hours=58) < total < timedelta(days=4)
