"""Releases in the store: one decided update, one transaction, and rows people can query."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlite_utils import Database

from tests.samples import NOW, URL, item, page, release, sighting, verdict
from tests.store.conftest import add_release
from worker.changes import plan_look, plan_missing, plan_unmodified
from worker.errors import StoreError
from worker.models.event import EventKind
from worker.models.known import ItemUpdate, ReleaseUpdate
from worker.record import to_record
from worker.store.connection import write
from worker.store.items import (
    item_by_identity,
    item_by_url,
    known_items,
    save_items,
    settle_item,
    waiting_items,
)
from worker.store.releases import (
    apply,
    known_release,
    look_soon,
    releases_since,
    releases_to_look_at,
    replace_extraction,
    stored_page,
    stored_revision,
    tellings_nearby,
    wait_to_look_at,
)
from worker.store.verdicts import stored_verdicts
from worker.twins import Telling


def _rows(db: Database, sql: str) -> list[dict[str, object]]:
    return list(db.query(sql))


def _look(db: Database, title: str) -> ReleaseUpdate:
    """Look again at the sample release, which now has this title, and store what that means."""
    known = known_release(db, URL)
    assert known is not None
    update = plan_look(known, sighting(release(title)), NOW + timedelta(hours=1), 30)
    apply(db, update)
    return update


def test_a_release_is_stored_whole(db: Database) -> None:
    """State, revision, parts, verdict and event, in the words of the contract."""
    add_release(db)

    (row,) = _rows(db, "select * from releases")
    assert (row["url"], row["title"], row["published"], row["revision"]) == (
        URL,
        "Ein Titel",
        "2026-03-20",
        1,
    )
    assert (row["state"], row["first_seen_at"], row["duplicate_of"]) == ("live", "2026-03-21T08:00:00Z", None)
    assert _rows(db, "select url, revision, title, seen_at from revisions") == [
        {"url": URL, "revision": 1, "title": "Ein Titel", "seen_at": "2026-03-21T08:00:00Z"}
    ]
    assert _rows(db, "select id, kind, url, revision from events") == [
        {"id": 1, "kind": "new", "url": URL, "revision": 1}
    ]
    assert _rows(
        db, "select speaker, role, text from quotes where url = 'https://presse.test/pid/ein-titel'"
    ) == [{"speaker": "Dr. Ute Leidig", "role": "Staatssekretärin", "text": "Gut so."}]
    assert _rows(db, "select value, unit from amounts") == [{"value": 320_000_000, "unit": "EUR"}]
    assert _rows(db, "select src, credit from images") == [
        {"src": "https://presse.test/a.jpg", "credit": "dpa"}
    ]
    assert _rows(db, "select text, link from links") == [{"text": "Mehr", "link": "https://presse.test/mehr"}]
    assert _rows(db, "select state, relevant, score from items") == [
        {"state": "fetched", "relevant": 1, "score": 0.9}
    ]
    assert stored_verdicts(db, URL) == [verdict()]


def test_the_record_comes_back_as_it_was(db: Database) -> None:
    """What a digest tells later is what the page said then, and the page itself is kept."""
    add_release(db)

    assert stored_revision(db, URL, 1) == release()
    kept = stored_page(db, URL, 1)
    assert kept is not None
    assert kept.body == sighting().page.body
    assert (stored_revision(db, URL, 2), stored_page(db, URL, 2)) == (None, None)
    (row,) = _rows(db, "select record from revisions")
    assert json.loads(str(row["record"])) == json.loads(json.dumps(to_record(release(), "ministerium")))


def test_an_edit_is_a_revision_and_an_event(db: Database) -> None:
    """The old version stays, the parts are those of the new one."""
    add_release(db)

    _look(db, "Neuer Titel")

    assert _rows(db, "select title, revision from releases") == [{"title": "Neuer Titel", "revision": 2}]
    assert [row["title"] for row in _rows(db, "select title from revisions order by revision")] == [
        "Ein Titel",
        "Neuer Titel",
    ]
    assert [row["kind"] for row in _rows(db, "select kind from events order by id")] == ["new", "changed"]
    assert len(_rows(db, "select * from quotes")) == 1
    known = known_release(db, URL)
    assert known is not None
    assert len(known.earlier_sha256) == 1


def test_an_unchanged_look_writes_no_version(db: Database) -> None:
    """Only when it is looked at next."""
    add_release(db)
    known = known_release(db, URL)
    assert known is not None

    apply(db, plan_unmodified(known, NOW + timedelta(days=1), 30))

    assert len(_rows(db, "select * from revisions")) == len(_rows(db, "select * from events")) == 1
    again = known_release(db, URL)
    assert again == known


def test_a_flip_flop_is_remembered_between_looks(db: Database) -> None:
    """An earlier wording counts when it was seen twice, also in another process."""
    add_release(db)
    _look(db, "Neuer Titel")

    assert _look(db, "Ein Titel").event is None
    assert _look(db, "Ein Titel").event is EventKind.CHANGED
    assert _rows(db, "select revision, title from releases") == [{"revision": 3, "title": "Ein Titel"}]


def test_a_withdrawal_keeps_the_words(db: Database) -> None:
    """Two looks at nothing: state and event change, the text stays to be read."""
    add_release(db)
    for _ in range(2):
        known = known_release(db, URL)
        assert known is not None
        apply(db, plan_missing(known, NOW + timedelta(hours=2), 30))

    assert _rows(db, "select state, title, changed_at from releases") == [
        {"state": "withdrawn", "title": "Ein Titel", "changed_at": "2026-03-21T10:00:00Z"}
    ]
    assert [row["kind"] for row in _rows(db, "select kind from events order by id")] == ["new", "withdrawn"]


def test_an_update_is_written_whole_or_not_at_all(db: Database) -> None:
    """When the event cannot be written, the revision is not there either."""
    add_release(db)
    before = db.conn.iterdump()
    dump = list(before)
    update = ReleaseUpdate(
        url=URL,
        link=URL,
        source="ministerium",
        revision=1,
        state="live",
        seen_at=NOW,
        sighting=sighting(release("Zweimal")),
        event=EventKind.NEW,
    )

    with pytest.raises(StoreError):
        apply(db, update)

    assert list(db.conn.iterdump()) == dump


def test_no_revision_is_told_twice(db: Database) -> None:
    """The store itself refuses a second «new» or «changed» of one revision."""
    add_release(db)

    with pytest.raises(StoreError, match="UNIQUE"), write(db):
        db.execute(
            "insert into events (kind, url, revision, happened_at) select kind, url, revision, '' from events"
        )


def test_releases_due_for_a_look_come_newest_first(db: Database) -> None:
    """Those whose turn it is, of that source, and none that is no longer watched."""
    days = {"a": 1, "b": 2, "c": 4, "d": 5}
    urls = [
        add_release(db, slug, sighting(replace(release(slug), published=date(2026, 11, day))))
        for slug, day in days.items()
    ]
    with write(db):
        look_soon(db, [urls[1]], NOW)
    wait_to_look_at(db, urls[0], NOW + timedelta(minutes=1))
    wait_to_look_at(db, urls[2], NOW + timedelta(days=9))
    db.execute("update releases set next_look_at = null where url = ?", [urls[3]])

    due = releases_to_look_at(db, "ministerium", NOW + timedelta(hours=1), 9)

    assert [one.url for one in due] == [urls[1], urls[0]]
    assert releases_to_look_at(db, "anderes", NOW + timedelta(hours=1), 9) == []


def test_releases_since_a_day(db: Database) -> None:
    """By the day they were published, or first seen where they have no date."""
    old = add_release(db, "alt", sighting(release(published=NOW.date() - timedelta(days=9))))
    undated = add_release(db, "ohne", sighting(release(published=None)))

    assert {one.url for one in releases_since(db, "ministerium", None)} == {old, undated}
    assert [one.url for one in releases_since(db, "ministerium", NOW.date())] == [undated]


def test_tellings_nearby_are_candidates_for_duplicates(db: Database) -> None:
    """On other hosts, near in time, still there, and never a copy of a copy."""
    first = add_release(db, "a")
    add_release(db, "kopie", duplicate_of=first)
    add_release(db, "alt", sighting(release(published=NOW.date() - timedelta(days=30))))
    undated = add_release(db, "ohne-tag", sighting(release(published=None)))
    gone = add_release(db, "zurueckgezogen")
    db.execute("update releases set state = 'withdrawn' where url = ?", [gone])

    nearby = tellings_nearby(db, "https://portal.test/pid/a-1", NOW.date())
    assert set(nearby) == {first, undated}
    assert nearby[first] == Telling("Ein Titel", release().text, release().published)
    assert tellings_nearby(db, "https://www.presse.test/pid/b", NOW.date()) == {}


def test_tellings_nearby_are_found_by_an_index(db: Database) -> None:
    """However many releases there are, only those of some days are read."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    tellings_nearby(db, "https://portal.test/pid/a-1", NOW.date())
    db.conn.set_trace_callback(None)

    question = next(sql for sql in asked if "from releases" in sql)
    plan = db.execute(f"explain query plan {question}").fetchone()
    assert "USING INDEX originals_by_day" in plan[-1]


