"""Ten thousand cycles in one process: it does not grow. `PRESSEWACHT_CYCLES` sets how many."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys

import pytest

from tests.soak.figures import report
from tests.world import FILES, World
from worker.demo.answers import SeenRequest

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

_WARM_UP, _CYCLES = 1000, int(os.environ.get("PRESSEWACHT_CYCLES", "10000"))
_FILLING = 600  # messages: Python keeps up to 512 regular expressions, and each mail's boundary is one
_GROWTH = 1.02
_MARKS = 3  # a thousand cycles apart


def test_ten_thousand_cycles(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    """A source mostly unchanged, news every day, faults now and then: at most 2 % more memory."""
    world.configure("[schedule]\nrecheck_days = 1\n" + FILES)
    world.publish_elsewhere("Neue Brücke")
    requests = itertools.count(1)

    def live(request: SeenRequest) -> None:
        if world.portal.listing_url.endswith(request.target):
            number = next(requests)
            if number <= _FILLING or number % 48 == 0:
                world.publish(f"Sprachkurs {number}", days_ago=-number // 48)
            if number % 50 == 0:
                world.portal.answer(request.target, status=(503, 0, 404)[number % 3], times=1)
            world.portal.requests.clear()

    world.portal.on_request = live
    command = [sys.executable, "-m", "tests.soak.endless", str(world.config_path), str(_WARM_UP + _CYCLES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        sizes = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    assert len(world.events()) > _FILLING / 2 + _CYCLES / 60
    first, last = sizes[0], sizes[-1]
    assert (first["cycle"], last["cycle"]) == (_WARM_UP, _WARM_UP + _CYCLES)
    stays = min(size["rss"] for size in sizes[-_MARKS:])  # a mark more or less is what the allocator keeps
    report(capfd, "memory in KiB", warm=first["rss"], at_the_end=stays, cycles=_CYCLES)
    assert stays <= first["rss"] * _GROWTH
    assert (last["files"], last["threads"]) == (first["files"], first["threads"])
