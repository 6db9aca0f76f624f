"""The outbox: each event once to each reader, each message claimed by one sender, its bytes never changed."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.samples import NOW
from tests.store.conftest import add_release
from worker.errors import StoreError
from worker.store.by_hand import enable_channel, requeue
from worker.store.channels import (
    disable_channel,
    load_channels,
    pass_slot,
    register_channels,
    register_readers,
)
from worker.store.connection import working, write
from worker.store.outbox import (
    claim,
    count_states,
    due_messages,
    enqueue,
    has_due_messages,
    last_troubles,
    next_digest_id,
    open_events,
    recent_events,
    settle_failed,
    settle_retry,
    settle_sent,
    take_over,
)

_LATER = NOW + timedelta(hours=1)


def _register(db: Database, *channels: str) -> None:
    with write(db):
        register_channels(db, dict.fromkeys(channels or ("archiv",)), NOW)
        for channel in channels or ("archiv",):
            register_readers(db, channel, ["", "anna", "bert"], NOW)


def _enqueue(db: Database, *events: int, channel: str = "archiv", recipient: str = "") -> int:
    with write(db):
        number = next_digest_id(db)
        enqueue(
            db,
            digest_id=number,
            channel=channel,
            recipient=recipient,
            uid=f"msg_{number}",
            body=b"\x00die Bytes",
            event_ids=events,
            now=NOW,
        )
    return number


def _row(db: Database, number: int) -> dict[str, object]:
    return next(db.query("select * from digests where id = ?", [number]))


def test_a_new_channel_hears_of_what_happens_from_now_on(db: Database) -> None:
    """Registering twice changes nothing; what happened before is not told."""
    add_release(db, "vorher")
    _register(db)
    add_release(db, "nachher")
    _register(db)
    events = open_events(db, "archiv", "")

    assert [event.url for event in events] == ["https://presse.test/pid/nachher"]
    assert (events[0].topics, events[0].happened_at, events[0].source) == (
        ("integration",),
        NOW,
        "ministerium",
    )


def test_each_event_is_told_once_to_each_reader(db: Database) -> None:
    """What is in a digest of a reader is no longer open for that reader, and stays open for others."""
    _register(db, "archiv", "anderer")
    add_release(db)
    _enqueue(db, 1, recipient="anna")

    assert open_events(db, "archiv", "anna") == []
    assert len(open_events(db, "archiv", "bert")) == 1
    assert len(open_events(db, "anderer", "anna")) == 1
    with pytest.raises(StoreError, match="UNIQUE"):
        _enqueue(db, 1, recipient="anna")
    assert count_states(db) == {"archiv": {"pending": 1}}, "the message without its event is gone too"


def test_digest_ids_are_never_used_twice(db: Database) -> None:
    """Not even when the last one is gone."""
    _register(db)
    first = _enqueue(db)
    db.execute("delete from digests")

    assert (first, _enqueue(db)) == (1, 2)


def test_a_message_goes_its_way(db: Database) -> None:
    """pending → sending → pending for a retry → sending → sent, with the same bytes and id."""
    _register(db)
    number = _enqueue(db)
    (message,) = due_messages(db, "archiv", NOW, ignore_waits=False)
    assert (message.uid, message.body, message.attempts) == ("msg_1", b"\x00die Bytes", 0)

    assert claim(db, number, "eins")
    assert due_messages(db, "archiv", NOW, ignore_waits=True) == []
    settle_retry(db, number, "eins", "abgelehnt", _LATER)
    assert due_messages(db, "archiv", NOW, ignore_waits=False) == []
    assert last_troubles(db) == {"archiv": "abgelehnt"}
    (again,) = due_messages(db, "archiv", NOW, ignore_waits=True)
    assert (again.uid, again.body, again.attempts) == ("msg_1", b"\x00die Bytes", 1)
    assert due_messages(db, "archiv", _LATER, ignore_waits=False) == [again]

    assert claim(db, number, "zwei")
    settle_sent(db, number, "archiv", "zwei", _LATER)
    row = _row(db, number)
    assert (row["state"], row["attempts"], row["lease"], row["last_error"]) == ("sent", 2, None, None)
    assert load_channels(db)["archiv"].last_sent_at == _LATER
    assert last_troubles(db) == {}


def test_only_one_of_many_threads_gets_a_message(store: Path, db: Database) -> None:
    """Compare-and-set: the others hear that somebody was faster."""
    _register(db)
    numbers = [_enqueue(db) for _ in range(5)]
    taken: list[int] = []
    start = threading.Barrier(4)

    def send() -> None:
        with working(store) as own:
            start.wait(5)
            taken.extend(number for number in numbers if claim(own, number, threading.current_thread().name))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == numbers


def test_only_one_of_many_processes_gets_a_message(store: Path, db: Database) -> None:
    """The same across processes."""
    _register(db)
    numbers = [_enqueue(db) for _ in range(20)]
    code = """
import sys
from pathlib import Path
from worker.store.connection import working
from worker.store.outbox import claim
with working(Path(sys.argv[1])) as db:
    for number in range(1, 21):
        if claim(db, number, sys.argv[2]):
            print(number)
