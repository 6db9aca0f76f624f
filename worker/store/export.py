"""The store's contents in other programs' forms. Floor 2."""

from __future__ import annotations

import csv
import io
import re
import zlib
from pathlib import Path

from sqlite_utils import Database

from worker.errors import UsageError
from worker.store.pages import pages_named

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
    rows = db.execute(
        """select v.record from releases r join revisions v on v.url = r.url and v.revision = r.revision
           order by r.published, r.url"""
    ).fetchall()
    path.write_text("".join(f"{row[0]}\n" for row in rows), encoding="utf-8")
    return len(rows)


def write_csv(db: Database, path: Path) -> int:
    """A table of the releases in which no cell is a formula; the number of rows."""
    rows = list(db.query("select * from releases order by published, url"))
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel it is UTF-8
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)  # LibreOffice parts at ; outside quotation marks
        writer.writerow(_COLUMNS)
        writer.writerows([_safe(row[column]) for column in _COLUMNS] for row in rows)
    return len(rows)


def write_warc(db: Database, path: Path) -> int:
    """The archived pages as a WARC file; raises ModuleNotFoundError without the extra `archive`."""
    from warcio.warcwriter import WARCWriter  # an extra: imported by those who use it

    rows = list(db.query("select * from pages order by fetched_at, sha256"))
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for row in rows:
            body = zlib.decompress(row["body"])
            record = writer.create_warc_record(
                row["url"],
                "resource",
                payload=io.BytesIO(body),
                length=len(body),  # without it warcio copies the body into a file that it leaves open
                warc_content_type=row["content_type"] or "application/octet-stream",
                warc_headers_dict={"WARC-Date": row["fetched_at"]},
            )
            writer.write_record(record)
    return len(rows)


def write_page(db: Database, name: str, path: Path) -> str:
    """The raw page whose SHA-256 begins with `name`, as it came; returns its address. Raises UsageError."""
    found = pages_named(db, name.lower())
    if len(found) != 1:
        raise UsageError(f"{name}: {len(found)} pages have a name that begins so")
    path.write_bytes(found[0].body)
    return found[0].url or ""


def _safe(value: object) -> object:
    """A cell that a spreadsheet shows and does not calculate."""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value
