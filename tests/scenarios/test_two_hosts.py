"""Stories of the same release on the ministry's host and on the state's portal: told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.world import FILES, World
from worker.demo.portal import Portal
from worker.demo.release import PortalRelease
from worker.pipelines.cycle import poll_sources, recheck_sources

_TITLE = "Neue Sprachkurse für Geflüchtete starten im Herbst"
_SHORT = "Neue Sprachkurse starten"
_TEXT = """
    Das Ministerium für Soziales und Integration fördert heute beginnende Kurse mit 14 Millionen Euro.

    Im Landkreis Calw lernen 120 Frauen mit Kinderbetreuung, im Landkreis Ravensburg sind es 80 Lehrlinge.

    „Wer die Sprache spricht, findet leichter Arbeit“, sagte die Ministerin bei einem Besuch in Esslingen."""


@pytest.fixture
def state(world: World) -> Iterator[Portal]:
    """The portal of the state, watched beside the ministry."""
    with Portal() as portal:
        world.configure(FILES + f'\n[[sources]]\nid = "land"\nlisting = "{portal.listing_url}"\n')
        yield portal


def _publish(world: World, portal: Portal, title: str = _TITLE, text: str = _TEXT) -> PortalRelease:
    return portal.publish(PortalRelease.about(title, text=text, published=world.day()))


def _copy(portal: Portal, original: PortalRelease) -> PortalRelease:
    """What the other host makes of it: shorter title, other slug, date phrase edited, no quotation."""
    body = tuple(
        replace(block, text=block.text.replace("heute beginnende", "die am Montag beginnenden"))
        for block in original.body[:-1]
    )
    return portal.publish(replace(original, title=_SHORT, slug=f"{original.slug}-1", body=body))


def _poll(world: World) -> None:
    poll_sources(world.runtime, world.runtime.config.sources, world.now)


def _recheck(world: World, times: int = 1) -> None:
    for _ in range(times):
        recheck_sources(world.runtime, world.runtime.config.sources, None, world.now)


def _published_on_both(world: World, state: Portal) -> tuple[PortalRelease, PortalRelease]:
    """A release that is known from the ministry, and its copy on the portal a day later."""
    original = _publish(world, world.portal)
    _poll(world)
    world.later(days=1)
    copy = _copy(state, original)
    _poll(world)
    return original, copy


def test_same_release_on_two_hosts_is_told_once(world: World, state: Portal) -> None:
    """The portal repeats the ministry's release under another slug and title: a duplicate, not news."""
    _copy(state, _publish(world, world.portal))
    _poll(world)
    assert [event[0] for event in world.events()] == ["new"]
    rows = world.rows("select duplicate_of is null as is_first from releases order by id")
    assert [row["is_first"] for row in rows] == [1, 0]
    assert world.deliver()["archiv"].sent == 1


def test_whoever_is_seen_first_is_told(world: World, state: Portal) -> None:
    """The portal may be first; the ministry's own page is then the copy."""
    original = _publish(world, state)
    _poll(world)
    _copy(world.portal, original)
    world.later(days=1)
    _poll(world)
    _poll(world)
    assert world.events() == [("new", _TITLE, 1)]
    first, copy = world.rows("select url, source, duplicate_of from releases order by id")
    assert (first["source"], copy["source"], copy["duplicate_of"]) == ("land", "ministerium", first["url"])


def test_the_next_of_a_series_is_no_copy(world: World, state: Portal) -> None:
    """All the words of the last one, but other figures."""
    _publish(world, world.portal)
    _publish(world, state, text=_TEXT.replace("120", "95").replace("80", "60"))
    _poll(world)
    assert [event[0] for event in world.events()] == ["new", "new"]


def test_an_edit_on_both_hosts_is_told_once(world: World, state: Portal) -> None:
    """Each host edits its page when it likes; only the one that was told about is followed."""
    original, copy = _published_on_both(world, state)
    world.portal.edit_silently(original.slug, body=original.rewritten("14 Millionen", "11 Millionen"))
    state.edit_silently(copy.slug, body=copy.rewritten("14 Millionen", "11 Millionen"))
    _recheck(world, times=2)
    assert world.events() == [("new", _TITLE, 1), ("changed", _TITLE, 2)]
    assert world.rows("select count(*) as n from revisions") == [{"n": 4}]


def test_a_withdrawal_is_told_although_a_copy_lives(world: World, state: Portal) -> None:
    """The page readers were sent to is gone; that the portal still has it makes it no less a withdrawal."""
    original, _ = _published_on_both(world, state)
    world.portal.withdraw(original.slug)
    _recheck(world, times=3)
    assert world.events() == [("new", _TITLE, 1), ("withdrawn", _TITLE, 1)]


def test_a_copy_that_goes_is_no_news(world: World, state: Portal) -> None:
    """The release is still where readers were sent."""
    _, copy = _published_on_both(world, state)
    state.withdraw(copy.slug)
    _recheck(world, times=3)
    assert world.events() == [("new", _TITLE, 1)]


def test_what_was_withdrawn_and_turns_up_elsewhere_is_news(world: World, state: Portal) -> None:
    """Who was told that it is gone is told where it is."""
    original = _publish(world, world.portal)
    _poll(world)
    world.portal.withdraw(original.slug)
    _recheck(world, times=2)
    _copy(state, original)
    _poll(world)
    assert world.events() == [("new", _TITLE, 1), ("withdrawn", _TITLE, 1), ("new", _SHORT, 1)]
