"""Whether something concerns a topic, and why. Floor 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["kicker", "title", "teaser", "text"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a verdict is made on; `text` is None as long as only the listing is known."""

    title: str
    kicker: str | None = None
    teaser: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rule that spoke: which, where, on which words, and what it added to the score."""

    rule: str
    field: Field
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one topic.

    `uncertain` is true when the score lies so near the threshold that the listing's words alone
    cannot decide and the page should be fetched; it is never true once `text` was given.
    """

    topic: str
    relevant: bool
    uncertain: bool
    score: float
    evidence: tuple[Evidence, ...]
