"""Stories of feeds: as a second witness beside a listing, and as a source of their own."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from tests.world import FILES, World
from worker.demo.feed import render_feed
from worker.demo.release import PortalRelease
from worker.demo.server import SeenRequest
from worker.fetching.robots import PassingRobots
from worker.pipelines.check import inspect_source

ELSEWHERE = "https://anderswo.example.org"


@pytest.fixture
def heard(world: World) -> World:
    """A source whose listing and feed have been read, and show the same three releases."""
    world.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    name_feed(world)
    for number in range(3):
        world.publish(f"Sprachkurs {number}")
    assert world.poll().error is None
    world.later(minutes=15)
    world.asked()
    return world


@pytest.fixture
def agreed(heard: World) -> World:
    """The same after a week in which listing and feed told the same."""
    for number in range(6):
        heard.later(days=1)
        heard.publish_elsewhere(f"Straße {number}")
        assert heard.poll().error is None
    heard.later(days=1)
    return heard


def name_feed(world: World, rest: str = FILES) -> None:
    """Name the portal's feed as second witness."""
    world.configure(rest, source=f'feed = "{world.portal.feed_url}"')


def body_of(url: str) -> bytes:
    """What an address answers now."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body


def freeze(world: World, url: str) -> None:
    """Let an address answer from now on what it answers now."""
    world.portal.answer(url, body=body_of(url))


def troubles(world: World) -> list[tuple[str, str]]:
    """What was noted, in order."""
    rows = world.rows("select state, text from troubles order by id")
    return [(row["state"], row["text"]) for row in rows]


# A second witness


def test_release_that_only_the_feed_shows_is_told_once(heard: World) -> None:
    """The listing has not been built anew: the feed's entry is fetched, judged and told, and not again."""
    freeze(heard, heard.portal.listing_url)
    heard.publish("Nur im Feed")
    heard.publish_elsewhere("Neue Brücke")
    report = heard.poll()
    assert (report.status, report.items_new, report.items_seen) == ("ok", 2, 5)
    assert heard.events()[-1] == ("new", "Nur im Feed", 1)
    heard.portal.heal()
    assert heard.poll().items_new == 0
    assert len(heard.events()) == 4


def test_release_that_only_the_listing_shows_is_told(heard: World) -> None:
    """A feed that lags behind keeps nothing back."""
    freeze(heard, heard.portal.feed_url)
    heard.publish("Nur in der Liste")
    assert heard.poll().items_new == 1
    assert heard.events()[-1] == ("new", "Nur in der Liste", 1)


@pytest.mark.parametrize("broken", [{"status": 500}, {"status": 404}, {"body": b"<h1>Wartung</h1>"}])
def test_news_of_the_feed_do_not_wait_for_a_broken_listing(heard: World, broken: dict[str, Any]) -> None:
    """What the feed tells meanwhile is told; the source stays in trouble until its listing is back."""
    heard.portal.answer(heard.portal.listing_url, **broken)
    heard.publish("Nur im Feed")
    for new in (1, 0):
        report = heard.poll(by_hand=True)
        assert (report.items_new, report.items_seen) == (new, 4)
        assert report.status in ("failed", "drift")
        assert heard.events()[-1] == ("new", "Nur im Feed", 1)
        heard.later(hours=1)
    heard.portal.heal()
    heard.publish("Wieder in der Liste")
    assert heard.poll(by_hand=True).items_new == 1
    assert [title for _, title, _ in heard.events()[-2:]] == ["Nur im Feed", "Wieder in der Liste"]
    assert [state for state, _ in troubles(heard)] == ["trouble", "recovered"]


def test_feed_of_a_listing_that_never_could_be_read(world: World) -> None:
    """The first look tells of the last days, as with a listing, and is made up for when that is back."""
    name_feed(world)
    world.publish("Alt", days_ago=30)
    world.publish("Neu")
    world.portal.answer(world.portal.listing_url, status=500)
    assert world.poll().items_new == 2
    world.portal.heal()
    world.later(hours=1)
    assert world.poll(by_hand=True).error is None
    assert [title for _, title, _ in world.events()] == ["Neu"]


