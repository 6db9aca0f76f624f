"""The polling benchmark measures what it says: the same news reach the floor and the worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

POLLING = Path(__file__).parent.parent / "benchmarks" / "polling.py"


def test_floor_and_worker_are_asked_for_the_same() -> None:
    """A round with three sources: a question each while nothing is new, then the news of each as well."""
    command = [sys.executable, str(POLLING), "--sources", "3", "--rounds", "1"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=50).stdout
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown.splitlines()[2:]]
    requests = {(look, tool): int(row[4]) for _, look, tool, *row in rows}
    assert requests == {
        ("unchanged", "floor"): 3,
        ("unchanged", "worker"): 3,
        ("one new each", "floor"): 6,
        ("one new each", "worker"): 9,  # it reads a second page, for what was dated back
    }
