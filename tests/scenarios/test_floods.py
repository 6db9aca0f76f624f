"""The flood brake: more news at once than a press office writes reaches nobody unasked, and hides nothing."""

from __future__ import annotations

import re

import pytest

from tests.cli.program import Ran, pressewacht
from tests.world import FILES, World

ALERTED = (
    FILES
    + """
[[channels]]
id = "technik"
kind = "files"
path = "technik"
topics = ["wohnen"]

[topics.wohnen]
strong = ["Wohnung*"]

[alerts]
channels = ["technik"]
"""
)


@pytest.fixture
def brake_at_ten(world: World) -> World:
    """A world whose source has been looked at, and in which eleven entries at once are a flood."""
    world.portal.page_size = 100
    world.configure(ALERTED + "[schedule]\nflood = 10\n")
    world.publish("Erster Sprachkurs")
    world.poll()
    world.deliver()
    world.later(minutes=30)
    return world


def _flood(world: World, number: int = 25) -> None:
    for i in range(number):
        world.publish(f"Sprachkurs Nummer {i}")


def _states(world: World) -> dict[str, int]:
    sql = "select state, count(*) as n from digests where channel = 'archiv' group by 1"
    return {row["state"]: row["n"] for row in world.rows(sql)}


def _alerts(world: World) -> list[str]:
    sql = "select state || ': ' || text as said from troubles order by id"
    return [row["said"] for row in world.rows(sql)]


def _run(world: World, *arguments: str) -> Ran:
    return pressewacht("--config", world.config_path, *arguments, folder=world.folder)


def test_flood_is_stored_and_held(brake_at_ten: World) -> None:
    """Every entry is stored, a few pages are fetched with each poll, and the reader hears nothing of it."""
    world = brake_at_ten
    _flood(world)

    report = world.poll()
    assert report.items_new == 25
    assert "flood: 25 new entries" in str(report.error)
    assert len(world.titles()) == 11  # as many pages are fetched in one poll as are no flood
    for _ in range(2):
        world.later(minutes=30)
        world.poll()
        world.deliver()

    assert len(world.titles()) == 26
    assert len(world.letters()) == 1
    assert _states(world) == {"sent": 1, "held": 2}


def test_flood_is_told_once_at_onset_and_once_when_over(brake_at_ten: World) -> None:
    """Whoever hears of trouble gets two alerts, however long the flood is fetched."""
    world = brake_at_ten
    _flood(world)
    for _ in range(4):
        world.poll()
        world.deliver()
        world.later(minutes=30)

    onset, end = _alerts(world)
    assert onset.startswith("trouble: a flood: 25 new entries")
    assert end.startswith("recovered: ")
    assert len(list((world.folder / "technik").glob("*.eml"))) == 2


def test_news_beside_and_after_a_flood_goes_out(brake_at_ten: World) -> None:
    """What is published while the flood is still being fetched is fetched first and told at once."""
    world = brake_at_ten
    _flood(world)
    world.poll()
    world.later(minutes=30)
    world.publish("Beratungsstelle für Zugewanderte eröffnet")
    world.poll()
    world.deliver()

    assert "Beratungsstelle" in str(world.letters()[-1]["Subject"])


def test_as_many_as_are_no_flood_go_out_in_one_digest(brake_at_ten: World) -> None:
    """What the ministry published over the holidays is news."""
    world = brake_at_ten
    _flood(world, 10)
    assert world.poll().error is None
    world.deliver()

    assert len(world.letters()) == 2
    assert "10" in str(world.letters()[-1]["Subject"])


@pytest.mark.soak
def test_three_hundred_after_the_holidays_are_no_flood(world: World) -> None:
    """As shipped, 300 matching releases found at one look are told in one digest."""
    world.portal.page_size = 60
    world.publish("Erster Sprachkurs")
    world.poll()
    _flood(world, 300)
    world.poll()
    (report,) = world.deliver().values()

    assert report.sent == 1
    assert len(world.letters()) == 1
    assert _states(world) == {"sent": 1}


