"""The portal as a press office uses it: publish, edit, withdraw, pin, redesign, and what readers then see."""

from __future__ import annotations

from datetime import date

import feedparser
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from worker.demo.pages import LAYOUTS
from worker.demo.portal import Portal
from worker.demo.release import PortalImage, PortalRelease, blocks
from worker.models.release import Link

LINKS = {"2023": ".list .list__item h3 a[href]", "redesign": "main > ul > li h2 a[href]"}
NEXT = {"2023": "a[rel=next]", "redesign": "main > nav a"}


def titles(client: httpx.Client, url: str, layout: str = "2023") -> list[str]:
    """The headlines of one listing page in page order."""
    tree = LexborHTMLParser(client.get(url).content)
    return [link.text(strip=True) for link in tree.css(LINKS[layout])]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_listing_is_paged(portal: Portal, client: httpx.Client, layout: str) -> None:
    """Newest first, two to a page, and the link to the next page leads there."""
    portal.redesign(layout)
    tree = LexborHTMLParser(client.get(portal.listing_url).content)
    link = tree.css_first(NEXT[layout])
    assert link is not None
    href = link.attributes["href"] or ""

    assert titles(client, portal.listing_url, layout) == ["Drei", "Zwei"]
    assert titles(client, f"{portal.base_url}/{href.lstrip('/')}", layout) == ["Eins"]
    assert "cHash=" in href


@pytest.mark.parametrize("query", ["tx_rsmpress_list[page]=2", "cHash=1&tx_rsmpress_list%5Bpage%5D=2"])
def test_a_page_is_found_however_its_address_is_written(
    portal: Portal, client: httpx.Client, query: str
) -> None:
    """Brackets raw or encoded, parameters in any order, with or without a signature."""
    assert titles(client, f"{portal.listing_url}?{query}") == ["Eins"]


@pytest.mark.parametrize("number", ["0", "3", "-1", "zwei"])
def test_a_page_that_does_not_exist_is_not_found(portal: Portal, client: httpx.Client, number: str) -> None:
    """The listing has two pages and no others."""
    assert client.get(f"{portal.listing_url}?tx_rsmpress_list[page]={number}").status_code == 404


def test_an_empty_portal_has_one_empty_page(client: httpx.Client) -> None:
    """Nothing published is a page that says so, not an error."""
    with Portal() as portal:
        answer = client.get(portal.listing_url)

    assert answer.status_code == 200
    assert "Ergebnisse gefunden" in answer.text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_release_page_shows_everything(portal: Portal, client: httpx.Client, layout: str) -> None:
    """Topic line, title, date, lead, every kind of block, picture texts and links stand on the page."""
    portal.redesign(layout)
    release = PortalRelease.about(
        "Mehr & weniger",
        text="Ein <Absatz>.\n\n## Zwischentitel\n\n- Punkt eins\n- Punkt\n  zwei\n\n> Ein Wort.",
        published=date(2026, 3, 4),
        images=(PortalImage("bild", "Ein Bild", "Was man sieht", "Foto: dpa"),),
        links=(Link("Drinnen", "/de/drinnen"), Link("Draußen", "https://example.org/")),
    )
    portal.publish(release)

    tree = LexborHTMLParser(client.get(portal.release_url(release.slug)).content)
    main = tree.css_first("main")
    assert main is not None
    text = main.text(separator="\n")
    time = tree.css_first("time[datetime]")
    image = tree.css_first("figure img")

    for words in (release.title, "Integration", release.lead or "", "Was man sieht", "Foto: dpa", "Draußen"):
        assert words in text
    for block in release.body:
        assert block.text in text
    assert [heading.text() for heading in main.css("h2")] == ["Zwischentitel", "Weitere Meldungen"]
    assert time is not None
    assert time.attributes["datetime"] == "2026-03-04"
    assert image is not None
    assert image.attributes["alt"] == "Ein Bild"
    assert (
        client.get(f"{portal.base_url}/{image.attributes['src']}").headers["Content-Type"] == "image/svg+xml"
    )


