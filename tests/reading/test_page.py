"""From a page to blocks: where old pages and renderings part their text."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.models.page import Page
from worker.reading.document import Document
from worker.reading.page import read_page

NOW = datetime(2024, 5, 2, tzinfo=UTC)


def read(body: str, content_type: str = "text/html; charset=utf-8") -> Document:
    """Return the blocks of a page."""
    return read_page(Page("https://example.org/a", body.encode(), content_type, NOW))


def test_two_breaks_end_a_paragraph() -> None:
    """Pages from before 2010 have no `<p>`; one break alone only ends a line."""
    document = read(
        "<html><body><td><b>Vorspann.</b><br>\n <br>Erster<br>Absatz.<br><br>Zweiter.</td></body></html>"
    )
    assert [block.text for block in document.blocks] == ["Vorspann.", "Erster Absatz.", "Zweiter."]


def test_breaks_do_not_part_a_heading() -> None:
    """A title set over several lines is one title."""
    document = read("<html><body><h1>Ein Titel<br><br>über zwei Zeilen</h1></body></html>")
    assert [block.text for block in document.blocks] == ["Ein Titel über zwei Zeilen"]


def test_numbered_lines_of_a_rendering_are_a_list() -> None:
    """An indented number is a point; a number that begins a line of text is none."""
    document = read(
        "  1. Kurse\n  2. Patenschaften\n\n3. Oktober ist Feiertag.\n", "text/plain; charset=utf-8"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("list_item", "Kurse"),
        ("list_item", "Patenschaften"),
        ("paragraph", "3. Oktober ist Feiertag."),
    ]


def test_a_broken_head_keeps_its_metadata() -> None:
    """A `<div>` in the head ends it for the parser; microdata of the body may be another release's."""
    document = read(
        '<html><head><div></div><meta property="article:published_time" content="2024-05-02"></head>'
        '<body><meta itemprop="datePublished" content="2020-01-01"><p>Ein Absatz.</p></body></html>'
    )
    assert document.metadata.dates == {"article:published_time": "2024-05-02"}
