"""The real program is killed at every step and at random: nothing lost, nothing twice, repeats recognisable.

`PRESSEWACHT_KILLS=10000 make soak` kills more often.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.doomed import Death
from tests.soak.figures import report
from tests.soak.promises import Promises
from tests.soak.stand import KILLED, Stand, Starter
from tests.soak.steps import FIRST_START, STEPS, Step

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

_HALVES = 2  # each kills at every step once
_KILLS = int(os.environ.get("PRESSEWACHT_KILLS", "300")) // _HALVES
_A_STAND = 15  # kills before the store and the world around it begin anew
_COMMANDS = {  # what is killed at random, and how often
    ("run",): 10,
    ("poll",): 3,
    ("deliver", "--now"): 6,
    ("recheck",): 3,
    ("serve",): 2,
    ("backfill", "ministerium"): 2,
    ("reextract",): 2,
    ("backup", "copy.db"): 1,
}


@pytest.mark.parametrize("half", range(_HALVES))
def test_killed_at_every_step_and_at_random(
    half: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each release is told to each reader once; what came once more has the same bytes and the same id."""
    chance = random.Random(half)
    stands = Stands(tmp_path, chance)
    with stands:
        _at_first_start(stands)
        steps = chance.sample(STEPS, len(STEPS))
        for start in range(0, len(steps), _A_STAND):
            _at_steps(stands, steps[start : start + _A_STAND])
        while stands.kills < _KILLS:
            _at_random(stands, min(_A_STAND, _KILLS - stands.kills))
    report(capfd, f"half {half}", kills=stands.kills, copies=stands.copies.total(), **stands.ways)


class Stands(contextlib.AbstractContextManager["Stands"]):
    """One stand after the other, and what was counted on them."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.kills = 0
        self.copies: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.chance = chance
        self._folder = folder
        self._starter = Starter()
        self._number = 0

    def __exit__(self, *exception: object) -> None:
        self._starter.__exit__(None, None, None)

    @contextlib.contextmanager
    def one(self) -> Iterator[tuple[Stand, Promises]]:
        """A new world and an empty store."""
        self._number += 1
        with Stand(self._folder / str(self._number), self._starter, self.chance) as stand:
            promises = Promises(stand)
            yield stand, promises
            self.kills += stand.kills
            self.copies += promises.copies()


def _at_first_start(stands: Stands) -> None:
    """Before there is a store, while it is made, and at its first look: no clean run in between."""
    with stands.one() as (stand, promises):
        stand.publish()
        for step in FIRST_START:
            _kill_at(stand, step)
            promises.check_after_kill()
            stands.ways["first start"] += 1
        stand.settle()
        promises.check_after_settling()
        assert promises.copies().total() == 0


def _at_steps(stands: Stands, steps: list[Step]) -> None:
    """At each of these, with a whole day's work before it and a clean run behind it."""
    with stands.one() as (stand, promises):
        stand.publish()
        stand.publish()
        stand.settle()
        copies = 0
        for step in steps:
            stand.publish()
            if step.command == ("recheck",) or stands.chance.random() < 0.2:
                stand.edit()
            if step.command == ("reextract",):
                stand.world.forget_kickers()
            for command in step.first:
                assert stand.run(*command) == 0, stand.log()
            _kill_at(stand, step)
            promises.check_after_kill()
            stand.settle()
            promises.check_after_settling()
            extra = promises.copies().total() - copies
            assert extra <= step.copies, step.name
            copies += extra
            stands.ways["named step"] += 1


def _kill_at(stand: Stand, step: Step) -> None:
    is_moment = isinstance(step.at, str)
    death, moment = (None, step.at) if is_moment else (step.at, None)
    code = stand.run(*step.command, death=death, moment=moment)
    assert code in KILLED, f"not reached: {step.name}\n{stand.log()}"


def _at_random(stands: Stands, kills: int) -> None:
    """At any moment and any statement, up to five times in a row before it may finish its work."""
    chance = stands.chance
    with stands.one() as (stand, promises):
        stand.publish()
        stand.settle()
        while stand.kills < kills:
            before, copies = stand.kills, promises.copies()
            for _ in range(chance.randint(1, 5)):
                for happens in (stand.publish, stand.publish, stand.edit, stand.withdraw):
                    if chance.random() < 0.5:
                        happens()
                stands.ways[_kill_somewhere(stand, chance)] += 1
                promises.check_after_kill()
            stand.settle()
            promises.check_after_settling()
            extra = promises.copies() - copies
            assert max(extra.values(), default=0) <= stand.kills - before


def _kill_somewhere(stand: Stand, chance: random.Random) -> str:
    """Kill a command by the clock, at a statement, or while it starts; which of them."""
    (command,) = chance.choices(list(_COMMANDS), list(_COMMANDS.values()))
    way = chance.choices(["clock", "statement", "from scratch"], [4, 5, 1])[0]
    if way == "from scratch":
        code = stand.run_from_scratch(*command, after=chance.uniform(0, 2))
    elif way == "clock" or command[0] == "serve":
        code = stand.run(*command, after=chance.uniform(0, stand.seconds.get(command[0], 0.6)))
    else:
        code = stand.run(*command, death=Death("statement", "", chance.randint(1, 250)))
    assert code in (0, *KILLED), stand.log()
    return way if code in KILLED else "lived"
