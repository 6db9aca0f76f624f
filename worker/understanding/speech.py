"""Who is said to speak: the clause before or behind a quotation. Floor 1.

In goes what stands around words in quotation marks, out comes whom it names as their speaker, or None
where nobody speaks. It knows «“, sagte Minister Lucha», «“, so der Minister», «Minister Lucha erklärte: „»
and «Minister Lucha: „»; mottos, titles and programmes are no speakers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from worker.understanding.names import (
    NOBODY,
    Person,
    bare,
    is_title,
    plain,
    read_person,
)
from worker.understanding.offices import is_feminine, is_office
from worker.understanding.speech_words import (
    DETERMINERS,
    GOES_ON,
    GOES_ON_TELLING,
    HEARS,
    NO_VERB,
    NOT_NOMINATIVE,
    PREPOSITIONS,
    SAY,
    SPEAKS_FOR,
    THINGS,
    UTTERANCES,
)

_INSTITUTION = re.compile(
    r"[A-ZÄÖÜ][\w-]*?(?:ministerium|kommission|regierung|verband|behörde|beirat|rechnungshof|gewerkschaft"
    r"|kammer|landtag|fraktion)",
    re.I,
)
_ABBREVIATION = re.compile(r"(?:\d{1,2}|\w|St|Nr|ca|bzw|Art|Abs|Mio|Mrd|vgl|usw|evtl)\.|\w\.\w\.")
_ATTRIBUTION = re.compile(
    r"[,–!?] ?(?P<verb>[a-zäöüß]+) (?:(?:sich|auch|der|die) )?"
    r"(?P<who>[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?|(?:sie|er)\b)"
)
_LONGEST_CLAUSE = 45
_MIN_WORDS = 4
_LONGEST_TEXT = 400

# «Und weiter: „»
THE_SAME = Person(None, None, "weiter")

Known = Callable[[str], bool]


def somebody_speaks(text: str) -> bool:
    """True where `text` holds an attribution («…, sagte Lucha. …»), as the words of one quotation do not."""
    for found in _ATTRIBUTION.finditer(text):
        verb, who = found["verb"], found["who"]
        if verb in SAY or verb == "so":
            return True
        subject = " " in who or is_office(who) or (who in ("er", "sie") and verb.endswith(("t", "te")))
        if subject and verb not in NO_VERB:
            return True
    return False


def ends_sentence(token: str) -> bool:
    """True for a word with the end of a sentence, abbreviations and «3.» apart."""
    if token[-1].isalnum():
        return False
    if token[-1] in '“”«»"‘)':
        token = token.rstrip('“”«»"‘)')
    if token[-1:] in ("!", "?"):
        return True
    return token[-1:] == "." and not is_title(token) and not _ABBREVIATION.fullmatch(token.lstrip("(„"))


def is_in_sentence(before: str) -> bool:
    """True when a sentence is still open at the end of `before`."""
    return bool(before) and not ends_sentence(before.rsplit(None, 1)[-1])


def open_clause(before: str) -> list[str]:
    """Return the words of the sentence that is still open at the end of `before`."""
    tokens = before[-_LONGEST_TEXT:].split()
    first = len(tokens)
    while first and not ends_sentence(tokens[first - 1]):
        first -= 1
    return tokens[first:]


def last_sentences(tokens: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """Yield the last sentences of a text, the last one first."""
    end = len(tokens)
    for _ in range(most):
        first = end - 1
        while first > 0 and not ends_sentence(tokens[first - 1]):
            first -= 1
        if end <= 0:
            return
        yield tokens[first:end]
        end = first


def first_clause(after: str) -> list[str]:
    """Return the words of the sentence that `after` begins with, its end included."""
    tokens = after.split(None, _LONGEST_CLAUSE)[:_LONGEST_CLAUSE]
    end = next((i for i, token in enumerate(tokens) if ends_sentence(token) or token[-1] in ":;"), None)
    return tokens if end is None else tokens[: end + 1]


def speaker_after(after: str, quoted: str, knows: Known) -> Person | None:
    """Read «, sagte Minister Lucha …» behind the words `quoted`; None where nobody is said to speak."""
    text = after.lstrip()
    if text.startswith("("):
        return signed_by(text[1:].partition(")")[0].split())
    tokens = first_clause(text.lstrip(" ,–—-"))
    if not tokens:
        return None
    first, rest = tokens[0], tokens[1:]
    if not first.islower():
        return signed_by(tokens) if text[0] in "–—" else _told_behind(tokens, quoted, knows)
    if _is_part_of_telling(rest) or _names_thing(_first_noun(rest[:3])):
        return None
    if rest[:1] == ["es"] and first in ("heißt", "hieß"):
        return NOBODY
    set_off = text[0] in ",–—-" or quoted[-1] in "!?…"
    says = first in SAY
    if first in ("so", "wie"):
        found = _subject(rest, knows, near=True) or _subject(rest, knows, governed_by=SPEAKS_FOR)
        return NOBODY if found is None and set_off and rest and len(quoted.split()) >= _MIN_WORDS else found
    if first in NO_VERB or first in HEARS or rest[:1] == ["es"] or not (set_off or says):
        return None
    found = _subject(rest, knows, near=says)
    return NOBODY if found is None and says and set_off else found


def speaker_before(before: str, knows: Known) -> Person | None:
    """Read «Minister Lucha erklärte: » at the end of `before`; None where nothing introduces a quotation."""
    if not before.endswith((":", ",")):
        return None
    tokens = open_clause(before)
    if before[-1] == ",":
        # «Die Ministerin sagte, „wir …“»
        return _subject(tokens, knows) if plain(tokens[-1]) in SAY else None
    spoken = {plain(token) for token in tokens}
    says = not spoken.isdisjoint(SAY)
    if all(word.lower() in GOES_ON for word in spoken):
        return THE_SAME
    thing = any(_names_thing(token) for token in tokens)
    if not says and (thing or not spoken.isdisjoint(HEARS)):
        return None
    found = _introducing(tokens, knows, says=says) or _subject(tokens, knows, governed_by=SPEAKS_FOR)
    utters = says or ("es" in spoken and not spoken.isdisjoint(("heißt", "hieß")))
    return NOBODY if found is None and (utters or any(_is_utterance(token) for token in tokens)) else found


def _introducing(tokens: Sequence[str], knows: Known, *, says: bool) -> Person | None:
    """Return whom a clause before a colon is about; after a dash it begins anew («… – US-Präsident: „»)."""
    dash = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i] in ("–", "—", "-")), -1)
    found = _subject(tokens[dash + 1 :], knows) or _subject(tokens, knows)
    if found is None or says or found.role or not found.name:
        return found
    # Without a verb of speech a mere name must begin or end the clause: «Anna Müller zum Abschied: „».
    name = found.name.split()
    return found if plain(tokens[0]) == plain(name[0]) or plain(tokens[-1]) == name[-1] else None


def signed_by(tokens: Sequence[str]) -> Person | None:
    """Read a signature behind a quotation, or the source of one: «Anna Müller, Vorsitzende»."""
    if not tokens or not tokens[0][0].isupper():
        return None
    person, end = read_person(tokens, 0)
    ends = end == len(tokens) or tokens[end - 1][-1] in ",." or tokens[end][0] in "(|–"
    return person if ends and person.name and (person.role or " " in bare(person.name)) else None


def people_in(tokens: Sequence[str], knows: Known) -> list[Person]:
    """Return everybody a sentence names, in whatever case."""
    return [person for person, _, _ in _named(tokens, knows, near=False) if person.name]


def _told_behind(tokens: Sequence[str], quoted: str, knows: Known) -> Person | None:
    """Read «Das sagte Minister Lucha» and «Mit diesen Worten begrüßte er …» behind whole sentences."""
    if quoted[-1] not in ".!?…" or len(tokens) < 3:
        return None
    if tokens[0] in ("Das", "So", "Dies") and tokens[1] in SAY:
        return _subject(tokens[2:], knows, near=True)
    return _subject(tokens[4:], knows, near=True) if tokens[:3] == ["Mit", "diesen", "Worten"] else None


def _is_part_of_telling(tokens: Sequence[str]) -> bool:
    return any(
        token[-1] == "," and following in GOES_ON_TELLING for token, following in itertools.pairwise(tokens)
    )


def _first_noun(tokens: Sequence[str]) -> str:
    return next((token for token in tokens if token[0].isupper()), "")


def _names_thing(token: str) -> bool:
    return token[:1].isupper() and plain(token).lower().endswith(THINGS)


def _is_utterance(token: str) -> bool:
    return token[:1].isupper() and plain(token).lower().endswith(UTTERANCES)


def _subject(
    tokens: Sequence[str], knows: Known, *, near: bool = False, governed_by: frozenset[str] = frozenset()
) -> Person | None:
    """Return whom a clause is about: the first person in it that no preposition governs.

    `near` says that the clause begins behind a verb of speech, where a lone surname is a person, too;
    `governed_by` asks for those behind one of these prepositions instead.
    """
    for person, preposition, determiner in _named(tokens, knows, near=near):
        if preposition in governed_by if preposition else _is_nominative(determiner, person):
            return person._replace(determiner=determiner or person.determiner)
    return None


def _named(tokens: Sequence[str], knows: Known, *, near: bool) -> Iterator[tuple[Person, str, str]]:
    """Yield who is named in a clause, with the preposition and the article before them."""
    preposition = determiner = ""
    here = 0
    while here < len(tokens):
        token = tokens[here]
        word = plain(token).lower()
        end = here + 1
        if word in ("er", "sie") and not _is_plural(tokens[max(0, here - 1) : here + 2]):
            yield Person(None, None, word), preposition, ""
        elif word in PREPOSITIONS:
            preposition, determiner = word, ""
        elif word in DETERMINERS:
            determiner = word
        elif token[0].isupper():
            follows_article = here > 0 and tokens[here - 1].lower() in DETERMINERS
            person, behind = read_person(tokens, here, described=bool(determiner))
            lone = near and here <= 1 and not follows_article
            if _is_somebody(person, knows, lone=lone, of_thing=follows_article and end + 2 > behind):
                yield person, preposition, determiner
                end = max(behind, end)
            elif follows_article and _INSTITUTION.fullmatch(plain(token)):
                yield Person(plain(token), None), preposition, ""
            preposition = determiner = ""
        elif not ((preposition or determiner) and word.endswith(("e", "er", "en", "em", "es"))):
            preposition = determiner = ""
        here = end


def _is_somebody(person: Person, knows: Known, *, lone: bool, of_thing: bool) -> bool:
    """True for an office, a title, two names in a row, or a name the text knows.

    `of_thing` says that one or two words stand right behind an article: «die Europäische Union».
    """
    if person.role or not person.name:
        return person.role is not None
    if is_title(person.name.split()[0]):
        return True
    return not of_thing and (lone or " " in bare(person.name) or knows(person.name))


def _is_plural(tokens: Sequence[str]) -> bool:
    """True for «sagten sie», «sie sagen»."""
    return any(plain(token).endswith("en") and token.islower() for token in tokens)


def _is_nominative(determiner: str, person: Person) -> bool:
    """False for «der Ministerin», «des Ministers»: whose or to whom, not who."""
    if determiner in NOT_NOMINATIVE:
        return False
    role = person.role or ""
    return not (determiner == "der" and (is_feminine(role) or role.endswith("nden")))
