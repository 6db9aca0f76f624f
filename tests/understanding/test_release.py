"""What understanding promises on any page: a full record with witnesses, or a typed refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_golden import FIXTURES, load_page
from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.listing import ListingItem
from worker.models.page import Page
from worker.models.release import Release
from worker.text import clean

NOW = datetime(2024, 5, 2, tzinfo=UTC)
KINDS = frozenset({"not-html", "empty", "incomplete", "too-complex", "no-title", "no-body", "not-a-release"})
LEAD = "Das Land fördert zwölf Projekte in der Nachbarschaft und stellt dafür Mittel bereit."
TEXT = "Die Vorhaben wurden von einer Jury ausgewählt und laufen bis zum Ende des kommenden Jahres."


def extract(
    markup: str, listed: ListingItem | None = None, content_type: str = "text/html; charset=utf-8"
) -> Release:
    """Extract a record from markup or, with another content type, from a rendering."""
    return extract_release(Page("https://example.org/p/1", markup.encode(), content_type, NOW), listed=listed)


def page(inner: str, head: str = "") -> str:
    """Return a page around a main part."""
    return f"<!doctype html><html><head>{head}</head><body><main>{inner}</main></body></html>"


def test_every_line_of_a_seed_is_somewhere() -> None:
    """Each line of the seed documents is in the right field or known furniture; nothing is lost."""
    furniture = {"Berechne Lesezeit", "Teilen", "Weitere Meldungen", "// //"}
    for name in ("seed-2017-rendering", "seed-2024-rendering"):
        case = FIXTURES / "bw-sozialministerium" / name
        release = extract_release(load_page(case)[0])
        told = {release.kicker, release.title, release.lead, *(block.text for block in release.body)}
        told |= {link.text for link in release.links} | {
            words for r in release.related for words in (r.kicker, r.title)
        }
        told |= {words for image in release.images for words in (image.alt, image.caption)}
        lines = [
            clean(line.strip().lstrip("•")) for line in (case / "page.txt").read_text("utf-8").splitlines()
        ]
        after = lines.index("Weitere Meldungen")
        lost = [line for line in lines[:after] if line and line not in told and line not in furniture]
        assert all("(Quelle: dpa)" in line for line in lost)
        titles = [line for line in lines[after:] if line in {r.title for r in release.related}]
        assert len(titles) == len(release.related)
        assert release.extractor.warnings == ()


def test_the_listing_is_a_witness() -> None:
    """What the page does not say, the listing may: day and topic, each with its witness."""
    listed = ListingItem(
        "https://example.org/p/1", "Titel der Meldung", "Integration", None, date(2024, 3, 5)
    )
    release = extract(page(f"<h1>Titel der Meldung</h1><p>{LEAD}</p><p>{TEXT}</p>"), listed)
    assert (release.kicker, release.published) == ("Integration", date(2024, 3, 5))
    assert release.extractor.witness["published"] == "listing"
    assert release.extractor.witness["kicker"] == "listing"


def test_witnesses_that_disagree_leave_a_warning() -> None:
    """time, metadata and listing name three days: the first counts, the others are told."""
    head = '<meta property="article:published_time" content="2024-03-02">'
    inner = f'<time datetime="2024-03-01">1. März</time><h1>Titel der Meldung</h1><p>{LEAD}</p><p>{TEXT}</p>'
    listed = ListingItem("https://example.org/p/1", "Titel der Meldung", published=date(2024, 3, 3))
    release = extract(page(inner, head), listed)
    assert release.published == date(2024, 3, 1)
    assert len([warning for warning in release.extractor.warnings if warning.startswith("published")]) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Tagung findet am 12. April 2024 statt.",
        "Das Gesetz vom 3. Mai 2019 gilt weiter.",
        "Stand: 1. Januar 2024.",
    ],
)
def test_event_dates_are_no_publication_dates(sentence: str) -> None:
    """A date in the text that is not said to be the release's own is none."""
    assert extract(page(f"<h1>Titel der Meldung</h1><p>{LEAD}</p><p>{sentence} {TEXT}</p>")).published is None


