"""Stories in which several things happen at once: moved pages, lost topics, archives, tired hosts."""

from __future__ import annotations

import pytest

from tests.world import FILES, World
from worker.demo.pages import ALIAS_PATH, RELEASE_PATH
from worker.demo.release import blocks
from worker.errors import WorkerError
from worker.pipelines.backfill import backfill
from worker.pipelines.health import health_of
from worker.store.connection import reading

OTHER_TEXT = "Am Montag wird die neue Brücke über den Neckar für den Verkehr freigegeben."


def walk_archive(world: World) -> None:
    """Backfill the source to its end."""
    list(backfill(world.runtime, world.runtime.config.sources[0], None, 100, world.now))


def test_page_that_moved_to_another_path_is_not_withdrawn(world: World) -> None:
    """When the listing links the same slug under another path, that is where we look from then on."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    page = world.portal.listing_url
    moved = world.portal.alias_url(release.slug)
    body = f'<html><body><main><h1>Meldungen</h1><ul><li><h3><a href="{moved}">Neue Sprachkurse</a></h3></li></ul></main></body></html>'  # noqa: E501
    world.portal.answer(page, body=body.encode())
    world.portal.answer(RELEASE_PATH.rstrip("/"), status=404)
    world.later(hours=2)
    world.poll()
    world.recheck()
    world.recheck()
    assert [event[0] for event in world.events()] == ["new"]
    assert ALIAS_PATH in world.rows("select link from items")[0]["link"]


def test_edit_that_takes_the_topic_away_is_told_to_those_who_follow_it(world: World) -> None:
    """Who heard of a release hears that it is about something else now."""
    world.configure(FILES + 'topics = ["integration"]\n')
    release = world.publish("Neue Kurse", kicker="Integration")
    world.poll()
    world.deliver()
    world.portal.edit_silently(
        release.slug, title="Neue Brücke", kicker="Verkehr", lead=OTHER_TEXT, body=blocks(OTHER_TEXT)
    )
    world.recheck()
    assert world.deliver()["archiv"].sent == 1
    assert world.rows("select kind, topics from events order by id") == [
        {"kind": "new", "topics": "integration"},
        {"kind": "changed", "topics": "integration"},
    ]


def test_edit_of_a_backfilled_release_is_stored_and_not_told(world: World) -> None:
    """The archive never enters a digest, and is not watched."""
    release = world.publish("Alte Sprachkurse", days_ago=400, text="Das Land gibt 14 Millionen Euro.")
    walk_archive(world)
    assert world.rows("select next_look_at from releases") == [{"next_look_at": None}]
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.recheck()
    assert world.rows("select revision from releases") == [{"revision": 2}]
    assert world.events() == []


def test_backfill_leaves_a_source_in_trouble_alone(world: World) -> None:
    """What a failed poll did not see would be taken for archive: nothing is done instead."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.publish("Noch nicht gesehen")
    world.portal.answer(world.portal.listing_url, status=503, headers={"Retry-After": "3600"})
    world.poll()
    world.portal.heal()
    world.asked()
    with pytest.raises(WorkerError, match="cannot be polled first"):
        walk_archive(world)
    assert world.asked() == []
    world.later(hours=2)
    world.poll()
    assert world.events()[-1] == ("new", "Noch nicht gesehen", 1)


def test_host_that_wants_to_be_left_alone_is_left_alone(world: World) -> None:
    """A Retry-After on a release page ends the poll and counts for the whole source."""
    for number in range(3):
        release = world.publish(f"Sprachkurs {number}", days_ago=number)
        world.portal.answer(
            world.portal.release_url(release.slug), status=429, headers={"Retry-After": "3600"}
        )
    assert world.poll().status == "failed"
    assert len([target for target in world.asked() if "/pid/" in target]) == 1
    assert world.rows("select sum(attempts) as attempts from items") == [{"attempts": 1}]
    world.poll(by_hand=True)
    assert world.asked() == []
    world.portal.heal()
    world.later(hours=2)
    world.poll()
    assert len(world.titles()) == 3


