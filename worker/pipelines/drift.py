"""What is usual of a source, learned as it is looked at; drift told once when it begins and ends. Floor 3.

Measure… of a listing, a feed, a release ▶ observe ▶ Norm, Turn?  ─▶ norms, troubles, pages
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from worker.changes import Belief
from worker.config.schema import Source
from worker.drift.norms import Norm, Turn, observe
from worker.drift.pauses import judge_silence, learn_pauses
from worker.drift.traits import ENTRIES, FEED, FEED_TRAITS, NEWS, Measure, measure_losses
from worker.errors import ParseError, SourceDrift
from worker.models.known import Sighting, SourceState
from worker.models.page import Page
from worker.models.release import Release
from worker.models.report import in_one_line
from worker.pipelines.visit import Visit
from worker.store.connection import write
from worker.store.norms import drifting_norms, load_norm, save_norm
from worker.store.pages import save_page
from worker.store.troubles import begin_trouble, end_trouble


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured, and the page it was measured on; None if none came."""

    measures: Sequence[Measure]
    page: Page | None = None


@contextlib.contextmanager
def read_from(page: Page) -> Iterator[None]:
    """Let a ParseError raised inside carry the page it complains of, so that it can be kept."""
    try:
        yield
    except ParseError as error:
        error.page = error.page or page
        raise


def check_size(visit: Visit, count: int) -> tuple[Norm, Turn | None]:
    """What is usual after a first page with so many entries; raises SourceDrift if it cannot be believed."""
    norm, turn = observe(
        load_norm(visit.db, visit.source.id, ENTRIES),
        Measure(ENTRIES, count),
        visit.now,
        stated=_stated(visit.source).get(ENTRIES.name),
    )
    if norm.drift is None:
        return norm, turn
    with write(visit.db):
        save_norm(visit.db, visit.source.id, norm)
    raise SourceDrift(visit.source.listing, norm.drift)


def judge(visit: Visit, evidence: Evidence) -> None:
    """Learn from what was measured, or note the drift it shows; for use inside `write`."""
    stated = _stated(visit.source)
    for measure in evidence.measures:
        before = load_norm(visit.db, visit.source.id, measure.trait)
        after, turn = observe(before, measure, visit.now, stated=stated.get(measure.trait.name))
        _settle(visit, after, turn, evidence.page)


def belief_in_edit(visit: Visit, before: Release, sighting: Sighting, *, is_first_sight: bool) -> Belief:
    """How far to believe that the ministry edited a release, and not that its page is no longer readable.

    A wording that has lost much must be seen twice, and is not believed while releases lack just that.
    """
    losses = measure_losses(before, sighting.release)
    if not losses:
        return "at-once"
    with write(visit.db):
        if is_first_sight:
            judge(visit, Evidence(losses, sighting.page))
    norms = [load_norm(visit.db, visit.source.id, loss.trait) for loss in losses]
    return "never" if any(norm.drift for norm in norms) else "twice"


def judge_news(visit: Visit, before: SourceState, days: Sequence[date]) -> SourceState:
    """Learn from the days of new entries how long the source pauses, or note that it has been silent too
    long; the source with its newest day. For use inside `write`.
    """
    norm = load_norm(visit.db, visit.source.id, NEWS)
    today = visit.now.date()
    days = [min(day, today) for day in days]
    newest_on = max([*days, *([before.newest_on] if before.newest_on else [])], default=None)
    state = replace(before, newest_on=newest_on)
    after, turn = _silence(visit, learn_pauses(norm, before.newest_on, days), state)
    if after != norm:
        _settle(visit, after, turn, None)
    return state


def is_silent_as_usual(visit: Visit, state: SourceState) -> bool:
    """Whether nothing is to be noted of a source that shows nothing new."""
    norm = load_norm(visit.db, visit.source.id, NEWS)
    return _silence(visit, norm, state) == (norm, None)


def _silence(visit: Visit, norm: Norm, state: SourceState) -> tuple[Norm, Turn | None]:
    watched_since, stated = state.first_polled_at or visit.now, visit.source.expect.new_within_days
    return judge_silence(norm, state.newest_on, watched_since, visit.now, stated=stated)


def open_drift(visit: Visit) -> str | None:
    """All that is not as usual with a source just now, in one line; None if all is well."""
    return in_one_line([norm.drift for norm in drifting_norms(visit.db, visit.source.id) if norm.drift])


def forget_feed(visit: Visit) -> None:
    """A feed that is no longer configured is no longer missed; for use inside `write`."""
    for norm in drifting_norms(visit.db, visit.source.id):
        if norm.trait in FEED_TRAITS:
            _settle(visit, Norm(norm.trait), Turn("recovered", "there is no feed in the configuration"), None)


def _settle(visit: Visit, norm: Norm, turn: Turn | None, page: Page | None) -> None:
    source, db, now = visit.source, visit.db, visit.now
    if turn is not None and turn.state == "trouble":
        page_sha256 = save_page(db, page, source.listing) if page else None
        text = turn.text + where_to_look(page_sha256)
        norm = replace(norm, drift=text, page_sha256=page_sha256)
        begin_trouble(db, "source", source.id, text, now)
    elif turn is not None:
        end_trouble(db, "source", source.id, turn.text, now)
    save_norm(db, source.id, norm)


def where_to_look(page_sha256: str | None) -> str:
    """Where to find the page that shows what is wrong, as the end of a sentence."""
    return f" (see `pressewacht export --page {page_sha256[:12]} FILE`)" if page_sha256 else ""


def _stated(source: Source) -> Mapping[str, int]:
    """What the configuration says of traits: a smallest size, or 1 for «always there»."""
    expect = source.expect
    entries = {ENTRIES.name: expect.min_items} if expect.min_items is not None else {}
    always = [f"entry-{field}" for field in expect.fields] + [f"release-{f}" for f in expect.release_fields]
    return entries | dict.fromkeys([*always, FEED.name], 1)