def test_further_news_are_the_latest_of_all_topics(portal: Portal, client: httpx.Client) -> None:
    """The block at the end of a page shows at most eight headlines and never the release itself."""
    for number in range(9):
        portal.publish(PortalRelease.about(f"Anderes {number}", kicker="Verkehr"))

    more = LexborHTMLParser(client.get(portal.release_url("eins")).content).css(".more .teaser h3")

    assert [f"Anderes {number}" for number in range(8, 0, -1)] == [title.text(strip=True) for title in more]


def test_both_addresses_of_a_release_show_the_same_page(portal: Portal, client: httpx.Client) -> None:
    """The alias path and a slash at the end make no difference."""
    page = client.get(portal.release_url("eins")).content

    assert page == client.get(portal.alias_url("eins")).content
    assert page == client.get(portal.release_url("eins") + "/").content


def test_an_edit_shows_everywhere_and_a_silent_one_on_the_page_only(
    portal: Portal, client: httpx.Client
) -> None:
    """A silent edit leaves the listing and the feed byte by byte as they were."""
    portal.edit("drei", title="Drei, neu gefasst")
    before = [client.get(url).content for url in (portal.listing_url, portal.feed_url)]

    portal.edit_silently(
        "drei", title="Heimlich", body=portal.release("drei").rewritten("Herbst", "Frühjahr")
    )

    assert before == [client.get(url).content for url in (portal.listing_url, portal.feed_url)]
    assert "Drei, neu gefasst" in titles(client, portal.listing_url)
    page = client.get(portal.release_url("drei")).text
    assert "Heimlich" in page
    assert "Die Kurse beginnen im Frühjahr." in page


def test_a_withdrawn_release_is_gone_and_can_come_back(portal: Portal, client: httpx.Client) -> None:
    """It leaves listing and feed, its page answers 410, and restoring undoes all of it."""
    portal.withdraw("zwei")
    assert titles(client, portal.listing_url) == ["Drei", "Eins"]
    assert client.get(portal.release_url("zwei")).status_code == 410
    assert "zwei" not in client.get(portal.feed_url).text

    portal.restore("zwei")
    assert titles(client, portal.listing_url) == ["Drei", "Zwei"]
    assert client.get(portal.release_url("zwei")).status_code == 200


def test_a_release_can_be_pinned_and_published_anywhere(portal: Portal, client: httpx.Client) -> None:
    """A pinned release stays on top; a back-dated one may appear in the middle."""
    portal.pin("eins")
    portal.publish(PortalRelease.about("Nachtrag", published=date(2026, 1, 1)), position=2)
    portal.page_size = 10

    assert titles(client, portal.listing_url) == ["Eins", "Drei", "Zwei", "Nachtrag"]
    portal.unpin("eins")
    assert titles(client, portal.listing_url) == ["Drei", "Zwei", "Nachtrag", "Eins"]


def test_kickers_and_dates_can_be_hidden(portal: Portal, client: httpx.Client) -> None:
    """Some portals show neither; then no trace of them is in listing or page."""
    portal.show_dates = portal.show_kickers = False

    for url in (portal.listing_url, portal.release_url("eins")):
        page = LexborHTMLParser(client.get(url).content)
        assert page.css("time") == []
        assert page.css(".list__kicker, .article__kicker, .teaser__topics") == []


def test_the_feed_is_what_feedparser_expects(portal: Portal, client: httpx.Client) -> None:
    """Titles, alias links, summaries and times; the zone is «UT», a topic line is missing."""
    portal.edit("drei", title="Fragen & Antworten", lead="Ein ]]> mitten im Satz")
    answer = client.get(portal.feed_url)
    feed = feedparser.parse(answer.content)

    assert not feed.bozo
    assert "UT</pubDate>" in answer.text
    assert [entry.title for entry in feed.entries] == ["Fragen & Antworten", "Zwei", "Eins"]
    assert portal.alias_url("drei") == feed.entries[0].link == feed.entries[0].id
    assert feed.entries[0].summary == "Ein ]]> mitten im Satz"
    assert feed.entries[0].published_parsed[:5] == (2026, 3, 3, 8, 0)


