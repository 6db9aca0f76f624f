"""The start page and the pages of releases, as they are sent: what a reader finds, and nothing that acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from datasette.utils import tilde_decode
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.browsing.start_page import say_age
from worker.digests.view import tilde_encoded
from worker.store.connection import open_store

from .conftest import Browser, browsing
from .samples import CONFERENCE, COUNSEL, COURSES, DOUBLE, EDITED_CONFERENCE, HOSTILE, SOURCE

NAME = "presse-archiv"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """`browse` on a store in which nothing has happened yet."""
    path = tmp_path_factory.mktemp("empty") / "monitor.db"
    open_store(path).conn.close()
    with browsing(str(path)) as running:
        yield running


def page(browser: Browser, path: str = "/") -> LexborHTMLParser:
    """A page that is there, parsed."""
    answer = browser.client.get(path)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def path_of(url: str | None, revision: int | None = None) -> str:
    """Where a release, or one of its revisions, is read."""
    key = tilde_encoded(str(url))
    return f"/{NAME}/revisions/{key},{revision}" if revision else f"/{NAME}/releases/{key}"


def words(node: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    """The text of everything a selector finds."""
    return [" ".join(found.text().split()) for found in node.css(selector)]


def test_start_page_tells_what_is_new(browser: Browser) -> None:
    """The newest releases once each, with their badges, each linked to the page where it is read."""
    start = page(browser)
    titles = words(start, ".headlines a")
    assert titles == [HOSTILE.title, COURSES.title, EDITED_CONFERENCE.title, COUNSEL.title]
    assert words(start, ".badge") == ["edited", "withdrawn"]
    assert [link.attributes["href"] for link in start.css(".headlines a")][1] == path_of(COURSES.url)


def test_start_page_counts(browser: Browser) -> None:
    """Two years of months as bars that can be read aloud, and what the store holds."""
    start = page(browser)
    bars = [link.attributes["aria-label"] for link in start.css(".months a")]
    assert len(bars) == 24
    assert bars[-2:] == ["October 2026: 1 release", "November 2026: 3 releases"]
    assert dict(zip(words(start, ".figures dt"), words(start, ".figures dd"), strict=True)) == {
        "releases": "5",
        "edits": "1",
        "withdrawals": "1",
        "entries": "7",
    }


def test_start_page_tells_how_sources_are(browser: Browser) -> None:
    """Each source with its state, and what one can ask."""
    start = page(browser)
    assert words(start, ".health tbody th") == [SOURCE]
    assert words(start, ".health .state")[0] in ("well", "late", "trouble")
    assert "What is looked at next" in words(start, ".shelf dt")


def test_start_page_of_an_empty_store(empty: Browser) -> None:
    """Nothing yet is said in words, and the questions are there."""
    start = page(empty)
    assert len(start.css(".nothing")) == 2
    assert not start.css(".months")
    assert start.css(".shelf dt")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (180_000, "2 days ago"),
    ],
)
def test_ages_are_said_in_their_largest_unit(seconds: int, said: str) -> None:
    """A clock that was set back is no reason for a negative age."""
    assert say_age(timedelta(seconds=seconds)) == said


def test_release_reads_like_a_release(browser: Browser) -> None:
    """Kicker, title, lead and paragraphs, who spoke, the sums, its pictures as links, why it was chosen."""
    shown = page(browser, path_of(COURSES.url))
    assert words(shown, "h1")[0] == COURSES.title
    assert words(shown, ".masthead .kicker") == ["Integration"]
    assert words(shown, ".wording p") == [str(COURSES.lead), *(block.text for block in COURSES.body)]
    assert words(shown, ".said figcaption") == ["Dr. Ute Leidig, Staatssekretärin"]
    links = {link.attributes["href"]: link.attributes["rel"] for link in shown.css("aside a")}
    assert links == dict.fromkeys(
        ("https://example.org/kurs.jpg", "https://example.org/sprache"), "noopener nofollow noreferrer"
    )
    assert "320 Millionen Euro 320,000,000 EUR" in words(shown, "aside li")
    assert "The kicker says «Integration», which speaks for it +4.0, kicker" in words(shown, "aside li")
    assert not shown.css("article img")


def test_edit_is_shown_word_by_word(browser: Browser) -> None:
    """What went and what came stands in the history; each revision has a page of its own."""
    shown = page(browser, path_of(CONFERENCE.url))
    assert words(shown, ".history b") == ["Next look", "Edited", "First read"]
    assert words(shown, ".history del") == ["58"]
    assert words(shown, ".history ins") == ["ab Montag", "48"]
    first = page(browser, path_of(CONFERENCE.url, 1))
    assert words(first, "h1")[0] == CONFERENCE.title
    assert words(first, ".banner") == ["This is revision 1 of 2. How it reads now"]
    assert words(page(browser, path_of(CONFERENCE.url, 2)), ".history del") == ["58"]


def test_withdrawn_and_repeated_releases_say_so(browser: Browser) -> None:
    """A banner above the wording; the repeated one leads to the first."""
    gone = page(browser, path_of(COUNSEL.url))
    assert "Withdrawn" in words(gone, ".banner")[0]
    assert words(gone, ".history b")[1] == "Withdrawn: its page is gone"
    double = page(browser, path_of(DOUBLE.url))
    assert [link.attributes["href"] for link in double.css(".banner a")] == [path_of(COURSES.url)]


def test_titles_in_answers_lead_to_releases(browser: Browser) -> None:
    """From a question one comes to the page of the release, not to its row only."""
    answer = page(browser, f"/{NAME}/who_said_what?speaker=lucha")
    assert [link.attributes["href"] for link in answer.css("td.col-title a")] == [path_of(CONFERENCE.url)]
    assert words(answer, ".question .hint")[0].startswith("A piece of a name or office")


def test_absent_rows_are_not_found(browser: Browser) -> None:
    """An address of no release, and a revision there never was."""
    for path in (path_of("https://example.org/"), path_of(COURSES.url, 9)):
        assert browser.client.get(path).status_code == 404


def test_raw_data_stays(browser: Browser, store: Path) -> None:
    """The row as it is stored is one click away, and as JSON."""
    assert page(browser, path_of(COURSES.url)).css("details.raw td.col-content_sha256")
    answer = browser.client.get(path_of(COURSES.url) + ".json", params={"_shape": "array"})
    assert answer.json()[0]["url"] == COURSES.url


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_links_in_mails_lead_to_a_row(key: str) -> None:
    """Datasette reads what a digest wrote."""
    assert tilde_decode(tilde_encoded(key)) == key
