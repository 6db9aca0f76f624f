"""What German full text needs beyond the words themselves. Floor 1, pure.

SQLite's tokenizer finds `Geflüchtete` for `Gefluchtete` but not for `gefluechtete`, no inflected forms
and nothing inside a compound. So each release is indexed with extra terms: ae/oe/ue spellings,
stems, and the tails of long words with their stems, which are where German compounds carry their
meaning (`Integrationsministerkonferenz` → `konferenz`, `Sprachkurse` → `kurs`). Whoever changes the terms
appends a migration that calls `index_all` (`worker.store.schema`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from worker.topics.words import clean, fold, stem

_WORD = re.compile(r"[^\W\d_]{3,80}")
_ASKED = re.compile(r'"([^"]*)"|([^\W_]+)')
_PART = re.compile(r"[^\W_]+")
_MOST_ASKED = 32  # words or phrases, and words of a phrase: FTS5's parser has an end
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("„“”«»", '"'))
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MOST_REMEMBERED = 16_384  # words with their terms: releases repeat most of theirs; 5 MB
_LONGEST_REMEMBERED = 30  # letters; a hostile page full of longer ones would fill hundreds of MB
_COMPOUND = 7  # letters; shorter words are rarely compounds
_BEFORE_TAIL = 3
_SHORTEST_TAIL = 5
_SHORTEST_STEM = 4  # Rat-haus, Sprach-kurse
_SHORTEST_BEGINNING = 4  # «EU» means neither «Euro» nor the tail of some compound
_SHORT_INFLECTION = re.compile(r"(?<=^...)(?:e[nrs]?|ern)$")  # Tag-e, Höf-en, Ämt-er
_LATIN_ENDING = re.compile(r"(?<=....)(?:a|um)$")  # Them-a and Them-en, Zentr-um and Zentr-en


def search_terms(text: str) -> str:
    """The extra terms of a text, separated by spaces, each once."""
    composed, cleaned = unicodedata.normalize("NFC", text), clean(text)
    words = _words(cleaned)
    # FTS5 sees two words in «Bürger*innen».
    written = words if cleaned == composed else _words(composed)
    return " ".join(sorted({*words, *" ".join(map(_terms, words)).split()} - written))


def search_query(asked: str, *, beginnings: bool = True) -> str:
    """An FTS5 expression that finds what people mean by these words; empty if there are none.

    Every word must occur, as itself, by its stem or, with `beginnings`, as what a longer word begins with
    (from four letters on); what stands in quotation marks must occur as it is. Nothing of FTS5's own syntax
    passes through.
    """
    steps = (_asked(word, beginnings) if word else _phrase(phrase) for phrase, word in _questions(asked))
    return " AND ".join(filter(None, steps))


def first_mention(text: str, asked: str) -> tuple[int, int] | None:
    """Where in a text the first word stands that an asked one finds by its stem; None if there is none."""
    stems = {_stem(fold(word)) for _, word in _questions(asked) if word}
    for found in _WORD.finditer(text):
        if not stems.isdisjoint(_terms(found[0].lower()).split()):
            return found.span()
    return None


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _questions(asked: str) -> list[tuple[str, str]]:
    """What stands between quotation marks, or a word outside them, one at a time."""
    return _ASKED.findall(clean(asked).translate(_QUOTATION_MARKS).lower())[:_MOST_ASKED]


def _phrase(phrase: str) -> str:
    words = " ".join(_PART.findall(phrase)[:_MOST_ASKED])
    return words and f'"{words}"'


def _asked(word: str, beginnings: bool) -> str:
    begins = "*" if beginnings and len(word) >= _SHORTEST_BEGINNING else ""
    return f'("{word}"{begins} OR "{_stem(fold(word))}")'


def _terms(word: str) -> str:
    """The terms of a word, separated by spaces: one string takes far less memory than a dozen short ones."""
    return _remembered(word) if len(word) <= _LONGEST_REMEMBERED else _joined_forms(word)


def _joined_forms(word: str) -> str:
    return " ".join(set(_forms(word)))


_remembered = lru_cache(_MOST_REMEMBERED)(_joined_forms)


def _forms(word: str) -> Iterator[str]:
    spelt, folded = word.translate(_SPELT), fold(word)
    yield spelt
    yield _stem(folded)
    if len(word) >= _COMPOUND:
        for form in {word, spelt}:
            yield from (form[start:] for start in range(_BEFORE_TAIL, len(form) - _SHORTEST_TAIL + 1))
        for start in range(_BEFORE_TAIL, len(folded) - _SHORTEST_STEM + 1):
            yield _stem(folded[start:])


def _stem(folded: str) -> str:
    return _LATIN_ENDING.sub("", stem(_SHORT_INFLECTION.sub("", folded)))
