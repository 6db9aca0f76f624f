"""The work of a cycle must not grow with the store: every statement it makes finds its rows by an index."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from typing import Any

import pytest

from tests.world import World
from worker.pipelines.recheck import recheck_due
from worker.store import connection
from worker.store.connection import working
from worker.store.waits import end_impossible_waits

# One row for a source, a channel, a reader, a host; how many messages there are of each state is counted.
_SMALL = {"sources", "channels", "subscribers", "norms", "robots", "s", "sqlite_sequence", "sqlite_master"}
_GOOD = ("_waiting", "digests_by_state")  # indexes that hold what waits, or that count
# sqlite-utils tries with a table of its own what this SQLite can do.
_OURS = re.compile(r"(?i)\s*(select|insert|update|delete|with)\b(?!.*\bt[0-9a-f]{32}\b)")
_SCAN = re.compile(r"SCAN (?!\d* ?CONSTANT|.*VIRTUAL TABLE|main.releases_fts_config)(\w+)")


def test_no_statement_of_a_cycle_reads_a_whole_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """New, edited, unchanged, withdrawn and broken releases, told, with looks back, and a clock set right."""
    with working(world.store):
        pass  # makes the tables, which is another matter
    statements: set[str] = set()
    _trace(monkeypatch, statements)

    one, other = world.publish("Erster Sprachkurs"), world.publish("Zweiter Sprachkurs")
    world.publish_elsewhere("Brücke")
    world.poll()
    world.deliver(at_once=True)
    broken = world.publish("Kaputter Sprachkurs")
    world.portal.answer(world.portal.release_url(broken.slug), status=404)
    world.publish("Dritter Sprachkurs")
    world.portal.edit(one.slug, lead="Das Land hilft Zugewanderten.")
    world.portal.withdraw(other.slug)
    for _ in range(3):
        world.later(hours=7)
        world.poll()
        recheck_due(world.runtime, world.runtime.config.sources[0], world.now)
    world.portal.answer(world.portal.listing_url, status=404)
    world.poll()
    world.deliver(at_once=True)
    with working(world.store) as db, connection.write(db):
        end_impossible_waits(db, world.now)

    assert len(world.events()) == 5
    assert len(statements) > 100
    assert _scans(world, statements) == []


def _trace(monkeypatch: pytest.MonkeyPatch, statements: set[str]) -> None:
    """Note every statement of every connection from now on, with its values."""
    connect = connection._connect

    def traced(uri: str) -> Any:
        db = connect(uri)
        db.conn.set_trace_callback(statements.add)
        return db

    monkeypatch.setattr(connection, "_connect", traced)


def _scans(world: World, statements: set[str]) -> list[tuple[str, str]]:
    """The statements that go through a growing table from end to end, and how SQLite says so."""
    found = []
    with contextlib.closing(sqlite3.connect(world.store)) as db:
        for statement in sorted(statements):
            if not _OURS.match(statement):
                continue
            for *_, step in db.execute(f"explain query plan {statement}"):
                scan = _SCAN.match(step)
                if scan and scan[1] not in _SMALL and not step.endswith(_GOOD):
                    found.append((step, statement[:300]))
    return found
