"""Who answered for a field, where, and with which of three answers: found, absent, broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_golden import cases, load_page
from tests.understanding.test_release import LEAD, TEXT, extract, page
from worker.models.release import Witness
from worker.reading.page import read_page
from worker.understanding.release import assign_roles

RELEASES = [case for case in cases() if (case / "expected.json").exists()]


def test_each_field_says_by_which_rule_and_where() -> None:
    """A value is never bare, and a field that the layout does not have says so."""
    head = '<p class="topline">Integration</p><h1>Titel der Meldung</h1>'
    fields = extract(page(f"{head}<div><p>{LEAD}</p><p>{TEXT}</p></div>")).extractor.fields
    assert fields["kicker"] == Witness("found", "class", "body>main>p")
    assert fields["title"] == Witness("found", "h1", "body>main>h1")
    assert fields["lead"] == Witness("found", "first paragraph", "body>main>div>p")
    assert fields["published"] == fields["images"] == fields["related"] == Witness("absent")


def test_metadata_and_listing_stand_in_no_block() -> None:
    """A witness outside the visible text has a rule and no place."""
    head = '<meta property="article:published_time" content="2024-03-02">'
    fields = extract(page(f"<h1>Titel der Meldung</h1><p>{LEAD}</p><p>{TEXT}</p>", head)).extractor.fields
    assert fields["published"] == Witness("found", "article:published_time")


@pytest.mark.parametrize("case", RELEASES, ids=lambda case: case.name)
def test_every_block_has_one_role(case: Path) -> None:
    """No block is told twice, and on a page we know none is left over."""
    parts = assign_roles(read_page(load_page(case)[0]))
    taken = [*parts.head.roles, *parts.tail.roles, *parts.pictures.roles, *parts.body.roles]
    assert len(taken) == len(set(taken))
    assert set(parts.region.indexes) <= set(parts.roles)
