"""Where the files lie that belong to the program but are no Python: from a name to a path.

An installed wheel carries them under `worker/_bundled/`, a checkout keeps them at its top level.
Never reads them and never writes anywhere. Floor 0.
"""

from __future__ import annotations

from pathlib import Path

from worker.errors import UsageError

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """In: a bundled folder or file (`demo`, `datasette`, `config.toml`). Out: where it lies.

    `_bundled/NAME` comes first, then `fixtures/NAME` and `NAME` of the checkout. Raises UsageError
    when none of them exists: the installation is incomplete.
    """
    checkout = PACKAGE.parent
    for candidate in (PACKAGE / "_bundled" / name, checkout / "fixtures" / name, checkout / name):
        if candidate.exists():
            return candidate
    raise UsageError(f"{name}: not part of this installation ({PACKAGE}); install pressewacht again")
