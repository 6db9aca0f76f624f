"""Cut German text into words that compare equal however they are written.

In: a field as the page or the listing gave it. Out: `Token`s, each with its place, so that phrases
can be found and struck out. Never decides anything. Floor 1.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 80
"""Longer «words» are data, not German; cutting them bounds the work per word."""

SHORTEST_STEM = 4

SENTENCE_GAP = 50
"""How far positions jump between sentences: more than any gap a phrase may have."""

ARTICLES = frozenset(("der", "die", "das", "dem", "den", "des"))
"""Take no position of their own: «aus dem Kosovo», «aus den Philippinen» and «aus Indien» are one phrase."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_PLAIN = {"\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " "}
# The sign before what must stand before it: looking for a sign is quicker than looking at every letter.
_GENDER_MARK = re.compile(r"[*:_·/](?<=\w.)-?(?=in(?:nen)?\b)|\((?<=\w.)(?=in(?:nen)?\))", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"-(?<=\w.)[ \t]{0,8}\r?\n[ \t]{0,8}(?=(?!und\b|oder\b|bzw\b)[a-zäöüß])")
_ODD = re.compile("[\r\n*:_·/(\u00a0\u00ad\u2010\u2011\u202f\u200b-\u200f\u2060\ufeff]")
"""What `clean` may have to mend; most titles have none of it."""

_STOP = re.compile(r"[.!?…\n]")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<!\d)[.!?]\s+(?=[\W\d]{0,3}[A-ZÄÖÜ])|[!?…]|\n[ \t]*\n")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e"})
_SPELT_UMLAUT = re.compile(r"(?<![aeiouq])([aou])e")
_INFLECTION = re.compile(r"(?:(?<=in)nen|ern|e[nmrs]?|(?<=[bdfghklmnrt])s|(?<=[lr])n)$")


class Token(NamedTuple):
    """One word, or one part of a hyphenated word (a tuple: a text has thousands of them).

    `joined` is the whole hyphenated word without its hyphens and stands at the first part only, so
    that «Deutsch-Kurse» is found as «Deutschkurse» and as its parts.
    """

    surface: str
    position: int
    sentence: int
    start: int
    end: int
    joined: str | None = None


def clean(text: str | None) -> str:
    """Return `text` in NFC without soft hyphens, gender marks and words broken at a line's end."""
    if not text:
        return ""
    composed = unicodedata.normalize("NFC", text)
    if not _ODD.search(composed):
        return composed
    for odd, plain in _PLAIN.items():  # str.translate takes fifty times as long
        composed = composed.replace(odd, plain)
    return _BROKEN_WORD.sub("", _GENDER_MARK.sub("", _INVISIBLE.sub("", composed)))


def tokenize(text: str) -> list[Token]:
    """Return the words of a cleaned text in order; positions jump at the end of each sentence."""
    breaks = [found.start() for found in _SENTENCE_END.finditer(text)] if _STOP.search(text) else []
    tokens: list[Token] = []
    position, passed = 0, 0
    for word in _WORD.finditer(text):
        while passed < len(breaks) and breaks[passed] < word.start():
            passed += 1
            position += SENTENCE_GAP
        whole = word.group()
        if "-" not in whole:
            if whole in ARTICLES and tokens:
                position -= 1  # stands at the place of the word before
            tokens.append(Token(whole, position, passed, word.start(), word.end()))
            position += 1
            continue
        joined: str | None = whole.replace("-", "")
        for part in _PART.finditer(text, word.start(), word.end()):
            tokens.append(Token(part.group(), position, passed, part.start(), part.end(), joined))
            position, joined = position + 1, None
    return tokens


def fold(word: str) -> str:
    """Return `word` in lower case with ä/ae, ö/oe, ü/ue as a, o, u and ß as ss.

    An umlaut often marks nothing but the plural (Abschluss, Abschlüsse), so it is dropped, not spelt out.
    """
    plain = word[:LONGEST_WORD].lower().translate(_UMLAUTS)
    if "ae" in plain or "oe" in plain or "ue" in plain:
        return _SPELT_UMLAUT.sub(r"\1", plain)
    return plain


@lru_cache(maxsize=20_000)
def stem(folded: str) -> str:
    """Return a folded word without its inflection, at least four letters of it.

    Only inflection: Snowball also cuts derivation and so takes «Sicherheit» for «sich» and
    «Ausbildung» for «ausbildend» (measured with snowballstemmer 3.1.1).
    """
    for _ in range(2):  # «Kindern»: -n and -er; «Beauftragten»: -en
        shorter = _INFLECTION.sub("", folded)
        if len(shorter) < SHORTEST_STEM:
            break
        folded = shorter
    return folded
