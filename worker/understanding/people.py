"""Who is who in a release: full names, offices, and which holder «der Minister» means. Floor 1.

In goes the text of a release, out come answers about people: the fullest form of a name, the office
said with it, the last named holder of an office. Everything is looked up where it stands in the
text; a name without any witness stays as it is, an office without a holder stays nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from worker.understanding.names import (
    NOBODY,
    Person,
    bare,
    is_pronoun,
    is_salutation,
    is_title,
    name_start,
    plain,
    read_person,
    role_before,
    role_behind,
)
from worker.understanding.offices import pronoun_of
from worker.understanding.speech import last_sentences, people_in

# More mentions than this say nothing new; it bounds the time on hostile pages.
_MAX_MENTIONS = 40
# How far from a name its office can stand.
_NEAR = 180
# How far back the sentences lie that «er» can refer to.
_FAR = 400


class _Mention(NamedTuple):
    """One place where a surname stands: the name it ends, and the office said with it there."""

    start: int
    form: str
    role: str | None


class People:
    """Everybody a release names: in its paragraphs, joined by line ends, and behind them in its captions."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered = ""
        self._mentions_of: dict[str, list[_Mention]] = {}
        self._full_name_of: dict[str, str] = {}

    def resolve(self, person: Person, at: int) -> Person:
        """Complete what a place `at` the text says of somebody: the full name, the office, the holder."""
        if is_pronoun(person):
            return self._meant(person.determiner, at)
        if person.name:
            role = person.role or self._role_of(person.name, at)
            return Person(self._full_name(person.name), role)
        if person.role and not person.determiner.startswith("ein"):
            return Person(self._holder(person.role, at), person.role)
        return Person(None, person.role)

    def knows(self, name: str) -> bool:
        """True when the text says an office or a title with this name somewhere.

        A second name is not enough: «German Design Award» makes nobody of «Award».
        """
        return any(
            mention.role or is_title(mention.form.split()[0]) for mention in self._mentions(name.split()[-1])
        )

    def _meant(self, pronoun: str, at: int) -> Person:
        """Return whom «er» or «sie» means `at` a place: somebody of the sentences right before it."""
        told = self._text[max(0, at - _FAR) : at].split()
        for sentence in last_sentences(told, 2):
            named = people_in(sentence, self.knows)
            people = list(dict.fromkeys(self.resolve(one, at) for one in named))
            if any(pronoun_of(one.role) in (pronoun, None) for one in people):
                return _the_one(pronoun, people)
        return NOBODY

    def _full_name(self, name: str) -> str:
        """Return the fullest form the text gives of `name` («Dr. Leidig» → «Dr. Ute Leidig»).

        With a given name only forms that hold it count; two different given names for one surname
        leave a bare surname as it is.
        """
        if name not in self._full_name_of:
            self._full_name_of[name] = self._fullest(name)
        return self._full_name_of[name]

    def _fullest(self, name: str) -> str:
        known = bare(name)
        surname = known.split()[-1]
        given = known[: -len(surname)].strip()
        forms = dict.fromkeys(mention.form for mention in self._mentions(surname))
        longer = [form for form in forms if not given or bare(form).startswith(given)]
        if not given and len({bare(form) for form in longer if " " in bare(form)}) > 1:
            return name
        return max([name, *longer], key=lambda form: (bare(form).count(" "), len(form)))

    def _role_of(self, name: str, at: int) -> str | None:
        """Return the office last said with this person before `at`, else the first said after."""
        surname = bare(name).split()[-1]
        given = bare(name)[: -len(surname)].strip()
        before = after = None
        for mention in self._mentions(surname):
            other = bare(mention.form)
            if mention.role is None or (given and " " in other and not other.startswith(given)):
                continue
            if mention.start <= at:
                before = mention.role
            elif after is None:
                after = mention.role
        return before or after

    def _holder(self, role: str, at: int) -> str | None:
        """Return the last person named with this office before `at` («der Minister» → «Manne Lucha»)."""
        said = _uninflected(role.split()[-1].lower())
        self._lowered = self._lowered or self._text.lower()
        place = self._lowered.rfind(said, 0, at)
        while place >= 0:
            name = self._held_by(place, said)
            if name:
                return self._full_name(name)
            place = self._lowered.rfind(said, 0, place)
        return None

    def _held_by(self, place: int, said: str) -> str | None:
        """Return who holds the office in whose word `place` lies, if that can be the office `said`."""
        before = self._text[max(0, place - _NEAR) : place].rpartition("\n")[2]
        words = before.split(" ")
        behind = self._text[place : place + _NEAR].partition("\n")[0]
        tokens = f"{words.pop()}{behind}".split()
        # A deputy is not meant by the office.
        held = _uninflected(plain(tokens[0]).lower())
        if not held.endswith(said) or "vize" in held or (words and words[-1].startswith("stellvertretend")):
            return None
        person, _ = read_person(tokens, 0)
        if person.name:
            return person.name
        while words and words[-1].islower() and words[-1].isalpha():
            words.pop()
        if not words or not words[-1].endswith(","):
            return None
        form, _ = _name_before(words[:-1], plain(words[-1]))
        return form if " " in bare(form) else None

    def _mentions(self, surname: str) -> list[_Mention]:
        if surname not in self._mentions_of:
            self._mentions_of[surname] = [self._mention(start, surname) for start in self._places(surname)]
        return self._mentions_of[surname]

    def _places(self, surname: str) -> Iterator[int]:
        """Yield where `surname` stands as a word of its own, the genitive included."""
        start = self._text.find(surname)
        for _ in range(_MAX_MENTIONS):
            if start < 0:
                return
            end = start + len(surname)
            tail = self._text[end : end + 2]
            if not self._text[start - 1 : start].isalnum() and not (tail[:1].isalnum() and tail[:1] != "s"):
                yield start
            start = self._text.find(surname, end)

    def _mention(self, start: int, surname: str) -> _Mention:
        """Read the name that ends with the surname at `start`, and the office said with it."""
        before = self._text[max(0, start - _NEAR) : start].rpartition("\n")[2]
        words = before.split()
        form, left = _name_before(words, surname)
        role = role_before(words, left)
        if role is None and self._text.startswith((",", " ("), start + len(surname)):
            role = role_behind(self._text[start : start + _NEAR].partition("\n")[0].split(), 1)
        return _Mention(start, form, role)


def _the_one(pronoun: str, people: Sequence[Person]) -> Person:
    """Return whom of the people in a sentence a pronoun means; NOBODY where it may be more than one."""
    fitting = [one for one in people if pronoun_of(one.role) == pronoun]
    unclear = [one for one in people if pronoun_of(one.role) is None]
    if len(fitting) == 1:
        # Who is named first is whom the sentence is about.
        return fitting[0] if not unclear or fitting[0] == people[0] else NOBODY
    # Two nouns in a row may look like a name; with an office they are one.
    return unclear[0] if len(unclear) == 1 and unclear[0].role and not fitting else NOBODY


def _uninflected(office: str) -> str:
    """«vorsitzender», «vorsitzenden» → «vorsitzende»; every other office as it is."""
    return office[:-1] if office.endswith(("nder", "nden", "agter", "agten", "neter", "neten")) else office


def _name_before(words: Sequence[str], surname: str) -> tuple[str, int]:
    """Return the name that ends with `surname` behind `words`, and at which of them it begins."""
    first = name_start(words)
    left = first
    while left and is_title(words[left - 1]):
        left -= 1
    form = " ".join([*words[left:], surname])
    return form, left - (left > 0 and is_salutation(words[left - 1]))