def test_unknown_lines_are_reported() -> None:
    """A line of the main region that fits no role is the first sign of a new template."""
    release = extract(
        page(f"<h1>Titel der Meldung</h1><div>Kennziffer 4711-B</div><p>{LEAD}</p><p>{TEXT}</p>")
    )
    assert any("Kennziffer 4711-B" in warning for warning in release.extractor.warnings)
    assert "Kennziffer" not in release.text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Anmeldung zum Integrationspreis startet", LEAD),
        ("Suche nach Wohnraum wird leichter", LEAD),
        ("Entschuldigung für begangenes Unrecht", LEAD),
        ("Ministerium der Justiz mit neuem Haushalt", LEAD),
        ("Kontaktstelle für Eingewanderte eröffnet", LEAD),
    ],
)
def test_short_releases_are_not_mistaken_for_walls(title: str, text: str) -> None:
    """Words of login, search and error pages may begin the title of a real release."""
    head = f"<title>{title}</title>"
    assert extract(page(f"<h1>{title}</h1><p>{text}</p><p>{TEXT}</p>", head)).title == title


@pytest.mark.parametrize(
    "line",
    [
        "Nr. 131/23",
        "12.03.2024 | LM | Nr. 131/23",
        "Pressemitteilung 08/24 vom 12. März 2024",
        "12.03.2024, 10:15 Uhr — Erstveröffentlichung (aktuell)",
        "vor 3 Wochen",
        "12.03.2024 um 10:15 Uhr",
        "Stuttgart | 12.03.2024",
        "Die Senatorin für Arbeit und Zusammenhalt",
    ],
)
def test_numbers_days_places_and_publishers_are_no_topic(line: str) -> None:
    """Lines that stand where a topic would, and are none."""
    assert extract(page(f"<p>{line}</p><h1>Ein Titel</h1><p>{LEAD}</p><p>{TEXT}</p>")).kicker is None


@pytest.mark.parametrize(
    "line", ["12.03.2024 | Integration", "12.03.2024 Integration", "12.03.2024 Thema: Integration"]
)
def test_a_topic_may_stand_beside_the_day(line: str) -> None:
    """A line of date and topic gives both."""
    release = extract(page(f"<p>{line}</p><h1>Ein Titel</h1><p>{LEAD}</p><p>{TEXT}</p>"))
    assert (release.kicker, release.published) == ("Integration", date(2024, 3, 12))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PM Nr. 12 / 18.08.2023", date(2023, 8, 18)),
        ("18. August '23 · Text: Toni Lemmer", date(2023, 8, 18)),
        ("Ausgegeben am 18.8.2023 · Abteilung 5", date(2023, 8, 18)),
        ("18.08.2023, zuletzt geändert am 21.08.2023", date(2023, 8, 18)),
        ("Zuletzt geändert am 21.08.2023", None),
    ],
)
def test_the_day_of_publication_in_its_line(line: str, day: date | None) -> None:
    """What stands beside the day does not hide it; the day of a change is none."""
    release = extract(page(f"<h1>Ein Titel</h1><p>{line}</p><p>{LEAD}</p><p>{TEXT}</p>"))
    assert (release.published, release.lead) == (day, LEAD)


@pytest.mark.parametrize("opening", ["Neustadt, 02.02.2022 (aekm). ", "NEUSTADT (dpl) — 2. Februar 2022. "])
def test_a_dateline_at_the_head_of_the_text_is_a_witness_that_says_so(opening: str) -> None:
    """It stands in for a better one, with a warning."""
    release = extract(page(f"<h1>Ein Titel</h1><p>{opening}{LEAD}</p><p>{TEXT}</p>"))
    assert release.published == date(2022, 2, 2)
    assert any(warning.startswith("published:") for warning in release.extractor.warnings)


def test_a_second_line_of_the_title_does_not_hide_the_day() -> None:
    """A heading between title and date is a line of the release, no sub-heading of its text."""
    head = "<h1>Ein Titel</h1><h2>Städte beteiligen sich</h2><p>Erschienen: Freitag, 03.05.2024</p>"
    release = extract(page(f"{head}<p>{LEAD}</p><p>{TEXT}</p>"))
    assert release.published == date(2024, 5, 3)
    assert [block.text for block in release.body] == ["Städte beteiligen sich", LEAD, TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "Herausgeber: Referat Öffentlichkeitsarbeit, Telefon (0 38 5) 55 50",
        "Pressestelle Arbeit: 0711 123-0",
        "Ministerium für Arbeit, Postfach 10, 70001 Neustadt",
        "Sie möchten keine Meldungen mehr erhalten? Abmelden",
    ],
)
def test_lines_of_the_sender_are_no_text(line: str) -> None:
    """Who sends a release, and how to reach them, stands below its text."""
    assert extract(page(f"<h1>Ein Titel</h1><p>{LEAD}</p><p>{TEXT}</p><p>{line}</p>")).text.endswith(TEXT)


