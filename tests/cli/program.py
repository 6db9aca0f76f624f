"""The real program in a process of its own, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document it promises to be."""
        return json.loads(self.out)


def pressewacht(*arguments: str | Path, folder: Path, stdin: str = "", **environment: str) -> Ran:
    """Run `pressewacht ARGUMENTS` in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "worker", *map(str, arguments)],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
