"""What came over the wire, or out of a file. Floor 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask «has it changed?» with (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: the whole body, decompressed but not decoded.

    `url` is the address after redirects, None for a file without one; `content_type` is the header
    as sent (`text/html; charset=utf-8`), `text/plain` for a text rendering of a page.
    """

    url: str | None
    body: bytes
    content_type: str
    fetched_at: datetime
    status: int = 200
    validators: Validators = field(default_factory=Validators)
