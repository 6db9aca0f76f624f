"""Full-text search over the releases. Floor 2."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from worker.search_terms import search_query


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that was found; `snippet` shows the words in their sentence, marked «so»."""

    url: str
    source: str
    kicker: str | None
    title: str
    published: str | None
    state: str
    snippet: str


def search(db: Database, words: str, limit: int = 20) -> list[Hit]:
    """Releases in which all the words occur, best first; empty for words that hold no letters."""
    query = search_query(words)
    if not query:
        return []
    rows = db.query(
        """select r.url, r.source, r.kicker, r.title, r.published, r.state,
                  snippet(releases_fts, 1, '«', '»', '…', 24) as snippet
           from releases_fts join releases r on r.id = releases_fts.rowid
           where releases_fts match ? order by bm25(releases_fts, 8, 2, 1) limit ?""",
        [query, limit],
    )
    return [Hit(**row) for row in rows]
