"""What is new, edited, gone or back: decided from what was seen and what was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.samples import NOW, item, release, sighting, verdict
from worker.changes import (
    ListingChange,
    compare_feed,
    compare_listing,
    find_original,
    is_edited_release,
    plan_first,
    plan_look,
    plan_missing,
    plan_unmodified,
)
from worker.identity import identity_of
from worker.models.event import EventKind
from worker.models.known import KnownItem, KnownRelease, ReleaseUpdate
from worker.models.listing import ListingItem
from worker.models.page import Validators
from worker.models.verdict import Verdict, Wording
from worker.twins import Telling

_HORIZON = date(2026, 3, 14)
_DAYS = 30


def _entry(slug: str, title: str = "Titel", *, published: date | None = None, **words: str) -> ListingItem:
    return ListingItem(f"https://presse.test/pid/{slug}", title, published=published, **words)


def _known(*entries: ListingItem, **changes: Any) -> dict[str, KnownItem]:
    """These entries as the store knows them."""
    stored = (
        item(
            entry.url,
            identity=identity_of(entry.url),
            title=entry.title,
            kicker=entry.kicker,
            teaser=entry.teaser,
            published=entry.published,
            **changes,
        )
        for entry in entries
    )
    return {one.identity: one for one in stored}


def _judge(wording: Wording) -> tuple[Verdict, ...]:
    return (verdict(relevant="Integration" in wording.title, score=0.9),)


def _compare(
    listed: list[ListingItem],
    known: Mapping[str, KnownItem],
    *,
    first: bool = False,
    catching_up: bool = False,
) -> ListingChange:
    return compare_listing(
        listed,
        known,
        source="ministerium",
        judge=_judge,
        horizon=_HORIZON,
        is_first_look=first,
        is_catching_up=catching_up,
    )


def test_a_new_entry_is_news_whatever_its_date() -> None:
    """Back-dated and undated entries above known ones are new."""
    old = _entry("alt")

    change = _compare([_entry("neu", published=date(2020, 1, 1)), old], _known(old))

    (update,) = change.updates
    assert (update.is_new, update.item.news_since, change.new) == (True, None, 1)
    assert [one.url for one in change.seen_again] == [old.url]


def test_only_what_may_matter_waits_to_be_fetched() -> None:
    """Relevant and doubtful entries are pending, others are set aside, all with their verdicts."""
    change = _compare([_entry("ja", "Integration stärken"), _entry("nein", "Straßenbau")], {}, first=True)

    assert [update.item.state for update in change.updates] == ["pending", "skipped"]
    assert all(update.verdicts for update in change.updates)


def test_at_the_first_look_old_entries_are_archive() -> None:
    """News is then only what was published on the horizon or later."""
    change = _compare([_entry("a"), _entry("b")], {}, first=True)

    assert {update.item.news_since for update in change.updates} == {_HORIZON}


def test_what_moves_up_from_below_is_archive() -> None:
    """When an entry is withdrawn, an old one appears at the end of the last page read."""
    top, bottom = _entry("oben"), _entry("unten")

    (update,) = _compare([top, bottom], _known(top)).updates
    assert update.item.news_since == _HORIZON

    (update,) = _compare([top, bottom], _known(top), catching_up=True).updates
    assert update.item.news_since is None


def test_between_known_entries_there_is_news() -> None:
    """A pinned old release at the top does not make what follows it archive."""
    pinned, last = _entry("angepinnt"), _entry("zuletzt")

    (update,) = _compare([pinned, _entry("neu"), last], _known(pinned, last)).updates

    assert update.item.news_since is None


def test_an_entry_shown_twice_is_one() -> None:
    """A listing that shifts while paging, or links two addresses of one release."""
    alias = ListingItem("https://www.presse.test/meldung/pid/a/?cHash=1", "Titel")

    change = _compare([_entry("a"), _entry("a"), alias], {})

    assert len(change.updates) == 1


def test_an_edit_in_the_listing_is_noticed() -> None:
    """New words count; what the listing no longer shows stays as it was."""
    before = _entry("a", "Alt", kicker="Soziales", teaser="Anriss")

    (update,) = _compare([_entry("a", "Neu")], _known(before, state="skipped")).updates

    assert (update.is_new, update.item.title) == (False, "Neu")
    assert (update.item.kicker, update.item.teaser, update.item.state) == ("Soziales", "Anriss", "skipped")


@pytest.mark.parametrize("state", ["skipped", "failed"])
def test_an_edit_can_make_an_entry_relevant(state: str) -> None:
    """It is then fetched like a new one."""
    known = _known(_entry("a", "Alt"), state=state, attempts=16, last_error="x")

    (update,) = _compare([_entry("a", "Integration")], known).updates

    assert (update.item.state, update.item.attempts, update.item.last_error) == ("pending", 0, None)


def test_an_edited_listing_does_not_overrule_the_page() -> None:
    """The verdict on a release made on its text stays; its page is looked at again."""
    known = _known(_entry("a", "Integration"), state="fetched")

    (update,) = _compare([_entry("a", "Anders")], known).updates

    assert (update.verdicts, update.item.state) == ((), "fetched")
    assert is_edited_release(update)


def test_another_sources_entry_is_left_alone() -> None:
    """An entry belongs to the source that listed it first."""
    change = _compare([_entry("a", "Neu")], _known(_entry("a", "Alt"), source="anderes"))

    assert (change.updates, len(change.seen_again)) == ((), 1)


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.sets(st.sampled_from("abcdef")))
def test_every_entry_is_accounted_for_once(listed: list[str], known: set[str]) -> None:
    """New or seen again, whatever the order; looking twice finds nothing more."""
    entries = [_entry(slug) for slug in listed]
    change = _compare(entries, _known(*(_entry(slug) for slug in known)))

    new = {update.item.identity for update in change.updates}
    again = {one.identity for one in change.seen_again}
    assert new | again == {identity_of(entry.url) for entry in entries}
    assert not new & again
    stored = {update.item.identity: update.item for update in change.updates}
    assert _compare(entries, _known(*(_entry(slug) for slug in known)) | stored).updates == ()


_WORDS = " ".join(f"wort{n}" for n in range(100))


_SLUGS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(_SLUGS, _SLUGS, st.sets(st.sampled_from("abcdef")))
def test_listing_and_feed_together_account_for_every_entry_once(
    listed: list[str], told: list[str], known: set[str]
) -> None:
    """What only one shows is taken from it, what both show from the listing, what is known from neither."""
    stored = _known(*map(_entry, known))
    identities = {identity_of(_entry(slug).url) for slug in listed}
    change = _compare([_entry(slug) for slug in listed], stored) + compare_feed(
        {identity_of(_entry(slug).url): _entry(slug) for slug in told},
        identities,
        stored,
        source="ministerium",
        judge=_judge,
        horizon=_HORIZON,
        is_first_look=False,
    )
    shown = set(listed) | set(told)
    new = [update.item.identity[-1] for update in change.updates]
    assert sorted(new) == sorted(shown - known)
    assert sorted(one.identity[-1] for one in change.seen_again) == sorted(shown & known)


def test_the_same_content_on_another_host_is_a_duplicate() -> None:
    """Found by its paragraphs; on one host different slugs are different releases."""
    seen = sighting(release(body=(_WORDS,)))
    same = Telling("Ein Titel", seen.release.text)
    portal = {"https://portal.test/pid/b-1": same}

    assert find_original(seen, "https://presse.test/pid/a", portal) == "https://portal.test/pid/b-1"
    assert find_original(seen, "https://www.portal.test/pid/a", portal) is None
    assert find_original(seen, "https://portal.test:8443/pid/a", portal) is not None
    assert find_original(seen, "https://x.test/a", {"https://y.test/b": Telling("", "ganz anderes")}) is None


@pytest.mark.parametrize(
    ("published", "news_since", "original", "told"),
    [
        (date(2020, 1, 1), None, None, True),
        (date(2026, 3, 20), _HORIZON, None, True),
        (_HORIZON, _HORIZON, None, True),
        (date(2026, 3, 13), _HORIZON, None, False),
        (None, _HORIZON, None, True),
        (date(2026, 3, 20), None, "https://portal.test/pid/x", False),
    ],
)
def test_a_release_is_told_unless_old_or_told_already(
    published: date | None, news_since: date | None, original: str | None, told: bool
) -> None:
    """The page's date decides, then the listing's; without any it is better told than missed."""
    update = plan_first(
        item(published=None, news_since=news_since),
        sighting(release(published=published)),
        duplicate_of=original,
        now=NOW,
        recheck_days=_DAYS,
    )

    assert (update.event is EventKind.NEW) is told
    assert (update.revision, update.state, update.duplicate_of) == (1, "live", original)


def _release(**changes: object) -> KnownRelease:
    """The sample release as the store knows it."""
    first = sighting()
    known = KnownRelease(
        url="https://presse.test/pid/ein-titel",
        link="https://presse.test/pid/ein-titel",
        source="ministerium",
        revision=1,
        state="live",
        content_sha256=first.content_sha256,
        first_seen_at=NOW,
        validators=Validators('"1"'),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def _after(known: KnownRelease, update: ReleaseUpdate) -> KnownRelease:
    """What the store knows once the update is written."""
    seen = update.sighting
    return replace(
        known,
        revision=update.revision,
        state=update.state,
        content_sha256=seen.content_sha256 if seen else known.content_sha256,
        validators=known.validators if update.validators is None else update.validators,
        missing_looks=update.missing_looks,
        returning_sha256=update.returning_sha256,
        earlier_sha256=(known.earlier_sha256 | {known.content_sha256})
        - {seen.content_sha256 if seen else known.content_sha256},
    )


def test_the_same_words_are_no_edit() -> None:
    """Nothing is told or stored, but the page's new validators are kept."""
    update = plan_look(_release(), replace(sighting(), page=sighting().page), NOW, _DAYS)

    assert (update.event, update.sighting, update.revision) == (None, None, 1)
    assert update.validators == Validators('"1"')


