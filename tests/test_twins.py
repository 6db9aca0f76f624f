"""One release on two hosts, or two that are alike: labelled pairs, and what holds for any text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.twins import Telling, why_different

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "pairs" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]
_TITLE = "Land fördert Sprachkurse"
_TEXT = (
    "Das Land fördert 34 Sprachkurse in Calw. Die Kurse beginnen am Montag, 3. Mai 2027, um 14 Uhr. "
    "Angemeldet haben sich drei Gruppen mit 1.200 Menschen, sagte die Ministerin beim Besuch der Schule."
)
_TELLING = st.builds(Telling, st.text(max_size=20), st.text(max_size=200), st.none() | st.dates())


def _telling(row: dict[str, Any]) -> Telling:
    return Telling(row["title"], row["text"], date.fromisoformat(row["published"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}: {row['other']['title']}")
def test_a_pair_is_judged_as_a_reader_would(row: dict[str, Any]) -> None:
    """Copies come together, neighbours in a series stay apart."""
    reason = why_different(_telling(row["one"]), _telling(row["other"]))
    assert (reason is None) is row["same"], reason


def test_the_set_is_large_and_mixed() -> None:
    """More than a hundred pairs, about as many for as against, no pair twice."""
    assert len(ROWS) >= 120
    assert 0.4 <= sum(row["same"] for row in ROWS) / len(ROWS) <= 0.6
    assert len({json.dumps([row["one"], row["other"]]) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("34 Sprachkurse", "31 Sprachkurse"),
        ("drei Gruppen", "vier Gruppen"),
        ("1.200", "1.300"),
        ("am Montag, 3. Mai", "am Montag, 7. Juni"),
        ("in Calw", "in Nagold"),
    ],
)
def test_one_figure_or_place_makes_another_release(written: str, edited: str) -> None:
    """However much of the rest is the same."""
    other = _TEXT.replace(written, edited)
    assert why_different(Telling(_TITLE, _TEXT), Telling(_TITLE, other)) is not None


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("am Montag, 3. Mai 2027, um 14 Uhr", "heute"),
        ("1.200", "1200"),
        ("drei Gruppen", "3 Gruppen"),
        ("14 Uhr", "14.00 Uhr"),
        (" in Calw", ""),
    ],
)
def test_the_same_said_otherwise_stays_the_same(written: str, edited: str) -> None:
    """A date phrase, a spelling, a word left out."""
    other = _TEXT.replace(written, edited)
    assert why_different(Telling(_TITLE, _TEXT), Telling(_TITLE, other)) is None


@given(_TELLING, _TELLING)
def test_the_order_does_not_matter(one: Telling, other: Telling) -> None:
    """The same answer and reason both ways; a telling is the same as itself."""
    assert why_different(one, other) == why_different(other, one)
    assert why_different(one, one) is None


@pytest.mark.parametrize("piece", ["a", "Ä ", "1.", "1 2 ", "in Calw zu ", "\n\n", "x-\n", "„“", "¶ "])
def test_a_hostile_text_is_cut(piece: str) -> None:
    """Of two megabytes only what a release can have is read."""
    hostile = Telling(piece * 50_000, piece * (2_000_000 // len(piece)))
    assert len(hostile.words) <= 60_000
    assert why_different(hostile, Telling(hostile.title, hostile.text)) is None
    why_different(hostile, Telling(_TITLE, _TEXT))
