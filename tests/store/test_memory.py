"""What is remembered between processes: sources, robots files, runs, troubles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database

from tests.samples import NOW
from worker.fetching.robots import RobotsFile
from worker.models.known import SourceState
from worker.models.page import Validators
from worker.models.report import ChannelReport, SourceReport
from worker.store.channels import load_channels, register_channels
from worker.store.connection import write
from worker.store.robots import StoredRobots
from worker.store.runs import finish_delivery_run, finish_run, last_poll, start_run
from worker.store.sources import (
    backfill_url,
    load_source,
    register_sources,
    save_backfill_url,
    save_source,
)
from worker.store.troubles import begin_trouble, end_trouble, mark_channel, pass_troubles, troubles_after

_STATE = SourceState(
    id="ministerium",
    validators=Validators('"1"', "gestern"),
    fingerprint="abc",
    first_polled_at=NOW - timedelta(days=9),
    full_look_at=NOW,
    last_success_at=NOW,
    last_status="ok",
    last_error="Seite 2 fehlt",
    failures=3,
    not_before=NOW + timedelta(hours=1),
    retry_after_until=NOW + timedelta(hours=2),
    unread_from=2,
    newest_on=NOW.date(),
)


def test_a_source_comes_back_as_it_was(db: Database) -> None:
    """Every field, and again with everything cleared."""
    for state in (_STATE, SourceState("ministerium"), replace(_STATE, failures=0, not_before=None)):
        with write(db):
            save_source(db, state)
        assert load_source(db, "ministerium") == state


def test_a_source_never_polled_is_new(db: Database) -> None:
    """Without a row it has no history; registering it twice makes one row and keeps what is known."""
    assert load_source(db, "neu") == SourceState("neu")
    with write(db):
        save_source(db, _STATE)
        register_sources(db, ["neu", "ministerium"])

    assert load_source(db, "ministerium") == _STATE
    assert [row["id"] for row in db.query("select id from sources order by id")] == ["ministerium", "neu"]


def test_a_backfill_goes_on_where_it_stopped(db: Database) -> None:
    """A poll in between does not lose the place."""
    assert backfill_url(db, "ministerium") is backfill_url(db, "neu") is None
    with write(db):
        save_backfill_url(db, "ministerium", "https://presse.test/liste?page=7")
        save_source(db, _STATE)

    assert backfill_url(db, "ministerium") == "https://presse.test/liste?page=7"


def test_robots_files_stay(db: Database) -> None:
    """The newest of each host, with the moment it was fetched."""
    memory = StoredRobots(db)
    assert memory.recall("presse.test") is None
    first = RobotsFile("presse.test", "User-agent: *\nDisallow: /", NOW)
    memory.remember(first)
    assert memory.recall("presse.test") == first
    second = replace(first, text="", fetched_at=NOW + timedelta(days=1))
    memory.remember(second)

    assert memory.recall("presse.test") == second
    assert memory.recall("andere.test") is None


def test_every_unit_of_work_leaves_a_row(db: Database) -> None:
    """With its outcome; one that never ended tells that its process died."""
    died = start_run(db, "poll", "ministerium", NOW)
    done = start_run(db, "reextract", "ministerium", NOW)
    finish_run(db, done, SourceReport("ministerium", "ok", 5, 2))
    sent = start_run(db, "deliver", None, NOW)
    finish_delivery_run(db, sent, [ChannelReport("a", sent=1), ChannelReport("b", error="kaputt")])
    idle = start_run(db, "deliver", None, NOW)
    finish_delivery_run(db, idle, [ChannelReport("a")])

    rows = {row["id"]: row for row in db.query("select * from runs")}
    assert (rows[died]["status"], rows[died]["finished_at"]) == (None, None)
    assert (rows[done]["status"], rows[done]["items_seen"], rows[done]["items_new"]) == ("ok", 5, 2)
    assert (rows[sent]["status"], rows[sent]["items_new"], rows[sent]["error"]) == ("failed", 1, "b: kaputt")
    assert rows[idle]["status"] == "unchanged"


def test_the_last_finished_poll_counts(db: Database) -> None:
    """Per source, the latest one that ended."""
    for seen in (3, 5):
        finish_run(db, start_run(db, "poll", "ministerium", NOW), SourceReport("ministerium", "ok", seen, 1))
    start_run(db, "poll", "ministerium", NOW)

    assert last_poll(db, "ministerium") == (5, 1)
    assert last_poll(db, "nie-gefragt") == (0, 0)


def test_troubles_are_told_once(db: Database) -> None:
    """From where a channel was told last; a new channel does not hear of old ones."""
    with write(db):
        begin_trouble(db, "source", "ministerium", "antwortet nicht", NOW)
        register_channels(db, {"archiv": None}, NOW)
        end_trouble(db, "source", "ministerium", "antwortet wieder", NOW)
        begin_trouble(db, "channel", "archiv", "voll", NOW)
        mark_channel(db, "archiv", in_trouble=True)
    told = load_channels(db)["archiv"].after_trouble

    news = troubles_after(db, told)
    assert [(one.subject, one.state, one.text) for one in news] == [
        ("source", "recovered", "antwortet wieder"),
        ("channel", "trouble", "voll"),
    ]
    assert load_channels(db)["archiv"].is_in_trouble

    with write(db):
        pass_troubles(db, "archiv", news[-1].id)
    assert troubles_after(db, load_channels(db)["archiv"].after_trouble) == []
