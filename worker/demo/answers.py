"""What is asked of the demo portal's server and what it answers, with the HTTP a cache would care about.

Pure: validators, 304 and compression are decided from a request and an answer, without a socket.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from worker.demo.faults import NO_HEADERS

SMALLEST_GZIPPED = 200  # bytes; below, compression costs more than it saves


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as it arrived; header names are in lower case, `status` is None until answered."""

    method: str
    target: str
    headers: Mapping[str, str]
    at: datetime
    status: int | None = None

    @property
    def path(self) -> str:
        """The target without its query, percent-decoded, without a trailing slash."""
        return unquote(urlsplit(self.target).path).rstrip("/") or "/"

    def query(self, name: str) -> str | None:
        """The first value of a query parameter, however its brackets are written."""
        values = parse_qs(urlsplit(self.target).query).get(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: all of `body` unless `truncate` ends the connection after so many bytes.

    Status 0 closes the connection without an answer.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0
    truncate: int | None = None


def page(body: bytes, content_type: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    """An answer with a body and its type."""
    return Answer(status, body, {"Content-Type": content_type})


def etag_of(body: bytes) -> str:
    """A weak tag: the same page compressed or not is the same page (RFC 9110 §8.8.1)."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def validated(answer: Answer, request: SeenRequest, *, changed_at: datetime) -> Answer:
    """The answer with ETag and Last-Modified, or a 304 if the client has it already."""
    etag = etag_of(answer.body)
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed_at, usegmt=True)}
    if _is_known(request, etag, changed_at):
        return Answer(304, headers={**headers, "Vary": "Accept-Encoding"})
    return replace(answer, headers={**answer.headers, **headers})


def compressed(answer: Answer, request: SeenRequest) -> Answer:
    """The answer as gzip if the client takes it and it is worth it."""
    if len(answer.body) < SMALLEST_GZIPPED or "Content-Encoding" in answer.headers:
        return answer
    headers = {**answer.headers, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return replace(answer, headers=headers)
    body = gzip.compress(answer.body, compresslevel=6, mtime=0)
    return replace(answer, body=body, headers={**headers, "Content-Encoding": "gzip"})


def _is_known(request: SeenRequest, etag: str, changed_at: datetime) -> bool:
    # If-None-Match takes precedence: If-Modified-Since is then not looked at (RFC 9110 §13.2.2).
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {"*", etag.removeprefix("W/")})
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return changed_at <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # not a date, or one without a zone: the condition is ignored
        return False
