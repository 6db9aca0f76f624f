"""A clock that is set: schedules and waits follow the new time, and nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.world import FILES, World

DAILY = FILES + 'schedule = "0 7 * * *"\n'
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)


def digests_after(world: World, *moments: datetime) -> list[int]:
    """How many digests are sent at each of these moments, with news before each."""
    sent = []
    for moment in moments:
        world.now = moment
        world.publish(f"Sprachkurs am {moment}")
        world.poll()
        sent.append(world.deliver()["archiv"].sent)
    return sent


def test_daily_digest_goes_on_after_a_clock_ran_weeks_ahead(world: World) -> None:
    """What the false time brought is told; after that the schedule is that of the right clock."""
    world.configure(DAILY)
    world.now = NOON
    world.deliver()
    assert digests_after(world, NOON.replace(month=4), NOON.replace(hour=12)) == [1, 0]
    assert digests_after(world, NOON.replace(day=11, hour=4), NOON.replace(day=11, hour=6)) == [0, 1]


def test_slot_that_a_clock_passes_twice_has_one_digest(world: World) -> None:
    """Set back by some minutes or hours, the clock comes to seven o'clock again: not again a digest."""
    world.configure(DAILY)
    world.now = NOON
    world.deliver()
    times = ((6, 5), (5, 10), (6, 15), (9, 0))
    moments = [NOON.replace(day=11, hour=hour, minute=minute) for hour, minute in times]
    assert digests_after(world, *moments, NOON.replace(day=12)) == [1, 0, 0, 0, 1]


def test_source_in_trouble_is_asked_again_after_a_clock_ran_ahead(world: World) -> None:
    """Its back-off ends, as that of pages and looks, although the time noted for it is far away."""
    world.now = NOON
    world.publish("Neue Sprachkurse")
    world.poll()
    world.portal.answer(world.portal.listing_url, status=503)
    world.now = NOON.replace(year=2036)
    for _ in range(4):
        assert world.poll(by_hand=True).status == "failed"
    world.portal.heal()
    world.now = NOON.replace(hour=12)
    assert world.poll().error is None


@pytest.mark.parametrize("failing_at", [NOON.replace(year=2036), NOON.replace(month=5)])
def test_message_that_waits_goes_out_after_a_clock_ran_ahead(world: World, failing_at: datetime) -> None:
    """A retry does not wait for the false time to come."""
    world.now = NOON
    world.deliver()
    (world.folder / "digests").write_text("in the way")
    world.now = failing_at
    world.publish("Neue Sprachkurse")
    world.poll()
    assert world.deliver()["archiv"].pending == 1
    (world.folder / "digests").unlink()
    world.now = NOON.replace(hour=12)
    assert world.deliver()["archiv"].sent == 1


def test_page_that_failed_is_asked_for_again_after_a_clock_ran_ahead(world: World) -> None:
    """An entry that waits for another attempt gets it."""
    world.now = NOON.replace(year=2036)
    release = world.publish("Neue Sprachkurse")
    world.portal.answer(world.portal.release_url(release.slug), status=500)
    for _ in range(5):
        world.poll()
        world.later(hours=1)
    world.portal.heal()
    world.now = NOON
    world.poll()
    assert world.titles() == ["Neue Sprachkurse"]


def test_release_is_looked_at_again_after_a_clock_ran_ahead(world: World) -> None:
    """A silent edit is found although the next look lay in the future."""
    world.now = NOON.replace(year=2036)
    release = world.publish("Neue Sprachkurse", text="Das Land gibt 14 Millionen Euro.")
    world.poll()
    world.portal.edit_silently(release.slug, body=release.rewritten("14 Millionen", "11 Millionen"))
    world.now = NOON
    world.poll()
    assert ("changed", "Neue Sprachkurse", 2) in world.events()
