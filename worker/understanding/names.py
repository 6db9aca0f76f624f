"""Names and offices as they stand in German text. Floor 1.

In go the words of a clause, out comes who is named at one of them: a name with its titles, an office,
or both («Staatssekretärin im Ministerium für Soziales, Dr. Ute Leidig»). Nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from worker.text import words
from worker.understanding.offices import NO_NAME, SURNAMES_TOO, describes, is_office, is_qualifier

_TITLES = frozenset(
    words(
        """
        Prof. Prof Dr. Dr PD Dipl.-Ing. Dr.-Ing. h. h.c. c. med. phil. rer. nat. pol.
        jur. Ing. habil. mult.
        """
    )
)
_WRITTEN_TITLES = ("Professor", "Professorin")
_SALUTATIONS = frozenset(words("Herr Herrn Frau"))
_PARTICLES = frozenset(words("von van der den de da di du el al bin ben ten"))
_INSIDE_PARTICLE = ("der", "den")
# «Alexander Freiherr vom und zum Holtz»
_NOBILITY = frozenset(words("Freiherr Freifrau Graf Gräfin Prinz Prinzessin Ritter Edler Edle"))
_NOBLE_PARTICLES = frozenset(words("von vom zu zum zur und der"))
_ARTICLES = frozenset(words("der die das ein eine dieser diese"))
_JOINTS = frozenset(words("und sowie oder / & u."))
_AFTER_ROLE = frozenset(words("für der des im in am an von vom beim bei zur zum aus gegen und"))
# «Europäische Union», «Deutsches Rotes Kreuz»
_NAME_OF_A_THING = tuple(
    words("- ische ischen ischer isches deutsche deutschen Deutsche Deutscher Deutsches Deutschen")
)
# «Minister a. D.»
_RETIRED = (("a.", "D."), ("i.", "R."))
_MAX_NAME_WORDS = 4
_MAX_APPOSITION = 22
# The same few words stand around every quotation.
_WORDS_KEPT = 2_048


class Person(NamedTuple):
    """Somebody as one place of the text names them; every part may be missing.

    `determiner` is the article or pronoun they were pointed at with: «er», «die», «eine».
    """

    name: str | None
    role: str | None
    determiner: str = ""


NOBODY = Person(None, None)


def is_pronoun(person: Person) -> bool:
    """True for somebody who is only «er» or «sie»."""
    return person.determiner in ("er", "sie") and not person.name and not person.role


def plain(word: str) -> str:
    """Return a word without the punctuation around it."""
    return word.strip("„“”»«\"'‚‘().,:;!?–—…")


@lru_cache(maxsize=_WORDS_KEPT)
def bare(name: str) -> str:
    """Return a name without academic titles."""
    return " ".join(word for word in name.split() if word not in _TITLES)


def is_title(word: str) -> bool:
    """True for an academic title."""
    return word in _TITLES


def is_salutation(word: str) -> bool:
    """True for «Herr» and «Frau»."""
    return word in _SALUTATIONS


@lru_cache(maxsize=_WORDS_KEPT)
def is_name_word(word: str) -> bool:
    """True for a word without punctuation that can be part of a name."""
    if word[:2] in ("d’", "d'"):
        word = word[2:]
    if not word[:1].isupper() or word in NO_NAME or (len(word) > 1 and word.isupper()):
        return False
    if not word.replace("-", "").replace("’", "").replace("'", "").replace("´", "").isalpha():
        return False
    if word.endswith(_NAME_OF_A_THING):
        return False
    return not is_office(word) and not describes(word)


def read_name(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Return the name that begins at a word, titles kept, and where it ends; ("", at) where none does."""
    here = at
    while here < len(tokens) and tokens[here] in _SALUTATIONS:
        here += 1
    first = here
    while here < len(tokens) and tokens[here] in _TITLES:
        here += 1
    given = here
    while here < len(tokens) and here - given < _MAX_NAME_WORDS:
        word = plain(tokens[here])
        if here > given and (joined := _particles_end(tokens, here, given)) > here:
            here = joined + 1
            break
        if tokens[here].startswith(("(", "„")) or not (
            is_name_word(word) or (here > given and word in SURNAMES_TOO and not _name_follows(tokens, here))
        ):
            break
        here += 1
        if tokens[here - 1][-1] in ".,:;!?)“":
            break
    if here == given:
        return "", at
    last = plain(tokens[here - 1])
    # «Olena K.»
    return " ".join([*tokens[first : here - 1], f"{last}." if len(last) == 1 else last]), here


def _particles_end(tokens: Sequence[str], here: int, given: int) -> int:
    """Return where the particles from `here` on end and a surname follows; `here` where none do."""
    noble = tokens[here] in _NOBILITY
    # «Havva Engin von der Pädagogischen Hochschule»: a particle stands behind one given name.
    if not noble and (here - given > 1 or tokens[here] not in _PARTICLES or tokens[here] in _INSIDE_PARTICLE):
        return here
    end = here + 1
    while end < len(tokens) and tokens[end] in (_NOBLE_PARTICLES if noble else _PARTICLES):
        end += 1
    return end if end < len(tokens) and is_name_word(plain(tokens[end])) else here


def name_start(tokens: Sequence[str]) -> int:
    """Return where the given names and particles begin that `tokens` end with («… Ursula von der»)."""
    first = len(tokens)
    while first and len(tokens) - first < _MAX_NAME_WORDS:
        token = tokens[first - 1]
        if token in _INSIDE_PARTICLE:
            if first < 2 or tokens[first - 2] not in _PARTICLES:
                break
        elif token not in _PARTICLES and not is_name_word(token):
            break
        first -= 1
    while first < len(tokens) and tokens[first] in _PARTICLES:
        first += 1
    return first


