"""Raw pages as they came. Floor 2.

Each body is kept once, under its fingerprint, with the answer that first brought it: its address, time
and headers. The same bytes at another address or a later time add nothing.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from worker.instants import from_text, to_text
from worker.models.page import Page, Validators
from worker.store.rows import insert, select


def save_page(db: Database, page: Page, link: str) -> str:
    """Keep a page, asked for at `link`; returns the name it has in the store. For use inside `write`."""
    digest = sha256(page.body).hexdigest()
    insert(
        db,
        "pages",
        {
            "sha256": digest,
            "url": page.url or link,
            "content_type": page.content_type,
            "fetched_at": to_text(page.fetched_at),
            "body": zlib.compress(page.body, 6),
            "status": page.status,
            "etag": page.validators.etag,
            "last_modified": page.validators.last_modified,
        },
        if_new=True,
    )
    return digest


def page_of(row: dict[str, Any]) -> Page:
    """The page a row of `pages` holds."""
    return Page(
        url=row["url"],
        body=zlib.decompress(row["body"]),
        content_type=row["content_type"],
        fetched_at=from_text(row["fetched_at"]),
        status=row["status"],
        validators=Validators(row["etag"], row["last_modified"]),
    )


def pages_named(db: Database, beginning: str) -> list[Page]:
    """The pages whose name begins so: one, if enough of it is given."""
    rows = select(db, "select * from pages where sha256 between ? and ?", [beginning, beginning + "g"])
    return [page_of(row) for row in rows]