"""
    senders = [
        subprocess.Popen([sys.executable, "-c", code, str(store), f"p{n}"], stdout=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    taken = [int(line) for sender in senders for line in sender.communicate(timeout=30)[0].split()]

    assert sorted(taken) == numbers


def test_only_who_holds_the_lease_may_settle(db: Database) -> None:
    """A sender that was given up for dead cannot change what the next one does."""
    _register(db)
    number = _enqueue(db)
    claim(db, number, "tot")
    take_over(db, "archiv", NOW, 14)
    claim(db, number, "lebend")

    settle_failed(db, number, "tot", "zu spät")
    settle_retry(db, number, "tot", "zu spät", NOW)
    assert _row(db, number)["state"] == "sending"

    settle_sent(db, number, "archiv", "lebend", NOW)
    settle_failed(db, number, "lebend", "nochmal")
    assert _row(db, number)["state"] == "sent"


def test_what_a_dead_sender_left_goes_out_again(db: Database) -> None:
    """Under its old id, at its own time, with a word that it may have arrived; other channels go on."""
    _register(db, "archiv", "anderer")
    number, other = _enqueue(db), _enqueue(db, channel="anderer")
    claim(db, number, "tot")
    claim(db, other, "lebt")

    take_over(db, "archiv", _LATER, 14)

    row = _row(db, number)
    assert (row["state"], row["lease"], row["attempts"], row["message_id"]) == ("pending", None, 1, "msg_1")
    assert "may have arrived" in str(row["last_error"])
    assert due_messages(db, "archiv", NOW, ignore_waits=False) == []
    assert len(due_messages(db, "archiv", _LATER, ignore_waits=False)) == 1
    assert _row(db, other)["state"] == "sending"


def test_a_message_that_kills_its_sender_is_given_up(db: Database) -> None:
    """After as many deaths as there are attempts."""
    _register(db)
    number = _enqueue(db)
    for _ in range(3):
        assert claim(db, number, "x")
        take_over(db, "archiv", NOW, 3)

    assert _row(db, number)["state"] == "failed"
    assert not claim(db, number, "x")


def test_a_failed_message_is_sent_again_by_hand(db: Database) -> None:
    """Under its old id; one that was sent, or never was, is not."""
    _register(db)
    number = _enqueue(db)
    assert not requeue(db, number)
    claim(db, number, "x")
    settle_failed(db, number, "x", "550 unbekannt")
    assert last_troubles(db) == {"archiv": "550 unbekannt"}

    assert requeue(db, number)
    assert claim(db, number, "y")
    settle_sent(db, number, "archiv", "y", NOW)
    assert not requeue(db, number)
    assert not requeue(db, 99)


def test_a_channel_that_is_switched_off_keeps_its_messages(db: Database) -> None:
    """What waits is suppressed with its reason, and comes back with the channel."""
    _register(db)
    waiting, sent = _enqueue(db), _enqueue(db)
    claim(db, sent, "x")
    settle_sent(db, sent, "archiv", "x", NOW)

    with write(db):
        disable_channel(db, "archiv", NOW)
    assert load_channels(db)["archiv"].disabled_at == NOW
    assert count_states(db) == {"archiv": {"suppressed": 1, "sent": 1}}
    assert not claim(db, waiting, "x")

    with write(db):
        enable_channel(db, "archiv")
    assert load_channels(db)["archiv"].disabled_at is None
    assert count_states(db) == {"archiv": {"pending": 1, "sent": 1}}


def test_a_removed_reader_hears_nothing_more(db: Database) -> None:
    """Only that reader's messages are suppressed."""
    _register(db)
    anna, bert = _enqueue(db, recipient="anna"), _enqueue(db, recipient="bert")

    with write(db):
        register_readers(db, "archiv", ["bert"], NOW)

    assert _row(db, anna)["state"] == "suppressed"
    assert "removed" in str(_row(db, anna)["last_error"])
    assert _row(db, bert)["state"] == "pending"
    add_release(db)
    assert open_events(db, "archiv", "anna") == []
    assert len(open_events(db, "archiv", "bert")) == 1


def test_a_due_retry_is_noticed(db: Database) -> None:
    """The service looks every minute whether there is anything to repeat."""
    _register(db)
    number = _enqueue(db)
    claim(db, number, "x")
    assert not has_due_messages(db, _LATER)
    settle_retry(db, number, "x", "später", _LATER)

    assert not has_due_messages(db, NOW)
    assert has_due_messages(db, _LATER)


def test_slots_and_the_last_events_are_remembered(db: Database) -> None:
    """A slot is a wall-clock time; a feed shows the newest events first."""
    _register(db)
    slot = NOW.replace(tzinfo=None)
    with write(db):
        pass_slot(db, "archiv", slot)
    for slug in "abc":
        add_release(db, slug)

    assert load_channels(db)["archiv"].last_slot == slot
    assert [event.id for event in recent_events(db, 2)] == [3, 2]
