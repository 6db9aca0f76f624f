"""The full-text index over the releases: written, searched. Floor 2."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from worker.search_terms import first_mention, search_query, search_terms
from worker.store.rows import select

_SNIPPET_WORDS = 24
_MOST_RANKED = 200


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
    """Releases in which all the words occur, best first; empty for words that hold no letters.

    Where more than two hundred hold the very words, rank says little and costs much: of these the newest come
    first, and longer words that begin so are left out.
    """
    query, order = _question(db, words)
    if not query:
        return []
    rows = select(
        db,
        f"""select r.url, r.source, r.kicker, r.title, r.published, r.state, r.text,
                   snippet(releases_fts, 1, '«', '»', '…', {_SNIPPET_WORDS}) as snippet
            from releases_fts join releases r on r.id = releases_fts.rowid
            where releases_fts match ? order by {order} limit ?""",  # noqa: S608
        [query, limit],
    )
    return [Hit(snippet=_snippet(row.pop("snippet"), row.pop("text"), words), **row) for row in rows]


def _question(db: Database, words: str) -> tuple[str, str]:
    """What to ask the index, and in which order.

    For a rank FTS5 reads every place of every word, and for a beginning those of all words that begin so:
    half a second in 100,000 releases. The newest rows it finds one by one.
    """
    for query in dict.fromkeys((search_query(words, beginnings=False), search_query(words))):
        if query and _are_more(db, query, _MOST_RANKED):
            return query, "releases_fts.rowid desc"  # `r.id` would be sorted
    return query, "bm25(releases_fts, 8, 2, 1)"


def _are_more(db: Database, query: str, than: int) -> bool:
    row = db.execute(
        "select count(*) from (select 1 from releases_fts where releases_fts match ? limit ?)",
        [query, than + 1],
    ).fetchone()
    return bool(row[0] > than)


def _snippet(found: str, text: str, words: str) -> str:
    """FTS5's own snippet; where it marks nothing, because a term matched, the place of the word behind it."""
    place = None if "«" in found else first_mention(text, words)
    if place is None:
        return found
    start, end = place
    before, behind = text[:start].split(" "), text[end:].split(" ")
    half = _SNIPPET_WORDS // 2
    return (
        "…" * (len(before) > half)
        + " ".join(before[-half:])
        + f"«{text[start:end]}»"
        + " ".join(behind[:half])
        + "…" * (len(behind) > half)
    )


def index_release(db: Database, url: str) -> None:
    """Write the index entry of the release at `url` as its row reads now."""
    _index(db, "url = ?", url)


def index_all(db: Database) -> None:
    """Write every entry anew: what a migration does after the terms have changed."""
    _index(db, "1")


def _index(db: Database, which: str, *parameters: str) -> None:
    rows = db.execute(f"select id, kicker, title, text from releases where {which}", parameters)  # noqa: S608
    for number, kicker, title, text in rows:
        db.execute(
            "insert or replace into releases_fts (rowid, title, text, terms) values (?, ?, ?, ?)",
            [number, title, text, search_terms(f"{kicker or ''} {title} {text}")],
        )