def test_held_digest_is_sent_when_somebody_says_so(brake_at_ten: World) -> None:
    """`status` names it; `retry` sends its frozen bytes, and later edits are told like any others."""
    world = brake_at_ten
    _flood(world, 11)
    for _ in range(2):
        world.poll()
        world.deliver()
        world.later(minutes=30)
    shown = _run(world, "status")
    assert shown.code == 1
    first, second = (row["id"] for row in world.rows("select id from digests where state = 'held'"))
    assert re.search(rf"held back in a flood: {first}(, |–){second}\n.*`pressewacht retry NUMBER`", shown.out)

    assert _run(world, "retry", str(first)).code == 0
    world.deliver()
    assert _states(world) == {"sent": 2, "held": 1}

    world.portal.edit("sprachkurs-nummer-0", lead="Der Kurs für Geflüchtete beginnt erst im Winter.")
    world.recheck()
    world.deliver()
    assert world.events()[-1][0] == "changed"
    assert _states(world) == {"sent": 3, "held": 1}


def test_dropped_digest_is_never_sent(brake_at_ten: World) -> None:
    """A relaunch that lists the archive anew: what is dropped stays stored and is sent by nothing."""
    world = brake_at_ten
    _flood(world, 11)
    for _ in range(2):
        world.poll()
        world.deliver()
        world.later(minutes=30)

    assert _run(world, "retry", "--channel", "archiv", "--held", "--drop").code == 0
    assert _run(world, "retry", "--channel", "archiv").code == 0
    world.deliver()
    assert _states(world) == {"sent": 1, "suppressed": 2}
    assert _run(world, "status").code == 0


def test_edit_of_a_held_release_is_held_too(brake_at_ten: World) -> None:
    """A reader who never heard of a release does not hear of its edits."""
    world = brake_at_ten
    _flood(world, 11)
    world.poll()
    world.deliver()
    world.later(minutes=30)
    world.portal.edit("sprachkurs-nummer-0", lead="Der Kurs für Geflüchtete beginnt erst im Winter.")
    world.recheck()
    world.deliver()

    assert world.events()[-1][0] == "changed"
    assert _states(world) == {"sent": 1, "held": 2}


def test_flood_does_not_show_in_a_feed(brake_at_ten: World) -> None:
    """The Atom file shows what was told before, and nothing that is held."""
    world = brake_at_ten
    world.configure("[schedule]\nflood = 10\n[[channels]]\nid = 'atom'\nkind = 'atom'\npath = 'feed.atom'\n")
    world.poll()
    world.deliver()
    _flood(world)
    world.poll()
    world.publish("Beratungsstelle für Zugewanderte eröffnet")
    world.later(minutes=30)
    world.poll()
    world.deliver()

    feed = (world.folder / "feed.atom").read_text(encoding="utf-8")
    assert "Beratungsstelle" in feed
    assert "Sprachkurs Nummer" not in feed


def test_flood_in_small_doses_is_a_flood(brake_at_ten: World) -> None:
    """A walk that is cut off at max_pages goes on counting where it goes on reading."""
    world = brake_at_ten
    world.portal.page_size = 4
    world.configure(ALERTED + "[schedule]\nflood = 10\n", source="max_pages = 2")
    _flood(world, 40)
    for _ in range(3):
        world.poll()
        world.deliver()
        world.later(minutes=30)

    assert len(_alerts(world)) == 1
    assert len(world.letters()) == 2  # the first look alone brought no more than usual
    told = world.rows("select count(*) as n from events where not held")[0]["n"]
    assert told == 1 + 8


def test_a_hundred_thousand_new_entries(world: World) -> None:
    """A walk goes no further than 5000 entries, says so, and everything it stored is held."""
    world.configure("[schedule]\nflood = 20\n" + FILES, source='page_param = "page"')
    world.publish("Erster Sprachkurs")
    world.poll()
    world.deliver()
    for page in range(1, 101):
        entries = "".join(
            f'<li><a href="/pid/kurs-{i}">Sprachkurs {i} für Geflüchtete</a>'
            for i in range(page * 1_000, page * 1_000 + 1_000)
        )
        query = f"?page={page}" if page > 1 else ""
        world.portal.answer(
            world.portal.listing_url + query, body=f"<html><ul>{entries}</ul></html>".encode()
        )
    page = "<h1>Sprachkurs</h1><p>Das Land fördert mehr Sprachkurse für Geflüchtete.</p>"
    world.portal.answer("/pid", body=f"<html><main>{page * 2}</main></html>".encode())
    world.later(minutes=30)
    world.asked()

    report = world.poll()
    assert report.items_new == 5_000
    assert "flood: 5000 new entries" in str(report.error)
    assert "left to `pressewacht backfill`" in str(report.error)
    assert len(world.asked()) == 5 + 20
    world.deliver()
    assert len(world.letters()) == 1
