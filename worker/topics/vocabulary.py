"""What a topic's words are: the shape of `[topics.NAME]` in config.toml and of the built-in vocabulary.

In: such a table. Out: the same, checked, and laid over the built-in one of that name. The words
themselves are German and written in the little language of `patterns.py`. Floor 1.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

BUILT_IN = ("integration",)
_Share = Field(default=None, ge=0.0, le=1.0)


class ContextRule(BaseModel):
    """`[[topics.NAME.context]]`: words that count only in the right company.

    One of `words` counts as `weight` when (a) one of `with` stands near it (`with` left out: no
    company needed) and (b) none of `without` does. *Near* is: anywhere in kicker, title and
    teaser; in a text, in the same paragraph. With `kicker_only` the words count in a kicker only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    words: tuple[str, ...] = Field(min_length=1)
    with_: tuple[str, ...] = Field(default=(), alias="with")
    without: tuple[str, ...] = ()
    weight: float = Field(default=0.6, ge=-1.0, le=1.0)
    kicker_only: bool = False


class FieldShares(BaseModel):
    """`[topics.NAME.fields]`: how much of its weight a word keeps in each field of a listing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kicker: float | None = _Share
    title: float | None = _Share
    teaser: float | None = _Share


class CommonTable(BaseModel):
    """`common.toml`: what holds for every topic.

    `departments` are the words ministries are named after; `collective` is how releases on many
    subjects at once call themselves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    departments: tuple[str, ...]
    collective: tuple[str, ...]


class TopicTable(BaseModel):
    """`[topics.NAME]`: a new topic, or changes to the built-in one of that name.

    Every word adds its weight to the score (0 to 1); at `threshold` the release is relevant.

    name        how digests call the topic (default: its id)
    threshold   the score from which a release counts (default 0.5)
    doubt       so near to the threshold, above or below, the page is fetched and its text decides (0.25)
    strong      words that decide alone: weight 1.0 (0.7 in a teaser)
    medium      words that decide in a kicker or title: 0.6
    weak        words that need company: 0.3
    against     words that speak against the topic: −0.5
    exclude     words that decide against it, for the release is about this instead: −1.2
    kickers     words that decide alone, but only in a kicker: 1.0
    ignore      words and phrases struck out before anything is counted («Integrierte Leitstelle»)
    keep        what looks like an office or an ignored phrase and is the subject all the same
    offices     further office and sender names to strike out; ministers and ministries are known
    collective  names of releases on many subjects at once (a cabinet report): their text is always read
    weights     word = weight, for words that fit no list; 0 switches a word off
    remove      words of the built-in lists (spelt as there) that shall not count at all
    groups      name = [words]: usable as @name inside any list
    context     rules for words that count only in the right company, see `ContextRule`
    fields      shares of kicker, title and teaser, see `FieldShares`

    Laid over a built-in topic, lists are added to, a word listed anew leaves its old list, single
    values replace.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = Field(default=None, min_length=1)
    threshold: float | None = Field(default=None, gt=0.0, le=1.0)
    doubt: float | None = _Share
    strong: tuple[str, ...] = ()
    medium: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    kickers: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    collective: tuple[str, ...] = ()
    weights: dict[str, float] = Field(default_factory=dict)
    remove: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    context: tuple[ContextRule, ...] = ()
    fields: FieldShares = FieldShares()


_LISTS = (
    "strong",
    "medium",
    "weak",
    "against",
    "exclude",
    "kickers",
    "ignore",
    "keep",
    "offices",
    "collective",
)
_SCORED = _LISTS[:5]


@cache
def common() -> CommonTable:
    """Return what holds for every topic; read once from the package."""
    return CommonTable.model_validate(_packaged("common"))


@cache
def built_in(topic_id: str) -> TopicTable | None:
    """Return the shipped vocabulary of that name, or None; read once from the package."""
    if topic_id not in BUILT_IN:
        return None
    return TopicTable.model_validate(_packaged(topic_id))


def _packaged(name: str) -> dict[str, object]:
    source = resources.files("worker.topics").joinpath(f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def overlay(base: TopicTable, own: TopicTable) -> TopicTable:
    """Return `base` with everything `own` says added or put in its place."""
    moved = {word for key in _SCORED for word in getattr(own, key)} | set(own.weights)
    gone = set(own.remove)
    merged: dict[str, object] = {}
    for key in _LISTS:
        leaving = gone | moved if key in _SCORED else gone
        kept = tuple(word for word in getattr(base, key) if word not in leaving)
        merged[key] = kept + getattr(own, key)
    merged["weights"] = {
        word: weight for word, weight in base.weights.items() if word not in gone | moved
    } | own.weights
    merged["groups"] = base.groups | {
        name: base.groups.get(name, ()) + words for name, words in own.groups.items()
    }
    merged["context"] = _without_words(base.context, gone) + own.context
    merged["fields"] = base.fields.model_copy(update=own.fields.model_dump(exclude_none=True))
    for key in ("name", "threshold", "doubt"):
        merged[key] = getattr(base, key) if getattr(own, key) is None else getattr(own, key)
    return TopicTable.model_validate(merged)


def _without_words(rules: tuple[ContextRule, ...], gone: set[str]) -> tuple[ContextRule, ...]:
    kept: list[ContextRule] = []
    for rule in rules:
        words = tuple(word for word in rule.words if word not in gone)
        if words:
            kept.append(rule.model_copy(update={"words": words}))
    return tuple(kept)
