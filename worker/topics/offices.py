"""Find the names of offices in a text: who speaks is not what is spoken about.

«Sozial- und Integrationsminister Lucha», «Ministerium der Justiz und für Migration», «Beauftragte der
Bundesregierung für Migration, Flüchtlinge und Integration» stand under releases on any subject and
are the largest source of false alarms. In: tokens. Out: the tokens that are only an office. Floor 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from worker.topics.vocabulary import common
from worker.topics.words import Token, fold

_OFFICE = re.compile(
    r".*(?:minister(?:in|innen|s|n)?|ministeri(?:um|ums|en)|staatssekretar(?:in|innen|s|e)?"
    r"|senator(?:in|s|en)?|senatsverwaltung|ausschuss(?:es)?|arbeitskreis(?:es)?)"
    r"|(?:bundes|landes)(?:integrations|migrations|auslander)?beauftragte[rn]?"
    r"|abteilung(?:en|sleiter|sleiterin|sleitung)?|referat(?:s|sleiter|sleiterin|sleitung)?|dezernat(?:s)?"
    r"|sprecher(?:in|innen|s)?|ressort(?:s)?|amtschef(?:in|s)?|ministerialdirektor(?:in|s)?"
)
_BARE = re.compile(r"abteilung.*|referat.*|dezernat.*|ressorts?|.*ministeri(?:um|ums|en)")
"""Heads that a department may follow without «für»: «Abteilung Integration»."""

_COMMISSIONER = re.compile(r".*beauftragte[rn]?")
_GOVERNMENTS = frozenset(("bundesregierung", "landesregierung", "landes", "bundes"))
_POLICY_FIELD = re.compile(r".*politische[rnsm]?")

_OPENERS = frozenset(("fur", "der", "des"))
_LINKS = _OPENERS | {"und", "sowie", "den", "die"}
_BETWEEN = re.compile(r"[\s,&/-]{1,4}|\s\(")
_LONGEST_PERSON = 4
_LONGEST_NAME = 24
"""No office name has more words: it bounds the walk to the right."""


def office_tokens(text: str, tokens: Sequence[Token]) -> list[tuple[int, ...]]:
    """Return, for each office named in `text`, the indices of its tokens."""
    names: list[tuple[int, ...]] = []
    taken = -1
    for head in range(len(tokens)):
        if head <= taken or not _may_head(tokens[head].surface):
            continue
        name = tuple(_name_around(text, tokens, head))
        if name:
            names.append(name)
            taken = name[-1]
    return names


@lru_cache(maxsize=20_000)
def _may_head(surface: str) -> bool:
    word = fold(surface)
    return bool(_OFFICE.fullmatch(word) or _COMMISSIONER.fullmatch(word))


def _name_around(text: str, tokens: Sequence[Token], head: int) -> Iterator[int]:
    word = fold(tokens[head].surface)
    after = head + 1
    if not _OFFICE.fullmatch(word):
        if not _of_government(tokens, head):
            return
        after = head + 3
    first = _first_of_name(text, tokens, head)
    yield from range(first, after)
    bracket = _bracket_after(text, tokens, after)
    if bracket:
        yield from _departments(text, tokens, bracket, bare=True)
        return
    yield from _departments(text, tokens, after, bare=bool(_BARE.fullmatch(word)))


def _of_government(tokens: Sequence[Token], head: int) -> bool:
    """A commissioner counts as an office only of a government, not of a town: those are a subject."""
    return (
        head + 2 < len(tokens)
        and fold(tokens[head + 1].surface) in _OPENERS
        and fold(tokens[head + 2].surface) in _GOVERNMENTS
    )


def _first_of_name(text: str, tokens: Sequence[Token], head: int) -> int:
    """Walk left over «Sozial-, Gesundheits- und» or «integrationspolitischer» before the head."""
    first = head
    if head and _POLICY_FIELD.fullmatch(fold(tokens[head - 1].surface)):
        return head - 1
    if head and text[tokens[head - 1].end : tokens[head].start] == "-":
        first -= 1  # «Integrations-Ministerium»
    left = first - 1
    while left >= 0 and first - left <= 2:
        if text[tokens[left].end : tokens[left].end + 1] == "-":
            first = left
        elif fold(tokens[left].surface) not in ("und", "sowie"):
            break
        left -= 1
    return first


def _bracket_after(text: str, tokens: Sequence[Token], after: int) -> int | None:
    """Return where «(Soziales und Integration)» begins after «Minister Manne Lucha»."""
    for index in range(after, min(len(tokens), after + _LONGEST_PERSON)):
        between = text[tokens[index - 1].end : tokens[index].start]
        if between == " (":
            return index
        if between.strip(" ."):
            return None
    return None


def _departments(text: str, tokens: Sequence[Token], start: int, *, bare: bool) -> Iterator[int]:
    """Walk right over «für Soziales, Gesundheit und Integration»; linking words at the end stay outside."""
    departments = _folded_departments()
    pending: list[int] = []
    named = bare
    for index in range(start, min(len(tokens), start + _LONGEST_NAME)):
        between = text[tokens[index - 1].end : tokens[index].start]
        word = fold(tokens[index].surface)
        if not _BETWEEN.fullmatch(between):
            return
        if word in departments and named:
            yield from pending
            yield index
            pending.clear()
        elif word in _LINKS and (named or word in _OPENERS):
            pending.append(index)
            named = True
        else:
            return


@cache
def _folded_departments() -> frozenset[str]:
    return frozenset(fold(department) for department in common().departments)
