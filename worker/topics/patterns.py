"""The small language in which a vocabulary names words and phrases, compiled for fast lookup.

    Flüchtling          the word in all its inflections
    Flüchtling*         words that begin so (Flüchtlingshilfe)
    *kurs               words that end so, inflected (Sprachkurse)
    *integration*       words that contain it
    LEA                 two to five capitals: an abbreviation, found in capitals only
    Welcome Center      words that follow each other (a hyphen or an article between them is no matter)
    Hilfe .. Migrant*   words in this order with at most six others between, in one sentence
    @migranten          any single word of the group `migranten`

In: such texts. Out: a `PatternIndex` that says which of them stand where. Floor 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.topics.words import Token, fold, stem

WIDEST_GAP = 6
HEAD = 3
"""Words are looked up by their first letters; a starred part must be at least this long."""

ENDINGS = frozenset(("", "e", "n", "s", "em", "en", "er", "es", "ern", "ens", "nen"))
"""What inflection may leave after the stem of `*wort` (a stem of the whole compound would cut too much)."""

CACHE_SIZE = 20_000
_ABBREVIATION = re.compile(r"[A-ZÄÖÜ]{2,5}")
_LETTERS = re.compile(r"\*?[^\W_]+\*?")


class PatternError(ValueError):
    """A pattern that cannot be understood; the message quotes it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The pattern number `pattern` stands on these tokens (indices into the token list)."""

    pattern: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words after a first one: what each may be, and how many others may stand before it."""

    first: frozenset[int]
    rest: tuple[tuple[frozenset[int], int], ...]


class PatternIndex:
    """All patterns of a topic, numbered in the order given."""

    def __init__(self, patterns: Sequence[str], groups: Mapping[str, Sequence[str]]) -> None:
        self._words = _WordIndex()
        self._members: dict[str, frozenset[int]] = {}
        self._starts: dict[int, list[tuple[int, _Phrase]]] = {}
        for number, pattern in enumerate(patterns):
            phrase = self._compile(pattern, groups)
            for word in phrase.first:
                self._starts.setdefault(word, []).append((number, phrase))

    def find(self, tokens: Sequence[Token]) -> list[Occurrence]:
        """Return every place where a pattern stands, in reading order."""
        hits = [self._words.lookup(token) for token in tokens]
        present: set[int] = set().union(*hits)
        if not present:
            return []
        found: list[Occurrence] = []
        for start, words in enumerate(hits):
            if not words:
                continue
            tried: set[int] = set()
            for word in words:
                for number, phrase in self._starts.get(word, ()):
                    if number in tried:
                        continue
                    tried.add(number)
                    if phrase.rest and phrase.rest[-1][0].isdisjoint(present):
                        continue
                    place = _follow(phrase, tokens, hits, start)
                    if place is not None:
                        found.append(Occurrence(number, place))
        return found

    def _compile(self, pattern: str, groups: Mapping[str, Sequence[str]]) -> _Phrase:
        elements: list[frozenset[int]] = []
        gaps: list[int] = []
        gap = 0
        for element in pattern.replace("-", " ").split():
            if element == "..":
                gap = WIDEST_GAP
                continue
            elements.append(self._element(element, pattern, groups))
            gaps.append(gap)
            gap = 0
        if not elements or gap or gaps[0]:
            raise PatternError(f"«{pattern}» is no pattern: expected a word, or words with «..» between them")
        return _Phrase(elements[0], tuple(zip(elements[1:], gaps[1:], strict=True)))

    def _element(self, element: str, pattern: str, groups: Mapping[str, Sequence[str]]) -> frozenset[int]:
        if not element.startswith("@"):
            return frozenset((self._words.add(element, pattern),))
        if element not in self._members:
            members = groups.get(element[1:])
            if members is None:
                known = ", ".join(sorted(groups)) or "none"
                raise PatternError(f"«{pattern}» names an unknown group {element} (known: {known})")
            self._members[element] = frozenset(self._words.add(member, pattern) for member in members)
        return self._members[element]


def _follow(
    phrase: _Phrase, tokens: Sequence[Token], hits: Sequence[tuple[int, ...]], start: int
) -> tuple[int, ...] | None:
    place = [start]
    for element, gap in phrase.rest:
        here = place[-1]
        reach = tokens[here].position + 1 + gap
        after = here + 1
        while after < len(tokens) and tokens[after].position <= reach:
            if not element.isdisjoint(hits[after]):
                break
            after += 1
        else:
            return None
        place.append(after)
    return tuple(place)


class _WordIndex:
    """Which single-word patterns a word satisfies."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._exact: dict[str, int] = {}
        self._capitals: dict[str, int] = {}
        self._prefixes: dict[str, list[tuple[str, int]]] = {}
        self._inside: dict[str, list[tuple[str, int, bool]]] = {}
        self._heads: set[str] = set()
        self._cache: dict[str, tuple[int, ...]] = {}

    def add(self, element: str, pattern: str) -> int:
        """Register one word of a pattern and return its number (the same for the same word)."""
        if not _LETTERS.fullmatch(element):
            raise PatternError(
                f"«{pattern}» cannot be read at «{element}»: expected letters, with * at the ends"
            )
        kind, body = _kind(element)
        if "*" in kind and len(body) < HEAD:
            raise PatternError(f"«{pattern}»: at least {HEAD} letters beside a *")
        if (kind, body) in self._numbers:
            return self._numbers[kind, body]
        number = self._numbers[kind, body] = len(self._numbers)
        if kind.startswith("*"):
            self._inside.setdefault(body[:HEAD], []).append((body, number, kind == "*…"))
        elif kind == "…*":
            self._prefixes.setdefault(body[:HEAD], []).append((body, number))
        elif kind == "ABC":
            self._capitals[body] = number
        else:
            self._exact[body] = number
            self._heads.add(body[:HEAD])
        return number

    def lookup(self, token: Token) -> tuple[int, ...]:
        """Return the numbers of all word patterns that `token` satisfies."""
        numbers = self._cache.get(token.surface)
        if numbers is None:
            numbers = self._of_word(token.surface)
        return numbers + self._of_word(token.joined) if token.joined else numbers

    def _of_word(self, word: str) -> tuple[int, ...]:
        known = self._cache.get(word)
        if known is not None:
            return known
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        numbers = self._cache[word] = tuple(self._examine(word))
        return numbers

    def _examine(self, word: str) -> Iterable[int]:
        if word in self._capitals:
            yield self._capitals[word]
        folded = fold(word)
        if folded[:HEAD] in self._heads and stem(folded) in self._exact:
            yield self._exact[stem(folded)]
        for body, number in self._prefixes.get(folded[:HEAD], ()):
            if folded.startswith(body):
                yield number
        for start in range(len(folded) - HEAD + 1):
            for body, number, ends in self._inside.get(folded[start : start + HEAD], ()):
                after = start + len(body)
                if folded.startswith(body, start) and (not ends or folded[after:] in ENDINGS):
                    yield number


def _kind(element: str) -> tuple[str, str]:
    """Return how a word of a pattern is compared, and with what."""
    body = fold(element.strip("*"))
    match element.startswith("*"), element.endswith("*"):
        case True, True:
            return "*…*", body
        case True, False:
            return "*…", stem(body)
        case False, True:
            return "…*", body
    return ("ABC", element) if _ABBREVIATION.fullmatch(element) else ("…", stem(body))
