"""The floor for `polling.py`, by hand: listing → diff → fetch what is new → store, and nothing else.

In go a file with one listing address a line and the path of a database. No robots.txt, pace, second page,
retries, revisions, search or digests: what any program for this job must do, written for these pages. Its
topic is a kicker.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from urllib.parse import urljoin

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

_AT_ONCE = 10
_SCHEMA = """
create table if not exists sources (url text primary key, etag text);
create table if not exists releases (url text primary key, day text, kicker text, title text, body text);
"""


async def poll(client: httpx.AsyncClient, db: sqlite3.Connection, url: str) -> None:
    """Ask one listing and store what is new."""
    known = db.execute("select etag from sources where url = ?", (url,)).fetchone()
    listing = await client.get(url, headers={"If-None-Match": known[0]} if known else {})
    if listing.status_code == 304:
        return
    listing.raise_for_status()
    for teaser in LexborHTMLParser(listing.content).css("article.teaser"):
        link = urljoin(url, _only(teaser, "a").attributes["href"])
        if db.execute("select 1 from releases where url = ?", (link,)).fetchone():
            continue
        if _only(teaser, ".teaser__topic").text() == "Integration":
            page = await client.get(link)
            page.raise_for_status()
            db.execute("insert into releases values (?, ?, ?, ?, ?)", (link, *_read(page.content)))
        else:
            row = (link, _only(teaser, "time").attributes["datetime"], _only(teaser, "h3").text())
            db.execute("insert into releases values (?, ?, null, ?, null)", row)
    db.execute("insert or replace into sources values (?, ?)", (url, listing.headers["etag"]))
    db.commit()


def _read(html: bytes) -> tuple[str | None, str, str, str]:
    article = _only(LexborHTMLParser(html), "article.release")
    body = "\n\n".join(part.text(strip=True) for part in article.css(".release__body > *"))
    day = _only(article, "time").attributes["datetime"]
    return day, _only(article, ".release__topic").text(), _only(article, "h1").text(), body


def _only(parent: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    node = parent.css_first(selector)
    assert node is not None, selector
    return node


async def main(addresses: Path, database: Path) -> None:
    """Poll every listing once, ten at a time."""
    db = sqlite3.connect(database)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")
    db.executescript(_SCHEMA)
    waiting = iter(addresses.read_text("utf-8").split())
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=_AT_ONCE), timeout=30) as client:

        async def work() -> None:
            for url in waiting:
                await poll(client, db, url)

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
