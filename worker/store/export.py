"""The store's contents in other programs' forms, read a little at a time, in place once whole. Floor 2."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from worker import __version__
from worker.errors import UsageError
from worker.instants import to_text
from worker.models.page import Page
from worker.store.pages import page_of, pages_named
from worker.store.rows import select

_AT_ONCE = 100  # rows read at a time: between two readings a writer may commit, during one it waits
_RELEASES = """
    select r.*, v.record, coalesce(r.published, r.first_seen_at) as day
    from releases r join revisions v on v.url = r.url and v.revision = r.revision
    where (coalesce(r.published, r.first_seen_at), r.id) > (?, ?)
    order by coalesce(r.published, r.first_seen_at), r.id limit ?"""
_WARC_INFO = {
    "software": f"Pressewacht {__version__}",
    "format": "WARC File Format 1.0",
    "description": "Bodies without transfer and content encoding; of their headers those that were kept.",
}

_COLUMNS = [
    "url",
    "source",
    "kicker",
    "title",
    "published",
    "lead",
    "text",
    "revision",
    "state",
    "first_seen_at",
    "changed_at",
    "duplicate_of",
]
# What makes a spreadsheet calculate (OWASP, CSV injection), also in full width. German spreadsheets part
# cells at semicolons and know no quotation mark inside one, so a text's own lines and semicolons count.
_FORMULA = re.compile(r"(?m)(^|;)(?=\"*[=+\-@＝＋－＠\t\r])")


def write_jsonl(db: Database, path: Path) -> int:
    """One record of each release's current revision a line; the number of lines."""
    done = 0
    with _whole(path) as draft, draft.open("w", encoding="utf-8") as file:
        for row in _releases(db):
            file.write(f"{row['record']}\n")
            done += 1
    return done


def write_csv(db: Database, path: Path) -> int:
    """A table of the releases in which no cell is a formula; the number of rows."""
    done = 0
    # The mark at the beginning tells Excel it is UTF-8.
    with _whole(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)  # LibreOffice parts at ; outside quotation marks
        writer.writerow(_COLUMNS)
        for row in _releases(db):
            writer.writerow([_safe(row[column]) for column in _COLUMNS])
            done += 1
    return done


def write_warc(db: Database, path: Path) -> int:
    """The archived pages as a WARC file, the number of pages; raises ModuleNotFoundError without `archive`.

    A page is a `response` with the headers that were kept. Its body is as it was read: without transfer
    and content encoding, so its length is the only header that is ours.
    """
    from warcio.statusandheaders import StatusAndHeaders  # an extra: imported by those who use it
    from warcio.warcwriter import WARCWriter

    done = 0
    with _whole(path) as draft, draft.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, _WARC_INFO))
        for page in _pages(db):
            status = f"{page.status} {HTTPStatus(page.status).phrase}"
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(page.body),
                length=len(page.body),  # without it warcio copies the body into a file that it leaves open
                http_headers=StatusAndHeaders(status, _headers(page), protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": to_text(page.fetched_at)},
            )
            writer.write_record(record)
            done += 1
    return done


def write_page(db: Database, name: str, path: Path) -> str:
    """The raw page whose SHA-256 begins with `name`, as it came; returns its address. Raises UsageError."""
    found = pages_named(db, name.lower())
    if len(found) != 1:
        raise UsageError(f"{name}: {len(found)} pages have a name that begins so")
    with _whole(path) as draft:
        draft.write_bytes(found[0].body)
    return found[0].url or ""


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its name once it is whole; `path` itself if that is a pipe."""
    if path.exists() and not path.is_file():
        yield path
        return
    draft = path.with_name(path.name + ".part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _releases(db: Database) -> Iterator[dict[str, Any]]:
    """All releases with the record of their current revision, oldest first."""
    day, number = "", 0
    while rows := select(db, _RELEASES, [day, number, _AT_ONCE]):
        yield from rows
        day, number = rows[-1]["day"], rows[-1]["id"]


def _pages(db: Database) -> Iterator[Page]:
    """All raw pages in the order in which they came."""
    number = 0
    sql = "select rowid, * from pages where rowid > ? order by rowid limit ?"
    while rows := select(db, sql, [number, _AT_ONCE]):
        yield from map(page_of, rows)
        number = rows[-1]["rowid"]


def _headers(page: Page) -> list[tuple[str, str]]:
    kept = {
        "Content-Type": page.content_type,
        "Content-Length": str(len(page.body)),
        "ETag": page.validators.etag,
        "Last-Modified": page.validators.last_modified,
    }
    return [(name, value) for name, value in kept.items() if value]


def _safe(value: object) -> object:
    """A cell that a spreadsheet shows and does not calculate."""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
