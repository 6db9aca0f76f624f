"""Stories of known releases: silent edits, withdrawals, returns."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from tests.world import World
from worker.demo.release import PortalImage


def test_silent_edit_is_a_new_revision_and_told_once(world: World) -> None:
    """A sentence that changes on the page alone is found, kept beside the old one, and told."""
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro.")
    world.poll()
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.recheck()
    world.recheck()
    assert world.events() == [("new", "Neue Sprachkurse", 1), ("changed", "Neue Sprachkurse", 2)]
    texts = [row["text"] for row in world.rows("select text from revisions order by revision")]
    assert ["14 Millionen" in text for text in texts] == [True, False]


def test_edit_in_the_listing_leads_to_a_look_at_the_page(world: World) -> None:
    """A title changed in the listing has its page read again with the same poll."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.edit(release.slug, title="Neue Sprachkurse für alle")
    world.later(minutes=30)
    world.poll()
    assert world.events()[-1] == ("changed", "Neue Sprachkurse für alle", 2)


def test_rechecks_come_by_themselves_and_grow_rare(world: World) -> None:
    """The service looks often at fresh releases, seldom at old ones, and stops after recheck_days."""
    world.publish("Neue Sprachkurse")
    world.poll()
    looks = []
    hours = [*range(24), *range(24, 24 * 8, 6), *range(24 * 8, 24 * 45, 24)]
    for before, hour in pairwise(hours):
        world.later(hours=hour - before)
        world.asked()
        world.poll()
        if any("/pid/" in target for target in world.asked()):
            looks.append(hour)
    assert len([hour for hour in looks if hour < 6]) >= 5
    assert len([hour for hour in looks if 24 * 10 <= hour < 24 * 30]) <= 8
    assert max(looks) <= 24 * 30


def test_withdrawal_counts_when_seen_twice(world: World) -> None:
    """One 410 is a deployment, two are a withdrawal; the stored text stays."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.withdraw(release.slug)
    world.recheck()
    assert world.rows("select state from releases") == [{"state": "live"}]
    world.recheck()
    assert world.rows("select state from releases") == [{"state": "withdrawn"}]
    world.recheck()
    assert [event[0] for event in world.events()] == ["new", "withdrawn"]
    assert "Sprachkurse" in world.rows("select text from releases")[0]["text"]


def test_page_gone_for_one_look_is_nothing(world: World) -> None:
    """A 404 between two looks at the same words tells nobody anything."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.answer(world.portal.release_url(release.slug), status=404)
    world.recheck()
    world.portal.heal()
    world.recheck()
    world.portal.answer(world.portal.release_url(release.slug), status=404)
    world.recheck()
    assert [event[0] for event in world.events()] == ["new"]


def test_disappearing_from_the_listing_is_no_withdrawal(world: World) -> None:
    """A release that scrolls off the listing stays live as long as its page answers."""
    world.publish("Neue Sprachkurse")
    world.poll()
    for number in range(12):
        world.publish_elsewhere(f"Brücke {number}")
    world.poll()
    world.recheck()
    world.recheck()
    assert world.rows("select state from releases") == [{"state": "live"}]


def test_restored_release_is_told_once(world: World) -> None:
    """What comes back after a withdrawal is restored, not new."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.withdraw(release.slug)
    world.recheck()
    world.recheck()
    world.portal.restore(release.slug)
    world.recheck()
    world.recheck()
    world.poll()
    assert [event[0] for event in world.events()] == ["new", "withdrawn", "restored"]


def test_servers_that_disagree_do_not_make_edits(world: World) -> None:
    """A portal that answers with two wordings in turn is told about once, not at every look."""
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro.")
    other = release.rewritten("14 Millionen", "11 Millionen")
    world.poll()
    for look in range(8):
        world.portal.edit_silently(release.slug, body=release.body if look % 2 else other)
        world.recheck()
    assert [event[0] for event in world.events()] == ["new", "changed"]


def test_taking_an_edit_back_counts_when_seen_twice(world: World) -> None:
    """An honest return to the first wording is a change as well, one look later."""
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro.")
    world.poll()
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.recheck()
    world.portal.edit_silently(release.slug, body=release.body)
    world.recheck()
    world.recheck()
    world.recheck()
    assert [(kind, revision) for kind, _, revision in world.events()] == [
        ("new", 1),
        ("changed", 2),
        ("changed", 3),
    ]


def test_boilerplate_is_no_edit(world: World) -> None:
    """Tokens, related news and a new layout change the page and not the ministry's words."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.volatile = True
    for number in range(5):
        world.publish_elsewhere(f"Brücke {number}")
    world.recheck()
    assert [event[0] for event in world.events()] == ["new"]


def test_another_picture_is_an_edit_and_a_scaled_one_is_none(world: World) -> None:
    """The digest says which picture went and which came; a file that was only published anew is no news."""
    release = world.publish("Neue Sprachkurse", images=(PortalImage("kurs", alt="Ein Kurs"),))
    world.poll()
    world.deliver()
    world.portal.volatile = True
    world.recheck()
    assert [event[0] for event in world.events()] == ["new"]
    world.portal.edit_silently(release.slug, images=(PortalImage("fest", alt="Ein Fest"),))
    world.recheck()
    assert [event[0] for event in world.events()] == ["new", "changed"]
    world.deliver()
    assert "Bilder: Ein [-Kurs-] {+Fest+}" in world.last_letter()


def test_another_day_is_an_edit(world: World) -> None:
    """A release that is dated back is told as changed, also where only the listing shows the day."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    assert release.published
    world.portal.edit(release.slug, published=release.published - timedelta(days=2))
    world.poll()
    assert [event[0] for event in world.events()] == ["new", "changed"]
    world.poll()
    world.recheck()
    assert [event[0] for event in world.events()] == ["new", "changed"]


def test_a_day_that_was_not_known_is_no_edit(world: World) -> None:
    """A day that appears later is stored and not told, nor is one that disappears from the page."""
    release = world.publish("Neue Sprachkurse")
    world.portal.edit(release.slug, published=None)
    world.poll()
    assert world.rows("select published from releases") == [{"published": None}]
    world.portal.edit_silently(release.slug, published=release.published)
    world.recheck()
    assert world.rows("select published from releases") == [{"published": world.day().isoformat()}]
    world.portal.edit_silently(release.slug, published=None)
    world.recheck()
    assert [event[0] for event in world.events()] == ["new"]


def test_the_newest_are_looked_at_first(world: World) -> None:
    """Where not all can be had at once the freshest come first: they are edited most."""
    for days_ago in (3, 1, 2):
        world.publish(f"Sprachkurse {days_ago}", days_ago=days_ago)
    world.poll()
    world.later(days=1)
    world.asked()
    world.poll()
    looked_at = [target for target in world.asked() if "/pid/" in target]
    assert [target[-1] for target in looked_at] == ["1", "2", "3"]


def test_unchanged_page_costs_a_304(world: World) -> None:
    """Looking again is conditional too."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.asked()
    world.recheck()
    assert [request.status for request in world.portal.requests] == [304]


def test_page_in_trouble_is_looked_at_later(world: World) -> None:
    """A page that answers 500 is neither changed nor withdrawn, and said to be unreadable."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.answer(world.portal.release_url(release.slug), status=500)
    report = world.recheck()
    assert report.status == "failed"
    world.portal.heal()
    assert world.recheck().error is None
    assert [event[0] for event in world.events()] == ["new"]
