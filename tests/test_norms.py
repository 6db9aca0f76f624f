"""What is usual, and what no longer is: no alarm without reason, none missing where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.drift.norms import Norm, Turn, observe
from worker.drift.traits import (
    ENTRIES,
    ENTRY_DATE,
    RELEASE_LEAD,
    RELEASE_LENGTH,
    Measure,
    Trait,
    measure_entries,
)
from worker.models.listing import Listing, ListingItem

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def after(measures: Iterable[Measure], norm: Norm, *, stated: int | None = None) -> tuple[Norm, list[Turn]]:
    """The norm after observations a day apart, and the turns they brought."""
    turns, now = [], NOW
    for measure in measures:
        norm, turn = observe(norm, measure, now, stated=stated)
        turns += [turn] if turn else []
        now += DAY
    return norm, turns


def of(trait: Trait, *found: int, out_of: int = 1) -> list[Measure]:
    """Observations of one trait."""
    return [Measure(trait, one, out_of) for one in found]


@given(st.integers(1, 200), st.data())
def test_sizes_that_vary_as_they_always_did_are_no_alarm(smallest: int, data: st.DataObject) -> None:
    """Entries within a factor of three, texts within a factor of ten; the norm stays among them."""
    for trait in (ENTRIES, RELEASE_LENGTH):
        sizes = data.draw(st.lists(st.integers(smallest, smallest * trait.falls), min_size=1, max_size=80))
        norm, turns = after(of(trait, *sizes), Norm(trait))
        assert turns == []
        assert min(sizes) - 1e-6 <= norm.usual <= max(sizes) + 1e-6


@given(st.lists(st.integers(7, 20), max_size=80))
def test_shares_that_vary_as_they_always_did_are_no_alarm(found: list[int]) -> None:
    """Of twenty entries, now seven, now all have a date."""
    assert after(of(ENTRY_DATE, *found, out_of=20), Norm(ENTRY_DATE))[1] == []


@given(st.lists(st.integers(0, 2), max_size=80))
def test_one_or_two_odd_releases_are_no_alarm(gaps: list[int]) -> None:
    """However long every release has had a lead, and however often one or two in a row have none."""
    found = [value for gap in gaps for value in (*[0] * gap, 1)]
    assert after(of(RELEASE_LEAD, *[1] * 60, *found), Norm(RELEASE_LEAD))[1] == []


@given(st.integers(6, 100), st.integers(1, 60))
def test_a_collapse_is_always_noticed(usual: int, looks: int) -> None:
    """Less than a third of the entries of the looks before."""
    norm, _ = after(of(ENTRIES, *[usual] * looks), Norm(ENTRIES))
    norm, turn = observe(norm, Measure(ENTRIES, (usual - 1) // 3), NOW)
    assert turn is not None
    assert turn.state == "trouble"
    assert norm.drift == turn.text


@given(st.integers(5, 60), st.integers(9, 50))
def test_a_field_gone_from_all_entries_is_always_noticed(looks: int, entries: int) -> None:
    """At the first look at which no entry has it."""
    norm, _ = after(of(ENTRY_DATE, *[entries] * looks, out_of=entries), Norm(ENTRY_DATE))
    assert observe(norm, Measure(ENTRY_DATE, 0, entries), NOW)[1] is not None


@pytest.mark.parametrize(
    ("releases", "one_without_in", "in_a_row"),
    [(60, None, 3), (20, None, 3), (6, None, 5), (60, 20, 4), (60, 4, 7)],
)
def test_a_field_of_releases_is_gone_when_chance_cannot_explain_it(
    releases: int, one_without_in: int | None, in_a_row: int
) -> None:
    """The more usual it is and the longer it has been so, the fewer releases without it are needed."""
    usual = [int(not one_without_in or n % one_without_in > 0) for n in range(releases)]
    norm, _ = after(of(RELEASE_LEAD, *usual), Norm(RELEASE_LEAD))
    norm, turns = after(of(RELEASE_LEAD, *[0] * (in_a_row - 1)), norm)
    assert turns == []
    assert after(of(RELEASE_LEAD, 0), norm)[1] != []


def test_what_never_was_is_not_missed() -> None:
    """A source whose releases have no lead is not in drift, however many come."""
    assert after(of(RELEASE_LEAD, *[0] * 200), Norm(RELEASE_LEAD))[1] == []


def test_one_short_release_is_a_short_release_three_are_a_drift() -> None:
    """Texts shrink to a tenth one after the other; one long enough ends it."""
    norm, turns = after(of(RELEASE_LENGTH, *[3000] * 9, 90, 3100, 90, 80), Norm(RELEASE_LENGTH))
    assert turns == []
    norm, turns = after(of(RELEASE_LENGTH, 70, 800, 1500, 90), norm)
    assert [turn.state for turn in turns] == ["trouble", "recovered"]
    assert "the last 3 releases are far too short: 70 characters where 3" in turns[0].text


def test_a_drift_does_not_flicker() -> None:
    """It begins below a third and ends above a half; in between nothing turns, and nothing is learned."""
    norm, _ = after(of(ENTRY_DATE, *[20] * 9, out_of=20), Norm(ENTRY_DATE))
    drifting, turns = after(of(ENTRY_DATE, 5, 7, 6, 8, 9, out_of=20), norm)
    assert [turn.state for turn in turns] == ["trouble"]
    assert turns[0].text == "only 5 of 20 entries have a date; usually 20 have"
    assert drifting.usual == norm.usual
    assert [turn.state for turn in after(of(ENTRY_DATE, 15, out_of=20), drifting)[1]] == ["recovered"]


def test_a_lasting_drift_becomes_normal_and_says_so() -> None:
    """After six looks and two weeks; then what came back may go again without a word."""
    norm, _ = after(of(ENTRY_DATE, *[20] * 9, out_of=20), Norm(ENTRY_DATE))
    norm, turns = after(of(ENTRY_DATE, *[0] * 30, out_of=20), norm)
    assert [turn.state for turn in turns] == ["trouble", "recovered"]
    assert turns[1].text.startswith("lasting, so taken for normal from now on: none of 20 entries")
    assert norm.drift is None


def test_what_is_stated_needs_no_history_and_is_never_unlearned() -> None:
    """A field or a number that the configuration expects is missed at once, for as long as it is missing."""
    for trait, stated, found, enough in ((ENTRY_DATE, 1, 0, 20), (ENTRIES, 10, 9, 10)):
        out_of = 20 if trait is ENTRY_DATE else 1
        norm, turns = after(of(trait, *[found] * 40, out_of=out_of), Norm(trait), stated=stated)
        assert [turn.state for turn in turns] == ["trouble"]
        assert "expected" in turns[0].text
        assert after(of(trait, enough, out_of=out_of), norm, stated=stated)[1][0].state == "recovered"


def test_a_teaser_that_all_entries_share_belongs_to_none() -> None:
    """«Weiterlesen» under every title is not what the releases are about."""
    items = tuple(ListingItem(f"https://p.test/{n}", f"Titel {n}", teaser="Weiterlesen") for n in range(9))
    found = {measure.trait.name: measure.found for measure in measure_entries(Listing(items))}
    assert found == {"entry-date": 0, "entry-kicker": 0, "entry-teaser": 1}
