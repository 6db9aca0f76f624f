"""An independent reckoning of slots, and a clock that is set, to hold the program's schedules against."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_BERLIN = ZoneInfo("Europe/Berlin")
_DAY = timedelta(days=1)


def slots(at: time, wanted: Callable[[date], bool], first: date, last: date) -> list[datetime]:
    """The instants at which a clock in Berlin comes to `at` on the wanted days, for the first time.

    A time the spring night leaves out is passed when the clock jumps, at 1:00 UTC (Directive 2000/84/EC).
    """
    found, day = [], first
    while day <= last:
        local = datetime.combine(day, at, tzinfo=_BERLIN)
        instant = local.astimezone(UTC)
        if instant.astimezone(_BERLIN).time() != at:
            instant = datetime.combine(day, time(1), tzinfo=UTC)
        if wanted(day):
            found.append(instant)
        day += _DAY
    return found


class Clock:
    """The true time and what the machine's clock shows: set wrong now and then, and right again."""

    def __init__(self, start: datetime, chance: random.Random) -> None:
        self.true = start
        self.last_set_back: datetime | None = None
        self.turned_back: list[tuple[datetime, datetime]] = []  # from where to where it showed
        self._chance = chance
        self._wrong = timedelta(0)
        self._right_again: datetime | None = None

    @property
    def shown(self) -> datetime:
        """What the machine takes for the time."""
        return self.true + self._wrong

    @property
    def is_right(self) -> bool:
        """Whether that is so."""
        return not self._wrong

    def go_to(self, moment: datetime) -> None:
        """Let the true time come to `moment`, and the clock be set if it is its day."""
        self.true = moment
        if self._right_again is not None and moment >= self._right_again:
            self._set(timedelta(0))
        elif self.is_right and self._chance.random() < 0.01:
            size = self._chance.choice([timedelta(minutes=1), timedelta(hours=1), _DAY])
            self._set(self._chance.choice([-1, 1]) * self._chance.uniform(1, 20) * size)
            self._right_again = moment + timedelta(hours=self._chance.uniform(0.1, 72))

    def make_right(self) -> None:
        """Set the clock right, if it is wrong."""
        if not self.is_right:
            self._set(timedelta(0))

    def _set(self, wrong: timedelta) -> None:
        before, self._wrong = self.shown, wrong
        if wrong == timedelta(0):
            self._right_again = None
        if self.shown < before:
            self.turned_back.append((before, self.shown))
            self.last_set_back = self.true
