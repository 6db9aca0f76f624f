"""The flood brake: more news at once than a press office writes is held back and reported. Floor 3.

A hijacked site, or a relaunch that gives every release a new address, must not fill anybody's mailbox.
What came in a flood is stored and fetched like the rest, behind it; its digests are composed and held
until somebody says `retry`.
"""

from __future__ import annotations

from worker.changes import ListingChange
from worker.models.known import SourceState
from worker.pipelines.visit import Visit
from worker.store.troubles import begin_trouble, end_trouble


def brake(visit: Visit, state: SourceState, change: ListingChange) -> tuple[ListingChange, int]:
    """A walk's change, held if it is part of a flood, and how many arrivals the walk has brought so far.

    `state` is that before the walk. A walk that goes on where another was cut off goes on counting. The
    first look is none: what it tells is bounded by `initial_days`.
    """
    if state.first_polled_at is None:
        return change, 0
    arrivals = state.arrivals + change.arrivals
    return (change.held() if arrivals > _limit(visit) else change), arrivals


def flood_note(visit: Visit, state: SourceState) -> str | None:
    """What is to be said of a source that is in a flood, None if it is not."""
    if state.arrivals <= _limit(visit):
        return None
    return (
        f"a flood: {state.arrivals} new entries that match, more than {_limit(visit)} ([schedule] flood);"
        " stored, and their digests held until somebody looks at them: see `pressewacht status`"
    )


def note_flood(visit: Visit, before: SourceState, after: SourceState) -> None:
    """Record that a flood began or is over; for use inside `write`."""
    began, is_on = flood_note(visit, before), flood_note(visit, after)
    if is_on and not began:
        begin_trouble(visit.db, "source", visit.source.id, is_on, visit.now)
    elif began and not is_on:
        over = "its listing brings no more than usual; what was held back waits, see `pressewacht status`"
        end_trouble(visit.db, "source", visit.source.id, over, visit.now)


def _limit(visit: Visit) -> int:
    return visit.runtime.config.schedule.flood
