"""Simulated years: each release told once, one digest for a slot with news, whatever the clock does.

`PRESSEWACHT_DAYS` sets how many days there are.
"""

from __future__ import annotations

import bisect
import os
import random
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.soak.calendar import Clock, slots
from tests.soak.figures import report
from tests.world import World

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

_START = datetime(2026, 3, 1, 12, tzinfo=UTC)
_HALVES = 2
_DAYS = int(os.environ.get("PRESSEWACHT_DAYS", "3650")) // _HALVES
_LONGEST_WAIT = timedelta(hours=25)  # contract §6 and worker/backoff.py: no wait is longer than a day
_CHANNELS = """
[schedule]
recheck_days = 1

[[channels]]
id = "night"
kind = "files"
path = "night"
schedule = "30 2 * * *"

[[channels]]
id = "morning"
kind = "files"
path = "morning"
schedule = "0 7 * * mon-fri"

[[channels]]
id = "at-once"
kind = "files"
path = "at-once"
"""


@pytest.mark.parametrize("half", range(_HALVES))
def test_ten_years_of_polls_and_digests(half: int, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    """Clocks set back and forth by minutes to weeks, machines asleep for weeks, portals that fail."""
    start = _START + timedelta(days=half * _DAYS)
    life = Life(world, start, random.Random(half))
    while life.clock.true < start + timedelta(days=_DAYS):
        life.go_on()
    life.end()
    report(capfd, f"years, half {half}", days=_DAYS, **life.figures())


class Life:
    """A worker's years; what is true is reckoned beside it."""

    def __init__(self, world: World, start: datetime, chance: random.Random) -> None:
        self.clock = Clock(start, chance)
        self.published = 0
        self.wakings = 0
        self._world, self._chance = world, chance
        days = (start.date() - timedelta(days=60), start.date() + timedelta(days=_DAYS + 90))
        self._slots = {
            "night": slots(time(2, 30), lambda day: True, *days),
            "morning": slots(time(7), lambda day: day.weekday() < 5, *days),
        }
        self._told_for: dict[str, set[int]] = {name: set() for name in self._slots}
        self._seen_at: list[datetime] = []  # each event, by the true time
        self._poll_at = self._listing_well_at = self._folder_well_at = start
        world.now = start
        world.configure(_CHANNELS)
        world.publish_elsewhere("Neue Brücke")  # an empty listing would be drift
        world.poll()
        world.deliver()

    def go_on(self) -> None:
        """To the next poll or slot, or past them to the end of a sleep; then what the service does there."""
        chance, clock, world = self._chance, self.clock, self._world
        following = [found[bisect.bisect(found, clock.shown)] for found in self._slots.values()]
        wake_at = min(self._poll_at, clock.true + (min(following) - clock.shown))
        asleep = timedelta(hours=chance.choice([3, 30, 300]) if chance.random() < 0.01 else 0)
        clock.go_to(max(wake_at, clock.true) + asleep + timedelta(seconds=chance.randint(0, 90)))
        self.wakings += 1
        self._break_and_mend()
        if chance.random() < 0.15:
            world.now = clock.true
            world.publish(f"Sprachkurs {self.published}")
            self.published += 1
        world.now = clock.shown
        if clock.true >= self._poll_at:
            self._poll_at = clock.true + timedelta(hours=chance.uniform(8, 24))
            self._poll()
        self._deliver()

    def end(self) -> None:
        """Some days of peace; then everything has been told on every channel, once."""
        self.clock.make_right()
        for _ in range(6):
            self.clock.go_to(self.clock.true + timedelta(days=1))
            self.clock.make_right()
            self._break_and_mend(peace=True)
            self._world.now = self.clock.true
            self._poll()
            self._deliver()
        rows = self._world.rows
        assert [kind for kind, _, _ in self._world.events()] == ["new"] * self.published
        told = rows(
            "select channel, count(*) as n, count(distinct event_id) as m from digest_events group by 1"
        )
        names = sorted([*self._slots, "at-once"])
        assert told == [{"channel": name, "n": self.published, "m": self.published} for name in names]
        assert rows("select distinct state from digests") == [{"state": "sent"}]

    def figures(self) -> dict[str, int]:
        """What happened in these years."""
        digests = self._world.rows("select count(*) as n from digests")[0]["n"]
        back = len(self.clock.turned_back)
        return {"wakings": self.wakings, "releases": self.published, "digests": digests, "set_back": back}

    def _break_and_mend(self, *, peace: bool = False) -> None:
        """The portal fails for hours, a folder is in nobody's reach."""
        world, now, chance = self._world, self.clock.true, self._chance
        folder = world.folder / "at-once"
        if now >= self._listing_well_at or peace:
            world.portal.heal()
        if (now >= self._folder_well_at or peace) and folder.is_file():
            folder.unlink()
            folder.with_name("aside").rename(folder)
        if peace:
            return
        if chance.random() < 0.01:
            self._listing_well_at = now + timedelta(hours=chance.uniform(1, 40))
            world.portal.answer(world.portal.listing_url, status=503)
        if chance.random() < 0.01 and folder.is_dir():
            self._folder_well_at = now + timedelta(hours=chance.uniform(1, 40))
            folder.rename(folder.with_name("aside"))
            folder.touch()

    def _poll(self) -> None:
        world, now = self._world, self.clock.true
        report = world.poll()
        if self.clock.is_right and now > self._listing_well_at + _LONGEST_WAIT:
            assert report.error is None, "left alone although it has long been well"
        count = world.rows("select count(*) as n from events")[0]["n"]
        self._seen_at += [now] * (count - len(self._seen_at))

    def _deliver(self) -> None:
        """Deliver, and hold what was sent against what should have been."""
        world, clock = self._world, self.clock
        composed = world.rows("select count(*) as n from digests")[0]["n"]
        world.deliver()
        for row in world.rows("select channel from digests where id > ? and channel <> 'at-once'", composed):
            self._note_slot(row["channel"])
        sql = "select channel, max(event_id) as last from digest_events group by 1"
        told = {row["channel"]: row["last"] for row in world.rows(sql)}
        assert told.get("at-once", 0) == len(self._seen_at)
        if clock.is_right:
            for name in self._slots:
                late = [at for at in self._seen_at[told.get(name, 0) :] if self._is_late(name, at)]
                assert late == [], (name, clock.true, clock.last_set_back)
        if clock.is_right and clock.true > self._folder_well_at + _LONGEST_WAIT:
            assert world.rows("select 1 from digests where state <> 'sent'") == []

    def _is_late(self, name: str, seen_at: datetime) -> bool:
        """Whether a slot has passed in vain; one may, when the clock was set back after it had passed it."""
        if self._passed(name, seen_at, self.clock.true) == 0:
            return False
        since = self.clock.last_set_back
        return since is None or self._passed(name, since, self.clock.true) >= 2

    def _note_slot(self, name: str) -> None:
        """One digest for each slot; another one if the clock was turned back past that slot and more."""
        number = bisect.bisect(self._slots[name], self.clock.shown)
        if number in self._told_for[name]:
            turns = [
                (before, after)
                for before, after in self.clock.turned_back
                if after <= self._slots[name][number - 1] <= before
            ]
            assert any(self._passed(name, after, before) >= 2 for before, after in turns), (name, turns)
        self._told_for[name].add(number)

    def _passed(self, name: str, after: datetime, until: datetime) -> int:
        """How many slots lie between two moments."""
        return bisect.bisect(self._slots[name], until) - bisect.bisect(self._slots[name], after)
