"""Releases, pages and verdicts as tests need them: one line each, everything else at its plainest."""

from __future__ import annotations

from datetime import UTC, date, datetime

from worker.fingerprint import content_sha256
from worker.models.known import KnownItem, Sighting
from worker.models.page import Page, Validators
from worker.models.release import (
    Amount,
    BodyBlock,
    Extraction,
    Image,
    Link,
    Quote,
    Release,
)
from worker.models.verdict import Evidence, Verdict

NOW = datetime(2026, 3, 21, 8, 0, tzinfo=UTC)
URL = "https://presse.test/pid/ein-titel"


def release(
    title: str = "Ein Titel",
    *,
    kicker: str | None = "Integration",
    lead: str | None = "Ein kurzer Text.",
    body: tuple[str, ...] = ("Erster Absatz.", "Zweiter Absatz."),
    published: date | None = date(2026, 3, 20),
) -> Release:
    """A release with one of everything."""
    return Release(
        url=URL,
        kicker=kicker,
        title=title,
        published=published,
        lead=lead,
        body=tuple(BodyBlock("paragraph", text) for text in body),
        images=(Image("https://presse.test/a.jpg", "Bild", None, "dpa"),),
        links=(Link("Mehr", "https://presse.test/mehr"),),
        related=(),
        quotes=(Quote("Dr. Ute Leidig", "Staatssekretärin", "Gut so."),),
        amounts=(Amount(320_000_000, "EUR", "320 Millionen Euro"),),
        extractor=Extraction("1", "test"),
    )


def verdict(topic: str = "integration", *, relevant: bool = True, score: float = 0.9) -> Verdict:
    """A verdict with one piece of evidence."""
    evidence = (Evidence("stem:integration", "title", "Integration", score),)
    return Verdict(topic, relevant, uncertain=False, score=score, evidence=evidence)


def page(body: bytes = b"<html>Seite</html>", etag: str | None = '"1"') -> Page:
    """A page as fetched."""
    return Page(URL, body, "text/html", NOW, validators=Validators(etag, None))


def sighting(of: Release | None = None, *, relevant: bool = True) -> Sighting:
    """A look at a page that holds this release."""
    seen = of or release()
    body = f"<html>{seen.title} {seen.text}</html>".encode()
    return Sighting(seen, page(body), content_sha256(seen), (verdict(relevant=relevant),))


def item(url: str = URL, *, source: str = "ministerium", **changes: object) -> KnownItem:
    """A listing entry that waits to be fetched."""
    fields: dict[str, object] = {
        "url": url,
        "identity": url.removeprefix("https://"),
        "link": url,
        "source": source,
        "kicker": "Integration",
        "title": "Ein Titel",
        "teaser": None,
        "published": date(2026, 3, 20),
        "state": "pending",
    }
    return KnownItem(**(fields | changes))  # type: ignore[arg-type]
