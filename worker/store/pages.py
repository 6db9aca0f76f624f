"""Raw pages as they came, each kept once. Floor 2."""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from worker.instants import from_text, to_text
from worker.models.page import Page


def save_page(db: Database, page: Page, link: str) -> str:
    """Keep a page, asked for at `link`; returns the name it has in the store. For use inside `write`."""
    digest = sha256(page.body).hexdigest()
    db.table("pages").insert(
        {
            "sha256": digest,
            "url": page.url or link,
            "content_type": page.content_type,
            "fetched_at": to_text(page.fetched_at),
            "body": zlib.compress(page.body, 6),
        },
        ignore=True,
    )
    return digest


def page_of(row: dict[str, Any]) -> Page:
    """The page a row of `pages` holds."""
    return Page(row["url"], zlib.decompress(row["body"]), row["content_type"], from_text(row["fetched_at"]))


def pages_named(db: Database, beginning: str) -> list[Page]:
    """The pages whose name begins so: one, if enough of it is given."""
    rows = db.query("select * from pages where substr(sha256, 1, ?) = ?", [len(beginning), beginning])
    return [page_of(row) for row in rows]