def test_new_words_are_an_edit_at_once() -> None:
    """A wording never seen before is a revision and is told."""
    update = plan_look(_release(), sighting(release("Neuer Titel")), NOW, _DAYS)

    assert (update.event, update.revision) == (EventKind.CHANGED, 2)
    assert update.sighting is not None


def test_an_earlier_wording_must_be_seen_twice() -> None:
    """Servers that disagree do not make us report an edit with every look."""
    old, new = sighting(), sighting(release("Neuer Titel"))
    known = _after(_release(), plan_look(_release(), new, NOW, _DAYS))

    once = plan_look(known, old, NOW, _DAYS)
    assert (once.event, once.sighting, once.returning_sha256) == (None, None, old.content_sha256)
    assert once.validators == Validators(), "the next look must bring the page"

    assert plan_look(_after(known, once), new, NOW, _DAYS).returning_sha256 is None

    twice = plan_look(_after(known, once), old, NOW, _DAYS)
    assert (twice.event, twice.revision, twice.returning_sha256) == (EventKind.CHANGED, 3, None)


def test_a_page_must_be_gone_twice() -> None:
    """Portals answer 404 while they deploy; the second look follows soon, the third tells nothing more."""
    once = plan_missing(_release(), NOW, _DAYS)
    assert (once.event, once.state, once.missing_looks) == (None, "live", 1)
    assert once.next_look_at == NOW + timedelta(hours=1)

    known = _after(_release(), once)
    twice = plan_missing(known, NOW, _DAYS)
    assert (twice.event, twice.state) == (EventKind.WITHDRAWN, "withdrawn")

    assert plan_missing(_after(known, twice), NOW, _DAYS).event is None


