"""What German full text needs beyond the words themselves. Floor 1, pure.

SQLite's tokenizer finds `Geflüchtete` for `Gefluchtete` but not for `gefluechtete`, no inflected forms
and nothing inside a compound. So each release is indexed with extra terms: ae/oe/ue spellings,
stems, and the tails of long words, which are where German compounds carry their meaning
(`Integrationsministerkonferenz` → `konferenz`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from worker.topics.words import fold, stem

_WORD = re.compile(r"[^\W\d_]{3,80}")
_ASKED = re.compile(r"[^\W_]+")
_MOST_ASKED = 32  # words; each is a step of FTS5's parser, which has an end
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_COMPOUND = 9  # letters; shorter words are rarely compounds
_SHORTEST_TAIL = 5
_SHORTEST_BEGINNING = 4  # «EU» means neither «Euro» nor the tail of some compound


def search_terms(text: str) -> str:
    """The extra terms of a text, separated by spaces, each once."""
    words = {word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))}
    return " ".join(sorted({term for word in words for term in _terms(word)} - words))


def search_query(asked: str) -> str:
    """An FTS5 expression that finds what people mean by these words; empty if there are none.

    Every word must occur, as itself, as its beginning (from four letters on) or by its stem; nothing
    of FTS5's own syntax passes through.
    """
    words = _ASKED.findall(unicodedata.normalize("NFC", asked).lower())
    return " AND ".join(_asked(word) for word in words[:_MOST_ASKED])


def _asked(word: str) -> str:
    begins = "*" if len(word) >= _SHORTEST_BEGINNING else ""
    return f'("{word}"{begins} OR "{stem(fold(word))}")'


def _terms(word: str) -> Iterator[str]:
    spelt = word.translate(_SPELT)
    yield spelt
    yield stem(fold(word))
    for form in {word, spelt}:
        if len(form) >= _COMPOUND:
            yield from (form[start:] for start in range(3, len(form) - _SHORTEST_TAIL + 1))
