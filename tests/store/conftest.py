"""A fresh store on disk, and one with a release in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.samples import NOW, item, sighting, verdict
from worker.changes import plan_first
from worker.models.known import ItemUpdate, Sighting
from worker.store.connection import open_store, write
from worker.store.items import save_items
from worker.store.releases import apply
from worker.store.sources import register_sources


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the store lies, or will."""
    return tmp_path / "monitor.db"


@pytest.fixture
def db(store: Path) -> Iterator[Database]:
    """An empty store, open for writing, that knows one source."""
    opened = open_store(store)
    with closing(opened.conn):
        with write(opened):
            register_sources(opened, ["ministerium"])
        yield opened


def add_release(
    db: Database, slug: str = "ein-titel", seen: Sighting | None = None, *, duplicate_of: str | None = None
) -> str:
    """Store a release as a poll does; its address."""
    entry = item(f"https://presse.test/pid/{slug}")
    with write(db):
        register_sources(db, [entry.source])
        save_items(db, [ItemUpdate(entry, (verdict(),), is_new=True)], NOW)
    apply(db, plan_first(entry, seen or sighting(), duplicate_of=duplicate_of, now=NOW, recheck_days=30))
    return entry.url
