"""Stories of digests: who is told what, when, and how often."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import time
from datetime import UTC, datetime

import pytest

from tests.transports.servers import Mailbox, mail_server, raw_server
from tests.world import FILES, World
from worker.transports import build
from worker.transports.email import EmailTransport

MAIL = """
[[channels]]
id = "post"
kind = "email"
to = [{to}]
sender = "wacht@wache.test"
smtp_host = "127.0.0.1"
smtp_port = {port}
smtp_security = "none"
"""
DAILY = FILES + 'schedule = "0 7 * * *"\n'


def test_each_release_is_told_once(world: World) -> None:
    """What was sent is not sent again, however often delivery runs."""
    world.publish("Neue Sprachkurse")
    world.poll()
    assert world.deliver()["archiv"].sent == 1
    assert world.deliver()["archiv"].sent == 0
    assert world.deliver(at_once=True)["archiv"].sent == 0
    (letter,) = world.letters()
    assert "Neue Sprachkurse" in str(letter["Subject"])


def test_nothing_to_tell_sends_nothing(world: World) -> None:
    """An empty digest does not exist."""
    world.publish_elsewhere("Neue Brücke")
    world.poll()
    assert world.deliver(at_once=True)["archiv"].sent == 0
    assert world.letters() == []


def test_daily_digest_waits_for_its_hour_and_collects(world: World) -> None:
    """Releases of a day come in one message at seven, in the order in which they were published."""
    world.configure(DAILY)
    world.now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    world.deliver()
    for title in ("Erste Kurse", "Zweite Kurse"):
        world.publish(title)
        world.poll()
        world.later(hours=1)
        assert world.deliver()["archiv"].sent == 0
    world.now = datetime(2026, 3, 11, 6, 5, tzinfo=UTC)  # 07:05 in Berlin
    assert world.deliver()["archiv"].sent == 1
    (letter,) = world.letters()
    assert "2 neue Mitteilungen" in str(letter["Subject"])


def test_daily_digest_is_caught_up_once_after_a_sleep(world: World) -> None:
    """A host that slept over seven o'clock sends one digest when it wakes, not one for each day."""
    world.configure(DAILY)
    world.now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    world.deliver()
    world.publish("Neue Sprachkurse")
    world.poll()
    world.later(days=4)
    assert world.deliver()["archiv"].sent == 1
    assert world.deliver()["archiv"].sent == 0


def test_slot_without_news_does_not_open_the_door_for_later(world: World) -> None:
    """What is published at half past seven waits until the next morning."""
    world.configure(DAILY)
    world.now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    world.deliver()
    world.now = datetime(2026, 3, 11, 6, 5, tzinfo=UTC)
    world.deliver()
    world.publish("Neue Sprachkurse")
    world.poll()
    world.later(minutes=25)
    assert world.deliver()["archiv"].sent == 0


@pytest.mark.parametrize(
    "night", [datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2027, 3, 27, 10, tzinfo=UTC)]
)
def test_one_digest_in_the_nights_the_clock_is_set(world: World, night: datetime) -> None:
    """A digest at half past two comes once, though that hour comes twice in autumn and never in spring."""
    world.configure(FILES + 'schedule = "30 2 * * *"\n')
    world.now = night
    world.deliver()
    sent = 0
    for number in range(24):
        world.publish(f"Kurs {number}")
        world.poll()
        world.later(hours=12 if number == 0 else 0, minutes=30)
        sent += world.deliver()["archiv"].sent
    assert sent == 1


def test_new_and_corrected_in_one_night_is_one_new_release(world: World) -> None:
    """A digest tells each release once, in its last wording."""
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro.")
    world.poll()
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.recheck()
    assert world.deliver()["archiv"].sent == 1
    (letter,) = world.letters()
    assert str(letter["Subject"]).startswith("1 neue Mitteilung")
    assert world.rows("select count(*) as n from digest_events") == [{"n": 2}]


def test_changed_release_shows_the_words(world: World) -> None:
    """The reader of a change sees what came and what went."""
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro für Kurse.")
    world.poll()
    world.deliver()
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.recheck()
    world.deliver()
    assert "[-14-] {+11+} Millionen" in world.last_letter()


