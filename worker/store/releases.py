"""Releases, their versions and what happened to them. Floor 2."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from worker.identity import host_of
from worker.instants import from_text, maybe_day, maybe_to_text, to_text
from worker.models.known import KnownRelease, ReleaseUpdate, Sighting
from worker.models.page import Page, Validators
from worker.models.release import Release
from worker.record import from_record, to_record
from worker.store.connection import write
from worker.store.items import item_by_url, settle_item
from worker.store.pages import page_of, save_page
from worker.store.rows import change, insert, select
from worker.store.search import index_release
from worker.twins import Telling

_DAYS_APART = timedelta(days=10)  # how far apart two hosts publish the same release
_MOST_A_DAY = 1_000_000  # releases that can be numbered; at one page a second it is never reached
_MOST_NEARBY = 500  # texts; only undated archives have more on one day, and they must not cost minutes


def known_release(db: Database, url: str) -> KnownRelease | None:
    """The stored release at a canonical address, None if there is none."""
    for row in select(db, "select * from releases where url = ?", [url]):
        return _known(db, row)
    return None


def releases_to_look_at(db: Database, source: str, now: datetime, most: int) -> list[KnownRelease]:
    """Releases of a source whose next look is due, newest first (they are edited most), at most so many."""
    rows = select(
        db,
        """select * from releases where source = ? and next_look_at <= ?
           order by coalesce(published, first_seen_at) desc, url limit ?""",
        [source, to_text(now), most],
    )
    return [_known(db, row) for row in list(rows)]


def looks_ahead(db: Database, source: str) -> tuple[int, datetime | None]:
    """How many releases of a source are watched for edits, and when the next look is due."""
    watched, first = db.execute(
        "select count(*), min(next_look_at) from releases where source = ? and next_look_at is not null",
        [source],
    ).fetchone()
    return watched, from_text(first) if first else None


def releases_since(db: Database, source: str, since: date | None) -> Iterator[KnownRelease]:
    """All releases of a source, or those published (first seen, if undated) on `since` or later."""
    urls = db.execute(
        "select url from releases where source = ? and coalesce(published, first_seen_at) >= ? order by url",
        [source, since.isoformat() if since else ""],
    ).fetchall()
    return filter(None, (known_release(db, url) for (url,) in urls))


def tellings_nearby(db: Database, url: str, day: date) -> dict[str, Telling]:
    """What live releases on other hosts tell that are near in time to `day`, by address, latest first.

    Never a copy of a copy. What was withdrawn is no original: if it turns up elsewhere, that is news.
    """
    host = host_of(url)
    rows = select(
        db,
        # In the words of the index `originals_by_day`, which holds all that is asked before the text.
        """select url, title, text, published from releases
           where duplicate_of is null and substr(coalesce(published, first_seen_at), 1, 10) between ? and ?
             and instr(url, ?) = 0 and instr(url, ?) = 0 and state = 'live'
           order by id desc limit ?""",
        [
            (day - _DAYS_APART).isoformat(),
            (day + _DAYS_APART).isoformat(),
            f"://{host}/",
            f"://www.{host}/",
            _MOST_NEARBY,
        ],
    )
    return {row["url"]: Telling(row["title"], row["text"], maybe_day(row["published"])) for row in rows}


def look_soon(db: Database, urls: Iterable[str], now: datetime) -> None:
    """Have releases looked at with the next recheck: their listing entries changed."""
    db.conn.executemany(
        "update releases set next_look_at = ? where url = ?", [(to_text(now), url) for url in urls]
    )


def wait_to_look_at(db: Database, url: str, next_look_at: datetime | None) -> None:
    """Put off the next look at a release that could not be read; None: it is looked at no more."""
    with write(db):
        change(db, "releases", {"next_look_at": maybe_to_text(next_look_at)}, url=url)


def apply(db: Database, update: ReleaseUpdate) -> None:
    """Write a decided update in one transaction: state, revision, parts, verdicts, event, index."""
    with write(db):
        topics = _relevant_topics(db, update.url)
        if update.sighting is None:
            _touch(db, update)
        else:
            _store_revision(db, update, update.sighting)
        if update.event is not None:
            insert(
                db,
                "events",
                {
                    "kind": update.event.value,
                    "url": update.url,
                    "revision": update.revision,
                    "happened_at": to_text(update.seen_at),
                    # An edit that takes the topic away concerns those who follow the topic.
                    "topics": " ".join(sorted(topics | _relevant_topics(db, update.url))),
                    "held": int(item_by_url(db, update.url).is_held),
                },
            )


def stored_revision(db: Database, url: str, revision: int) -> Release | None:
    """One version of a release as it was extracted, None if there is none."""
    row = db.execute(
        "select record from revisions where url = ? and revision = ?", [url, revision]
    ).fetchone()
    return from_record(json.loads(row[0])) if row else None


def stored_page(db: Database, url: str, revision: int) -> Page | None:
    """The raw page a revision was read from, None if it was not kept."""
    rows = select(
        db,
        """select pages.* from pages join revisions on pages.sha256 = revisions.page_sha256
           where revisions.url = ? and revisions.revision = ?""",
        [url, revision],
    )
    return next((page_of(row) for row in rows), None)


def replace_extraction(db: Database, url: str, revision: int, release: Release, content_sha256: str) -> None:
    """Store a new reading of a revision's page: never an edit by the ministry, so no event."""
    with write(db):
        current, source = db.execute("select revision, source from releases where url = ?", [url]).fetchone()
        _save_revision_row(db, url, revision, release, source, content_sha256)
        if revision == current:
            change(db, "releases", _words(release) | {"content_sha256": content_sha256}, url=url)
            _save_parts(db, url, release)
            index_release(db, url)


