"""Mutated pages, from bytes to message: each is refused for a reason or told, within bounds."""

from __future__ import annotations

import os
import random

import pytest

from benchmarks.fuzz import corpus, fuzz
from tests.soak.figures import report


def test_what_once_broke_something_no_longer_does() -> None:
    """Every page of the corpus, as it is."""
    figures = fuzz("corpus", seconds=0)
    assert figures.inputs == len(corpus())
    assert figures.failures == []


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_no_page_brings_the_program_down(capsys: pytest.CaptureFixture[str]) -> None:
    """Other pages each time; PRESSEWACHT_FUZZ_SECONDS gives more than a minute."""
    seed = str(random.randrange(10**9))
    figures = fuzz(seed, seconds=float(os.environ.get("PRESSEWACHT_FUZZ_SECONDS", "60")))
    report(capsys, f"fuzz with seed {seed}", found=figures)
    assert figures.failures == [], f"benchmarks/fuzz.py --seed {seed} --only NUMBER --keep DIR shows each"
