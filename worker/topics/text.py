"""Weigh a whole text: what it dwells on counts, what it mentions in passing does not.

In: a topic and a page's text, blocks separated by blank lines. Out: what the text adds to the score
(0 to 0.8) and the evidence for it. Never looks at the listing. Floor 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from worker.models.verdict import Evidence
from worker.topics.reading import Hit, Reading, in_company, read_field
from worker.topics.topic import Topic

TEXT_SHARE = 0.8
"""What a text that speaks of nothing else adds: enough to decide against a silent listing."""

DENSE = 1.5
"""Weight per hundred words from which a text is about the topic throughout. A release on the topic has
one of its words in every second sentence (2 to 5 per hundred), one that mentions it has 0.1 to 0.4."""

DENSITY_SHARE = 0.6
"""The rest is the opening's. Below `DENSE` the density counts less than in proportion (power 1.5):
three mentions in three hundred words are three asides."""

OPENING_WORDS = 70
"""The lead of a release says what it is about; its first words are weighed like a teaser."""

SHORTEST = 60
"""A text of fewer words is treated as if it had so many: one word in ten is no density."""

TOO_SHORT = 12
"""A text of fewer words says nothing, whatever went wrong: the listing's words must do."""

HEADING_WORDS = 12
"""A paragraph of no more words is a heading, which names its section's subject."""

OFTEN = 4
"""A word repeated more often says nothing new."""

PASSING = 2
"""With fewer mentions than this in all, the text only mentions the topic."""

_PARAGRAPHS = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class TextWeight:
    """What a text adds to the score, and why."""

    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    hits: tuple[Hit, ...]
    words: int


def weigh_text(topic: Topic, text: str, *, collective: bool) -> TextWeight | None:
    """Return the weight of `text`, None if it has hardly any words.

    In a collective release one paragraph that would decide as a title is enough.
    """
    paragraphs = [_paragraph(read_field(topic, part)) for part in _PARAGRAPHS.split(text)]
    if sum(paragraph.words for paragraph in paragraphs) < TOO_SHORT:
        return None
    about = _aboutness(topic, paragraphs)
    if collective:
        about = max([about, *(_named(topic, paragraph) for paragraph in paragraphs)])
    return TextWeight(TEXT_SHARE * about, _evidence(paragraphs, TEXT_SHARE * about))


def _paragraph(reading: Reading) -> _Paragraph:
    """Keep the hits in the right company; each word counts for its heaviest rule only."""
    used: set[int] = set()
    kept: list[Hit] = []
    for hit in sorted(in_company(reading.counted, reading.company), key=lambda hit: -abs(hit.rule.weight)):
        if used.isdisjoint(hit.tokens):
            used.update(hit.tokens)
            kept.append(hit)
    return _Paragraph(tuple(sorted(kept, key=lambda hit: hit.tokens)), reading.words)


def _aboutness(topic: Topic, paragraphs: list[_Paragraph]) -> float:
    """How much the text is about the topic, 0 to 1, by density and by its opening."""
    hits = [hit for paragraph in paragraphs for hit in paragraph.hits]
    if sum(hit.rule.weight > 0 for hit in hits) < PASSING:
        return 0.0
    words = max(SHORTEST, sum(paragraph.words for paragraph in paragraphs))
    density = 100.0 * _mass(hits) / words
    opening = min(1.0, max(0.0, sum(_best(_opening(paragraphs)).values()) * topic.shares.teaser))
    dwells = math.pow(min(1.0, max(0.0, density) / DENSE), 1.5)
    return DENSITY_SHARE * dwells + (1.0 - DENSITY_SHARE) * opening


def _mass(hits: list[Hit]) -> float:
    times: Counter[int] = Counter(hit.number for hit in hits)
    weights = {hit.number: hit.rule.weight for hit in hits}
    return sum(weights[number] * min(OFTEN, count) for number, count in times.items())


def _opening(paragraphs: list[_Paragraph]) -> list[Hit]:
    hits: list[Hit] = []
    passed = 0
    for paragraph in paragraphs:
        hits += (hit for hit in paragraph.hits if passed + hit.tokens[0] < OPENING_WORDS)
        passed += paragraph.words
        if passed >= OPENING_WORDS:
            break
    return hits


def _best(hits: list[Hit]) -> dict[int, float]:
    return {hit.number: hit.rule.weight for hit in hits}


def _named(topic: Topic, paragraph: _Paragraph) -> float:
    """1 for a paragraph that is about the topic: a heading that names it, or one that says so twice."""
    clear = sum(_best(list(paragraph.hits)).values()) >= topic.threshold + topic.doubt
    said_enough = len(paragraph.hits) >= PASSING or paragraph.words <= HEADING_WORDS
    return 1.0 if clear and said_enough else 0.0


def _evidence(paragraphs: list[_Paragraph], score: float) -> tuple[Evidence, ...]:
    """One line for each rule, sharing out the score by what it brought."""
    hits = [hit for paragraph in paragraphs for hit in paragraph.hits]
    times: Counter[int] = Counter(hit.number for hit in hits)
    first = {hit.number: hit for hit in reversed(hits)}
    mass = {number: hit.rule.weight * min(OFTEN, times[number]) for number, hit in first.items()}
    gained = sum(mass.values())
    share = score / gained if gained > 0 else 0.0
    return tuple(
        Evidence(hit.rule.label, "text", hit.words, round(share * mass[number], 4))
        for number, hit in first.items()
    )