def _name_follows(tokens: Sequence[str], at: int) -> bool:
    return at + 1 < len(tokens) and is_name_word(plain(tokens[at + 1]))


def read_role(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Return the office that begins at a word, its compounds and qualifiers included; ("", at) if none."""
    here = at
    while here + 1 < len(tokens) and tokens[here].rstrip(",").endswith("-"):
        here += 2 if tokens[here + 1] in _JOINTS else 1
    if here >= len(tokens) or tokens[here] in _TITLES or tokens[here].startswith("„"):
        return "", at
    if not is_office(tokens[here]):
        return "", at
    first = at
    while first > 0 and is_qualifier(tokens[first - 1]):
        first -= 1
    return " ".join([*tokens[first:here], plain(tokens[here])]), here + 1


def read_person(tokens: Sequence[str], at: int, *, described: bool = False) -> tuple[Person, int]:
    """Read whom the words from `at` on name, a capitalised word first; NOBODY where it is nobody.

    `described` says that an article stands before it: there the first of three words is no given name
    («die Ukrainerin Olena Kovalenko»).
    """
    if tokens[at] in _SALUTATIONS and at + 1 < len(tokens) and is_office(tokens[at + 1]):
        at += 1
    role, end = read_role(tokens, at)
    if not role:
        name, end = read_name(tokens, at)
        if described and name.count(" ") == 2 and tokens[at] not in _TITLES:
            name = name.partition(" ")[2]
        return (Person(name, role_behind(tokens, end)), end) if name else (NOBODY, at)
    if tokens[end - 1][-1] not in ".,:;!?)":
        retired = tuple(tokens[end : end + 2]) in _RETIRED
        name, behind = read_name(tokens, end + 2 * retired)
        if name:
            # «Professorin Petra Bendig, Vorsitzende des Rats»: a title written out yields to an office.
            office = role_behind(tokens, behind) if role in _WRITTEN_TITLES else None
            return Person(name, office or role), behind
    return _in_apposition(tokens, end, role)


def _in_apposition(tokens: Sequence[str], end: int, role: str) -> tuple[Person, int]:
    """Look for the name behind an office and what it is for («die Vorsitzende des Beirats, Anna Müller,»)."""
    nobody = Person(None, role), end
    if end < len(tokens) and tokens[end - 1][-1] != "," and tokens[end] not in _AFTER_ROLE:
        return nobody
    in_phrase = True
    for here in range(end - 1, min(len(tokens) - 1, end + _MAX_APPOSITION)):
        if tokens[here][-1] in ":;!?":
            break
        in_phrase = in_phrase and (
            here < end
            or not tokens[here].islower()
            or tokens[here] in _AFTER_ROLE
            or _is_adjective(tokens[here])
        )
        if not tokens[here + 1][0].isupper():
            continue
        if tokens[here][-1] == ",":
            own, start = read_role(tokens, here + 1)
            name, behind = read_name(tokens, start)
            if " " in bare(name) and (
                behind == len(tokens) or tokens[behind - 1][-1] in ".,:)" or tokens[behind].islower()
            ):
                return Person(name, own or role), behind
        elif in_phrase and here >= end and tokens[here][0].isupper():
            # «Minister für Soziales und Integration Manne Lucha»: a name right behind the last noun.
            name, behind = read_name(tokens, here + 1)
            length = len(name.split())
            if length == 2 or (name and tokens[here + 1] in _TITLES):
                return Person(name, role), behind
            if length > 2:
                break
    return nobody


def role_behind(tokens: Sequence[str], at: int) -> str | None:
    """Return the office in apposition to the name that ends before `at` («, Vorsitzende des …», «(OB)»)."""
    if at >= len(tokens):
        return None
    if tokens[at].startswith("("):
        role = read_role([tokens[at][1:], *tokens[at + 1 : at + 4]], 0)[0]
        closing = next((i for i in range(at, min(len(tokens), at + 3)) if ")" in tokens[i]), None)
        if role or closing is None or not tokens[closing].endswith(","):
            return role or None
        at = closing + 1
    elif not tokens[at - 1].endswith(","):
        return None
    for here in range(at, min(len(tokens), at + 4)):
        if not tokens[here][0].islower() and not is_qualifier(tokens[here]):
            return read_role(tokens, here)[0] or None
        if not (tokens[here] in _ARTICLES or is_qualifier(tokens[here]) or _is_adjective(tokens[here])):
            break
    return None


def role_before(tokens: Sequence[str], end: int) -> str | None:
    """Return the office that ends right before a name at `end`, or stands before its «im …, »."""
    if not end:
        return None
    here = end - 1
    if tokens[here][-1] == ",":
        for here in range(end - 1, max(-1, end - _MAX_APPOSITION), -1):
            if is_office(tokens[here]) and (here == end - 1 or tokens[here + 1] in _AFTER_ROLE):
                break
            if tokens[here][-1] in ".:;!?":
                return None
    if not is_office(tokens[here]) or tokens[here][-1] in ".:;!?)“":
        return None
    while here > 1 and tokens[here - 1] in _JOINTS and tokens[here - 2].endswith("-"):
        here -= 2
    while here and tokens[here - 1].endswith("-,"):
        here -= 1
    return read_role(tokens, here)[0] or None


def _is_adjective(word: str) -> bool:
    """True for «langjährige», False for «sagte»."""
    return word.endswith(("e", "er", "en")) and not word.endswith(("te", "ten"))