def test_a_new_reading_is_no_edit(db: Database) -> None:
    """Today's extractor may find more on the same page: no event, no revision, the index follows."""
    add_release(db)

    replace_extraction(db, URL, 1, release("Besser gelesen", body=("Sprachkurse",)), "neu")

    assert _rows(db, "select title, revision, content_sha256 from releases") == [
        {"title": "Besser gelesen", "revision": 1, "content_sha256": "neu"}
    ]
    assert len(_rows(db, "select * from events")) == 1
    assert _rows(db, "select title from revisions") == [{"title": "Besser gelesen"}]
    assert len(_rows(db, "select rowid from releases_fts where releases_fts match 'sprachkurse'")) == 1


def test_one_page_for_two_revisions_is_kept_once(db: Database) -> None:
    """Pages are stored by what is in them."""
    add_release(db, "a", replace(sighting(), page=page(b"gleich")))
    add_release(db, "b", replace(sighting(), page=page(b"gleich")))

    assert len(_rows(db, "select * from pages")) == 1


def test_entries_are_found_by_identity(db: Database) -> None:
    """Also more of them than SQLite takes parameters at once."""
    entries = [item(f"https://presse.test/pid/{n}") for n in range(1200)]
    with write(db):
        save_items(db, [ItemUpdate(entry, (verdict(),), is_new=True) for entry in entries], NOW)

    found = known_items(db, [entry.identity for entry in entries] + ["fehlt"])

    assert found == {entry.identity: entry for entry in entries}
    assert item_by_identity(db, "fehlt") is None
    assert item_by_url(db, entries[7].url) == entries[7]