def test_server_that_wants_to_be_left_alone_is_asked_for_nothing_more(heard: World) -> None:
    """Its feed was heard before; the releases it tells of wait."""
    heard.portal.answer(heard.portal.listing_url, status=503, headers={"Retry-After": "600"})
    heard.publish("Nur im Feed")
    heard.asked()
    assert heard.poll().items_new == 0
    assert len(heard.asked()) == 2
    heard.portal.heal()
    heard.later(minutes=15)
    assert heard.poll().items_new == 1


def test_unchanged_listing_and_feed_cost_one_conditional_request_each(heard: World) -> None:
    """Nothing new costs two short answers."""
    heard.poll()
    heard.asked()
    heard.later(minutes=15)
    assert heard.poll().status == "unchanged"
    assert [(one.path, one.status) for one in heard.portal.requests] == [
        (heard.portal.feed_url.removeprefix(heard.portal.base_url), 304),
        (heard.portal.listing_url.removeprefix(heard.portal.base_url), 304),
    ]


def test_feed_without_validators_costs_one_request_too(heard: World) -> None:
    """A feed that comes whole each time is known by its entries."""
    heard.portal.validators = False
    heard.poll()
    heard.asked()
    heard.later(minutes=15)
    assert heard.poll().status == "unchanged"
    assert len(heard.asked()) == 2


def test_feed_is_heard_while_the_listing_says_it_has_not_changed(heard: World) -> None:
    """A listing stuck in a cache hides nothing that the feed tells."""
    stuck = body_of(heard.portal.listing_url)

    def answer_as_before(request: SeenRequest) -> None:
        has_condition = "if-none-match" in request.headers
        heard.portal.heal()
        heard.portal.answer(
            heard.portal.listing_url, **({"status": 304} if has_condition else {"body": stuck})
        )

    heard.poll()
    heard.publish("Nur im Feed")
    heard.portal.on_request = answer_as_before
    heard.later(hours=1)
    assert heard.poll().items_new == 1
    heard.later(hours=1)
    assert heard.poll().status == "unchanged"


def test_first_look_tells_of_the_feeds_last_days_only(world: World) -> None:
    """What lies on listing pages nobody read is archive, wherever it is first seen."""
    world.portal.page_size = 2
    for days in (30, 20, 10, 1):
        world.publish(f"Vor {days} Tagen", days_ago=days)
    name_feed(world)
    world.poll()
    assert [title for _, title, _ in world.events()] == ["Vor 1 Tagen"]
    assert len(world.rows("select 1 from items")) == 4


def test_feed_named_later_tells_of_the_last_days_only(world: World) -> None:
    """It brings entries of other ministries that nobody asked for before: the old ones are no news."""
    world.publish("Bekannt", days_ago=3)
    world.poll()
    freeze(world, world.portal.listing_url)
    world.publish("Alt und nur im Feed", days_ago=20)
    world.publish("Frisch und nur im Feed", days_ago=1)
    name_feed(world)
    world.poll()
    assert [title for _, title, _ in world.events()] == ["Bekannt", "Frisch und nur im Feed"]
    assert "Alt und nur im Feed" in world.titles()


def test_back_dated_release_of_a_feed_is_news(heard: World) -> None:
    """Above entries that are known it is new, whatever its date: nobody was there when it came."""
    freeze(heard, heard.portal.listing_url)
    heard.publish("Nachgereicht", days_ago=20)
    heard.poll()
    assert heard.events()[-1] == ("new", "Nachgereicht", 1)


def test_what_moves_up_at_the_end_of_a_feed_is_not_news(heard: World) -> None:
    """When an entry is taken away, an old one comes back into view."""
    freeze(heard, heard.portal.listing_url)
    heard.publish("Von früher", days_ago=40, position=3)
    _, *others = heard.portal.listed()
    heard.portal.answer(heard.portal.feed_url, body=render_feed(others, heard.portal.base_url))
    heard.poll()
    assert "Von früher" in heard.titles()
    assert "Von früher" not in [title for _, title, _ in heard.events()]


def test_entries_on_other_hosts_are_left_alone(heard: World) -> None:
    """A feed may link anywhere; only the source's hosts are asked."""
    stranger = render_feed([PortalRelease.about("Sprachkurs anderswo")], ELSEWHERE)
    heard.portal.answer(heard.portal.feed_url, body=stranger)
    assert heard.poll().error is None
    assert heard.rows("select 1 from items where title = 'Sprachkurs anderswo'") == []


