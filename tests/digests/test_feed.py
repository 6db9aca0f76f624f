"""The Atom file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from worker.digests.compose import compose
from worker.digests.feed import entry_id
from worker.models.event import Entry, EventKind

from .samples import ATOM, COMPOSED, COURSES, WITHDRAWN, changed_entry, digest, entry


def read(content: bytes) -> feedparser.FeedParserDict:
    """The feed as a feed reader sees it."""
    parsed = feedparser.parse(content)
    assert not parsed.bozo
    return parsed


def test_a_feed_reads_back() -> None:
    """Title, language, entries with link, dates, author and content."""
    feed = read(compose(ATOM, digest(entry())))
    assert (feed.feed.title, feed.feed.id) == ("Integration im Land", "tag:pressewacht.invalid,2026:atom")
    (told,) = feed.entries
    assert told.title == COURSES.title
    assert told.link == COURSES.url
    assert told.published == "2026-11-20T00:00:00+00:00"
    assert told.updated == "2026-11-22T15:30:00+00:00"
    assert told.summary == COURSES.lead
    assert "320 Millionen Euro" in told.content[0].value


def test_history_stays_newest_first_and_nothing_is_told_twice() -> None:
    """The digest's own entries may also be in the history."""
    old = replace(entry(WITHDRAWN), happened_at=COMPOSED - timedelta(days=9))
    feed = read(compose(ATOM, digest(entry(), changed_entry()), [entry(), old]))
    assert [one.title for one in feed.entries][-1] == WITHDRAWN.title
    assert len(feed.entries) == 3


def test_a_feed_of_history_alone_can_be_rewritten() -> None:
    """Without anything new the file still shows what was told."""
    assert len(read(compose(ATOM, replace(digest(), entries=()), [entry()])).entries) == 1


def test_each_event_has_an_id_of_its_own_that_never_changes() -> None:
    """An edit is news of its own; editing date or title of a release does not move an id."""
    ids = {entry_id(entry(kind=kind, revision=number)) for kind in EventKind for number in (1, 2)}
    assert len(ids) == 8
    assert entry_id(entry(replace(COURSES, title="x", published=None))) == entry_id(entry())
    assert entry_id(entry()) == (
        "tag:sozialministerium.baden-wuerttemberg.de,2026-11-22:"
        "/de/service/presse/pressemitteilung/pid/land-foerdert-sprachkurse#new-1"
    )


def test_odd_addresses_have_ids_too() -> None:
    """Ports, queries and addresses that are none."""
    assert entry_id(at("http://127.0.0.1:8080/a?b=1")) == "tag:127.0.0.1,2026-11-22:8080/a?b=1#new-1"
    assert entry_id(at("kaputt")).startswith("tag:pressewacht.invalid,2026-11-22:")
    assert read(compose(ATOM, digest(at("kaputt")))).feed.link == "https://pressewacht.invalid/"


def at(url: str) -> Entry:
    """An entry with another address."""
    return replace(entry(), url=url)


def test_kinds_are_named_in_titles() -> None:
    """A change or withdrawal is recognisable in the list of a feed reader."""
    feed = read(compose(ATOM, digest(), []))
    assert {one.title.split(":")[0] for one in feed.entries} >= {"Geändert", "Zurückgezogen"}


def test_withdrawn_releases_lead_to_the_stored_copy() -> None:
    """If somebody serves one."""
    gone = digest(entry(WITHDRAWN, EventKind.WITHDRAWN), stored_copy_base="https://daten.example.net/monitor")
    feed = read(compose(ATOM, gone))
    assert feed.entries[0].link.startswith("https://daten.example.net/monitor/releases/https~3A~2F~2F")
    assert feed.feed.link == "https://daten.example.net/monitor"


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_text_can_break_the_feed(text: str) -> None:
    """Control characters, markup and lone surrogates leave a well-formed file."""
    release = replace(COURSES, title=text, kicker=text, lead=text)
    told = replace(entry(release), source_name=text, reasons=(text,), url=f"https://example.org/{text}")
    feed = read(compose(ATOM.model_copy(update={"title": text or "x"}), digest(told)))
    assert len(feed.entries) == 1
    assert "<script" not in feed.entries[0].content[0].value if feed.entries[0].get("content") else True