def test_releases_are_numbered_by_their_day(db: Database) -> None:
    """The search index shows the newest first by this number; one without a day counts as of today."""
    days = {"heute": None, "alt": date(2010, 1, 1), "neu": date(2026, 3, 20), "auch": date(2026, 3, 20)}
    for slug, day in days.items():
        add_release(db, slug, sighting(release(published=day)))

    numbers = db.execute("select id from releases order by rowid").fetchall()
    assert numbers == [(20260321000001,), (20100101000001,), (20260320000001,), (20260320000002,)]


def test_waiting_entries_come_oldest_first(db: Database) -> None:
    """In the order they should be told; those that wait for later are left out."""
    days = {"neu": 20, "alt": 10, "spaeter": 5, "erledigt": 1}
    with write(db):
        for slug, day in days.items():
            entry = item(f"https://presse.test/pid/{slug}", published=NOW.date().replace(day=day))
            save_items(db, [ItemUpdate(entry, (), is_new=True)], NOW)
        undated = item("https://presse.test/pid/ohne", published=None)
        save_items(db, [ItemUpdate(undated, (), is_new=True)], NOW)
        settle_item(
            db, "https://presse.test/pid/spaeter", "pending", next_attempt_at=NOW + timedelta(hours=1)
        )
        settle_item(db, "https://presse.test/pid/erledigt", "skipped")

    waiting = [one.url.rpartition("/")[2] for one in waiting_items(db, "ministerium", NOW, 9)]
    assert waiting == ["alt", "neu", "ohne"]
    assert len(waiting_items(db, "ministerium", NOW + timedelta(hours=1), 9)) == 4


def test_an_edited_entry_keeps_the_verdict_of_its_page(db: Database) -> None:
    """A release is told under the topics its text was found to be about, whatever its listing says now."""
    add_release(db)
    stored = item_by_url(db, URL)

    with write(db):
        save_items(db, [ItemUpdate(replace(stored, title="Anders"), (), is_new=False)], NOW)

    assert _rows(db, "select title, relevant, score from items") == [
        {"title": "Anders", "relevant": 1, "score": 0.9}
    ]
    assert stored_verdicts(db, URL) == [verdict()]