def test_flood_in_a_feed_is_held(world: World) -> None:
    """The brake counts what both witnesses bring."""
    world.publish("Erster Kurs")
    rest = f"[schedule]\nflood = 10\n{FILES}"
    name_feed(world, rest)
    world.poll()
    world.deliver()
    freeze(world, world.portal.listing_url)
    for number in range(11):
        world.publish(f"Sprachkurs {number}")
    assert "a flood: 11 new entries" in (world.poll().error or "")
    world.deliver()
    assert len(world.letters()) == 1


def test_feed_that_wants_to_be_left_alone_is(heard: World) -> None:
    """Its Retry-After counts, the listing goes on, and the poll has not failed."""
    heard.portal.answer(heard.portal.feed_url, status=429, headers={"Retry-After": "7200"}, times=1)
    heard.publish("Trotzdem")
    assert heard.poll().items_new == 1
    heard.asked()
    heard.later(hours=1)
    heard.poll()
    assert heard.portal.feed_url.removeprefix(heard.portal.base_url) not in heard.asked()
    heard.later(hours=2)
    heard.poll()
    assert heard.portal.feed_url.removeprefix(heard.portal.base_url) in heard.asked()


@pytest.mark.parametrize(
    ("frozen", "told"),
    [
        ("listing_url", "the listing had not got every entry that the feed tells of"),
        ("feed_url", "the feed had not got every entry that the listing shows"),
    ],
)
def test_lasting_disagreement_is_told_once_and_so_is_its_end(agreed: World, frozen: str, told: str) -> None:
    """One of both stands still for days while the other goes on."""
    freeze(agreed, getattr(agreed.portal, frozen))
    for number in range(8):
        agreed.publish(f"Beratung {number}")
        report = agreed.poll()
        agreed.later(days=1)
    assert report.status == "drift"
    assert told in (report.error or "")
    agreed.portal.heal()
    assert agreed.poll().error is None
    assert [state for state, _ in troubles(agreed)] == ["trouble", "recovered"]
    assert len([title for _, title, _ in agreed.events() if title.startswith("Beratung")]) == 8


def test_one_release_missing_from_the_listing_for_days_is_told(agreed: World) -> None:
    """The reader of the listing may be blind to a new kind of entry: one is enough to notice."""
    freeze(agreed, agreed.portal.listing_url)
    agreed.publish("Verborgen")
    for _ in range(8):
        report = agreed.poll()
        agreed.later(days=1)
    assert "the listing had not got every entry that the feed tells of" in (report.error or "")


def test_feed_of_all_ministries_never_alarms(world: World) -> None:
    """It always tells of more than the listing shows: that is how it is."""
    name_feed(world)
    for day in range(10):
        world.publish_elsewhere(f"Brücke {day}")
        more = PortalRelease.about(f"Tunnel {day}", kicker="Verkehr", lead=None, text="Er ist fertig.")
        feed = render_feed([more, *world.portal.listed()], world.portal.base_url)
        world.portal.answer(world.portal.feed_url, body=feed)
        assert world.poll().error is None
        world.later(days=1)


def test_pinned_release_and_unread_pages_are_no_disagreement(agreed: World) -> None:
    """Each shows some older entries that the other does not reach."""
    for number in range(25):
        agreed.publish_elsewhere(f"Brücke {number}")
    agreed.portal.pin("sprachkurs-0")
    for _ in range(6):
        assert agreed.poll().error is None
        agreed.later(days=1)


def test_check_tells_what_the_feed_is_good_for(heard: World) -> None:
    """Before anybody relies on it: how many of its entries the listing knows, or why it cannot be heard."""
    assert feed_finding(heard) == (True, "3 entries, 3 of them in the listing too")
    heard.portal.answer(heard.portal.feed_url, status=404)
    is_found, note = feed_finding(heard)
    assert not is_found
    assert "404" in note


