"""What a server means by `Retry-After` (RFC 9110 §10.2.3). Floor 1, pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)  # a wish beyond that is a mistake or an attack


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The wait asked for, within 0…24 h; None if the header is missing or makes no sense."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return LONGEST if len(text.lstrip("0")) > 9 else min(timedelta(seconds=int(text)), LONGEST)
    try:
        wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return max(timedelta(0), min(wait, LONGEST))
