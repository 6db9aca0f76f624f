"""What a line of German looks like: a topic, a title, a sentence. Floor 1.

Pure tests on one line of clean text, shared by the rules that assign roles. Each answers yes or no
from the line alone and never looks at its neighbours.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SENTENCE_END = re.compile(r"[.!?…:][“”\"»)‘’]*$|[“”\"»]$")
_SENTENCE_BREAK = re.compile(r"(?<=[a-zäöüß]{3})[“”\"»)]{0,3}[.!?][“”\"»)]{0,3}\s+[„»\"]?[A-ZÄÖÜ]")
# A full stop, and the marks and brackets that may close behind it.
_LONGEST_END = 8
_MAX_KICKER = 70
# The pages of a portal share their topics and the titles of its latest news.
_LINES_KEPT = 512
_MAX_TITLE = 300
# Lower-case words that stand in topics («Kunst und Kultur», «Menschen mit Behinderungen»).
_SMALL_WORDS = frozenset(
    [
        "und",
        "oder",
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "für",
        "im",
        "in",
        "mit",
        "von",
        "zu",
        "zum",
        "zur",
        "am",
        "an",
        "auf",
        "aus",
        "bei",
        "durch",
        "gegen",
        "nach",
        "ohne",
        "über",
        "um",
        "unter",
        "vor",
        "als",
        "bis",
        "seit",
        "statt",
        "trotz",
        "wider",
        "zwischen",
        "ein",
        "eine",
        "einer",
        "eines",
        "e",
        "gut",
        "nicht",
    ]
)
_VERB_ENDINGS = ("t", "te", "ten")
_VERBS = frozenset(
    [
        "ist",
        "sind",
        "hat",
        "haben",
        "will",
        "wollen",
        "soll",
        "sollen",
        "kann",
        "können",
        "muss",
        "müssen",
        "darf",
        "werden",
        "wird",
        "zeigen",
        "fordern",
        "starten",
        "stärken",
        "helfen",
        "geben",
    ]
)
_NOT_VERBS = frozenset(
    ["statt", "nicht", "seit", "mit", "recht", "gut", "jetzt", "dort", "stadt", "weit", "zuletzt", "selbst"]
)


def is_sentence(text: str) -> bool:
    """True when the line ends as a sentence does, closing quotation marks and brackets included."""
    return _SENTENCE_END.search(text, max(0, len(text) - _LONGEST_END)) is not None


def has_two_sentences(text: str) -> bool:
    """True when a sentence ends inside the line and another begins; «19. Konferenz», «Dr. Ute» end none."""
    return _SENTENCE_BREAK.search(text) is not None


def is_kicker_like(text: str) -> bool:
    """True for a topic line: short, without a verb, without the end of a sentence («Kunst und Kultur»)."""
    return len(text) <= _MAX_KICKER and _is_kicker_like(text)


@lru_cache(maxsize=_LINES_KEPT)
def _is_kicker_like(text: str) -> bool:
    if not text or text[-1] in ".!?:;,“»›>":
        return False
    if ": " in text or " » " in text or " > " in text or " › " in text or not any(map(str.isalpha, text)):
        return False
    words = text.split()
    return len(words) <= 8 and not any(_is_verb(word) for word in words if word.islower())


def is_title_like(text: str) -> bool:
    """True for a line that can be a title: not too long, not ending in a full stop."""
    return 2 <= len(text) <= _MAX_TITLE and not text.endswith((".", ",", ";", ":"))


def is_heading_like(text: str) -> bool:
    """True for a line that can be a sub-heading of the body: short and not the end of a sentence."""
    return len(text) <= 140 and (
        not is_sentence(text) or (text.endswith(("?", "!", "“")) and len(text) <= 90)
    )


def _is_verb(word: str) -> bool:
    """True for a lower-case word that looks like a finite verb: topics hardly hold any, titles do."""
    word = word.strip('„“"(),–-/')
    if word in _SMALL_WORDS or word in _NOT_VERBS:
        return False
    return word in _VERBS or (len(word) > 3 and word.endswith(_VERB_ENDINGS))
