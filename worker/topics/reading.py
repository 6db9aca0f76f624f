"""Read one field with a topic's eyes: strike out what does not count, list what does.

In: a field's text. Out: a `Reading` with the rules found, each token counted for one rule only.
Weighs nothing against the threshold. Floor 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.topics.offices import office_tokens
from worker.topics.patterns import Occurrence
from worker.topics.topic import Rule, Topic
from worker.topics.words import Token, clean, tokenize


@dataclass(frozen=True, slots=True)
class Hit:
    """Rule `number` stands at these words; `tokens` are their places in the field, in its `sentence`."""

    number: int
    rule: Rule
    words: str
    tokens: tuple[int, ...]
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field says about a topic.

    `counted` are candidates in reading order, still unchecked for company; `struck` is what was
    removed although the topic knows its words; `company` numbers the rules present that others
    depend on.
    """

    counted: tuple[Hit, ...]
    struck: tuple[Hit, ...]
    company: frozenset[int]
    collective: tuple[Hit, ...]
    words: int


_OFFICE_NAME = Rule("office-name", "office")


def read_field(topic: Topic, text: str | None, *, is_kicker: bool = False) -> Reading:
    """Return what `text` (None or empty: nothing) says about `topic`."""
    cleaned = clean(text)
    tokens = tokenize(cleaned)
    found = topic.index.find(tokens)
    if not found:
        return Reading((), (), frozenset(), (), len(tokens))
    spoken = _Spoken(topic, cleaned, tokens)
    struck, struck_tokens = _strike(spoken, found)
    left = [occurrence for occurrence in found if struck_tokens.isdisjoint(occurrence.tokens)]
    counted = [
        spoken.hit(occurrence)
        for occurrence in left
        if topic.rules[occurrence.pattern].effect == "count"
        and (is_kicker or not topic.rules[occurrence.pattern].kicker_only)
    ]
    collective = [o for o in found if topic.rules[o.pattern].effect == "collective"]
    return Reading(
        counted=tuple(counted),
        struck=tuple(struck),
        company=frozenset(o.pattern for o in left if topic.rules[o.pattern].effect == "company"),
        collective=tuple(spoken.hit(occurrence) for occurrence in collective),
        words=len(tokens),
    )


def in_company(hits: Iterable[Hit], company: frozenset[int]) -> list[Hit]:
    """Return the hits whose context rule is satisfied by the company present."""
    return [
        hit
        for hit in hits
        if (not hit.rule.needs or not hit.rule.needs.isdisjoint(company))
        and hit.rule.unless.isdisjoint(company)
    ]


@dataclass(frozen=True, slots=True)
class _Spoken:
    topic: Topic
    text: str
    tokens: Sequence[Token]

    def hit(self, occurrence: Occurrence) -> Hit:
        rule = self.topic.rules[occurrence.pattern]
        sentence = self.tokens[occurrence.tokens[0]].sentence
        return Hit(occurrence.pattern, rule, self.words(occurrence.tokens), occurrence.tokens, sentence)

    def words(self, indices: Sequence[int]) -> str:
        return " ".join(self.text[self.tokens[indices[0]].start : self.tokens[indices[-1]].end].split())


def _strike(spoken: _Spoken, found: Sequence[Occurrence]) -> tuple[list[Hit], set[int]]:
    """Return what to report as struck out, and the tokens that no longer count."""
    rules = spoken.topic.rules
    kept = {token for o in found if rules[o.pattern].effect == "keep" for token in o.tokens}
    known = {token for o in found if rules[o.pattern].effect == "count" for token in o.tokens}
    struck: list[Hit] = []
    gone: set[int] = set()
    for hit, tokens in _candidates(spoken, found):
        removed = set(tokens) - kept - gone
        gone |= removed
        if removed & known:  # an office that hid nothing did not speak
            struck.append(hit)
    return struck, gone


def _candidates(spoken: _Spoken, found: Sequence[Occurrence]) -> Iterable[tuple[Hit, tuple[int, ...]]]:
    for indices in office_tokens(spoken.text, spoken.tokens):
        yield Hit(-1, _OFFICE_NAME, spoken.words(indices), indices), indices
    for occurrence in found:
        if spoken.topic.rules[occurrence.pattern].effect in ("ignore", "office"):
            yield spoken.hit(occurrence), occurrence.tokens
