"""The steps at which the program is killed are steps it has: seen at once, not in the long proof."""

from __future__ import annotations

import importlib
from operator import attrgetter

import pytest

from tests.soak.doomed import Death
from tests.soak.steps import FIRST_START, STEPS, Step


@pytest.mark.parametrize("step", [*FIRST_START, *STEPS], ids=lambda step: step.name)
def test_each_step_names_a_function(step: Step) -> None:
    """`module:function` is found where it is said to be; statements and moments have no such place."""
    if isinstance(step.at, Death) and step.at.how != "statement":
        module, _, path = step.at.place.partition(":")
        assert callable(attrgetter(path)(importlib.import_module(module)))