def feed_finding(world: World) -> tuple[bool, str]:
    """What `check --online` says of the feed."""
    (source,) = world.runtime.config.sources
    finding = inspect_source(world.runtime.fetcher(source, PassingRobots()), source)
    assert finding.error is None
    return next((field.is_found, field.note) for field in finding.listing if field.name == "feed")


# A source of its own

_RSS = '<rss version="2.0"><channel><title>Meldungen</title>{}</channel></rss>'
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Meldungen</title><id>urn:m</id>{}</feed>'
_ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate></item>"
_ENTRY = '<entry><title>{title}</title><id>{link}</id><link href="{link}"/><updated>{day}</updated></entry>'
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def rss_in_universal_time(moment: datetime, title: str, link: str) -> str:
    """RSS 2.0 as Baden-Württemberg writes it."""
    day = format_datetime(moment, usegmt=True).replace("GMT", "UT")
    return _RSS.format(_ITEM.format(title=title, link=link, day=day))


def rss_in_german(moment: datetime, title: str, link: str) -> str:
    """RSS 2.0 as Nordrhein-Westfalen wrote it: «Montag, 12. April 2021 - 10:00»."""
    day = f"{_DAYS[moment.weekday()]}, {moment.day}. März {moment.year} - {moment:%H:%M}"
    return _RSS.format(_ITEM.format(title=title, link=link, day=day))


def atom(moment: datetime, title: str, link: str) -> str:
    """Atom 1.0."""
    return _ATOM.format(_ENTRY.format(title=title, link=link, day=moment.isoformat()))


def watch_feed_alone(world: World) -> None:
    """Make the portal's feed the source."""
    text = world.config_path.read_text().replace(world.portal.listing_url, world.portal.feed_url)
    world.config_path.write_text(text.replace('id = "ministerium"', 'id = "ministerium"\nkind = "feed"'))
    world.reload()


@pytest.mark.parametrize("write", [rss_in_universal_time, rss_in_german, atom])
def test_feed_of_any_kind_is_a_source(world: World, write: object) -> None:
    """Its entries are dated, their pages fetched and read, the feed asked with conditions."""
    world.now = datetime(2026, 3, 16, 9, tzinfo=UTC)
    release = world.publish("Neue Sprachkurse", text="Die Kurse beginnen im Herbst.")
    feed = write(world.now, release.title, world.portal.release_url(release.slug))  # type: ignore[operator]
    world.portal.answer(world.portal.feed_url, body=feed.encode(), headers={"ETag": '"eins"'})
    watch_feed_alone(world)
    assert world.poll().error is None
    assert world.rows("select published from items") == [{"published": "2026-03-16"}]
    assert "Die Kurse beginnen im Herbst." in world.rows("select text from releases")[0]["text"]
    assert world.events() == [("new", "Neue Sprachkurse", 1)]
    world.asked()
    world.later(hours=1)
    world.poll()
    (request,) = world.portal.asked(world.portal.feed_url)
    assert request.headers["if-none-match"] == '"eins"'


def test_edits_and_withdrawals_behind_a_feed_are_noticed(world: World) -> None:
    """What a feed announced is watched like everything else."""
    release = world.publish("Neue Sprachkurse")
    watch_feed_alone(world)
    world.poll()
    world.portal.edit_silently(release.slug, lead="Das Land streicht die Sprachkurse.")
    world.recheck()
    world.portal.withdraw(release.slug)
    world.recheck()
    world.recheck()
    assert [kind for kind, _, _ in world.events()] == ["new", "changed", "withdrawn"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html><body><h1>Wartungsarbeiten</h1></body></html>", "the page is no RSS or Atom feed"),
        (b'<rss version="2.0"><channel></channel></rss>', "no entries found"),
    ],
)
def test_source_whose_feed_is_none_is_in_trouble(world: World, body: bytes, told: str) -> None:
    """It is said in words, and nothing is taken for withdrawn."""
    world.publish("Neue Sprachkurse")
    watch_feed_alone(world)
    world.poll()
    world.portal.answer(world.portal.feed_url, body=body)
    world.later(hours=1)
    report = world.poll()
    assert report.status in ("failed", "drift")
    assert told in (report.error or "")
    world.portal.heal()
    assert world.poll(by_hand=True).error is None
    assert world.events() == [("new", "Neue Sprachkurse", 1)]