def test_digest_says_which_source_is_in_trouble(world: World) -> None:
    """A reader is told that something may be missing, and since when."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.answer(world.portal.listing_url, status=500)
    world.later(days=2)
    world.poll()
    world.deliver()
    assert "Ministerium ist seit 2 Tagen gestört" in " ".join(world.last_letter().split())


def test_channel_added_later_hears_only_of_what_comes(world: World) -> None:
    """A new reader does not get the whole archive."""
    world.publish("Vorher")
    world.poll()
    world.configure(FILES + FILES.replace('"archiv"', '"neu"').replace('"digests"', '"neu"'))
    assert world.deliver()["neu"].sent == 0
    world.publish("Nachher")
    world.poll()
    assert world.deliver()["neu"].sent == 1


def test_channel_hears_only_of_its_topics_and_sources(world: World) -> None:
    """Topics and sources of a channel are a filter; where it names none, it hears of all."""
    topic = '\n[topics.verkehr]\nstrong = ["Brücke*"]\n'
    other = FILES.replace('"archiv"', '"bauamt"').replace('"digests"', '"bauamt"') + 'topics = ["verkehr"]\n'
    world.configure(FILES + other + topic, source='topics = ["integration", "verkehr"]')
    world.publish("Neue Sprachkurse")
    world.publish_elsewhere("Neue Brücke")
    world.poll()
    world.deliver()
    assert len(list((world.folder / "bauamt").glob("*.eml"))) == 1
    assert "2 neue Mitteilungen" in str(world.letters()[0]["Subject"])
    assert "Neue Brücke" in next((world.folder / "bauamt").glob("*.html")).read_text()
    assert "Sprachkurse" not in next((world.folder / "bauamt").glob("*.html")).read_text()


def test_unwritable_folder_is_retried_with_the_same_bytes(world: World) -> None:
    """A digest that could not be written waits, unchanged, and arrives when the way is free."""
    (world.folder / "digests").write_text("in the way")
    world.publish("Neue Sprachkurse")
    world.poll()
    report = world.deliver()["archiv"]
    assert (report.sent, report.pending) == (0, 1)
    assert report.error
    frozen = world.rows("select body, message_id from digests")
    (world.folder / "digests").unlink()
    assert world.deliver()["archiv"].sent == 0, "it waits for its turn"
    assert world.deliver(at_once=True)["archiv"].sent == 1
    assert world.rows("select body, message_id from digests") == frozen
    assert world.rows("select state, attempts from digests") == [{"state": "sent", "attempts": 2}]


def test_what_a_dead_process_left_as_sending_is_taken_over(world: World) -> None:
    """A row in state sending belongs to nobody once the lock is free: same bytes, same id, sent again."""
    world.publish("Neue Sprachkurse")
    world.poll()
    (world.folder / "digests").write_text("in the way")
    world.deliver()
    (world.folder / "digests").unlink()
    with contextlib.closing(sqlite3.connect(world.store, isolation_level=None)) as connection:
        connection.execute("update digests set state = 'sending', lease = 'of a dead process'")
    assert world.deliver(at_once=True)["archiv"].sent == 1


def test_trouble_is_told_once_at_onset_and_once_when_over(world: World) -> None:
    """A source that is down for many polls makes two alerts, not one for each poll."""
    world.configure(FILES + '\n[alerts]\nchannels = ["archiv"]\n')
    world.publish("Neue Sprachkurse")
    world.poll()
    world.deliver()
    world.portal.answer(world.portal.listing_url, status=503)
    for _ in range(5):
        world.later(days=1)
        world.poll()
        world.deliver()
    world.portal.heal()
    for _ in range(3):
        world.later(days=1)
        world.poll()
        world.deliver()
    subjects = [str(letter["Subject"]) for letter in world.letters()]
    assert len(subjects) == 3, subjects
    assert "ministerium" in subjects[1]
    assert [row["state"] for row in world.rows("select state from troubles order by id")] == [
        "trouble",
        "recovered",
    ]


def test_a_source_in_trouble_is_left_alone_and_never_given_up(world: World) -> None:
    """Waiting grows to a cap; by hand it is asked at once."""
    world.publish("Neue Sprachkurse")
    world.portal.answer(world.portal.listing_url, status=500)
    asked = 0
    for _ in range(48 * 3):
        world.later(minutes=30)
        world.poll()
        asked += any(target.endswith("pressemitteilungen") for target in world.asked())
    assert 12 <= asked <= 40
    world.portal.heal()
    assert world.poll(by_hand=True).status == "ok"


def test_retry_after_is_obeyed_even_by_hand(world: World) -> None:
    """A server that asks to be left alone for an hour is, whoever asks."""
    world.publish("Neue Sprachkurse")
    world.portal.answer(world.portal.listing_url, status=503, headers={"Retry-After": "3600"})
    world.poll()
    assert len(world.asked()) == 1
    world.later(minutes=30)
    assert world.poll(by_hand=True).status == "failed"
    assert world.asked() == []
    world.portal.heal()
    world.later(minutes=31)
    assert world.poll().error is None


def test_reader_added_to_a_channel_hears_only_of_what_comes(world: World) -> None:
    """A new address in `to` does not get the whole archive, the others miss nothing."""
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        world.configure(MAIL.format(to='"anna@example.org"', port=port))
        world.publish("Vorher")
        world.poll()
        assert world.deliver()["post"].sent == 1
        world.configure(MAIL.format(to='"anna@example.org", "bert@example.org"', port=port))
        assert world.deliver()["post"].sent == 0
        world.publish("Nachher")
        world.poll()
        assert world.deliver()["post"].sent == 2
    assert [to for _, to, _ in mailbox.mails] == [
        ["anna@example.org"],
        ["anna@example.org"],
        ["bert@example.org"],
    ]


def test_reader_removed_from_a_channel_gets_nothing_that_waits(world: World) -> None:
    """What waited for a removed address is suppressed, and no address stands in the store."""
    mailbox = Mailbox(at_recipient="451 later")
    with mail_server(mailbox) as port:
        world.configure(MAIL.format(to='"anna@example.org", "bert@example.org"', port=port))
        world.publish("Neue Sprachkurse")
        world.poll()
        assert world.deliver()["post"].pending == 2
        world.configure(MAIL.format(to='"anna@example.org"', port=port))
        mailbox.at_recipient = "250 OK"
        assert world.deliver(at_once=True)["post"].sent == 1
    assert [to for _, to, _ in mailbox.mails] == [["anna@example.org"]]
    assert [row["state"] for row in world.rows("select state from digests order by state")] == [
        "sent",
        "suppressed",
    ]
    assert b"example.org" not in world.store.read_bytes()


def test_a_silent_server_costs_one_waiting_time_not_one_for_each_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else is due stays as it is, and is tried in the next pass."""
    monkeypatch.setattr(build, "build_transport", lambda channel, _: EmailTransport(channel, timeout=0.2))
    with raw_server(lambda _: time.sleep(1)) as port:
        world.configure(MAIL.format(to='"anna@example.org", "bert@example.org"', port=port))
        world.publish("Neue Sprachkurse")
        world.poll()
        assert "did not answer" in str(world.deliver()["post"].error)
    attempts = world.rows("select state, attempts from digests order by id")
    assert attempts == [{"state": "pending", "attempts": 1}, {"state": "pending", "attempts": 0}]


