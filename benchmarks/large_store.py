"""A store as large as asked, of the worker's own schema, filled by plain SQL: nobody waits for a century.

In goes a path and how much, out comes a store of releases of some 2.5 kB, each with its revisions, events
and parts, its rows in the full-text index, and entries that were set aside. Texts vary as German does: a
few sentences, and compounds of which most are rare. Raw pages are left out: they are the archive, which
nothing here reads, and would be most of the file.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import islice, product
from pathlib import Path

from worker.search_terms import search_terms
from worker.store.connection import open_store

SOURCE = "ministerium"
_SITE = "https://presse.example.org/pressemitteilung/pid"
_SEEDS = Path(__file__).parent.parent / "seeds"
_YEARS = 20
_TOPICS = ("Integration", "Gesundheit", "Wohnen", "Ausbildung", "Ehrenamt", "Pflege", "Sport", "Migration")
_HEADS = (
    "Sprach", "Landes", "Integrations", "Flüchtlings", "Bildungs", "Jugend", "Familien", "Gemeinde", "Pflege",
    "Kinder", "Arbeits", "Wohnungs", "Gesundheits", "Senioren", "Ehrenamts", "Zuwanderungs", "Städte",
    "Kreis",
    "Teilhabe", "Schul", "Verbands", "Sozial", "Haushalts", "Forschungs", "Hilfs", "Gleichstellungs",
)  # fmt: skip
_MIDDLES = (
    "",
    "förder",
    "beratungs",
    "ausbau",
    "qualitäts",
    "netzwerk",
    "modell",
    "planungs",
    "partner",
    "schutz",
)
_TAILS = (
    "programm", "kurse", "konferenz", "zentrum", "preis", "gesetz", "beirat", "angebote", "projekte",
    "mittel",
    "bericht", "woche", "initiative", "strategie", "stelle", "fonds", "gipfel", "bündnis", "akademie", "rat",
)  # fmt: skip
COMPOUNDS = tuple(f"{a}{b}{c}" for a, b, c in product(_HEADS, _MIDDLES, _TAILS))
_EVIDENCE = json.dumps(
    [{"rule": "stem:integration", "field": "title", "words": "Integration", "weight": 0.9}]
)
_AT_ONCE = 5_000


def make_store(path: Path, releases: int, revisions: int, items: int) -> None:
    """Write the store: so many releases with so many revisions each, so many entries in all."""
    with closing(open_store(path).conn) as conn:
        conn.execute("pragma synchronous = off")
        conn.execute("pragma journal_mode = off")
        conn.execute("pragma foreign_keys = off")
        conn.execute("pragma cache_size = -400000")
        _fill(
            conn,
            "insert into sources (id, first_polled_at, last_success_at, last_status) values (?, ?, ?, 'ok')",
            [(SOURCE, "2006-01-01T00:00:00Z", "2026-01-01T00:00:00Z")],
        )
        chance = random.Random(1)
        prose = _prose()
        numbers = iter(range(releases))
        while some := list(islice(numbers, _AT_ONCE)):
            _releases(conn, [_Made(number, releases, chance, prose) for number in some], revisions)
        _entries(conn, releases, items, chance)
        _machinery(conn, releases, releases * revisions)


class _Made:
    """One release: its address, day and words."""

    def __init__(self, number: int, of: int, chance: random.Random, prose: list[str]) -> None:
        self.number = number
        day = date(2026, 11, 23) - timedelta(days=365 * _YEARS * (of - number) // of)
        self.day, self.seen_at = day.isoformat(), f"{day}T08:00:00Z"
        self.id = int(f"{day:%Y%m%d}{number:06}")  # by day, as the worker numbers them
        self.kicker = _TOPICS[number % len(_TOPICS)]
        self.title = f"{_compound(chance)} und {_compound(chance)}: Land stellt Nummer {number} vor"
        self.url = f"{_SITE}/meldung-{number}"
        paragraphs = (f"{chance.choice(prose)} Mehr zum Thema {_compound(chance)}." for _ in range(9))
        self.lead = f"Das Land stärkt {_compound(chance)} und {_compound(chance)}."
        self.text = "\n\n".join((self.lead, *paragraphs))

    def record(self) -> str:
        """About as large as the real one, which holds the text twice."""
        body = [{"kind": "paragraph", "text": text} for text in self.text.split("\n\n")[1:]]
        record = {"url": self.url, "source": SOURCE, "kicker": self.kicker, "title": self.title,
                  "published": self.day, "lead": self.lead, "body": body, "text": self.text}  # fmt: skip
        return json.dumps(record, ensure_ascii=False)


def _compound(chance: random.Random) -> str:
    """Few are frequent and most are rare, as words are."""
    return COMPOUNDS[int(len(COMPOUNDS) * chance.random() ** 3)]


def _prose() -> list[str]:
    lines = (
        line.strip() for path in sorted(_SEEDS.glob("*.txt")) for line in path.read_text("utf-8").split("\n")
    )
    return [line for line in lines if len(line) > 150]


def _releases(conn: sqlite3.Connection, made: list[_Made], revisions: int) -> None:
    numbers = range(1, revisions + 1)
    _fill(
        conn,
        "insert into items (url, identity, link, source, kicker, title, published, first_seen_at,"
        " last_seen_at, relevant, score, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0.9, 'fetched')",
        ((r.url, r.url, r.url, SOURCE, r.kicker, r.title, r.day, r.seen_at, r.seen_at) for r in made),
    )
    _fill(
        conn, "insert into matches values (?, 'integration', 1, 0.9, ?)", ((r.url, _EVIDENCE) for r in made)
    )
    _fill(
        conn,
        "insert into releases (url, id, source, kicker, title, published, lead, text, revision, state,"
        " content_sha256, first_seen_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                r.url,
                r.id,
                SOURCE,
                r.kicker,
                r.title,
                r.day,
                r.lead,
                r.text,
                revisions,
                "live" if r.number % 100 else "withdrawn",
                f"{r.number:064}",
                r.seen_at,
                r.seen_at,
            )
            for r in made
        ),
    )
    _fill(
        conn,
        "insert into revisions values (?, ?, ?, ?, ?, ?, ?, ?, '1', null)",
        (
            (r.url, n, r.seen_at, r.title, r.lead, r.text, f"{r.number:060}{n:04}", r.record())
            for r in made
            for n in numbers
        ),
    )
    _fill(
        conn,
        "insert into events (kind, url, revision, happened_at, topics) values (?, ?, ?, ?, 'integration')",
        (("changed" if n > 1 else "new", r.url, n, r.seen_at) for r in made for n in numbers),
    )
    _fill(
        conn,
        "insert into quotes values (?, ?, ?, ?, ?)",
        (
            (r.url, n, "Dr. Ute Leidig" if r.number % 3 else "Manne Lucha", "Staatssekretärin", r.lead)
            for r in made
            for n in (1, 2)
        ),
    )
    _fill(
        conn,
        "insert into amounts values (?, 1, ?, 'EUR', ?)",
        ((r.url, r.number * 977, f"{r.number * 977} Euro") for r in made),
    )
    _fill(
        conn, "insert into links values (?, ?, 'Mehr', ?)", ((r.url, n, r.url) for r in made for n in (1, 2))
    )
    _fill(
        conn, "insert into images values (?, 1, ?, ?, null, 'dpa')", ((r.url, r.url, r.title) for r in made)
    )
    _fill(
        conn,
        "insert into releases_fts (rowid, title, text, terms) values (?, ?, ?, ?)",
        ((r.id, r.title, r.text, search_terms(f"{r.kicker} {r.title} {r.text}")) for r in made),
    )


def _entries(conn: sqlite3.Connection, releases: int, items: int, chance: random.Random) -> None:
    """Those set aside: most of what a portal publishes is about something else."""
    rest = range(items - releases)

    def rows() -> Iterator[tuple[object, ...]]:
        for number in rest:
            url = f"{_SITE}/anderes-{number}"
            day = (
                date(2026, 11, 23) - timedelta(days=365 * _YEARS * (len(rest) - number) // len(rest))
            ).isoformat()
            title = f"{_compound(chance)} am Ort {number} eröffnet"
            yield (
                url,
                url,
                url,
                SOURCE,
                "Verkehr",
                title,
                day,
                f"{day}T08:00:00Z",
                f"{day}T08:00:00Z",
                number % 50 == 0,
            )

    _fill(
        conn,
        "insert into items (url, identity, link, source, kicker, title, published, first_seen_at,"
        " last_seen_at, score, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'skipped')",
        ((*row[:9], 0.2 if row[9] else 0.0) for row in rows()),
    )
    _fill(
        conn,
        "insert into matches values (?, 'integration', 0, ?, '[]')",
        ((f"{_SITE}/anderes-{number}", 0.0 if number % 50 else 0.2) for number in rest),
    )


def _machinery(conn: sqlite3.Connection, releases: int, events: int) -> None:
    """A poll every half-hour of those years, and a digest for every hundred events."""
    start = datetime(2006, 11, 28)  # noqa: DTZ001
    moments = (start + timedelta(minutes=30 * n) for n in range(releases * 7 // 2))
    _fill(
        conn,
        "insert into runs (kind, source, started_at, finished_at, status, items_seen) values"
        " ('poll', ?, ?, ?, 'unchanged', 20)",
        ((SOURCE, f"{at.isoformat()}Z", f"{at.isoformat()}Z") for at in moments),
    )
    _fill(
        conn, "insert into channels (id, registered_at) values (?, ?)", [("archiv", "2006-11-28T00:00:00Z")]
    )
    _fill(conn, "insert into subscribers values ('archiv', '', '2006-11-28T00:00:00Z', ?)", [(events,)])
    digests = range(1, events // 100 + 1)
    _fill(
        conn,
        "insert into digests (id, channel, created_at, state, message_id, body, sent_at) values"
        " (?, 'archiv', '2016-01-01T00:00:00Z', 'sent', ?, zeroblob(10000), '2016-01-01T00:00:00Z')",
        ((number, f"<{number}@example.org>") for number in digests),
    )
    _fill(
        conn,
        "insert into digest_events values (?, ?, 'archiv', '')",
        (((event - 1) // 100 + 1, event) for event in range(1, len(digests) * 100 + 1)),
    )


def _fill(conn: sqlite3.Connection, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
    conn.execute("begin")
    conn.executemany(sql, rows)
    conn.execute("commit")
