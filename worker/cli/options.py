"""What the global options said, and what commands have in common. Floor 4."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options:
    """The options that stand before the command."""

    config_path: Path
    verbose: bool


def since_option(help_text: str = "Only releases of that day or later.") -> Callable[[Command], Command]:
    """The option `--since`, a day."""
    return click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help=help_text)


def has_colours() -> bool:
    """Whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
