"""A small store as the worker leaves it: new, edited, withdrawn and doubled releases, digests and runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from worker.changes import compare_listing, plan_first, plan_look, plan_missing
from worker.drift.norms import Norm
from worker.drift.traits import ENTRIES
from worker.fingerprint import content_sha256
from worker.models.event import EventKind
from worker.models.known import Sighting, SourceState
from worker.models.listing import ListingItem
from worker.models.page import Page
from worker.models.release import Amount, BodyBlock, Extraction, Image, Link, Quote, Release
from worker.models.report import ChannelReport, SourceReport
from worker.models.verdict import Evidence, Verdict, Wording
from worker.store.channels import register_channels, register_readers
from worker.store.connection import working, write
from worker.store.items import item_by_url, save_items, settle_item
from worker.store.norms import save_norm
from worker.store.outbox import claim, enqueue, next_digest_id, open_events, settle_failed, settle_sent
from worker.store.releases import apply, known_release
from worker.store.runs import finish_delivery_run, finish_run, start_run
from worker.store.sources import register_sources, save_source
from worker.store.troubles import begin_trouble

SOURCE = "bw-sozialministerium"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SITE = "https://sozialministerium.baden-wuerttemberg.de/de/service/presse/pressemitteilung/pid"
PORTAL = "https://www.baden-wuerttemberg.de/de/service/alle-meldungen/meldung/pid"
SCRIPT = "<script>alert(1)</script>"

COURSES = Release(
    url=f"{SITE}/land-foerdert-sprachkurse",
    kicker="Integration",
    title="Land fördert Sprachkurse für Geflüchtete mit 320 Millionen Euro",
    published=date(2026, 11, 18),
    lead="Das Land baut die Sprachförderung für Geflüchtete und Zugewanderte aus.",
    body=(
        BodyBlock(
            "paragraph",
            "Kommunen können ab Januar 2027 Zuschüsse für Kurse beantragen, die der Bund nicht zahlt.",
        ),
        BodyBlock(
            "paragraph", "„Sprache ist der Schlüssel zur Teilhabe“, sagte Staatssekretärin Dr. Ute Leidig."
        ),
    ),
    images=(Image("https://example.org/kurs.jpg", "Kursraum", "Ein Sprachkurs in Mannheim", "dpa"),),
    links=(Link("Sozialministerium: Sprachförderung", "https://example.org/sprache"),),
    related=(),
    quotes=(Quote("Dr. Ute Leidig", "Staatssekretärin", "Sprache ist der Schlüssel zur Teilhabe."),),
    amounts=(Amount(320_000_000, "EUR", "320 Millionen Euro"), Amount(1500, "EUR", "1.500 Euro je Platz")),
    extractor=Extraction("1", "page"),
)
CONFERENCE = replace(
    COURSES,
    url=f"{SITE}/integrationsministerkonferenz-in-stuttgart",
    title="Integrationsministerkonferenz tagt in Stuttgart",
    published=date(2026, 11, 12),
    lead="Die Länder wollen die Integrationskurse des Bundes erhalten.",
    body=(BodyBlock("paragraph", "Das Land stellt dafür 58 Millionen Euro bereit."),),
    images=(),
    links=(),
    quotes=(Quote("Manne Lucha", "Minister", "Wir lassen niemanden zurück."),),
    amounts=(Amount(58_000_000, "EUR", "58 Millionen Euro"),),
)
EDITED_CONFERENCE = replace(
    CONFERENCE,
    title="Integrationsministerkonferenz tagt ab Montag in Stuttgart",
    body=(BodyBlock("paragraph", "Das Land stellt dafür 48 Millionen Euro bereit."),),
    amounts=(Amount(48_000_000, "EUR", "48 Millionen Euro"),),
)
COUNSEL = replace(
    COURSES,
    url=f"{SITE}/neue-beratungsstelle-in-mannheim",
    kicker="Anerkennung",
    title="Neue Beratungsstelle für ausländische Abschlüsse in Mannheim",
    published=date(2026, 10, 30),
    lead="Wer seinen Berufsabschluss im Ausland erworben hat, findet in Mannheim Rat.",
    body=(BodyBlock("paragraph", "Die Beratung ist kostenlos und in sieben Sprachen möglich."),),
    images=(),
    links=(),
    quotes=(),
    amounts=(),
)
HOSTILE = replace(
    COUNSEL,
    url=f"{SITE}/titel-mit-zeichen",
    kicker=f"=1+1{SCRIPT}",
    title=f'=HYPERLINK("https://example.org") {SCRIPT} Integration',
    published=None,
    lead=f"{SCRIPT} Einbürgerung",
    body=(BodyBlock("paragraph", f"Einbürgerung {SCRIPT} im Text"),),
    quotes=(Quote(SCRIPT, None, SCRIPT),),
)
DOUBLE = replace(COURSES, url=f"{PORTAL}/land-foerdert-sprachkurse-1")
OFF_TOPIC = ListingItem(
    f"{SITE}/krankenhausplan", "Neuer Krankenhausplan", "Gesundheit", "Teaser", date(2026, 11, 1)
)
UNREADABLE = ListingItem(
    f"{SITE}/einbuergerung", "Einbürgerung leichter", "Integration", None, date(2026, 11, 2)
)


def fill(path: Path) -> None:
    """Make a store at `path` with everything its tables can hold, through the worker's own functions."""
    with working(path) as db:
        _listing(db)
        for release in (CONFERENCE, COUNSEL, HOSTILE, COURSES):
            read_release(db, release, NOW)
        read_release(db, DOUBLE, NOW, duplicate_of=COURSES.url)
        _edit(db)
        _withdraw(db)
        _digests(db)
        _runs(db)