def note_extraction(db: Database, url: str, revision: int, record: str, extractor: str) -> None:
    """Store that another extractor reads the same from a revision's page; for use inside `write`."""
    db.execute(
        "update revisions set record = ?, extractor = ? where url = ? and revision = ?",
        [record, extractor, url, revision],
    )


def _relevant_topics(db: Database, url: str) -> set[str]:
    rows = db.execute("select topic from matches where url = ? and relevant = 1", [url]).fetchall()
    return {row[0] for row in rows}


def _touch(db: Database, update: ReleaseUpdate) -> None:
    """The release as it was, looked at again."""
    changes = _circumstances(update)
    if update.event is not None:
        changes["changed_at"] = to_text(update.seen_at)
    change(db, "releases", changes, url=update.url)


def _store_revision(db: Database, update: ReleaseUpdate, sighting: Sighting) -> None:
    release, now = sighting.release, to_text(update.seen_at)
    row = _words(release) | _circumstances(update)
    row |= {"revision": update.revision, "content_sha256": sighting.content_sha256, "changed_at": now}
    if update.revision == 1:
        number = _next_number(db, release.published or update.seen_at.date())
        first = {"url": update.url, "id": number, "source": update.source, "first_seen_at": now}
        insert(db, "releases", row | first | {"duplicate_of": update.duplicate_of})
    else:
        change(db, "releases", row, url=update.url)
    page_sha256 = save_page(db, sighting.page, update.link)
    insert(
        db,
        "revisions",
        {"url": update.url, "revision": update.revision, "seen_at": now, "page_sha256": page_sha256}
        | _revision_words(release, update.source, sighting.content_sha256),
    )
    _save_parts(db, update.url, release)
    index_release(db, update.url)
    settle_item(db, update.url, "fetched", verdicts=sighting.verdicts)


def _next_number(db: Database, day: date) -> int:
    """A number for a release of a day, such as 20261123000001: in this order the full-text index is read.

    It stays if the page names another day later.
    """
    start = int(day.isoformat().replace("-", "")) * _MOST_A_DAY
    row = db.execute(
        "select coalesce(max(id), ?) + 1 from releases where id between ? and ?",
        [start, start, start + _MOST_A_DAY - 1],
    ).fetchone()
    return int(row[0])


def _save_revision_row(
    db: Database, url: str, revision: int, release: Release, source: str, content_sha256: str
) -> None:
    change(db, "revisions", _revision_words(release, source, content_sha256), url=url, revision=revision)


def _revision_words(release: Release, source: str, content_sha256: str) -> dict[str, Any]:
    return {
        "title": release.title,
        "lead": release.lead,
        "text": release.text,
        "content_sha256": content_sha256,
        "record": json.dumps(to_record(release, source), ensure_ascii=False),
        "extractor": release.extractor.version,
    }


def _words(release: Release) -> dict[str, Any]:
    return {
        "kicker": release.kicker,
        "title": release.title,
        "published": release.published.isoformat() if release.published else None,
        "lead": release.lead,
        "text": release.text,
    }


def _circumstances(update: ReleaseUpdate) -> dict[str, Any]:
    row: dict[str, Any] = {
        "state": update.state,
        "missing_looks": update.missing_looks,
        "returning_sha256": update.returning_sha256,
        "next_look_at": maybe_to_text(update.next_look_at),
    }
    if update.validators is not None:
        row |= {"etag": update.validators.etag, "last_modified": update.validators.last_modified}
    return row


def _save_parts(db: Database, url: str, release: Release) -> None:
    """The parts people query, those of the current revision only."""
    parts: dict[str, Iterable[dict[str, Any]]] = {
        "images": (
            {"src": one.src, "alt": one.alt, "caption": one.caption, "credit": one.credit}
            for one in release.images
        ),
        "links": ({"text": one.text, "link": one.url} for one in release.links),
        "quotes": ({"speaker": one.speaker, "role": one.role, "text": one.text} for one in release.quotes),
        "amounts": ({"value": one.value, "unit": one.unit, "text": one.text} for one in release.amounts),
    }
    for table, rows in parts.items():
        db.execute(f"delete from {table} where url = ?", [url])  # noqa: S608
        for position, row in enumerate(rows, start=1):
            insert(db, table, {"url": url, "position": position} | row)


def _known(db: Database, row: dict[str, Any]) -> KnownRelease:
    item = item_by_url(db, row["url"])
    hashes = db.execute("select content_sha256 from revisions where url = ?", [row["url"]]).fetchall()
    return KnownRelease(
        url=row["url"],
        link=item.link,
        source=row["source"],
        revision=row["revision"],
        state=row["state"],
        content_sha256=row["content_sha256"],
        first_seen_at=from_text(row["first_seen_at"]),
        published=maybe_day(row["published"]),
        validators=Validators(row["etag"], row["last_modified"]),
        missing_looks=row["missing_looks"],
        returning_sha256=row["returning_sha256"],
        duplicate_of=row["duplicate_of"],
        earlier_sha256=frozenset(one[0] for one in hashes) - {row["content_sha256"]},
        is_backfilled=item.is_backfilled,
    )
