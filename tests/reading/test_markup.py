"""From source to blocks: what is cut before the parse, what lexbor writes, what becomes a block."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from worker.models.page import Page
from worker.reading.document import Document
from worker.reading.page import read_page
from worker.reading.pruning import prune_listing, prune_release
from worker.reading.tags import VOID, attributes_of, tags_of

NOW = datetime(2024, 5, 2, tzinfo=UTC)


def read(inner: str) -> Document:
    """Read a page with this body."""
    markup = f"<!doctype html><html><body>{inner}</body></html>"
    return read_page(Page("https://example.org/p/1", markup.encode(), "text/html; charset=utf-8", NOW))


def texts(inner: str) -> list[str]:
    """Return the texts of the blocks of a page."""
    return [block.text for block in read(inner).blocks]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("a<!-- <p> -->b<!--[if !IE]><!-->c<!--<![endif]-->d", "abcd"),
        ("a<!-->b<!--->c", "a<!-->b<!--->c"),
        ("a<SCRIPT>if (a<b) '<nav>'</Script >b<style>x", "ab"),
        ("<script-box>a</script-box><nav-bar>b</nav-bar>", "<script-box>a</script-box><nav-bar>b</nav-bar>"),
        ("<nav><!-- </nav> --><svg><a/></svg><b>x</b></nav>a", "a"),
        ("<nav>open<article>text</article></nav>", "<nav>open<article>text</article></nav>"),
        ("<nav>a<nav>b</nav>c</nav>", "<nav>ac</nav>"),
        ("<nav>never closed <p>text", "<nav>never closed <p>text"),
        ("<footer> <div>foot</div></footer>", ""),
        ("""<source srcset="a>b" media='x'>a<source-x>""", "a<source-x>"),
        ("<footer>Erika Muster</footer>", "<footer>Erika Muster</footer>"),
    ],
)
def test_only_what_is_whole_beyond_doubt_is_cut(source: str, left: str) -> None:
    """Comments and scripts end where a browser ends them; menus that could hold text are left alone."""
    assert prune_release(source.encode()).decode() == left


def test_a_listing_keeps_its_menus() -> None:
    """The pager of a listing may stand in a `nav`."""
    assert prune_listing(b"<nav><a href=2>2</a><svg></svg></nav>") == b"<nav><a href=2>2</a></nav>"


@pytest.mark.parametrize(
    "piece",
    [
        b"<",
        b"<nav>",
        b"<!--",
        b"<script>",
        b"<nav><svg><footer><div>",
        b"<nav><!--",
        b"<footer ",
        b"<source '",
        b"<nav><svg></svg",
        b"application/ld+json",
    ],
)
@pytest.mark.timeout(20)
def test_hostile_source_is_cut_in_linear_time(piece: bytes) -> None:
    """Two megabytes of openings without an end are one pass."""
    assert len(prune_release(piece * (2_000_000 // len(piece)))) <= 2_000_000


NAMES = st.text('abc"=<&/>', min_size=1, max_size=6)


@given(st.dictionaries(NAMES, st.text('x <>"&=/äß', max_size=8), max_size=4), st.text("x <>&ä", max_size=9))
def test_what_lexbor_writes_is_read_exactly(attributes: dict[str, str], text: str) -> None:
    """Whatever stands in names, values and text, the tags are those of the tree."""
    written = "".join(f" {name}='{value}'" for name, value in attributes.items())
    tree = LexborHTMLParser(f"<body><p{written}>{text}<b>b</b>after</p></body>")
    assert tree.body is not None
    found = list(tags_of(tree.body))
    nodes = [node for node in tree.body.traverse() if node.is_element_node]
    assert [name for name, *_ in found if name[0] not in "/!?"] == [node.tag for node in nodes]
    paragraph = tree.body.css_first("p")
    if paragraph is not None:
        written = next(attributes for name, attributes, *_ in found if name == "p")
        assert attributes_of(written) == {name: value or "" for name, value in paragraph.attributes.items()}


def test_elements_without_end_are_known() -> None:
    """Every name that lexbor writes without an end tag is on the list: one more would shift all settings."""
    for name in (*VOID, "p", "span", "u", "object", "custom-box", "menuitem", "nextid", "wbr-x"):
        written = LexborHTMLParser(f"<body><{name}>").html or ""
        assert f"<{name}>" not in written or (name in VOID) == (f"</{name}>" not in written), name


def test_what_is_hidden_is_no_text() -> None:
    """Hidden parts, controls and templates are left out; what a search may find is not hidden."""
    inner = (
        '<p hidden>a</p><div style="display: none">b<div>c</div></div><p hidden="until-found">d</p>'
        '<button>e<span>f</span></button>g<a href="/" hidden>h</a><template><p>i</p></template>'
    )
    assert texts(inner) == ["d", "g"]


def test_web_components_and_details_hold_text() -> None:
    """A page without `main`, with elements of its own and hashed class names, is read the same way."""
    inner = (
        '<bw-article class="_a8f3"><bw-text>Erster Absatz</bw-text><bw-text>Zweiter</bw-text></bw-article>'
        "<details><summary>Hintergrund</summary>Im Jahr 2023</details>"
    )
    assert texts(inner) == ["Erster Absatz", "Zweiter", "Hintergrund", "Im Jahr 2023"]


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (
            "<caption>Anträge</caption><tr><th></th><th>2022</th><th>2023</th></tr>"
            "<tr><th>Stuttgart</th><td>120</td><td>35</td></tr><tr><td></td><td> </td></tr>",
            ["Anträge", "| 2022 | 2023", "Stuttgart | 120 | 35"],
        ),
        (
            "<tr><td>Ulm</td><td></td><td><a href=x>13</a></td></tr>"
            "<tr><td>Aalen</td><td>1</td><td>2</td></tr>",
            ["Ulm | | 13", "Aalen | 1 | 2"],
        ),
        (
            "<tr><th><p>Projekt</p></th><th><p>Ziel</p></th></tr>"
            "<tr><td><p>Elternlotsen</p></td><td><p>Eltern begleiten.</p><ul><li>Schule</li></ul></td></tr>",
            ["Projekt | Ziel", "Elternlotsen | Eltern begleiten. Schule"],
        ),
    ],
)
def test_a_table_of_data_is_read_row_by_row(cells: str, rows: list[str]) -> None:
    """No cell is lost, and a number stands beside what it counts."""
    assert texts(f"<h1>Titel</h1><table>{cells}</table><p>Text</p>") == ["Titel", *rows, "Text"]


@pytest.mark.parametrize(
    "cells",
    [
        "<td>Menü</td><td><h1>Titel</h1>Text</td></tr><tr><td>a</td><td>b</td>",
        f"<td>Menü</td><td>{'Ein langer Absatz. ' * 9}</td></tr><tr><td>a</td><td>b</td>",
        "<td>Menü</td><td><table><tr><td>1</td></tr></table></td></tr><tr><td>a</td><td>b</td>",
        "<td>Menü</td><td>Text</td>",
    ],
    ids=["heading", "prose", "table in a table", "one row"],
)
def test_a_table_that_lays_out_a_page_stays_in_cells(cells: str) -> None:
    """Around 2005 a page was one table: its cells are no row of data."""
    assert not any("|" in text for text in texts(f"<table><tr>{cells}</tr></table>"))


@pytest.mark.parametrize(
    ("inner", "blocks"),
    [
        ("<div>Eins<br>eins<br><br>Zwei<br /> &nbsp;<br>Drei</div>", ["Eins eins", "Zwei", "Drei"]),
        ("<p><a href=x>Eins<br><br><b>Zwei</b></a></p>", ["Eins", "Zwei"]),
        ("<h1>Ein<br><br>Titel</h1><ul><li>Ein<br><br>Punkt</li></ul>", ["Ein Titel", "Ein Punkt"]),
    ],
)
def test_an_empty_line_parts_paragraphs(inner: str, blocks: list[str]) -> None:
    """Two line breaks end a paragraph, one does not; a heading and a point stay whole."""
    assert texts(inner) == blocks


SAID = "Wir brauchen jede helfende Hand."


@pytest.mark.parametrize(
    "quotation",
    [
        f"<blockquote><p>{SAID}</p><cite>Manne Lucha</cite></blockquote>",
        f"<blockquote><p>{SAID}</p><footer>— <cite>Manne Lucha</cite></footer></blockquote>",
        f"<blockquote><p>{SAID}</p><footer><p>Manne Lucha</p></footer></blockquote>",
        f"<blockquote>{SAID} – <cite>Manne Lucha</cite></blockquote>",
        f"<blockquote><p>{SAID}<br>– <cite>Manne Lucha</cite></p></blockquote>",
        f"<figure><blockquote><p>{SAID}</p></blockquote><figcaption>Manne Lucha</figcaption></figure>",
    ],
)
def test_the_source_of_a_quotation_is_kept_apart(quotation: str) -> None:
    """Whoever the markup names is no part of what was said."""
    found = read(f"<p>Davor.</p>{quotation}<p>Danach.</p>").blocks
    assert [(block.kind, block.text, block.attribution) for block in found] == [
        ("paragraph", "Davor.", None),
        ("quote", SAID, "Manne Lucha"),
        ("paragraph", "Danach.", None),
    ]


def test_a_title_that_is_cited_stays_in_its_sentence() -> None:
    """`cite` within a sentence names a work, and a caption without a quotation is one of a picture."""
    quotation = "<blockquote><p>Wie in <cite>Faust</cite> gesagt.</p></blockquote>"
    figure = "<figure><img src=a.jpg alt=A><figcaption>Die Hand</figcaption></figure>"
    assert texts(quotation + figure) == ["Wie in Faust gesagt.", "A", "Die Hand"]


@pytest.mark.parametrize(
    "inner",
    [
        "<blockquote>" + "<p>a.</p><cite>b</cite>" * 5_000 + "</blockquote>",
        "<blockquote><p>x" + "<cite></cite>" * 12_000,
        "<h2>" + "<br>" * 20_000 + "x",
        "<table><tr><td>a</td><td>" * 300,
    ],
    ids=["sources", "empty sources", "line breaks", "tables"],
)
@pytest.mark.timeout(20)
def test_long_pages_are_read_in_linear_time(inner: str) -> None:
    """What looks back (for an empty line, for a quotation, for a table's blocks) looks at each once."""
    assert read(f"<p>Text</p>{inner}").blocks
