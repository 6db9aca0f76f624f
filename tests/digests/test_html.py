"""The HTML side: safe whatever the ministry's page says, complete, and readable without style."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from selectolax.lexbor import LexborHTMLParser

from worker.digests.cleaning import clean_line, shorten
from worker.digests.html import _templates, write_html, write_html_entry
from worker.digests.view import view_digest, view_entry
from worker.digests.wording import GERMAN
from worker.models.event import Entry, EventKind
from worker.models.release import Amount, Quote

from .samples import COURSES, WITHDRAWN, changed_entry, digest, entry

TIDY = shutil.which("tidy")
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><svg/onload=alert(1)>",
    "</p></div></table>",
    '"><a href="javascript:alert(1)">',
    "' style='position:fixed",
    "<style>*{display:none}</style>",
    "<!-- --><!--",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1&gt;'>",
    "<noscript><p title='</noscript><img src=x>'>",
    "]]><x>",
    "&lt;b&gt;",
    "&#60;script&#62;",
    "{{ 7*7 }}",
    "{% raw %}",
    "%s {0.__class__} $NAME",
    "<![if mso]>",
    "</title><h1>",
]
markup = st.sampled_from(PAYLOADS) | st.text(max_size=60) | st.text(alphabet="<>&\"'/ =!-ab{}%", max_size=40)


def everywhere(text: str) -> Entry:
    """An entry that says `text` in every field a page can fill."""
    release = replace(
        COURSES,
        kicker=f"K{text}",
        title=f"T{text}",
        lead=f"L{text}",
        quotes=(Quote(f"S{text}", f"R{text}", f"Q{text}"),),
        amounts=(Amount(1, "EUR", f"A{text}"),),
    )
    return replace(entry(release), source_name=f"N{text}", reasons=(f"G{text}",))


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element of a page with the names of its attributes, in order."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return [
        (str(node.tag), tuple(sorted(node.attributes))) for node in root.traverse() if node.tag != "-text"
    ]


def shown(html: str) -> str:
    """What a reader sees of a page."""
    body = LexborHTMLParser(html).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


@given(markup)
def test_no_text_can_add_an_element_or_attribute(text: str) -> None:
    """The page has the same elements whatever the fields say."""
    assert skeleton(write_html(view_digest(digest(everywhere(text))))) == skeleton(
        write_html(view_digest(digest(everywhere("x"))))
    )


@given(markup)
def test_no_change_can_add_an_element(text: str) -> None:
    """The words of a diff are text as well."""
    before, after = replace(COURSES, title="alt"), replace(COURSES, title=f"neu{text}")
    calm = changed_entry(before, replace(COURSES, title="neux"))
    assert skeleton(write_html(view_digest(digest(changed_entry(before, after))))) == skeleton(
        write_html(view_digest(digest(calm)))
    )


@given(markup)
def test_the_title_is_shown_as_it_is(text: str) -> None:
    """Escaping loses no character: braces and tags are read as written."""
    view = view_digest(digest(everywhere(text)))
    assert " ".join(shorten(clean_line(f"T{text}"), 300).split()) in shown(write_html(view))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<script>", "https://a@evil.example/", ""]
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Other addresses are shown as text, with no link in the entry at all."""
    html = write_html(view_digest(digest(replace(entry(), url=url))))
    assert LexborHTMLParser(html).css("a") == []


@pytest.mark.skipif(TIDY is None, reason="needs Debian's package tidy")
@pytest.mark.parametrize("whole", [None, 1])
def test_the_page_is_valid(whole: int | None) -> None:
    """HTML Tidy has nothing to say of it, neither told whole nor with a list."""
    page = write_html(view_digest(digest(), unsubscribe_url="https://example.org/ab?a=1&b=2", whole=whole))
    said = subprocess.run([str(TIDY), "-quiet", "-errors"], input=page, capture_output=True, text=True)
    assert said.stderr == ""


def test_nothing_is_loaded_and_nothing_runs() -> None:
    """No image, script, frame, remote style or event handler."""
    html = write_html(view_digest(digest()))
    assert LexborHTMLParser(html).css("img,script,iframe,link,object,embed,form,svg,base") == []
    assert not re.search(r"url\(|@import|src=|\son\w+=", html)


def test_the_page_knows_dark_and_narrow_screens() -> None:
    """Dark colours, a viewport and both colour-scheme marks are there."""
    html = write_html(view_digest(digest()))
    for mark in (
        'name="color-scheme"',
        "prefers-color-scheme: dark",
        "width=device-width",
        "max-width: 520px",
    ):
        assert mark in html


def test_a_changed_release_shows_its_words() -> None:
    """Removed and new words are marked as such, even without style."""
    tree = LexborHTMLParser(write_html(view_digest(digest())))
    assert [node.text() for node in tree.css("del")] == ["dauerhaft", "70", "März"]
    assert [node.text() for node in tree.css("ins")] == ["bis 2028", "58", "Januar"]


def test_a_changed_lead_is_shown_once() -> None:
    """The text begins with the lead, so the lead's own diff would say everything twice."""
    edited = replace(COURSES, lead="Völlig anders.")
    view = view_entry(changed_entry(COURSES, edited), GERMAN, None)
    assert [change.label for change in view.changes] == ["Text"]


def test_groups_come_in_their_order() -> None:
    """New, changed, withdrawn, restored, whatever the order they happened in."""
    told = [entry(kind=kind) for kind in reversed(EventKind)]
    tree = LexborHTMLParser(write_html(view_digest(digest(*told))))
    assert [node.text() for node in tree.css("h2")] == ["Neu", "Geändert", "Zurückgezogen", "Wieder da"]


def test_a_withdrawn_release_links_its_stored_copy_only() -> None:
    """The dead page is named, not linked."""
    gone = digest(
        entry(WITHDRAWN, EventKind.WITHDRAWN), stored_copy_base="https://daten.example.net/monitor/"
    )
    links = LexborHTMLParser(write_html(view_digest(gone))).css("a")
    assert [link.attributes["href"] for link in links] == [
        "https://daten.example.net/monitor/releases/"
        "https~3A~2F~2Fsozialministerium~2Ebaden-wuerttemberg~2Ede~2Fde~2Fservice~2Fpresse~2Fpressemitteilung"
        "~2Fpid~2Fneue-beratungsstelle-in-mannheim"
    ]


def test_without_a_stored_copy_the_last_words_are_quoted() -> None:
    """A reader without Datasette still learns what the release said."""
    text = shown(write_html(view_digest(digest(entry(WITHDRAWN, EventKind.WITHDRAWN)))))
    assert "nicht mehr abrufbar" in text
    assert "Archiv" in text
    assert "kostenlos und in sieben Sprachen" in text


def test_every_template_escapes() -> None:
    """The feed's fragment, whose name ends like any other, escapes too."""
    fragment = write_html_entry(view_entry(everywhere("<b>"), GERMAN, None), GERMAN)
    assert "<b>" not in fragment
    assert _templates().from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_a_misspelt_name_in_a_template_is_an_error() -> None:
    """Nothing is left out silently."""
    with pytest.raises(UndefinedError):
        _templates().from_string("{{ x.missing }}").render(x=GERMAN)