def test_between_two_looks_a_page_may_come_back() -> None:
    """Then it was never gone, and counting begins anew."""
    known = _after(_release(), plan_missing(_release(), NOW, _DAYS))

    for seen in (plan_unmodified(known, NOW, _DAYS), plan_look(known, sighting(), NOW, _DAYS)):
        assert (seen.event, seen.missing_looks) == (None, 0)


@pytest.mark.parametrize("title", ["Ein Titel", "Neuer Titel"])
def test_a_withdrawn_release_comes_back(title: str) -> None:
    """It is told as restored, with new words as their own revision."""
    update = plan_look(_release(state="withdrawn", missing_looks=2), sighting(release(title)), NOW, _DAYS)

    assert (update.event, update.state) == (EventKind.RESTORED, "live")
    assert update.revision == (1 if title == "Ein Titel" else 2)


def test_of_two_copies_only_the_first_is_told_about() -> None:
    """Edits, withdrawals and returns of a duplicate are stored in silence."""
    copy = _release(duplicate_of="https://portal.test/pid/x", missing_looks=1)
    gone = replace(copy, state="withdrawn")

    looks = (
        plan_look(copy, sighting(release("Neu")), NOW, _DAYS),
        plan_missing(copy, NOW, _DAYS),
        plan_look(gone, sighting(), NOW, _DAYS),
    )
    assert [look.event for look in looks] == [None, None, None]


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), timedelta(hours=1)),
        (timedelta(hours=7), timedelta(hours=6)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=10), timedelta(days=3)),
        (timedelta(days=28), None),
        (timedelta(days=5000), None),
    ],
)
def test_looks_grow_seldom_and_end(age: timedelta, pause: timedelta | None) -> None:
    """Edits come early; after `recheck_days` a release is left alone."""
    due = plan_unmodified(_release(first_seen_at=NOW - age), NOW, _DAYS).next_look_at

    assert due == (NOW + pause if pause else None)