def test_release_pages_that_cannot_be_read_are_noticed(world: World) -> None:
    """When not one of several pages can be read, that is drift; single ones show in the health."""
    for number in range(4):
        world.publish(f"Sprachkurs {number}")
    world.portal.answer(RELEASE_PATH.rstrip("/"), status=403)
    assert world.poll().status == "drift"
    assert world.rows("select subject, state from troubles") == [{"subject": "source", "state": "trouble"}]
    world.portal.heal()
    broken = world.portal.release_url("sprachkurs-0")
    world.portal.answer(broken, status=403)
    for _ in range(3):
        world.later(hours=8)
        world.poll(by_hand=True)
    with reading(world.store) as db:
        (source,) = health_of(db, world.runtime.config, world.now).sources
    assert not source.is_healthy
    assert "1 waiting" in (source.error or "")


def test_channel_taken_out_of_the_configuration_sends_nothing_more(world: World) -> None:
    """What waits for it is suppressed; when it comes back it hears of what happens from then on."""
    (world.folder / "digests").write_text("in the way")
    world.publish("Vorher")
    world.poll()
    world.deliver()
    world.configure(FILES.replace('"archiv"', '"anderer"').replace('"digests"', '"andere"'))
    world.publish("Dazwischen")
    world.poll()
    world.deliver()
    assert world.rows("select state from digests where channel = 'archiv'") == [{"state": "suppressed"}]
    (world.folder / "digests").unlink()
    world.configure()
    world.publish("Nachher")
    world.poll()
    assert world.deliver(at_once=True)["archiv"].sent == 1
    assert "Nachher" in str(world.letters()[0]["Subject"])


def test_wider_interests_do_not_open_the_archive(world: World) -> None:
    """A channel that takes another topic hears of what is published from then on."""
    topic = '\n[topics.verkehr]\nstrong = ["Brücke*"]\n'
    both = 'topics = ["integration", "verkehr"]'
    world.configure(FILES + 'topics = ["integration"]\n' + topic, source=both)
    world.publish_elsewhere("Alte Brücke")
    world.poll()
    world.deliver()
    world.configure(FILES + topic, source=both)
    assert world.deliver(at_once=True)["archiv"].sent == 0
    world.publish_elsewhere("Neue Brücke")
    world.poll()
    assert world.deliver()["archiv"].sent == 1


def test_linked_page_that_is_gone_is_not_taken_for_the_end_at_once(world: World) -> None:
    """A second page that answers 404 once hides nothing: the walk says so and goes there again."""
    world.publish("Anfang")
    world.poll()
    world.later(days=1)
    for number in range(12):
        world.publish(f"Sprachkurs {number}")
    world.portal.on_request = lambda request: (
        world.portal.answer(request.target, status=404, times=1) if "page" in request.target else None
    )
    report = world.poll()
    assert "not read to its end" in (report.error or "")
    world.portal.on_request = None
    world.portal.heal()
    world.later(hours=1)
    assert world.poll().error is None
    assert len(world.events()) == 13


def test_first_news_of_an_undated_listing_does_not_open_its_archive(world: World) -> None:
    """The first look read one page; what lies behind it stays unread when something new appears."""
    world.portal.show_dates = False
    for number in range(40):
        world.publish(f"Alter Kurs {number}", days_ago=30)
    world.poll()
    world.asked()
    world.publish("Neuer Kurs")
    world.poll()
    listings = [target for target in world.asked() if "/pid/" not in target]
    assert len(listings) == 2
    assert world.events()[-1] == ("new", "Neuer Kurs", 1)


def test_page_that_redirects_home_is_not_an_edit(world: World) -> None:
    """A release replaced by a redirect to the home page is neither changed nor overwritten."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    words = OTHER_TEXT * 4
    home = f"<html><body><main><h1>Willkommen beim Ministerium</h1><p>{words}</p></main></body></html>"
    world.portal.answer("/de/start", body=home.encode())
    world.portal.answer(
        world.portal.release_url(release.slug), status=302, headers={"Location": "/de/start"}, body=b""
    )
    assert world.recheck().error
    assert world.titles() == ["Neue Sprachkurse"]
    assert [event[0] for event in world.events()] == ["new"]
