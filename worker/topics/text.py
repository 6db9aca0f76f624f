"""Weigh a whole text: what it dwells on counts, what it mentions in passing does not.

In: a topic and a page's text, blocks separated by blank lines. Out: what the text adds to the score
(0 to 0.8) and the evidence for it. Never looks at the listing. Floor 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from worker.models.verdict import Evidence
from worker.topics.reading import Hit, in_company, read_field
from worker.topics.topic import Topic

TEXT_SHARE = 0.8
"""What a text that speaks of nothing else adds: enough to decide against a silent listing."""

DENSE = 2.5
"""Sentences on the topic per hundred words from which a text is about it throughout. A release on the
topic has 2 to 6 of its seven or eight, one that mentions it twice has 0.3 to 1.5."""

DENSITY_SHARE = 0.7
"""The rest is the opening's. Below `DENSE` the density counts less than in proportion (power 1.5):
three mentions in three hundred words are three asides."""

OPENING_WORDS = 40
"""The lead of a release says what it is about; its first words are weighed like a teaser."""

SHORTEST = 60
"""A text of fewer words is treated as if it had so many: one word in ten is no density. It may say once
what a longer one says twice."""

TOO_SHORT = 12
"""A text of fewer words says nothing, whatever went wrong: the listing's words must do."""

HEADING_WORDS = 12
"""A paragraph of no more words and without a full stop is a heading, which names its section's subject."""

PASSING = 2
"""With fewer sentences on the topic than this, the text only mentions it, whatever that sentence holds."""

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
    is_heading: bool


def weigh_text(topic: Topic, text: str, *, collective: bool) -> TextWeight | None:
    """Return the weight of `text`, None if it has hardly any words.

    In a collective release one paragraph that would decide as a title is enough.
    """
    paragraphs = [_paragraph(topic, part) for part in _PARAGRAPHS.split(text)]
    if sum(paragraph.words for paragraph in paragraphs) < TOO_SHORT:
        return None
    about = _aboutness(topic, paragraphs)
    if collective:
        about = max([about, *(_named(topic, paragraph) for paragraph in paragraphs)])
    return TextWeight(TEXT_SHARE * about, _evidence(paragraphs, TEXT_SHARE * about))


def _paragraph(topic: Topic, text: str) -> _Paragraph:
    """Keep the hits in the right company; each word counts for its heaviest rule only."""
    reading = read_field(topic, text)
    used: set[int] = set()
    kept: list[Hit] = []
    for hit in sorted(in_company(reading.counted, reading.company), key=lambda hit: -abs(hit.rule.weight)):
        if used.isdisjoint(hit.tokens):
            used.update(hit.tokens)
            kept.append(hit)
    is_heading = reading.words <= HEADING_WORDS and not text.rstrip().endswith(".")
    return _Paragraph(tuple(sorted(kept, key=lambda hit: hit.tokens)), reading.words, is_heading)


def _aboutness(topic: Topic, paragraphs: list[_Paragraph]) -> float:
    """How much the text is about the topic, 0 to 1, by density and by its opening."""
    sentences = [weight for paragraph in paragraphs for weight in _sentences(paragraph)]
    words = sum(paragraph.words for paragraph in paragraphs)
    if sum(weight >= topic.threshold for weight in sentences) < (PASSING if words > SHORTEST else 1):
        return 0.0
    density = 100.0 * sum(sentences) / max(SHORTEST, words)
    opening = min(1.0, max(0.0, sum(_best(_opening(paragraphs)).values()) * topic.shares.teaser))
    dwells = math.pow(min(1.0, max(0.0, density) / DENSE), 1.5)
    return DENSITY_SHARE * dwells + (1.0 - DENSITY_SHARE) * opening


def _sentences(paragraph: _Paragraph) -> Iterable[float]:
    """How much each sentence with a hit says, −1 to 1: three words for one thing say it once."""
    weights: dict[int, float] = {}
    for hit in paragraph.hits:
        weights[hit.sentence] = weights.get(hit.sentence, 0.0) + hit.rule.weight
    return (min(1.0, max(-1.0, weight)) for weight in weights.values())


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
    """1 for a paragraph that is about the topic: a heading that names it, or one that says so twice.

    Not twice in one later sentence: that is an aside.
    """
    clear = sum(_best(list(paragraph.hits)).values()) >= topic.threshold + topic.doubt
    sentences = {hit.sentence for hit in paragraph.hits}
    twice = len(paragraph.hits) >= PASSING and (0 in sentences or len(sentences) > 1)
    return 1.0 if clear and (twice or paragraph.is_heading) else 0.0


def _evidence(paragraphs: list[_Paragraph], score: float) -> tuple[Evidence, ...]:
    """One line for each rule, sharing out the score by what it brought."""
    hits = [hit for paragraph in paragraphs for hit in paragraph.hits]
    times: Counter[int] = Counter(hit.number for hit in hits)
    first = {hit.number: hit for hit in reversed(hits)}
    mass = {number: hit.rule.weight * times[number] for number, hit in first.items()}
    gained = sum(mass.values())
    share = score / gained if gained > 0 else 0.0
    return tuple(
        Evidence(hit.rule.label, "text", hit.words, round(share * mass[number], 4))
        for number, hit in first.items()
    )