def test_no_recheck_days_means_no_rechecks() -> None:
    """Zero switches it off."""
    update = plan_first(item(), sighting(), duplicate_of=None, now=NOW, recheck_days=0)

    assert update.next_look_at is None


class _Watched(RuleBasedStateMachine):
    """A page that is edited, taken down and put back, looked at again and again."""

    @initialize()
    def first_sight(self) -> None:
        self.known = _release()
        self.told: list[tuple[EventKind, int]] = []
        self.wordings = {1: self.known.content_sha256}
        self.missing_in_a_row = 0

    @rule(title=st.sampled_from(["Ein Titel", "B", "C"]))
    def look(self, title: str) -> None:
        update = plan_look(self.known, sighting(release(title)), NOW, _DAYS)
        if update.sighting is not None:
            self.wordings[update.revision] = update.sighting.content_sha256
        self.missing_in_a_row = 0
        self._write(update)

    @rule()
    def not_modified(self) -> None:
        if self.known.validators.etag:
            self.missing_in_a_row = 0
            self._write(plan_unmodified(self.known, NOW, _DAYS))

    @rule()
    def gone(self) -> None:
        self.missing_in_a_row += 1
        self._write(plan_missing(self.known, NOW, _DAYS))

    def _write(self, update: ReleaseUpdate) -> None:
        if update.event is not None:
            self.told.append((update.event, update.revision))
            if update.event is EventKind.WITHDRAWN:
                assert self.missing_in_a_row == 2
        assert (update.sighting is None) == (update.revision == self.known.revision)
        self.known = _after(self.known, update)

    @invariant()
    def no_revision_is_told_twice(self) -> None:
        changes = [revision for kind, revision in self.told if kind is EventKind.CHANGED]
        assert len(changes) == len(set(changes))

    @invariant()
    def revisions_differ_from_the_one_before(self) -> None:
        assert all(self.wordings[n] != self.wordings[n - 1] for n in self.wordings if n > 1)

    @invariant()
    def withdrawn_and_restored_take_turns(self) -> None:
        turns = [kind for kind, _ in self.told if kind in (EventKind.WITHDRAWN, EventKind.RESTORED)]
        expected = [EventKind.WITHDRAWN, EventKind.RESTORED] * len(turns)
        assert turns == expected[: len(turns)]
        assert (self.known.state == "withdrawn") == (len(turns) % 2 == 1)


TestWatched = _Watched.TestCase
TestWatched.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