def read_release(db: Database, release: Release, now: datetime, duplicate_of: str | None = None) -> None:
    """A release that was listed and is now read for the first time."""
    assert release.url
    item = item_by_url(db, release.url)
    plan = plan_first(item, _sighting(release, now), duplicate_of=duplicate_of, now=now, recheck_days=30)
    apply(db, plan)


def list_entries(db: Database, entries: Iterable[ListingItem], now: datetime) -> None:
    """Entries that stand in the listing for the first time."""
    change = compare_listing(
        list(entries),
        {},
        source=SOURCE,
        judge=judge,
        horizon=now.date() - timedelta(days=90),
        is_first_look=True,
        is_catching_up=False,
    )
    with write(db):
        register_sources(db, [SOURCE])
        save_items(db, change.updates, now)


def entry_of(release: Release) -> ListingItem:
    """How the listing shows a release."""
    assert release.url
    return ListingItem(release.url, release.title, release.kicker, release.lead, release.published)


def judge(wording: Wording) -> tuple[Verdict, ...]:
    """A verdict on the words «Integration» and «Einbürgerung» in the kicker."""
    relevant = wording.kicker != "Gesundheit"
    weight = 4.0 if relevant else 0.5
    return (
        Verdict(
            "integration", relevant, False, weight, (Evidence("kicker", "kicker", "Integration", weight),)
        ),
    )


def _listing(db: Database) -> None:
    releases = (COURSES, CONFERENCE, COUNSEL, HOSTILE, DOUBLE)
    list_entries(db, [*map(entry_of, releases), OFF_TOPIC, UNREADABLE], NOW)
    with write(db):
        save_source(db, SourceState(SOURCE, first_polled_at=NOW, last_success_at=NOW, last_status="ok"))
        settle_item(db, UNREADABLE.url, "failed", error="HTTP 500")


def _edit(db: Database) -> None:
    later = NOW + timedelta(hours=2)
    known = known_release(db, str(CONFERENCE.url))
    assert known
    apply(db, plan_look(known, _sighting(EDITED_CONFERENCE, later), later, 30))


def _withdraw(db: Database) -> None:
    for hours in (3, 4):
        known = known_release(db, str(COUNSEL.url))
        assert known
        apply(db, plan_missing(known, NOW + timedelta(hours=hours), 30))


def _digests(db: Database) -> None:
    later = NOW + timedelta(hours=5)
    with write(db):
        register_channels(db, {"redaktion": None, "chat": None}, NOW)
        for channel in ("redaktion", "chat"):
            register_readers(db, channel, [""], NOW)
            db.execute("update subscribers set after_event = 0")
            _enqueue(db, channel, later)
    first, second = (row["id"] for row in list(db.query("select id from digests order by id")))
    assert claim(db, first, "a lease")
    settle_sent(db, first, "redaktion", "a lease", later)
    assert claim(db, second, "another lease")
    settle_failed(db, second, "another lease", "HTTP 400")


def _enqueue(db: Database, channel: str, now: datetime) -> None:
    number = next_digest_id(db)
    events = open_events(db, channel, "")
    assert {EventKind.NEW, EventKind.CHANGED, EventKind.WITHDRAWN} == {event.kind for event in events}
    enqueue(
        db,
        digest_id=number,
        channel=channel,
        recipient="",
        uid=f"msg_{number}",
        body=b"Subject: Integration",
        event_ids=[event.id for event in events],
        now=now,
    )


def _runs(db: Database) -> None:
    well = SourceReport(SOURCE, "ok", 7, 7)
    drift = SourceReport(SOURCE, "drift", error="the listing is empty")
    finish_run(db, start_run(db, "poll", SOURCE, NOW), well, requests=9, bytes_received=123_456)
    finish_run(db, start_run(db, "poll", SOURCE, NOW), drift, requests=1)
    finish_delivery_run(
        db, start_run(db, "deliver", None, NOW), [ChannelReport("chat", failed=1, error="HTTP 400")]
    )
    with write(db):
        begin_trouble(db, "source", SOURCE, "the listing is empty", NOW)
        save_norm(db, SOURCE, Norm(ENTRIES, usual=9, weight=12))


def _sighting(release: Release, now: datetime) -> Sighting:
    body = f"<h1>{release.title}</h1>".encode()
    page = Page(release.url, body, "text/html; charset=utf-8", now)
    wording = Wording(release.title, release.kicker, release.lead, release.text)
    return Sighting(release, page, content_sha256(release), judge(wording))
