"""What happened: how the units of work ended. Floor 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RunStatus = Literal["ok", "unchanged", "failed", "drift"]

_SHOWN_PROBLEMS = 3  # a portal that fails page after page says the same each time


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How the poll of one source ended, in the words of `--json`."""

    id: str
    status: RunStatus
    items_seen: int = 0
    items_new: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class QuietPoll:
    """A poll that found its source as it was: when it was begun, entries seen, requests and bytes."""

    source: str
    started_at: datetime
    items_seen: int
    requests: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """How the delivery to one channel ended, in the words of `--json`."""

    id: str
    sent: int = 0
    pending: int = 0
    failed: int = 0
    error: str | None = None


def in_one_line(problems: Sequence[str]) -> str | None:
    """The first problems of a run and how many more there were; None if there were none."""
    shown = "; ".join(problems[:_SHOWN_PROBLEMS])
    hidden = len(problems) - _SHOWN_PROBLEMS
    return f"{shown}; and {hidden} more" if hidden > 0 else shown or None