def test_dead_receiver_delays_nobody_else(world: World) -> None:
    """A webhook that is down waits with its own message; the folder has its digest at once."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        world.configure(f'{FILES}[[channels]]\nid = "tot"\nkind = "webhook"\nurl = "{address}"\n')
        world.deliver()
        world.publish("Neue Sprachkurse")
        world.poll()
        reports = world.deliver()
    assert (reports["archiv"].sent, reports["archiv"].error) == (1, None)
    assert (reports["tot"].sent, reports["tot"].pending) == (0, 1)
    assert "cannot be reached" in str(reports["tot"].error)


def test_digest_that_cannot_be_composed_loses_nothing(world: World) -> None:
    """What is frozen goes out, the trouble is said, and the rest follows when the record can be read."""
    world.publish("Neue Sprachkurse")
    world.poll()
    (before,) = world.rows("select record from revisions")
    _change_record(world, "kaputt")
    report = world.deliver()["archiv"]
    assert (report.sent, "cannot be composed" in str(report.error)) == (0, True)
    assert world.rows("select state, subject_id from troubles") == [
        {"state": "trouble", "subject_id": "archiv"}
    ]

    _change_record(world, before["record"])
    assert world.deliver()["archiv"].sent == 1


def _change_record(world: World, record: str) -> None:
    with contextlib.closing(sqlite3.connect(world.store)) as db, db:
        db.execute("update revisions set record = ?", [record])
