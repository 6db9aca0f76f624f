"""Listings of unknown markup, their pager, and configured selectors."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from worker.errors import ParseError
from worker.models.listing import Listing
from worker.models.page import Page
from worker.reading.feed import parse_feed
from worker.reading.listing import parse_listing

NOW = datetime(2024, 5, 2, tzinfo=UTC)
TITLES = ("Land fördert Sprachkurse", "Neue Ausbildungsplätze in der Pflege", "Beirat für Integration tagt")
TEXT = "Das Land stellt dafür Mittel bereit."


def listing(inner: str, url: str = "https://example.org/presse", **selectors: str) -> Listing:
    """Parse a page with this main part between navigation and footer."""
    markup = (
        "<!doctype html><html><head><title>Presse</title></head><body>"
        '<nav><a href="/thema">Integration im Land</a></nav>'
        f"<main><h1>Pressemitteilungen</h1>{inner}</main>"
        '<footer><h3><a href="/kontakt">Kontakt zum Amt</a></h3></footer></body></html>'
    )
    return parse_listing(Page(url, markup.encode(), "text/html; charset=utf-8", NOW), selectors)


LAYOUTS = {
    "link in heading": (
        '<article><p>{k}</p><time datetime="2024-03-05">5.3.</time><h3><a href="/p/{n}">{t}</a></h3>'
        "<p>{x}</p></article>"
    ),
    "link around all": '<div><a href="/p/{n}"><p>05.03.2024 | {k}</p><h2>{t}</h2><p>{x}</p></a></div>',
    "link beside": (
        "<div><p>05.03.2024</p><b>{k}</b><h4>{t}</h4><div>{x}</div><a href='/p/{n}'>Mehr</a></div>"
    ),
    "plain list": '<li><p>{k}</p><p><a href="/p/{n}">{t}</a></p><p>{x}</p><p>5. März 2024</p></li>',
    "flat": '<p>05.03.2024 – {k}</p><h3><a href="/p/{n}">{t}</a></h3><p>{x}</p>',
    "a card without headings": (
        '<a href="/p/{n}"><div>{k}</div><div>{t}</div><div>5. März 2024</div><div>{x}</div></a>'
    ),
    "overlay link": (
        '<section><a href="/p/{n}"></a><p>{k}</p><h3>{t}</h3><p>{x}</p><p>5. März 2024</p></section>'
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_reads_unknown_markup(layout: str) -> None:
    """Address, topic, title, teaser and day are found without any class name."""
    found = listing("".join(layout.format(n=n, t=t, k="Integration", x=TEXT) for n, t in enumerate(TITLES)))
    assert [item.title for item in found.items] == list(TITLES)
    assert [item.url for item in found.items] == [f"https://example.org/p/{n}" for n in range(3)]
    assert {item.kicker for item in found.items} == {"Integration"}
    assert {item.teaser for item in found.items} == {TEXT}
    assert {item.published for item in found.items} == {date(2024, 3, 5)}


@pytest.mark.parametrize(
    "entry",
    ['<li><a href="/p/{n}">05.03.2024: {t}</a></li>', '<li><a href="/p/{n}">{t} (5. März 2024)</a></li>'],
)
def test_a_day_in_every_title_is_the_day_of_the_entry(entry: str) -> None:
    """It leaves the title; a single title may begin with a date that belongs to it."""
    found = listing("".join(entry.format(n=n, t=t) for n, t in enumerate(TITLES)))
    assert [(item.title, item.published) for item in found.items] == [(t, date(2024, 3, 5)) for t in TITLES]
    titles = ["1. Januar 2025: Das ändert sich", *TITLES]
    found = listing("".join(f'<li><a href="/p/{n}">{t}</a></li>' for n, t in enumerate(titles)))
    assert [item.title for item in found.items] == titles


def test_a_form_around_the_whole_page_is_no_form() -> None:
    """ASP.NET wraps every page in one; a search form beside the entries stays outside."""
    search = '<form><h3><a href="/suche">Suche im Archiv</a></h3></form>'
    assert [item.title for item in listing(f"<form>{ITEMS}</form>{search}").items] == list(TITLES)


def test_headings_of_months_are_no_titles() -> None:
    """Where several linked titles stand under each heading, the links are the entries."""
    entries = "".join(f'<p>05.03. <a href="/p/{n}">{t}</a></p>' for n, t in enumerate(TITLES))
    older = "".join(f'<p>07.02. <a href="/p/{n}{n}">{t} im Februar</a></p>' for n, t in enumerate(TITLES))
    found = listing(f"<h2>März 2024</h2>{entries}<h2>Februar 2024</h2>{older}")
    assert [item.title for item in found.items] == [*TITLES, *(f"{t} im Februar" for t in TITLES)]


def test_what_is_dated_is_news() -> None:
    """A longer list of longer links beside the entries is not taken for them if it shows no days."""
    dated = "".join(f'<p>05.03.2024<br><a href="/p/{n}">{t}</a></p>' for n, t in enumerate(TITLES))
    menu = "".join(f'<li><a href="/m/{n}">Alles Wissenswerte zum Sachgebiet {n}</a></li>' for n in range(20))
    assert [item.title for item in listing(f"<div>{dated}</div><ul>{menu}</ul>").items] == list(TITLES)


def test_the_way_on_from_an_entry_is_no_next_page() -> None:
    """«weiter» below an entry leads into it; the label of a file is no part of a title."""
    entry = '<article><h3><a href="/p/{n}">{t} (PDF, 120 KB)</a></h3><a href="/p/{n}">weiter</a></article>'
    found = listing("".join(entry.format(n=n, t=t) for n, t in enumerate(TITLES)))
    assert found.next_url is None
    assert [item.title for item in found.items] == list(TITLES)


def test_picture_texts_are_no_words_of_an_entry() -> None:
    """Alt texts and source notes are neither topic nor teaser; a missing topic stays missing."""
    item = (
        '<article><img src="a.jpg" alt="Ein Saal"><span>Foto: dpa</span><h3><a href="/p/{n}">{t}</a></h3>'
        "<p>{x} <a href='/p/{n}'>Weiterlesen</a></p></article>"
    )
    found = listing("".join(item.format(n=n, t=t, x=TEXT) for n, t in enumerate(TITLES)))
    assert [(item.kicker, item.teaser) for item in found.items] == [(None, TEXT)] * 3


ITEMS = "".join(f'<h3><a href="/p/{n}">{t}</a></h3>' for n, t in enumerate(TITLES))


@pytest.mark.parametrize(
    ("pager", "url", "expected"),
    [
        ('<a rel="next" href="?page=3">weiter</a>', "https://example.org/presse?page=2", "?page=3"),
        ('<a href="?seite=2">Nächste Seite</a>', "https://example.org/presse", "?seite=2"),
        ('<a href="?page=1">1</a> 2 <a href="?page=3">3</a>', "https://example.org/presse?page=2", "?page=3"),
        ('<a href="?page=0">1</a> <a href="?page=1">2</a>', "https://example.org/presse?page=0", "?page=1"),
        ('<a href="?page=1">‹</a><a href="?page=3">›</a>', "https://example.org/presse?page=2", "?page=3"),
        ('<a href="?page=1">1</a> <b>2</b>', "https://example.org/presse?page=2", None),
        (
            '<a href="?skip=0">1</a> 2 <a href="?skip=40">3</a>',
            "https://example.org/presse?skip=20",
            "?skip=40",
        ),
        (
            '<a href="?nr=0&at=0">1</a> 2 <a href="?nr=2&at=20">3</a>',
            "https://example.org/presse?nr=1&at=10",
            "?nr=2&at=20",
        ),
        (
            '<a href="/presse">1</a> 2 <a href="/presse/seite-3">3</a>',
            "https://example.org/presse/seite-2",
            "/seite-3",
        ),
        (
            '<a href="?per_page=30&page=1">2</a>',
            "https://example.org/presse?per_page=30&page=0",
            "?per_page=30&page=1",
        ),
        ('<a href="/p/9">Weiterlesen</a>', "https://example.org/presse", None),
        ('<a rel="next" href="https://other.example/">weiter</a>', "https://example.org/presse", None),
        ('<a rel="next" href="?page=2">weiter</a>', "https://example.org/presse?page=2", None),
    ],
)
def test_finds_the_next_page(pager: str, url: str, expected: str | None) -> None:
    """rel=next, a label, an arrow or the next number; never itself and never another host."""
    found = listing(f"{ITEMS}<div>{pager}</div>", url)
    assert found.next_url == (f"https://example.org/presse{expected}" if expected else None)


def test_selectors_override() -> None:
    """Configured selectors decide what they name; the rest is read as always."""
    inner = "".join(
        f'<div class="row"><b>{t}</b><i>Thema {n}</i><em>5.3.2024</em><a href="/p/{n}">Meldung</a></div>'
        for n, t in enumerate(TITLES)
    )
    found = listing(inner, item=".row", title="b", kicker="i", date="em")
    assert [(item.title, item.kicker) for item in found.items] == [
        (t, f"Thema {n}") for n, t in enumerate(TITLES)
    ]
    assert {item.published for item in found.items} == {date(2024, 3, 5)}


def test_a_broken_selector_is_an_error() -> None:
    """A selector that is no CSS is named, not ignored."""
    with pytest.raises(ParseError) as caught:
        listing(ITEMS, item="div[")
    assert caught.value.kind == "bad-selector"


def test_side_boxes_are_no_entries() -> None:
    """What stands under «Weitere Meldungen» or in an aside is not part of the listing."""
    aside = '<aside><h3><a href="/x">Ein Thema am Rand</a></h3></aside>'
    box = '<div><h2>Weitere Themen</h2><h3><a href="/y">Noch ein Thema</a></h3></div>'
    assert [item.title for item in listing(ITEMS + aside + box).items] == list(TITLES)


@pytest.mark.parametrize(
    "page",
    [
        '<div class="off-canvas-navigation"><main>{items}</main></div>',
        "<form><main>{items}</main></form>",
        "<main hidden><h3><a href='/x'>Noch nicht gezeigt</a></h3></main><main>{items}</main>",
        "<main></main><div>{items}</div>",
        "<main><aside><h3><a href='/x'>Ein Thema am Rand</a></h3></aside></main><div>{items}</div>",
        "<div hidden><main><h3><a href='/x'>Noch nicht gezeigt</a></h3></main></div><div>{items}</div>",
        "<div style='DISPLAY:none'><main><h3><a href='/x'>Gestern</a></h3></main></div><div>{items}</div>",
    ],
    ids=["named for a menu", "in a form", "one of two", "empty", "a side box", "hidden", "styled away"],
)
def test_entries_stand_in_main(page: str) -> None:
    """Whatever stands around it and by whatever name; in one that shows nothing nobody looks for them."""
    body = f"<html><body>{page.format(items=ITEMS)}</body></html>".encode()
    found = parse_listing(Page("https://example.org/presse", body, "text/html; charset=utf-8", NOW))
    assert [item.title for item in found.items] == list(TITLES)


def test_counts_results() -> None:
    """The number of results is read in one line and in two."""
    assert listing(f"<p>2861 Ergebnisse gefunden</p>{ITEMS}").total == 2861
    assert listing(f"<p>2.015</p><p>Ergebnisse gefunden</p>{ITEMS}").total == 2015
    assert listing(ITEMS).total is None


@pytest.mark.parametrize(
    "body", [b"", b"<html><p>kein Feed</p></html>", b"\x00\xff", b"<rss", b"<feed><entry>"]
)
def test_a_feed_never_raises_anything_else(body: bytes) -> None:
    """Whatever comes where a feed should be gives a listing or a ParseError."""
    page = Page("https://example.org/feed", body, "application/rss+xml", NOW)
    if b"<feed>" in body:
        assert parse_feed(page).items == ()
        return
    with pytest.raises(ParseError) as caught:
        parse_feed(page)
    assert caught.value.kind in ("empty", "not-a-feed")


def test_a_feed_without_end_is_refused() -> None:
    """Ten thousand entries are no press feed; reading hundred thousand would take a minute."""
    body = b"<rss>" + b"<item><link>/x</link></item>" * 10_001 + b"</rss>"
    with pytest.raises(ParseError) as caught:
        parse_feed(Page("https://example.org/feed", body, "application/rss+xml", NOW))
    assert caught.value.kind == "too-complex"
