"""Listing entries: known, new, waiting to be fetched. Floor 2."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from worker.instants import maybe_day, to_text
from worker.models.known import ItemState, ItemUpdate, KnownItem
from worker.models.verdict import Verdict
from worker.store.rows import change, insert, select

_CHUNK = 500  # SQLite allows a limited number of parameters


def known_items(db: Database, identities: Sequence[str]) -> dict[str, KnownItem]:
    """The stored entries among `identities`, by identity."""
    found: dict[str, KnownItem] = {}
    for start in range(0, len(identities), _CHUNK):
        chunk = list(identities[start : start + _CHUNK])
        marks = ",".join("?" * len(chunk))
        for row in select(db, f"select * from items where identity in ({marks})", chunk):  # noqa: S608
            found[row["identity"]] = _item(row)
    return found


def item_by_identity(db: Database, identity: str) -> KnownItem | None:
    """The entry of that identity, None if it was never seen."""
    return known_items(db, [identity]).get(identity)


def item_by_url(db: Database, url: str) -> KnownItem:
    """The entry a stored release came from."""
    return _item(select(db, "select * from items where url = ?", [url])[0])


def waiting_items(db: Database, source: str, now: datetime, most: int) -> list[KnownItem]:
    """Entries of a source whose page is to be fetched now, at most so many, in the order they should be told.

    That is oldest first; what came in a flood gives way to what did not.
    """
    rows = select(
        db,
        """select * from items where source = ? and state = 'pending'
           and (next_attempt_at is null or next_attempt_at <= ?)
           order by held, published is null, published, rowid desc limit ?""",
        [source, to_text(now), most],
    )
    return [_item(row) for row in rows]


def unread_pages(db: Database, source: str, since: datetime) -> tuple[int, int]:
    """How many entries seen lately wait after more than one failed attempt, and how many were given up."""
    row = db.execute(
        """select coalesce(sum(state = 'pending' and attempts > 1), 0), coalesce(sum(state = 'failed'), 0)
           from items where source = ? and last_seen_at >= ? and state in ('pending', 'failed')""",
        [source, to_text(since)],
    ).fetchone()
    return row[0], row[1]


def count_items(db: Database, source: str) -> tuple[int, int]:
    """How many entries of a source were ever seen, and how many of them are releases."""
    row = db.execute(
        """select (select count(*) from items where source = ?),
                  (select count(*) from releases where source = ?)""",
        [source, source],
    ).fetchone()
    return row[0], row[1]


def save_items(db: Database, updates: Iterable[ItemUpdate], now: datetime) -> None:
    """Store new and edited entries with their verdicts; for use inside `write`."""
    for update in updates:
        row = _row(update.item, update.verdicts, now)
        if update.is_new:
            row |= {"first_seen_at": to_text(now)}
            if not insert(db, "items", row, if_new=True):  # another source was faster
                continue
        else:
            change(db, "items", row, url=update.item.url)
        save_verdicts(db, update.item.url, update.verdicts)


def saw_items(db: Database, urls: Iterable[str], now: datetime) -> None:
    """Note that known entries still stand in the listing; for use inside `write`."""
    seen_at = to_text(now)
    db.conn.executemany("update items set last_seen_at = ? where url = ?", [(seen_at, url) for url in urls])


def save_verdicts(db: Database, url: str, verdicts: Iterable[Verdict]) -> None:
    """Store why an entry was or was not taken, per topic; for use inside `write`."""
    db.conn.executemany(
        "insert or replace into matches (url, topic, relevant, score, evidence) values (?, ?, ?, ?, ?)",
        [(url, one.topic, int(one.relevant), one.score, _evidence(one)) for one in verdicts],
    )


def begin_attempt(db: Database, url: str) -> None:
    """Count an attempt before its page is asked for, so that a page that kills us is given up in the end.

    For use inside `write`, with what came of the attempt before.
    """
    db.execute("update items set attempts = attempts + 1 where url = ?", [url])


def settle_item(
    db: Database,
    url: str,
    state: ItemState,
    *,
    verdicts: Sequence[Verdict] = (),
    next_attempt_at: datetime | None = None,
    error: str | None = None,
) -> None:
    """Store what came of an attempt; for use inside `write`."""
    changes: dict[str, Any] = {
        "state": state,
        "next_attempt_at": to_text(next_attempt_at) if next_attempt_at else None,
        "last_error": error,
    }
    change(db, "items", changes | _best(verdicts), url=url)
    save_verdicts(db, url, verdicts)


def _evidence(verdict: Verdict) -> str:
    return json.dumps([asdict(one) for one in verdict.evidence], ensure_ascii=False)


def _row(item: KnownItem, verdicts: Sequence[Verdict], now: datetime) -> dict[str, Any]:
    row = {
        "url": item.url,
        "identity": item.identity,
        "link": item.link,
        "source": item.source,
        "kicker": item.kicker,
        "title": item.title,
        "teaser": item.teaser,
        "published": item.published.isoformat() if item.published else None,
        "last_seen_at": to_text(now),
        "state": item.state,
        "attempts": item.attempts,
        "next_attempt_at": None,
        "news_since": item.news_since.isoformat() if item.news_since else None,
        "last_error": item.last_error,
        "held": int(item.is_held),
    }
    return row | _best(verdicts)


def _best(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What an entry holds of its verdicts; nothing where none was made, so that the former stands."""
    best = max(verdicts, key=lambda verdict: (verdict.relevant, verdict.score), default=None)
    return {"relevant": int(best.relevant), "score": best.score} if best else {}


def _item(row: dict[str, Any]) -> KnownItem:
    return KnownItem(
        url=row["url"],
        identity=row["identity"],
        link=row["link"],
        source=row["source"],
        kicker=row["kicker"],
        title=row["title"],
        teaser=row["teaser"],
        published=maybe_day(row["published"]),
        state=row["state"],
        attempts=row["attempts"],
        news_since=maybe_day(row["news_since"]),
        last_error=row["last_error"],
        is_held=bool(row["held"]),
    )
