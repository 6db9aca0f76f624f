"""What the global options said, and what commands have in common. Floor 4."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """The options that stand before the command."""

    config_path: Path
    verbose: bool
