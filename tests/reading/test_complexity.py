"""Markup that would take the parser unbounded time is refused before it is parsed."""

from __future__ import annotations

import pytest

from worker.reading.complexity import excess

FONTS = "".join(f"<font size={number}>" for number in range(1500))


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 40_000,
        "<div>" * 3_000,
        "<a " + " ".join(f"a{number}" for number in range(30_000)) + ">",
        '<a title="' + '" b="' * 20_000 + ">",
        "<select>" + "<option>x" * 12_000,
        "<p>" + FONTS + "<p>x" * 1500,
    ],
    ids=["tags", "depth", "attributes", "quotes", "options", "formatting"],
)
@pytest.mark.timeout(20)
def test_bombs_are_refused_before_they_are_parsed(markup: str) -> None:
    """Nesting, attributes, options and unclosed formatting: a reason, long before lexbor would be done."""
    assert excess(f"<html><body>{markup}</body></html>".encode())


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Text</p>" * 3_000,
        "<ul>" + "<li>Punkt" * 5_000 + "</ul>",
        "<script>" + "var a = 1;" * 20_000 + "</script>",
        "<table>" + "<tr><td>Zelle</td></tr>" * 2_000 + "</table>",
    ],
    ids=["paragraphs", "open items", "script", "table"],
)
def test_long_pages_are_no_bombs(markup: str) -> None:
    """Long but flat pages are read."""
    assert excess(f"<html><body>{markup}</body></html>".encode()) is None
