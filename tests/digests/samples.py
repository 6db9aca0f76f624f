"""Releases, entries and digests to tell, and the channels to tell them through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from worker.config.schema import AtomChannel, EmailChannel, FilesChannel, WebhookChannel
from worker.diffs import diff_releases
from worker.models.event import Alert, Digest, Entry, EventKind
from worker.models.release import Amount, BodyBlock, Extraction, Quote, Release

COMPOSED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SITE = "https://sozialministerium.baden-wuerttemberg.de/de/service/presse/pressemitteilung/pid"
SOURCE_NAME = "Ministerium für Soziales, Gesundheit und Integration Baden-Württemberg"

EMAIL = EmailChannel(
    id="redaktion",
    kind="email",
    to=("leserin@example.org",),
    sender="pressewacht@example.net",
    smtp_host="mail.example.net",
    unsubscribe_url="https://example.net/abbestellen?" + "token=0123456789abcdef&" * 6 + "kanal=redaktion",
)
FILES = FilesChannel(id="archiv", kind="files", path=Path("digests"))
ATOM = AtomChannel(id="atom", kind="atom", path=Path("integration.atom"), title="Integration im Land")
STANDARD = WebhookChannel(id="chat", kind="webhook", url="https://hooks.example.net/1")

COURSES = Release(
    url=f"{SITE}/land-foerdert-sprachkurse",
    kicker="Integration",
    title="Land fördert Sprachkurse für Geflüchtete mit 320 Millionen Euro",
    published=date(2026, 11, 20),
    lead="Das Land baut die Sprachförderung für Geflüchtete und Zugewanderte aus. Städte, Landkreise und "
    "Gemeinden können ab Januar 2027 Zuschüsse für Kurse beantragen, die der Bund nicht bezahlt.",
    body=(
        BodyBlock("paragraph", "Gefördert werden Kurse bis zum Sprachniveau B2, auch mit Kinderbetreuung."),
        BodyBlock(
            "paragraph", "„Sprache ist der Schlüssel zur Teilhabe“, sagte Staatssekretärin Dr. Ute Leidig."
        ),
    ),
    images=(),
    links=(),
    related=(),
    quotes=(
        Quote(
            "Dr. Ute Leidig",
            "Staatssekretärin",
            "Sprache ist der Schlüssel zur Teilhabe. An der Förderung der ergänzenden Sprachkurse des Landes "
            "werden wir festhalten.",
        ),
    ),
    amounts=(Amount(320_000_000, "EUR", "320 Millionen Euro"), Amount(1500, "EUR", "1.500 Euro je Platz")),
    extractor=Extraction("1", "page"),
)
MANAGERS = replace(
    COURSES,
    url=f"{SITE}/integrationsmanagement-wird-fortgefuehrt",
    title="Integrationsmanagement wird bis 2028 fortgeführt",
    published=date(2026, 11, 12),
    lead="Die rund 1.200 Integrationsmanagerinnen und Integrationsmanager in den Kommunen können "
    "weiterarbeiten: Der Pakt für Integration wird verlängert.",
    body=(
        BodyBlock(
            "paragraph",
            "Das Land stellt den Kommunen dafür in den kommenden zwei Jahren 58 Millionen Euro bereit. "
            "Die Anträge nimmt das Regierungspräsidium Stuttgart bis zum 31. Januar entgegen.",
        ),
        BodyBlock("paragraph", "Bewährt habe sich vor allem die aufsuchende Beratung."),
    ),
    quotes=(),
    amounts=(Amount(58_000_000, "EUR", "58 Millionen Euro"),),
)
MANAGERS_BEFORE = replace(
    MANAGERS,
    title="Integrationsmanagement wird dauerhaft fortgeführt",
    body=(
        BodyBlock(
            "paragraph",
            "Das Land stellt den Kommunen dafür in den kommenden zwei Jahren 70 Millionen Euro bereit. "
            "Die Anträge nimmt das Regierungspräsidium Stuttgart bis zum 31. März entgegen.",
        ),
        BodyBlock("paragraph", "Bewährt habe sich vor allem die aufsuchende Beratung."),
    ),
)
WITHDRAWN = replace(
    COURSES,
    url=f"{SITE}/neue-beratungsstelle-in-mannheim",
    kicker="Anerkennung",
    title="Neue Beratungsstelle für ausländische Berufsabschlüsse in Mannheim",
    published=date(2026, 10, 30),
    lead="Wer seinen Berufsabschluss im Ausland erworben hat, findet ab sofort auch in Mannheim Rat.",
    body=(BodyBlock("paragraph", "Die Beratung ist kostenlos und in sieben Sprachen möglich."),),
    quotes=(),
    amounts=(),
)


def entry(release: Release = COURSES, kind: EventKind = EventKind.NEW, revision: int = 1) -> Entry:
    """One release to tell."""
    return Entry(
        kind=kind,
        url=release.url or "",
        source="bw-sozialministerium",
        source_name=SOURCE_NAME,
        release=release,
        revision=revision,
        happened_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC),
        topics=("integration",),
        reasons=("Sprachkurse (Titel)", "Geflüchtete (Titel)", "Themenzeile „Integration“"),
    )


def changed_entry(before: Release = MANAGERS_BEFORE, after: Release = MANAGERS) -> Entry:
    """A silent edit to tell."""
    return replace(entry(after, EventKind.CHANGED, 2), diff=diff_releases(before, after))


def digest(*entries: Entry, stored_copy_base: str | None = None) -> Digest:
    """A digest of `entries`, by default one of each of the first three kinds."""
    told = entries or (entry(WITHDRAWN, EventKind.WITHDRAWN), entry(), changed_entry())
    return Digest(
        id=17,
        uid="d17-4f2a9c",
        channel="redaktion",
        language="de",
        composed_at=COMPOSED,
        entries=told,
        stored_copy_base=stored_copy_base,
    )


TROUBLE = Alert(
    uid="a3-77aa",
    channel="redaktion",
    language="de",
    composed_at=COMPOSED,
    state="trouble",
    subject_kind="source",
    subject_id="bw-sozialministerium",
    text="Die Liste der Pressemitteilungen ist seit drei Abrufen nicht lesbar.",
)
