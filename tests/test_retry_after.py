"""What servers write into `Retry-After`, and what we make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.retry_after import LONGEST, parse_retry_after

_NOW = datetime(2026, 3, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("0000000000000005", 5),
        ("86400", 86_400),
        ("86401", 86_400),
        ("1000000000", 86_400),
        ("9" * 5000, 86_400),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("١٢", None),
        ("bald", None),
        ("", None),
        ("Sat, 21 Mar 2026 08:05:00 GMT", 300),
        ("Sat, 21 Mar 2026 09:05:00 +0100", 300),
        ("Sat, 21 Mar 2026 07:00:00 GMT", 0),
        ("Fri, 21 Mar 2036 08:00:00 GMT", 86_400),
        ("Sat, 21 Mar 2026 08:05:00 -0000", None),
        ("Sat, 99 Mar 2026 08:05:00 GMT", None),
    ],
)
def test_a_wish_is_read_and_clamped(value: str | None, seconds: int | None) -> None:
    """Seconds or a date, within a day; nonsense is no wish."""
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert parse_retry_after(value, _NOW) == expected


@given(st.text())
def test_any_text_is_a_wish_or_none(value: str) -> None:
    """A header cannot make us fail, nor wait for more than a day."""
    wait = parse_retry_after(value, _NOW)

    assert wait is None or timedelta(0) <= wait <= LONGEST


@given(st.integers(-10_000, 10_000))
def test_a_date_is_as_good_as_seconds(seconds: int) -> None:
    """Both forms of the header mean the same."""
    date = format_datetime(_NOW + timedelta(seconds=seconds), usegmt=True)

    assert parse_retry_after(date, _NOW) == timedelta(seconds=max(0, seconds))
