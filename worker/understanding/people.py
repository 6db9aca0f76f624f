"""Who is who in a release: names, offices, and which holder «der Minister» means. Floor 1.

In goes the text of a release, out come answers about people: the fullest form of a name, the office
said with it, the last named holder of an office. Everything is looked up where it stands in the
text; a name without any witness stays as it is, an office without a holder stays nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from worker.understanding.offices import ENDINGS, NO_NAME, is_office

_TITLE = (
    r"(?:Prof\.|Professor(?:in)?|Dr\.|PD|Dipl\.-\w+\.?|h\.\s?c\.|med\.|phil\.|rer\.|nat\.|pol\.|jur\.|Ing\."
    r"|Herrn?|Frau)"
)
_WORD = r"[^\W\d_a-zäöüß][\w’'´]*(?:-[^\W\d_][\w’']*)*"
_PARTICLE = r"(?:von der|van der|von den|von|van|de|da|di|du|zu|zur|vom|el|al|bin|ben|ten|Freiherr von|Graf)"
_NAME = re.compile(
    rf"(?P<titles>(?:{_TITLE}\s?)*)(?P<name>{_WORD}(?:\s{_PARTICLE}\s{_WORD}|(?:\s{_WORD}){{0,3}}))"
)
_NAME_BEFORE = re.compile(rf"(?P<titles>(?:{_TITLE}\s?)*)(?P<given>(?:{_WORD}\s(?:{_PARTICLE}\s)?){{0,3}})$")
_SALUTATION = re.compile(r"\b(?:Herrn?|Frau)\s")
_QUALIFIED = re.compile(
    r"(?:(?:stellvertretende|ehemalige|frühere|kommissarische|designierte|parlamentarische|amtierende|neue|Erste|Zweite)[rn]?\s)+$",
    re.I,
)
_COMPOUND = re.compile(r"(?:[A-ZÄÖÜ][\w-]*-(?:,\s(?=[A-ZÄÖÜ][\w-]*-)|\s(?:und|sowie)\s|\s?/\s?))+$")
_OF_PHRASE = re.compile(
    r"\s(?:für|der|des|im|in|am|an|von|vom|beim|bei|zur|zum|aus)\s[^„“.;:!?]{2,140}?,\s(?=(?:Prof\.|Dr\.|[A-ZÄÖÜÇŞ][\w-]+\s[A-ZÄÖÜÇŞ]))"
)
# More mentions than this say nothing new; it bounds the time on hostile pages.
_MAX_MENTIONS = 40


class Person(NamedTuple):
    """Somebody as one place of the text names them; either part may be missing."""

    name: str | None
    role: str | None


def read_name(text: str) -> str:
    """Return the name that `text` begins with, academic titles kept; empty where none does."""
    found = _NAME.match(text)
    if not found:
        return ""
    kept: list[str] = []
    for word in found["name"].split():
        if word in NO_NAME or is_office(word):
            break
        kept.append(word)
    while kept and kept[-1][0].islower():
        kept.pop()
    return f"{_SALUTATION.sub('', found['titles'])}{' '.join(kept)}".strip() if kept else ""


def bare(name: str) -> str:
    """Return a name without academic titles."""
    return re.sub(rf"^(?:{_TITLE}\s?)+", "", name)


class People:
    """Everybody a release names; looked up in its paragraphs and its captions."""

    def __init__(self, texts: Sequence[str], captions: Sequence[str] = ()) -> None:
        self._whole = "\n".join([*texts, *captions])
        self._known: dict[str, list[tuple[int, str, int]]] = {}
        self.offsets = [0]
        for text in texts:
            self.offsets.append(self.offsets[-1] + len(text) + 1)

    def full_name(self, name: str) -> str:
        """Return the fullest form the text gives of `name` («Dr. Leidig» → «Dr. Ute Leidig»).

        With a given name only forms that hold it count; two different given names for one surname
        leave a bare surname as it is.
        """
        plain = bare(name)
        surname = plain.split()[-1]
        given = plain[: -len(surname)].strip()
        forms = dict.fromkeys(form for _, form, _ in self._mentions(surname))
        longer = [form for form in forms if not given or bare(form).startswith(given)]
        if not given and len({bare(form) for form in longer if " " in bare(form)}) > 1:
            return name
        return max([name, *longer], key=lambda form: (len(bare(form).split()), len(form)))

    def role_of(self, name: str, at: int) -> str | None:
        """Return the office last said with this person before `at`, else the first said after."""
        surname = bare(name).split()[-1]
        given = bare(name)[: -len(surname)].strip()
        before = after = None
        for start, form, left in self._mentions(surname):
            if given and " " in bare(form) and not bare(form).startswith(given):
                continue
            role = self._role_before(left) or self._role_after(start + len(surname))
            if role and start <= at:
                before = role
            elif role and after is None:
                after = role
        return before or after

    def holder(self, role: str, at: int) -> str | None:
        """Return the last person named with this office before `at` («der Minister» → «Manne Lucha»)."""
        ending = next((e for e in ENDINGS if role.lower().endswith(e)), role.lower())
        lowered = self._whole[:at].lower()
        place = lowered.rfind(ending)
        while place >= 0:
            end = place + len(ending)
            if not self._whole[end : end + 1].isalpha() and (name := self._name_at(end)):
                return self.full_name(name)
            place = lowered.rfind(ending, 0, place)
        return None

    def knows(self, name: str) -> bool:
        """True when the text names this person in full or with an office somewhere."""
        return " " in bare(self.full_name(name)) or self.role_of(name, 0) is not None

    def _name_at(self, end: int) -> str:
        """Return the name after an office that ends at `end`, directly or behind «für …, »."""
        rest = self._whole[end : end + 220]
        if rest.startswith(" ") and (name := read_name(rest[1:])):
            return name
        phrase = _OF_PHRASE.match(rest)
        if phrase or rest.startswith(", "):
            name = read_name(rest[phrase.end() if phrase else 2 :])
            return name if " " in bare(name) else ""
        return ""

    def _places(self, surname: str) -> Iterator[int]:
        """Yield where `surname` stands as a word of its own, the genitive included."""
        start = self._whole.find(surname)
        for _ in range(_MAX_MENTIONS):
            if start < 0:
                return
            end = start + len(surname)
            tail = self._whole[end : end + 2]
            if not self._whole[start - 1 : start].isalnum() and not (tail[:1].isalnum() and tail[:1] != "s"):
                yield start
            start = self._whole.find(surname, end)

    def _form_at(self, start: int, surname: str) -> tuple[str, int]:
        """Return the name that ends with the surname at `start`, and where it begins."""
        line = self._whole.rfind("\n", 0, start) + 1
        before = self._whole[max(line, start - 60) : start]
        found = _NAME_BEFORE.search(before)
        given = found["given"].split() if found else []
        for position in range(len(given) - 1, -1, -1):
            if given[position] in NO_NAME or is_office(given[position]):
                given = given[position + 1 :]
                break
        while given and given[0][0].islower():
            given = given[1:]
        titles = (
            _SALUTATION.sub("", found["titles"]).strip()
            if found and len(given) == len(found["given"].split())
            else ""
        )
        if given and not titles and before.rstrip().endswith("."):
            given = []
        form = " ".join(part for part in (titles, *given, surname) if part)
        left = start - len(" ".join(given)) - bool(given) - (len(found["titles"]) if titles and found else 0)
        return form, left

    def _mentions(self, surname: str) -> list[tuple[int, str, int]]:
        """Return every mention of a surname: where it stands, the name it ends, where that begins."""
        if surname not in self._known:
            self._known[surname] = [
                (start, *self._form_at(start, surname)) for start in self._places(surname)
            ]
        return self._known[surname]

    def _role_before(self, left: int) -> str | None:
        """Return the office right before a name that begins at `left`, or before its «im …, »."""
        before = self._whole[max(0, left - 200) : left].rstrip()
        if before.endswith(","):
            for found in re.finditer(r"[A-ZÄÖÜ][\w-]+", before):
                if is_office(found.group()) and _OF_PHRASE.fullmatch(f"{before[found.end() :]} "):
                    return _compound(before[: found.start()]) + found.group()
            return None
        word = before.rpartition(" ")[2].lstrip("(„")
        if not is_office(word) or word[-1:] in ",.;:":
            return None
        return _compound(before[: len(before) - len(word)]) + word

    def _role_after(self, end: int) -> str | None:
        """Return the office in apposition to a name that ends at `end` («…, Vorsitzende des …»)."""
        rest = self._whole[end : end + 120]
        return role_in_apposition(rest)


def role_in_apposition(rest: str) -> str | None:
    """Return the office that `rest` gives in apposition («, die Vorsitzende des Beirats,»)."""
    if not rest.startswith(", "):
        return None
    found = re.match(r", (?:(?:die|der|den|dem)\s)?(?:[a-zäöüß-]+(?:e|er|en)\s)?([A-ZÄÖÜ][\w-]+)", rest)
    return found[1] if found and is_office(found[1]) else None


def _compound(before: str) -> str:
    """Return what belongs to an office before its last word («Sozial- und », «stellvertretender »)."""
    found = _COMPOUND.search(before[-60:])
    compound = found.group() if found else ""
    qualified = _QUALIFIED.search(before[: len(before) - len(compound)][-60:])
    return (qualified.group() if qualified else "") + compound


# «Ihr Kollege, Minister Paul Grün»: whose colleague somebody is says neither name nor office.
_RELATION = re.compile(
    r"^(?:(?:[Ii]hre?|[Ss]eine?|[Uu]nsere?)[mnr]?\s)?(?:(?:Amts)?[Kk]olleg(?:e|in)|Nachfolger(?:in)?|Vorgänger(?:in)?),\s"
)


def read_person(text: str) -> Person:
    """Read whom `text` begins with: an office, a name, or both («die Vorsitzende des X, Anna Y»)."""
    text = _RELATION.sub("", text[:260])
    lead = re.match(r"(?:(?:der|die|das|den|dem|des)\s)?(?:[a-zäöüß-]+(?:e|er|en|em|es)\s){0,2}", text)
    skipped = lead.end() if lead else 0
    rest = text[skipped:]
    compound = re.match(r"(?:[A-ZÄÖÜ][\w-]*-(?:,\s|\s(?:und|sowie)\s|\s?/\s?))*", rest)
    head = compound.end() if compound else 0
    word = re.match(r"[A-ZÄÖÜ][\w-]*(?:/-?in|\*in|:in)?", rest[head:])
    if not word or not is_office(
        word.group().removesuffix("/in").removesuffix("/-in").removesuffix("*in").removesuffix(":in")
    ):
        if re.match(r"(?:der|die|das|den|dem|des)\s", text):
            return Person(None, None)
        name = read_name(text)
        return Person(name or None, role_in_apposition(text[text.find(name) + len(name) :]) if name else None)
    role = _qualifier(text[:skipped]) + rest[: head + word.end()]
    after = rest[head + word.end() :]
    if after.startswith(" ") and (name := read_name(after[1:])):
        return Person(name, role)
    phrase = _OF_PHRASE.match(after)
    name = read_name(after[phrase.end() if phrase else 2 :]) if phrase or after.startswith(", ") else ""
    return Person(name if " " in bare(name) else None, role)


def _qualifier(lead: str) -> str:
    found = _QUALIFIED.search(lead)
    return found.group() if found else ""