def test_real_releases_about_questions_and_lives_are_kept() -> None:
    """The title of a question page, or somebody's life under a release, makes no page of the site."""
    life = (
        "<h2>Zur Person</h2><ul><li>2001: Studium</li><li>2006: Referentin</li><li>2015: Leiterin</li></ul>"
    )
    for title in (
        "Häufige Fragen zur Chancenkarte jetzt in zwölf Sprachen",
        "Mara Lindholm wird Beauftragte",
    ):
        assert extract(page(f"<h1>{title}</h1><p>{LEAD}</p><p>{TEXT}</p>{life}")).title == title


def test_a_very_long_title_is_kept_whole() -> None:
    """Ten kilobytes of title are a title."""
    title = "Sehr lange Überschrift " * 450
    assert extract(page(f"<h1>{title}</h1><p>{LEAD}</p><p>{TEXT}</p>")).title == clean(title)


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("Minister Manne Lucha", ("Manne Lucha", "Minister")),
        ("Manne Lucha, Minister für Soziales", ("Manne Lucha", "Minister")),
        ("Grundgesetz, Artikel 3", (None, None)),
    ],
)
def test_a_quotation_names_its_speaker(source: str, speaker: tuple[str | None, str | None]) -> None:
    """The source that the markup gives is the speaker if it is somebody, and no text of the release."""
    quotation = f"<blockquote><p>Wir brauchen jede helfende Hand.</p><footer>{source}</footer></blockquote>"
    release = extract(page(f"<h1>Titel der Meldung</h1><p>{LEAD}</p>{quotation}<p>{TEXT}</p>"))
    assert [(quote.speaker, quote.role) for quote in release.quotes] == [speaker]
    assert release.quotes[0].text == "Wir brauchen jede helfende Hand."
    assert source not in release.text


def test_no_row_of_a_table_is_lost() -> None:
    """Rows of numbers are text of the release."""
    rows = "".join(f"<tr><td>{town}</td><td>{count}</td></tr>" for town, count in (("Ulm", 13), ("Aalen", 7)))
    table = f"<table><tr><th>Stadt</th><th>Anträge</th></tr>{rows}</table>"
    release = extract(page(f"<h1>Titel der Meldung</h1><p>{LEAD}</p><p>{TEXT}</p>{table}<p>{TEXT}</p>"))
    assert [block.text for block in release.body[1:4]] == ["Stadt | Anträge", "Ulm | 13", "Aalen | 7"]


SEED = (FIXTURES / "bw-sozialministerium" / "seed-2024-markup" / "page.html").read_bytes()
SPLINTERS = [
    b"<div>",
    b"</div>",
    b"</article>",
    b"<!--",
    b'"',
    b"<table>",
    b"\xff",
    b"<h1>",
    b"&shy;",
    b"<p>",
    b"<a href=x>",
]
CUTS = st.tuples(st.integers(0, len(SEED)), st.integers(0, 80), st.sampled_from(SPLINTERS))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CUTS, min_size=1, max_size=30))
def test_a_damaged_page_is_read_or_refused(cuts: list[tuple[int, int, bytes]]) -> None:
    """Any damage gives a record that is whole in itself or a typed error, within five seconds."""
    body = bytearray(SEED)
    for at, length, splinter in cuts:
        body[at : at + length] = splinter
    check(bytes(body), "text/html")


@settings(max_examples=80)
@given(st.binary(max_size=2_000), st.sampled_from(["text/html", "text/plain", "application/pdf", ""]))
def test_any_bytes(body: bytes, content_type: str) -> None:
    """Any bytes give a record or a typed error."""
    check(body, content_type)


def check(body: bytes, content_type: str) -> None:
    """A record has a title and text of its page, or the refusal has a known kind."""
    refusal = None
    try:
        release = extract_release(Page("https://example.org/p/1", body, content_type, NOW))
    except ParseError as error:
        refusal = error.kind
    if refusal is not None:
        assert refusal in KINDS
        return
    assert release.title
    assert release.text
    assert any(block.kind != "heading" for block in release.body)
