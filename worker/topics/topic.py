"""A topic ready for use: its table compiled into numbered rules and one index over all their words.

In: a topic's id and its table from config.toml. Out: a frozen `Topic`. Reads no file but the
shipped vocabulary and matches nothing itself. Floor 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from worker.errors import UsageError
from worker.topics.patterns import PatternError, PatternIndex
from worker.topics.vocabulary import BUILT_IN, ContextRule, TopicTable, built_in, common, overlay

Effect = Literal["count", "ignore", "keep", "office", "collective", "company"]

THRESHOLD = 0.5
DOUBT = 0.25
STRONG, MEDIUM, WEAK, AGAINST, EXCLUDE = 1.0, 0.6, 0.3, -0.5, -1.2
TEASER_SHARE = 0.7
"""A teaser names more than its subject: a medium word there leaves a doubt, a strong one decides."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one pattern of the table means.

    `label` names it in evidence. `needs` and `unless` number the company rules it depends on.
    """

    label: str
    effect: Effect
    weight: float = 0.0
    kicker_only: bool = False
    needs: frozenset[int] = frozenset()
    unless: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of its weight a word keeps in each field of the listing."""

    kicker: float
    title: float
    teaser: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A compiled topic; `rules[n]` explains the pattern that `index` numbers n."""

    id: str
    name: str
    threshold: float
    doubt: float
    shares: Shares
    rules: tuple[Rule, ...]
    index: PatternIndex = field(repr=False, compare=False)


def build_topic(topic_id: str, table: TopicTable | None = None) -> Topic:
    """Compile the topic `topic_id` from the built-in vocabulary, the table of config.toml, or both.

    Raises UsageError for a topic that is neither built in nor defined, for one without a single
    word, and for a pattern that cannot be read.
    """
    base = built_in(topic_id)
    if base is None and table is None:
        known = ", ".join(BUILT_IN)
        raise UsageError(
            f"topic {topic_id!r} is neither built in ({known}) nor defined: add a table [topics.{topic_id}]"
        )
    full = overlay(base or TopicTable(), table or TopicTable())
    try:
        return _compile(topic_id, full)
    except PatternError as error:
        raise UsageError(f"[topics.{topic_id}]: {error}") from error


def _compile(topic_id: str, table: TopicTable) -> Topic:
    patterns: list[str] = []
    rules: list[Rule] = []
    for pattern, rule in _rules(table):
        patterns.append(pattern)
        rules.append(rule)
    if not any(rule.effect == "count" and rule.weight > 0 for rule in rules):
        raise UsageError(f"[topics.{topic_id}] has no words: give it a list `strong` or `medium`")
    shares = table.fields
    return Topic(
        id=topic_id,
        name=table.name or topic_id,
        threshold=THRESHOLD if table.threshold is None else table.threshold,
        doubt=DOUBT if table.doubt is None else table.doubt,
        shares=Shares(
            kicker=1.0 if shares.kicker is None else shares.kicker,
            title=1.0 if shares.title is None else shares.title,
            teaser=TEASER_SHARE if shares.teaser is None else shares.teaser,
        ),
        rules=tuple(rules),
        index=PatternIndex(patterns, table.groups),
    )


def _rules(table: TopicTable) -> Iterator[tuple[str, Rule]]:
    """Yield every pattern of the table with its meaning; company comes last, numbered from there."""
    simple = list(_simple_rules(table))
    yield from simple
    number = len(simple) + sum(len(rule.words) for rule in table.context)
    company: list[tuple[str, Rule]] = []
    for context in table.context:
        needs = frozenset(range(number, number + len(context.with_)))
        number += len(context.with_)
        unless = frozenset(range(number, number + len(context.without)))
        number += len(context.without)
        company += [(word, Rule(word, "company")) for word in context.with_ + context.without]
        yield from _context_rules(context, needs, unless)
    yield from company


def _context_rules(
    context: ContextRule, needs: frozenset[int], unless: frozenset[int]
) -> Iterator[tuple[str, Rule]]:
    for word in context.words:
        label = f"context:{word.lower()}"
        yield (
            word,
            Rule(label, "count", context.weight, context.kicker_only, needs=needs, unless=unless),
        )


def _simple_rules(table: TopicTable) -> Iterator[tuple[str, Rule]]:
    levels = (
        (table.strong, STRONG),
        (table.medium, MEDIUM),
        (table.weak, WEAK),
        (table.against, AGAINST),
        (table.exclude, EXCLUDE),
    )
    for words, weight in levels:
        yield from ((word, Rule(_label(word, weight), "count", weight)) for word in words)
    for word, weight in table.weights.items():
        if weight:
            yield word, Rule(_label(word, weight), "count", weight)
    for word in table.kickers:
        yield word, Rule(f"kicker:{word.lower()}", "count", STRONG, kicker_only=True)
    for word in table.ignore:
        yield word, Rule(f"ignore:{word.lower()}", "ignore")
    for word in table.keep:
        yield word, Rule(f"keep:{word.lower()}", "keep")
    for word in table.offices:
        yield word, Rule("office-name", "office")
    for word in common().collective + table.collective:
        yield word, Rule("collective", "collective")


def _label(pattern: str, weight: float) -> str:
    if weight < 0:
        return f"exclude:{pattern.lower()}"
    return f"{'phrase' if ' ' in pattern else 'stem'}:{pattern.lower()}"
