"""Quotations and sums: the gold sentences, one by one, and what may never happen."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.release import Quote
from worker.understanding.amounts import find_amounts
from worker.understanding.quotes import find_quotes

MARKS = {"„", "“", "»", "«", '"'}
GOLD = Path(__file__).parents[2] / "benchmarks" / "facts.jsonl"
CASES = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['texts'][-1][:60]}")
def test_gold(case: dict[str, Any]) -> None:
    """Each gold sentence gives its quotations with speaker and office, and its sums."""
    quotes = [{"speaker": q.speaker, "role": q.role, "text": q.text} for q in find_quotes(case["texts"])]
    amounts = [{"value": a.value, "text": a.text} for a in find_amounts(case["texts"])]
    assert quotes == case["quotes"]
    assert amounts == case["amounts"]


def test_the_gold_set_is_large_enough() -> None:
    """Enough sentences of enough kinds, else the figures of the benchmark mean little."""
    assert len(CASES) >= 130
    assert len({case["kind"] for case in CASES}) >= 15


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


def test_who_is_named_inside_a_quotation_does_not_speak() -> None:
    """«Der Minister» is not the minister whom the quotation speaks of."""
    texts = ["Minister Manne Lucha kam.", "„Ich danke Minister Peter Hauk sehr“, so der Minister."]
    assert [quote.speaker for quote in find_quotes(texts)] == ["Manne Lucha"]


def test_a_block_quotation_with_its_source() -> None:
    """A `<blockquote>` is a quotation without any marks; its source says who speaks."""
    texts = ["Ein Absatz.", "Wir helfen allen, die zu uns kommen.", "„Das Land hilft.“"]
    found = find_quotes(texts, cited={1: "Anna Müller, Vorsitzende des Beirats", 2: "– Minister Lucha"})
    assert found == (
        Quote("Anna Müller", "Vorsitzende", "Wir helfen allen, die zu uns kommen."),
        Quote("Lucha", "Minister", "Das Land hilft."),
    )


@pytest.mark.parametrize("source", [None, "Grundgesetz, Artikel 1", "Süddeutsche Zeitung"])
def test_a_block_quotation_of_nobody(source: str | None) -> None:
    """Without a source, or with one that is no person, nobody speaks."""
    found = find_quotes(["Die Würde des Menschen ist unantastbar."], cited={0: source})
    assert found == (Quote(None, None, "Die Würde des Menschen ist unantastbar."),)


def test_a_pulled_quotation_is_told_once() -> None:
    """Words that the page shows once more in large letters are no second quotation."""
    texts = ["Wir helfen allen", "„Wir helfen allen“, sagte Minister Manne Lucha."]
    assert find_quotes(texts, cited={0: None}) == (Quote("Manne Lucha", "Minister", "Wir helfen allen"),)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["quotes"]], ids=lambda case: case["texts"][-1][:60]
)
def test_a_lost_mark_never_makes_somebody_say_what_they_did_not(case: dict[str, Any]) -> None:
    """Whichever quotation mark a page loses: nobody is given words that are not in their quotation."""
    text = "\n".join(case["texts"])
    for place in (place for place, character in enumerate(text) if character in '„“”»«"'):
        for quote in find_quotes((text[:place] + text[place + 1 :]).split("\n")):
            if quote.speaker is not None:
                assert any(
                    _words(quote.text) in _words(true["text"]) and quote.speaker == true["speaker"]
                    for true in case["quotes"]
                )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


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
            "er",
            "Anna",
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


@given(st.lists(st.lists(WORDS, max_size=25).map(" ".join), max_size=4), st.lists(WORDS, max_size=6))
def test_nothing_is_said_that_the_page_does_not_say(texts: list[str], caption: list[str]) -> None:
    """Whatever marks and words follow each other: quotations, names and sums are words of the text."""
    for quote in find_quotes(texts, [" ".join(caption)]):
        assert quote.text
        assert _stands_in(quote.text.split(), re.sub('[„“»«"]', " ", " ".join(texts)).split())
        if quote.speaker is not None:
            assert set(quote.speaker.split()) <= {*" ".join([*texts, *caption]).split()}
    for amount in find_amounts(texts):
        assert any(amount.text in text for text in texts)
        assert amount.value >= 0


def _stands_in(words: list[str], text: list[str]) -> bool:
    """True when the words, marks inside them apart, follow each other in the text."""
    rest = iter(text)
    return all(word in rest for word in words if word not in MARKS)


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
    """Every text is read; one that took its square in time would meet the time limit of tests."""
    find_quotes([text])
    find_amounts([text])
