"""Every directory in `fixtures/` that holds a page and its circumstances, field by field.

A case is `page.*` with `meta.json` (kind, url, content type, when it was fetched) and one expectation:
`expected.json` (the record), `expected_listing.json` (a listing or a feed) or `expected_error.json` (the
kind of the refusal). A missing expectation is written and the test fails: review it, run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.page import Page
from worker.models.release import EXTRACTOR_VERSION
from worker.reading.feed import parse_feed
from worker.reading.listing import parse_listing
from worker.record import from_record, to_record

FIXTURES = Path(__file__).parent.parent / "fixtures"
SOURCES = ("bw-sozialministerium", "bw-portal", "other")
EXPECTATIONS = ("expected.json", "expected_listing.json", "expected_error.json")


def load_page(case: Path) -> tuple[Page, str]:
    """Return the saved page of a case and its kind: release, listing or feed."""
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    body = next(case.glob("page.*")).read_bytes()
    fetched_at = datetime.fromisoformat(meta["fetched_at"])
    return Page(meta["url"], body, meta["content_type"], fetched_at), meta["kind"]


def read_case(case: Path) -> tuple[str, dict[str, Any]]:
    """Return what today's code makes of a case: the name of the expectation and its content."""
    page, kind = load_page(case)
    try:
        if kind == "release":
            record = json.loads(json.dumps(to_record(extract_release(page), case.parent.name)))
            record["extractor"].pop("version")
            return "expected.json", record
        listing = parse_listing(page) if kind == "listing" else parse_feed(page)
    except ParseError as error:
        return "expected_error.json", {"kind": error.kind}
    return "expected_listing.json", json.loads(json.dumps(asdict(listing), default=str))


def cases() -> list[Path]:
    """Return every case of the sources that hold goldens."""
    return [meta.parent for source in SOURCES for meta in sorted((FIXTURES / source).glob("*/meta.json"))]


def fields() -> Iterator[Any]:
    """Return one test item per case and expected field."""
    for case in cases():
        expectation = next((case / name for name in EXPECTATIONS if (case / name).exists()), None)
        names = sorted(json.loads(expectation.read_text("utf-8"))) if expectation else ["(new)"]
        for name in names:
            yield pytest.param(case, name, id=f"{case.parent.name}/{case.name}:{name}")


@pytest.mark.parametrize(("case", "field"), list(fields()))
def test_field(case: Path, field: str) -> None:
    """Each field of a saved page is what a person reviewed."""
    name, found = read_case(case)
    if field == "(new)":
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        (case / name).write_text(text, encoding="utf-8")
        pytest.fail(f"{case / name} was missing and is written now: review and rerun")
    expected = json.loads((case / name).read_text("utf-8")) if (case / name).exists() else {}
    assert found.get(field) == expected.get(field)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_complete(case: Path) -> None:
    """A case has exactly one expectation, of the kind found, and no field beyond the expected."""
    present = [name for name in EXPECTATIONS if (case / name).exists()]
    name, found = read_case(case)
    assert present == [name]
    assert set(found) == set(json.loads((case / name).read_text("utf-8")))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_says_what_it_is(case: Path) -> None:
    """Each case says whether it is a reconstruction, and why it is there."""
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    assert isinstance(meta["reconstruction"], bool)
    assert meta["notes"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_record_survives_storage(case: Path) -> None:
    """A record goes to JSON and back without loss."""
    page, kind = load_page(case)
    if kind != "release" or (case / "expected_error.json").exists():
        pytest.skip("no record")
    release = extract_release(page)
    assert release.extractor.version == EXTRACTOR_VERSION
    assert from_record(json.loads(json.dumps(to_record(release, None)))) == release


@pytest.mark.parametrize(
    ("rendering", "markup"),
    [
        ("seed-2017-rendering", "seed-2017-markup"),
        ("seed-2017-rendering", "seed-2017-flat-h2"),
        ("seed-2024-rendering", "seed-2024-markup"),
        ("seed-2024-rendering", "seed-2024-no-classes"),
        ("seed-2024-rendering", "seed-2024-flat-h2"),
    ],
)
def test_seed_reads_the_same_as_markup(rendering: str, markup: str) -> None:
    """A seed and its reconstructed page give the same record, apart from addresses and related news."""
    records = []
    for name in (rendering, markup):
        record = read_case(FIXTURES / "bw-sozialministerium" / name)[1]
        for part in (*record["images"], *record["links"]):
            part.pop("src", None)
            part.pop("url", None)
        records.append({field: record[field] for field in record if field not in ("extractor", "related")})
    assert records[0] == records[1]
