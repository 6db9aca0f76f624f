"""Whether two texts are one release, told on two hosts, or two that are alike. Floor 1, pure.

In go title and text of each; out comes None for one release, or the reason why they are two. A copy
keeps most runs of words and says nothing else in the same place: its title is shortened, date phrases
and the lead are edited, quotations and last paragraphs are dropped. The next release of a series keeps
even more of the words and has other figures, days and places in them; a release that shares a long
standing paragraph opens with other news. So it is not the share of common words alone that decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from worker.text import words
from worker.topics.words import clean, fold, stem

_LONGEST = 60_000  # characters that are compared; three times the longest release seen
_COMMON = 0.65  # share of the shorter text's runs of three words; copies have 0.75 and more
_MUCH_LONGER = 2  # times as long: either one is cut, or the other is a round-up with this in it
_COMMON_LATER = 0.8  # a copy follows soon; what comes later with so many words is the next step
_SOON = timedelta(days=4)
_COMMON_UNDER_OTHER_TITLE = 0.9  # when each title names a thing the other release does not know
_OPENING_WORDS = 25  # about two sentences: what the news is
_KNOWN_OPENING = 0.65  # share of the names in an opening that the other release knows, too

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_CORRECTION = re.compile(r"\b(?:korrektur|korrigiert|berichtigung|richtigstellung)", re.IGNORECASE)
_BREAK = "¶"  # stands where a title or a text begins and ends
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"), start=2)
}
_MONTHS = words("januar februar märz april mai juni juli august september oktober november dezember")
_WEEKDAYS = words("montag dienstag mittwoch donnerstag freitag samstag sonntag")
_BEFORE_PLACES = words("in aus nach bei stadt gemeinde kreis landkreis region")

_Frame = tuple[str, str, str, str]  # what kind of word stands in it, on which side, and the words around


@dataclass(frozen=True)
class Telling:
    """One release's words, taken apart once to be compared with many."""

    title: str
    text: str
    published: date | None = None

    @cached_property
    def headline(self) -> list[str]:
        """The words of the title as written."""
        return _words(self.title)

    @cached_property
    def words(self) -> list[str]:
        """The words of lead and body as written."""
        return _words(self.text)

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        """All runs of three words of the text, of fewer if it has no more."""
        words = [word.lower() for word in self.words]
        return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}

    @cached_property
    def folded(self) -> str:
        """Everything in a form in which stems can be looked for, also inside compounds."""
        return " ".join(fold(word) for word in (*self.headline, *self.words))

    @cached_property
    def frames(self) -> dict[_Frame, set[str]]:
        """What stands between the same words: figures, months, weekdays, places."""
        found: dict[_Frame, set[str]] = defaultdict(set)
        for frame, value in _frames([_BREAK, _BREAK, *self.headline, _BREAK, *self.words, _BREAK, _BREAK]):
            found[frame].add(value)
        return found

    def knows(self, word: str) -> bool:
        """Whether a word occurs anywhere, inflected or in a compound."""
        return stem(fold(word)) in self.folded


def why_different(one: Telling, other: Telling) -> str | None:
    """Why two tellings are two releases; None if they are one. The same both ways round."""
    if bool(_CORRECTION.search(one.title)) != bool(_CORRECTION.search(other.title)):
        return "one corrects the other"
    common = len(one.runs & other.runs)
    share = common / min(len(one.runs), len(other.runs))
    if share < (_COMMON_LATER if _is_later(one, other) else _COMMON):
        return f"too few words in common ({share:.2f})"
    if not _open_alike(one, other):
        return "they open with other news"
    # The first word of a title has a capital whatever it is.
    strangers = [
        next(_strangers(one.headline[1:], other), None),
        next(_strangers(other.headline[1:], one), None),
    ]
    if all(strangers) and share < _COMMON_UNDER_OTHER_TITLE:
        return f"other titles: {' / '.join(sorted(map(str, strangers)))}"
    return next(_contradictions(one, other), None)


def _is_later(one: Telling, other: Telling) -> bool:
    return bool(one.published and other.published and abs(one.published - other.published) > _SOON)


def _words(text: str) -> list[str]:
    return _WORD.findall(clean(text[:_LONGEST]))


def _names(words: list[str]) -> list[str]:
    """The words that say what something is about: long ones that begin with a capital."""
    return [word for word in words if len(word) >= 4 and word[0].isupper()]


def _strangers(words: list[str], other: Telling) -> Iterator[str]:
    return (word for word in _names(words) if not other.knows(word))


def _known(text: list[str], other: Telling) -> float:
    names = _names(text[:_OPENING_WORDS])
    return 1 - len(list(_strangers(names, other))) / len(names) if names else 1.0


def _open_alike(one: Telling, other: Telling) -> bool:
    """Whether the opening of one, and of the longer one if it is much longer, is known to the other."""
    shorter, longer = sorted((one, other), key=lambda telling: len(telling.words))
    return _known(longer.words, shorter) >= _KNOWN_OPENING or (
        len(longer.words) < _MUCH_LONGER * len(shorter.words)
        and _known(shorter.words, longer) >= _KNOWN_OPENING
    )


def _contradictions(one: Telling, other: Telling) -> Iterator[str]:
    """What the two say differently in the same place."""
    for frame in sorted(one.frames.keys() & other.frames.keys()):
        here, there = one.frames[frame], other.frames[frame]
        if here & there:
            continue
        if frame[0] == "place" and (any(map(other.knows, here)) or any(map(one.knows, there))):
            continue
        yield f"{frame[0]} differs: {' / '.join(sorted((min(here), min(there))))}"


def _frames(words: list[str]) -> Iterator[tuple[_Frame, str]]:
    """Each telling word with the two words around it, before it, and behind it."""
    lower = [word.lower() for word in words]
    for at in range(2, len(words) - 2):
        kind, value = _kind(words[at], lower[at], lower[at - 1])
        if kind is None or (kind == "figure" and lower[at - 1][0].isdigit()):  # of a telephone number
            continue
        for side, (first, second) in enumerate(((at - 1, at + 1), (at - 2, at - 1), (at + 1, at + 2))):
            if not (lower[first][0].isdigit() or lower[second][0].isdigit()):
                yield (kind, str(side), lower[first], lower[second]), value


def _kind(word: str, lower: str, before: str) -> tuple[str | None, str]:
    """What kind of telling word this is, and its value; None for all others."""
    if word[0].isdigit():
        is_number = not word.startswith("0") and not (word.isdigit() and len(word) > 4)
        return ("figure", _value(word)) if is_number else (None, word)  # postal codes, telephones
    if lower in _NUMERALS:
        return "figure", _NUMERALS[lower]
    if lower in _MONTHS:
        return "month", lower
    if lower in _WEEKDAYS:
        return "weekday", lower
    return ("place" if before in _BEFORE_PLACES and word[0].isupper() else None), lower


def _value(figure: str) -> str:
    """A figure as it compares: «1.200» and «1200», «14:00» and «14» are the same."""
    if _THOUSANDS.fullmatch(figure):
        return figure.replace(".", "")
    whole, _, rest = figure.replace(",", ".").replace(":", ".").partition(".")
    rest = rest.rstrip("0.")
    return f"{whole}.{rest}" if rest else whole