def test_robots_txt_and_its_status_can_be_set(portal: Portal, client: httpx.Client) -> None:
    """Rules and failures of robots.txt are the test's to choose."""
    url = portal.base_url + "/robots.txt"
    assert "User-agent: *" in client.get(url).text

    portal.robots, portal.robots_status = "User-agent: *\nDisallow: /\n", 503

    assert (client.get(url).status_code, client.get(url).text) == (503, "User-agent: *\nDisallow: /\n")


def test_a_hook_may_publish_while_the_listing_is_paged(portal: Portal, client: httpx.Client) -> None:
    """What appears between page one and page two shifts the listing under the reader."""

    def publish_once(request: object) -> None:
        portal.on_request = None
        portal.publish(PortalRelease.about("Vier"))

    first = titles(client, portal.listing_url)
    portal.on_request = publish_once
    second = titles(client, portal.listing_url + "?tx_rsmpress_list[page]=2")

    assert first == ["Drei", "Zwei"]
    assert second == ["Zwei", "Eins"]


def test_requests_are_on_record(portal: Portal, client: httpx.Client) -> None:
    """Method, path with query, headers, time and status of every request, in order."""
    client.get(portal.listing_url + "?utm_source=x", headers={"X-Test": "ja"})
    client.head(portal.base_url + "/nirgends")

    seen = [(request.method, request.target, request.status) for request in portal.requests]
    listing = "/de/service/presse/pressemitteilungen"
    assert [("GET", f"{listing}?utm_source=x", 200), ("HEAD", "/nirgends", 404)] == seen
    assert portal.asked(portal.listing_url)[0].headers["x-test"] == "ja"
    assert portal.requests[0].at <= portal.requests[1].at


def test_the_front_page_leads_to_the_listing(portal: Portal, client: httpx.Client) -> None:
    """A reader who types the bare address arrives at the press releases."""
    assert "Drei" in client.get(portal.base_url, follow_redirects=True).text


def test_mistakes_of_a_test_are_told(portal: Portal) -> None:
    """Unknown slugs, layouts and passages, and a slug taken twice, are errors with their name."""
    with pytest.raises(KeyError, match="vier"):
        portal.edit("vier", title="Vier")
    with pytest.raises(KeyError, match="vier"):
        portal.release("vier")
    with pytest.raises(ValueError, match="1999"):
        portal.redesign("1999")
    with pytest.raises(ValueError, match="gibt es nicht"):
        portal.release("eins").rewritten("gibt es nicht", "")
    with pytest.raises(ValueError, match="eins"):
        portal.publish(PortalRelease.about("Eins"))


def test_a_slug_is_made_like_the_portal_makes_it() -> None:
    """Umlauts are spelt out, signs become hyphens, and after a hundred characters it is cut."""
    assert PortalRelease.about("Früh übt sich: 2. Straße!").slug == "frueh-uebt-sich-2-strasse"
    assert len(PortalRelease.about("Wort " * 60).slug) <= 100


def test_bodies_are_written_in_a_small_markup() -> None:
    """Paragraphs, headings, list items and quotes, with lines joined by single spaces."""
    text = "Ein Absatz\nüber zwei Zeilen.\n\n## Titel\n\nDavor:\n- eins\n- zwei\n\n> Zitat"

    assert [(block.kind, block.text) for block in blocks(text)] == [
        ("paragraph", "Ein Absatz über zwei Zeilen."),
        ("heading", "Titel"),
        ("paragraph", "Davor:"),
        ("list_item", "eins"),
        ("list_item", "zwei"),
        ("quote", "Zitat"),
    ]
