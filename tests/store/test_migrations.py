"""Stores that earlier versions left, opened by this one: nothing is lost, and the work goes on.

`stores/` holds one file for each schema there was, named after its last migration and made by the program
of that time: a release that was told, its silent edit and a second release that were not, an entry set aside.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.world import World
from worker.store.connection import reading, working
from worker.store.schema import migrations
from worker.store.search import search

EARLIER = sorted((Path(__file__).parent / "stores").glob("*.db.gz"))
MADE_AT = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # their releases are to be looked at again from 14:02 on


@pytest.fixture(params=EARLIER, ids=lambda path: path.name.removesuffix(".db.gz"))
def old(request: pytest.FixtureRequest, world: World) -> World:
    """A world that begins with a store of an earlier version, in the hour in which it was made."""
    world.now = MADE_AT
    world.store.parent.mkdir(exist_ok=True)
    world.store.write_bytes(gzip.decompress(request.param.read_bytes()))
    return world


def test_nothing_is_lost(old: World) -> None:
    """Every row is there with every value it had; the file is sound and searched as before."""
    before = _contents(old.store)

    with working(old.store) as db:
        assert not migrations.pending(db)
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("pragma foreign_key_check").fetchall() == []
        db.execute("insert into releases_fts (releases_fts) values ('integrity-check')")

    after = _contents(old.store)
    for table, rows in before.items():
        kept = [{name: row[name] for name in row.keys() & after[table][0].keys()} for row in rows]
        found = [{name: row[name] for name in row.keys() & rows[0].keys()} for row in after[table]]
        assert found == kept, table
    with reading(old.store) as db:
        assert [hit.title for hit in search(db, "zugewanderte")] == ["Sprachkurs für Zugewanderte"]


def test_releases_are_numbered_by_their_day(old: World) -> None:
    """As those that come later are, so that the search index yields them in this order."""
    with working(old.store) as db:
        numbers = [number for (number,) in db.execute("select id from releases order by first_seen_at")]

    assert numbers == [20261123000001, 20261123000002]


def test_the_work_goes_on(old: World) -> None:
    """What was not told is told with what comes now, what was told is not."""
    text = "Zugewanderte lernen Deutsch in einem dritten Kurs, den die Volkshochschule anbietet."
    old.publish("Dritter Sprachkurs", lead="Mannheim bekommt einen Sprachkurs.", text=text)
    assert old.poll().error is None

    assert old.deliver(at_once=True)["archiv"].sent == 1

    events = old.rows("select kind, title from digest_events d join events e on e.id = d.event_id"
                      " join releases r on r.url = e.url where digest_id = 2 order by e.id")  # fmt: skip
    assert [(row["kind"], row["title"]) for row in events] == [
        ("changed", "Sprachkurs für Zugewanderte"),
        ("new", "Beratung für Geflüchtete"),
        ("new", "Dritter Sprachkurs"),
    ]


def _contents(store: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables people query that have any."""
    with closing(sqlite3.connect(store)) as db:
        db.row_factory = sqlite3.Row
        names = db.execute(
            "select name from sqlite_schema where type = 'table' and sql like '%strict%'"
        ).fetchall()
        tables = {
            name: [dict(row) for row in db.execute(f"select * from {name} order by 1, 2")]
            for (name,) in names
        }
    for row in tables["releases"]:
        del row["id"]  # its number in the search index, which is made anew
    return {name: rows for name, rows in tables.items() if rows}
