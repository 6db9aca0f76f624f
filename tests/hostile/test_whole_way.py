"""Hostile releases on a real portal, through the real program, read where people read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.browsing.conftest import browsing
from tests.cli.program import pressewacht
from tests.world import FILES, World
from worker.demo.portal import Portal
from worker.demo.release import PortalImage, PortalRelease
from worker.models.release import BodyBlock, Link

from .payloads import LINKS, LONG, NO_LINKS, PAYLOADS
from .test_every_form import check_feed, check_html, check_mail

# A page in UTF-8 holds no lone surrogates, one with NUL is taken for binary data.
SHOWN = [
    text.encode("utf-8", "replace").decode() for text in PAYLOADS if text not in LONG and "\x00" not in text
]
ATOM = '[[channels]]\nid = "feed"\nkind = "atom"\npath = "feed.atom"\n'
# What Datasette's pages never hold; a payload that became markup would bring one of them.
FOREIGN = (
    "img,svg,math,iframe,object,embed,base,noscript,template,evil,mtext,mglyph,"
    "[onclick],[onerror],[onmouseover]"
)


def hostile_release(number: int, text: str) -> PortalRelease:
    """A release that says `text` wherever it says anything."""
    release = PortalRelease.about(
        f"{text} Integration {text}",
        slug=f"p{number}",
        kicker=f"Integration {text}",
        lead=f"{text} Geflüchtete {text}",
        images=(PortalImage("x", alt=text, caption=f"{text} Foto", credit=text),),
        links=tuple(Link(f"{text} mehr", url) for url in (*NO_LINKS, *LINKS)),
    )
    body = (
        f"{text} Sprachkurse {text}",
        f"„Das ist {text} wichtig für uns alle“, sagte Minister {text} Lucha.",
        "Die Kurse beginnen im Herbst und stehen allen offen, die neu im Land sind. " * 8,
    )
    return replace(release, body=tuple(BodyBlock("paragraph", paragraph) for paragraph in body))


@pytest.fixture
def attacked(world: World, portal: Portal) -> Iterator[World]:
    """A store full of such releases, each edited once, and their digests in a folder and a feed."""
    world.configure(FILES + ATOM)
    portal.page_size = len(SHOWN)
    for number, text in enumerate(SHOWN):
        portal.publish(hostile_release(number, text))
    assert world.poll().error is None
    world.deliver()
    for number, text in enumerate(SHOWN):
        portal.edit_silently(f"p{number}", title=f"Geändert Integration {text}", lead=f"Neu: {text} anders")
    world.later(hours=30)
    world.recheck()
    world.deliver()
    return world


@pytest.mark.timeout(300)
def test_nothing_a_release_says_has_an_effect(attacked: World) -> None:
    """Not in mails, files, feed, terminal, log, exports or Datasette; each entry is told all the same."""
    assert len(attacked.titles()) == len(SHOWN)
    assert len(attacked.letters()) == 2
    for path in (attacked.folder / "digests").iterdir():
        if path.suffix == ".html":
            check_html(path.read_text("utf-8"))
        else:
            check_mail(path.read_bytes())
    check_feed((attacked.folder / "feed.atom").read_bytes())
    _check_terminal(attacked)
    _check_exports(attacked)
    _check_datasette(attacked)


def _check_terminal(world: World) -> None:
    urls = [row["url"] for row in world.rows("select url from releases where revision = 2")][::9]
    commands = [
        ("status",),
        ("search", "integration", "--limit", "99"),
        ("search", "--json", "--", *SHOWN[::5]),
        ("--verbose", "poll"),
        ("--verbose", "--log-format", "json", "deliver", "--now", "--dry-run", "--json"),
        *(("explain", url) for url in urls[:2]),
        *(("diff", url) for url in urls[2:]),
        ("extract", *urls),
        ("extract", "--json", *urls),
    ]
    for command in commands:
        ran = pressewacht(*command, folder=world.folder)
        assert (ran.out + ran.err).replace("\n", "").isprintable(), command
        assert "unexpected" not in ran.err
        assert "Traceback" not in ran.err


def _check_exports(world: World) -> None:
    pressewacht("export", "--jsonl", "x.jsonl", folder=world.folder)
    pressewacht("export", "--csv", "x.csv", folder=world.folder)
    records = [json.loads(line) for line in (world.folder / "x.jsonl").read_text("utf-8").split("\n") if line]
    assert len(records) == len(SHOWN)
    for record in records:
        assert json.dumps(record, ensure_ascii=False).isprintable()
        for link in (*record["links"], *record["related"]):
            assert link["url"] is None or urlsplit(link["url"]).scheme in ("http", "https")
            assert link["url"] is None or "@" not in urlsplit(link["url"]).netloc
    _check_cells((world.folder / "x.csv").read_text("utf-8-sig"))


def _check_cells(table: str) -> None:
    """No formula, whatever a spreadsheet parts cells at."""
    for delimiter in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(table), delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))]


def _check_datasette(world: World) -> None:
    with browsing(str(world.store)) as browser:
        _check_cells(browser.client.get("/monitor/releases_for_spreadsheets.csv").text)
        pages = {"/", "/monitor", "/monitor/latest_releases"}
        for front in sorted(pages):
            tree = LexborHTMLParser(browser.client.get(front).text)
            links = tree.css("a[href^='/monitor/']:not([href*='.'])")  # a dot leads to JSON or CSV
            pages |= {str(link.attributes["href"]) for link in links}
        assert len(pages) > 20 + len(SHOWN)
        pages |= {f"/monitor/search_releases?words={word}" for word in ("integration", "NEAR(", '"')}
        for page in sorted(pages):
            answer = browser.client.get(page)
            assert answer.status_code == 200, page
            tree = LexborHTMLParser(answer.text)
            assert not tree.css(FOREIGN), page
            assert not [node for node in tree.css("script") if "alert(1)" in node.text()]
            for link in tree.css("a[href]"):
                address = urlsplit(urljoin(browser.address, link.attributes["href"]))
                assert address.scheme in ("http", "https")
                assert "@" not in address.netloc
