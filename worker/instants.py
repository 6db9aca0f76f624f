"""Points in time as the store writes them: aware UTC in memory, `2026-03-21T08:00:00Z` on disk. Floor 0."""

from __future__ import annotations

from datetime import UTC, date, datetime


def to_text(moment: datetime) -> str:
    """`moment` (aware) as UTC ISO 8601 to the second, ending in `Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> datetime:
    """The aware moment `to_text` wrote."""
    return datetime.fromisoformat(text)


def maybe_to_text(moment: datetime | None) -> str | None:
    """As `to_text`, None for None."""
    return None if moment is None else to_text(moment)


def maybe_from_text(text: str | None) -> datetime | None:
    """As `from_text`, None for None."""
    return None if text is None else from_text(text)


def maybe_day(text: str | None) -> date | None:
    """A day from `YYYY-MM-DD`, None for None."""
    return None if text is None else date.fromisoformat(text)
