"""The readable pages in a real browser: what is seen, on a phone too, and nothing stored that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.chromium import Seen, dumped, needs_chromium, seen
from worker.models.release import BodyBlock, Image, Link
from worker.store.connection import working

from .conftest import Browser, browsing
from .samples import COURSES, NOW, SITE, entry_of, fill, list_entries, read_release
from .test_pages import path_of

pytestmark = needs_chromium
ATTACK = "<img src=x onerror=\"document.title='GEHACKT'\"><script>document.title='GEHACKT'</script></style>"
LONG = "Donaudampfschifffahrtsgesellschaft" * 300


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """`browse` on a store with a release that attacks wherever it says anything, and one without end."""
    path = tmp_path_factory.mktemp("attacked") / "presse-archiv.db"
    fill(path)
    evil = replace(
        COURSES,
        url=f"{SITE}/boese",
        kicker=ATTACK,
        title=ATTACK,
        lead=ATTACK,
        body=(BodyBlock("heading", ATTACK), BodyBlock("paragraph", ATTACK), BodyBlock("quote", ATTACK)),
        images=(Image("javascript:document.title='GEHACKT'", ATTACK, ATTACK, ATTACK),),
        links=(Link(ATTACK, "javascript:document.title='GEHACKT'"),),
    )
    long = replace(
        COURSES, url=f"{SITE}/lang", kicker=LONG, title=LONG, lead=LONG, body=(BodyBlock("list_item", LONG),)
    )
    with working(path) as db:
        list_entries(db, [entry_of(evil), entry_of(long)], NOW)
        read_release(db, evil, NOW)
        read_release(db, long, NOW)
    with browsing(str(path)) as running:
        yield running


def on_a_phone(browser: Browser, path: str, folder: Path) -> Seen:
    """A page 390 pixels wide, without the server's content policy: markup alone must keep scripts out."""
    page = browser.client.get(path).text.replace("<head>", f'<head><base href="{browser.address}">')
    return seen(page, 390, folder)


@pytest.mark.parametrize("name", ["boese", "lang"])
def test_release_fits_a_phone_and_runs_nothing(attacked: Browser, tmp_path: Path, name: str) -> None:
    """A script in a title is words, a word without end is broken, and all else is there to be read."""
    page = on_a_phone(attacked, path_of(f"{SITE}/{name}"), tmp_path)
    assert page.title.startswith((ATTACK[:20], LONG[:20]))
    assert page.width <= 390
    assert ATTACK in page.text or LONG in page.text
    assert "What happened to it" in page.text


def test_start_page_fits_a_phone_and_runs_nothing(attacked: Browser, tmp_path: Path) -> None:
    """Long and hostile titles stand beside the others; the months and the sources are there."""
    page = on_a_phone(attacked, "/", tmp_path)
    assert page.title == "Pressewacht"
    assert page.width <= 390
    assert page.tallest > 40
    for words in (ATTACK[:30], str(COURSES.title), "Releases per month", "Sources", "Who said what"):
        assert words in page.text


def test_page_as_served_runs_nothing(attacked: Browser, tmp_path: Path) -> None:
    """The same as it comes, with its policy: no element of the attack has come to be."""
    page = LexborHTMLParser(dumped(attacked.address + path_of(f"{SITE}/boese"), tmp_path))
    assert not page.css("img, [onerror]")
    assert "GEHACKT" not in [node.text() for node in page.css("title")]
