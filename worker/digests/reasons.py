"""Why a release was chosen, in a reader's words. Floor 1, pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from worker.models.verdict import Field, Verdict

_FIELDS: dict[str, dict[Field, str]] = {
    "de": {"kicker": "Thema", "title": "Titel", "teaser": "Anreißer", "text": "Text"},
    "en": {"kicker": "kicker", "title": "title", "teaser": "teaser", "text": "text"},
}
_MOST = 4


def say_reasons(language: Literal["de", "en"], verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """`Titel: „Sprachkurse“` for the words that weighed most, strongest first, each word once."""
    spoke = [one for verdict in verdicts if verdict.relevant for one in verdict.evidence if one.weight > 0]
    spoke.sort(key=lambda one: -one.weight)
    quoted = "„{}“" if language == "de" else "“{}”"
    reasons: dict[str, str] = {}
    for one in spoke:
        reasons.setdefault(one.words.lower(), f"{_FIELDS[language][one.field]}: {quoted.format(one.words)}")
    return tuple(list(reasons.values())[:_MOST])
