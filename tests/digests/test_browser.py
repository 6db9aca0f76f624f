"""A digest in a real browser: what a reader sees, on a phone too, and nothing that runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chromium import dumped, needs_chromium, seen
from worker.digests.html import write_html
from worker.digests.view import view_digest
from worker.models.event import SourceNote

from .samples import COURSES, MANAGERS, SOURCE_NAME, WITHDRAWN, changed_entry, digest, entry

pytestmark = needs_chromium
_LONG = "Donaudampfschifffahrtsgesellschaft" * 8


@pytest.mark.parametrize("width", [375, 1000])
def test_everything_is_seen_on_a_phone_and_at_a_desk(width: int, tmp_path: Path) -> None:
    """Nothing is wider than the screen, and all of it can be read, whole or named in a line."""
    message = replace(digest(), sources=(SourceNote(SOURCE_NAME, is_troubled=True),))
    page = seen(write_html(view_digest(message, whole=2)), width, tmp_path)
    assert page.width <= width
    for words in (
        "1 neue, 1 geänderte und 1 zurückgezogene Mitteilung",
        f"{SOURCE_NAME} ist gestört",
        COURSES.title,
        COURSES.quotes[0].text,
        "320 Millionen Euro",
        "Ausgewählt wegen",
        MANAGERS.title.split()[0],
        WITHDRAWN.title,
        "Zeitraum",
    ):
        assert words in " ".join(page.text.split())


def test_a_word_without_end_stays_on_a_phone(tmp_path: Path) -> None:
    """Titles and leads are broken where they must be."""
    long = replace(COURSES, title=_LONG, lead=_LONG, kicker=_LONG)
    assert seen(write_html(view_digest(digest(entry(long), changed_entry()))), 375, tmp_path).width <= 375


def test_nothing_in_a_title_runs(tmp_path: Path) -> None:
    """A title that would be a script is words on the page."""
    attack = (
        "<img src=x onerror=\"document.body.innerHTML='GEHACKT'\"><script>document.title='GEHACKT'</script>"
    )
    page = tmp_path / "digest.html"
    hostile = digest(entry(replace(COURSES, title=attack)))
    page.write_text(write_html(view_digest(hostile)), encoding="utf-8")
    shown = dumped(page.as_uri(), tmp_path)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown
