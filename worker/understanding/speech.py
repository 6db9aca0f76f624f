"""Who is said to speak: the words before and after a quotation. Floor 1.

In goes what stands around words in quotation marks, out comes the speaker, or None where nothing
there speaks. It knows «“, sagte Minister Lucha», «“, so der Minister», «Minister Lucha erklärte: „»
and «Minister Lucha: „»; mottos, titles and programmes are no speakers.
"""

from __future__ import annotations

import re

from worker.reading.vocabulary import words
from worker.understanding.offices import is_office
from worker.understanding.people import People, Person, bare, read_name, read_person

_VERBS = frozenset(
    words(
        """
        sagt sagte sagten erklärt erklärte erklärten betont betonte betonten so unterstrich
        unterstreicht ergänzt ergänzte ergänzten erläutert erläuterte führte führt hob hebt stellte
        stellt machte macht fügte fügt meint meinte berichtet berichtete bekräftigte bekräftigt freute
        freut lobte lobt dankte dankt kritisierte kritisiert forderte fordert appellierte appelliert
        warnte warnt mahnte mahnt bilanzierte bilanziert resümierte resümiert zeigte zeigt äußerte
        äußert kommentierte kommentiert verdeutlichte verdeutlicht würdigte würdigt wies weist
        versicherte versichert kündigte kündigt teilte teilt schilderte schildert urteilte urteilt
        verkündete verkündet konstatierte konstatiert begründete begründet beschrieb beschreibt
        erinnerte erinnert rief ruft bat bittet wünschte wünscht schrieb schreibt wirbt warb hofft
        hoffte erwartet erwartete stimmte stimmt schloss schließt pflichtete verwies verweist bedankte
        bedankt begrüßte begrüßt gratulierte gratuliert fasste fasst antwortete antwortet erzählte
        erzählt wandte gab gibt sprach spricht bestätigte bestätigt plädierte plädiert zitierte ist
        sieht sah nannte nennt bezeichnete verspricht versprach drängte drängt begann endete fuhr
        ermutigte argumentierte argumentiert informierte informiert verlangte verlangt bedauerte
        bedauert übte zog zieht hält hielt
        """
    )
)
_ADVERBS = (
    r"(?:(?:auch|dann|zudem|weiter|weiterhin|außerdem|abschließend|heute|gestern|sich|dazu|hierzu|daraufhin"
    r"|jetzt|am \w+|in \w+|wiederum|ebenfalls|etwa|unter anderem)\s)*"
)
_AFTER = re.compile(rf"\s*[,–—-]?\s*(?P<verb>[a-zäöüß]+)\s(?P<rest>{_ADVERBS}.*)", re.S)
_AS = re.compile(r"\s*,?\s*wie\s(?P<rest>.{4,160})", re.S)
_THINGS = re.compile(
    rf"{_ADVERBS}(?:(?:das|der|die|ihr|sein|unser|dem|es)\s)?(?:\w+e\s)?(?:Motto|Titel|Name|Leitsatz|Leitspruch|Slogan|Thema|Ziel|Programm|Projekt|Beschluss"
    r"|Text|Wortlaut|Untertitel|Überschrift|Devise|Claim|Appell|Fazit|es)\b"
)
_INTRODUCES_THING = re.compile(
    r"(?:Motto|Titel|Thema|Slogan|Leitsatz|Leitspruch|Name|Namen|Programme?|Projekte?|Schwerpunkte?|Themen|Überschrift|Devise|Maßnahmen|Punkte|Ziele|Kategorien?)\b[^.:]{0,60}:\s*$"
)
_PRONOUN = re.compile(r"(?:er|sie|dieser|diese)\b")
_INSTITUTION = re.compile(
    r"(?:der|die|das|den|dem)\s(?:[a-zäöüß-]+(?:e|er|en)\s)?(?P<name>[A-ZÄÖÜ][\w-]*?(?:[Mm]inisterium|[Kk]ommission|[Rr]egierung|[Vv]erband|[Bb]ehörde|[Bb]eirat|[Rr]echnungshof|[Gg]ewerkschaft|[Kk]ammer|[Ll]andtag|[Ff]raktion))\b"
)
_SENTENCE = re.compile(r"(?<!Dr)(?<!Prof)(?<!\bh)(?<!\bc)(?<!St)(?<!Nr)(?<!\d)[.!?“]\s+(?=[A-ZÄÖÜ„]|$)")
_PREPOSITIONS = frozenset(
    words("mit von gegenüber an für über bei durch neben gegen zwischen unter vor nach um")
)
_ADVERBS_ONLY = re.compile(_ADVERBS)

NOBODY = Person(None, None)


def last_clause(text: str) -> str:
    """Return the sentence that is still open at the end of `text`."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return text[ends[-1] if ends else 0 :]


def speaker_after(after: str, at: int, people: People, last: Person) -> Person | None:
    """Read «, sagte Minister Lucha …» behind a quotation; None where nobody is said to speak.

    `last` is who spoke before in the paragraph, for «sagte er».
    """
    found = _AFTER.match(after[:300])
    as_said = _AS.match(after[:200])
    if as_said:
        return _subject(as_said["rest"].split("“")[0], at, people)
    if not found or found["verb"] not in _VERBS:
        return None
    rest = found["rest"]
    adverbs = _ADVERBS_ONLY.match(rest)
    named = rest[adverbs.end() :] if adverbs else rest
    if _THINGS.match(rest):
        return None
    if _PRONOUN.match(named):
        return last
    return _resolve(read_person(named), named, at, people, strict=found["verb"] in ("so", "ist"))


def speaker_named(source: str, at: int, people: People) -> Person:
    """Read whom the source of a quotation names («Manne Lucha, Minister»); nobody for a book or a law."""
    return _resolve(read_person(source), source, at, people, strict=True) or NOBODY


def speaker_before(before: str, at: int, people: People, last: Person) -> Person | None:
    """Read «Minister Lucha erklärte: » in front of a quotation; None where nothing introduces it."""
    if not before.rstrip().endswith(":"):
        return None
    clause = last_clause(before)
    if _INTRODUCES_THING.search(clause):
        return None
    subject = _subject(clause, at, people)
    if subject is not None:
        return subject
    spoken = {word.strip(",:") for word in clause.split()}
    if not spoken & (_VERBS - {"so", "ist", "gibt", "gab"}):
        return None
    return last if spoken & {"er", "sie", "Er", "Sie"} else NOBODY


def _subject(clause: str, at: int, people: People) -> Person | None:
    """Return whom a clause is about: beside its verb of speech, else the first not after a preposition."""
    places = list(re.finditer(r"\S+", clause))
    first: Person | None = None
    for position, word in enumerate(places):
        before = places[position - 1].group().strip(",") if position else ""
        person = _person_at(clause, word, before, at, people)
        if person is None:
            continue
        if before in _VERBS:
            return person
        if before not in _PREPOSITIONS and first is None:
            first = person
    return first


def _person_at(clause: str, word: re.Match[str], before: str, at: int, people: People) -> Person | None:
    """Read a person at one word of a clause: an office, a title, or two names in a row that are known."""
    text = word.group()
    if not text[0].isupper() or (before and (is_office(before) or before.endswith("-"))):
        return None
    rest = clause[word.start() :]
    starts = is_office(text) or text in ("Dr.", "Prof.", "Professor", "Professorin", "Frau", "Herr")
    if not starts and text.endswith("-") and is_office(rest.split()[2] if len(rest.split()) > 2 else ""):
        starts = True
    if not starts:
        name = read_name(rest)
        plain = bare(name)
        if not name or not ((" " in plain and rest[len(name) :][:1] in ",: ") or people.knows(name)):
            return None
        following = rest[len(name) :].lstrip(" ,").split(" ")[0].rstrip(":")
        if not (following in _VERBS or before in _VERBS or rest[len(name) :][:1] in ",:"):
            return None
    return _resolve(read_person(rest), rest, at, people, strict=True)


def _resolve(person: Person, rest: str, at: int, people: People, *, strict: bool) -> Person | None:
    """Complete what was read: the full name, the office, the holder; None where it is nobody."""
    if person.name:
        if person.role is None and strict and " " not in bare(person.name) and not people.knows(person.name):
            return None
        role = person.role or people.role_of(person.name, at)
        return Person(people.full_name(person.name), role)
    if person.role:
        return Person(people.holder(person.role, at), person.role)
    institution = _INSTITUTION.match(rest)
    if institution:
        return Person(institution["name"], None)
    return None if strict else NOBODY
