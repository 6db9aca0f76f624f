"""Quotations and sums: the gold sentences, one by one, and what may never happen."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.understanding.amounts import find_amounts
from worker.understanding.quotes import find_quotes

GOLD = Path(__file__).parents[2] / "benchmarks" / "facts.jsonl"
CASES = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["texts"][-1][:60])
def test_gold(case: dict[str, Any]) -> None:
    """Each gold sentence gives its quotations with speaker and office, and its sums."""
    quotes = [{"speaker": q.speaker, "role": q.role, "text": q.text} for q in find_quotes(case["texts"])]
    amounts = [{"value": a.value, "text": a.text} for a in find_amounts(case["texts"])]
    assert quotes == case["quotes"]
    assert amounts == case["amounts"]


def test_the_gold_set_is_large_enough() -> None:
    """At least sixty sentences, else the figures of the benchmark mean little."""
    assert len(CASES) >= 60


def test_full_names_come_from_captions_too() -> None:
    """A caption may be the only place that says the given name."""
    said = ["„Das ist ein Anfang“, sagte Staatssekretärin Leidig."]
    found = find_quotes(said, ["Staatssekretärin Dr. Ute Leidig mit Gästen"])
    assert [(quote.speaker, quote.role) for quote in found] == [("Dr. Ute Leidig", "Staatssekretärin")]


def test_two_people_of_one_name_stay_apart() -> None:
    """A bare surname that two people carry is not given to either."""
    texts = ["Minister Jan Weber und Landrätin Eva Weber sprachen.", "„Das hilft allen hier“, sagte Weber."]
    assert find_quotes(texts)[0].speaker == "Weber"


def test_an_office_without_a_holder_is_nobody() -> None:
    """«Der Minister» without any named minister gives the office and no name."""
    found = find_quotes(["„Das hilft allen hier im Land“, so der Minister."])
    assert (found[0].speaker, found[0].role) == (None, "Minister")


WORDS = st.sampled_from(
    [
        *(
            "„",
            "“",
            "»",
            "«",
            '"',
            ",",
            ".",
            ":",
            "sagte",
            "so",
            "der",
            "Minister",
            "Lucha",
            "Dr.",
            "Ute",
            "Leidig",
        ),
        *(
            "von",
            "Euro",
            "€",
            "Millionen",
            "320",
            "1.000",
            "2,5",
            "bis",
            "zu",
            "rund",
            "Wir",
            "helfen",
            "–",
            "‚",
            "‘",
        ),
    ]
)


@given(st.lists(st.lists(WORDS, max_size=25).map(" ".join), max_size=4))
def test_any_words_are_read_safely(texts: list[str]) -> None:
    """Whatever marks and words follow each other: no exception, and every quotation is words of the text."""
    everything = " ".join(" ".join(texts).split())
    for quote in find_quotes(texts):
        assert quote.text
        assert all(part in everything for part in quote.text.replace(".", " ").split())
    for amount in find_amounts(texts):
        assert amount.text in everything
        assert amount.value >= 0


@given(st.integers(min_value=1, max_value=10**12))
def test_every_whole_sum_is_read(value: int) -> None:
    """A sum with dots between its thousands has its value."""
    text = f"{value:,}".replace(",", ".") + " Euro"
    assert [(a.value, a.text) for a in find_amounts([f"Das Land zahlt {text} dafür."])] == [(value, text)]


@pytest.mark.parametrize(
    "text",
    [
        "„Das ist so“, sagte Minister Lucha. " * 5_000,
        "„Das ist so " * 20_000,
        "111.111." * 100_000 + " Euro",
        "rund " * 100_000 + " Euro",
        "111 111 " * 100_000 + " Euro",
        "1 Euro " * 50_000,
    ],
    ids=["quotes", "open quotes", "dots", "about", "spaces", "sums"],
)
def test_bounded_time(text: str) -> None:
    """No text takes more than a moment."""
    started = time.perf_counter()
    find_quotes([text])
    find_amounts([text])
    assert time.perf_counter() - started < 3
