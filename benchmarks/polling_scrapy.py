"""The job of `polling_floor.py` in Scrapy, for `polling.py`; runs in Scrapy's own environment.

In go a file with one listing address a line and the path of a database.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

_SCHEMA = (
    "create table if not exists releases (url text primary key, day text, kicker text, title text, body text)"
)
_SETTINGS = {
    "LOG_LEVEL": "ERROR",
    "ROBOTSTXT_OBEY": False,
    "CONCURRENT_REQUESTS": 10,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 10,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
}


class Press(scrapy.Spider):
    """Listing → diff → fetch → store."""

    name = "press"

    def __init__(self, addresses: Path, database: Path, **options: Any) -> None:
        super().__init__(**options)
        self._addresses = addresses.read_text("utf-8").split()
        self._db = sqlite3.connect(database)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute(_SCHEMA)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self._addresses:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        for teaser in response.css("article.teaser"):
            link = response.urljoin(teaser.css("a::attr(href)").get())
            day = teaser.css("time::attr(datetime)").get()
            if self._db.execute("select 1 from releases where url = ?", (link,)).fetchone():
                continue
            if teaser.css(".teaser__topic::text").get() == "Integration":
                yield scrapy.Request(link, self.read)
            else:
                self._store(link, day, None, teaser.css("h3::text").get(), None)
        self._db.commit()

    def read(self, response: Any) -> None:
        """Store a release page."""
        article = response.css("article.release")
        parts = article.css(".release__body > *")
        self._store(
            response.url,
            article.css("time::attr(datetime)").get(),
            article.css(".release__topic::text").get(),
            article.css("h1::text").get(),
            "\n\n".join("".join(part.css("::text").getall()).strip() for part in parts),
        )
        self._db.commit()

    def _store(self, *values: str | None) -> None:
        self._db.execute("insert or ignore into releases values (?, ?, ?, ?, ?)", values)


if __name__ == "__main__":
    process = CrawlerProcess(_SETTINGS)
    process.crawl(Press, addresses=Path(sys.argv[1]), database=Path(sys.argv[2]))
    process.start()
