"""How long to leave something alone after it failed. Floor 1, pure.

Waiting grows and is capped. A source is never given up: a portal that was down for a week is polled
again within hours. A page and a message are, after so many attempts, and said to be.
"""

from __future__ import annotations

import random
from datetime import timedelta

_SOURCE_FREE = 2  # failures in a row that cost no extra wait: the next scheduled poll is late enough
_SOURCE_FIRST = timedelta(minutes=15)
_SOURCE_LONGEST = timedelta(hours=6)

_ITEM_FREE = 3
_ITEM_FIRST = timedelta(minutes=30)
_ITEM_LONGEST = timedelta(hours=24)
ITEM_ATTEMPTS = 16  # about a week

# Greylisting wants minutes, a mail server over a weekend wants days; 14 attempts span 58 to 70 hours.
_MESSAGE_FIRST = timedelta(minutes=5)
_MESSAGE_LONGEST = timedelta(hours=8)
MESSAGE_ATTEMPTS = 14


def source_wait(failures: int) -> timedelta:
    """How long to leave a source alone after so many failures in a row."""
    return _growing(failures - _SOURCE_FREE, _SOURCE_FIRST, _SOURCE_LONGEST)


def item_wait(attempts: int) -> timedelta:
    """How long to leave a page alone after so many attempts."""
    return _growing(attempts - _ITEM_FREE, _ITEM_FIRST, _ITEM_LONGEST)


def message_wait(attempts: int, chance: random.Random) -> timedelta:
    """How long to keep a message after so many attempts; up to a fifth more, so that not all come at once."""
    return _growing(attempts, _MESSAGE_FIRST, _MESSAGE_LONGEST) * (1 + chance.random() / 5)


def _growing(step: int, first: timedelta, longest: timedelta) -> timedelta:
    """Nothing for step 0 and below, then `first`, doubled with each step, at most `longest`."""
    return timedelta(0) if step <= 0 else min(first * 2 ** min(step - 1, 20), longest)
