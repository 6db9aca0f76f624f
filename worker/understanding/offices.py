"""What an office is called, and which words are never a name. Floor 1.

Lists with the tests on them: a word goes in, yes or no comes out. Offices are known by their
endings, since German builds them as compounds («Sozial- und Integrationsminister»).
"""

from __future__ import annotations

import re
from functools import lru_cache

from worker.text import words

# Most of these have a feminine in «-in».
_MASCULINE = words(
    """
    minister präsident sekretär bürgermeister direktor leiter sprecher chef führer rektor senator kanzler
    dezernent referent professor intendant kommissar inspekteur botschafter koordinator manager schirmherr
    dekan experte forscher wissenschaftler richter gründer vertreter amtsträger trainer berater betreuer
    prälat pfarrer rabbiner integrationslotse präses inspektor moderator kurator gesandter konsul pädagoge
    sozialarbeiter lehrer mediziner politiker schüler student unternehmer autor künstler journalist
    ingenieur pfleger helfer mentor inhaber betreiber preisträger teilnehmer dirigent kämmerer soziologe
    ökonom historiker psychologe jurist dolmetscher übersetzer sänger regisseur schriftsteller stipendiat
    praktikant erzieher ausbilder handwerksmeister tischlermeister imam superintendent diakon
    generalsekretär schatzmeister hauptmann obermeister geschäftsführer pate bewohner bäcker gastronom
    hausmeister polizist kapitän spieler veranstalter organisator initiator obmann amtmann verwalter
    prüfer gutachter
    """
)
_FEMININE = words(
    """
    bischöfin anwältin ärztin rätin beamtin vorständin lotsin expertin pädagogin soziologin
    psychologin patin kämmerin ombudsfrau obfrau krankenschwester schirmfrau äbtissin
    wartin schäferin landwirtin winzerin försterin architektin biologin
    """
)
# Participles that carry their gender in the article, offices that end in «-rat», and what stands alone.
_BOTH = words(
    """
    vorsitzende vorsitzender vorsitzenden beauftragte beauftragter beauftragten abgeordnete abgeordneter
    abgeordneten beigeordnete beigeordneter beigeordneten auszubildende auszubildender studierende
    landrat stadtrat staatsrat gemeinderat ministerialrat kreisrat schulrat kirchenrat regierungsrat
    nationalrat ständerat studienrat bischof anwalt arzt beamter beamte
    vorstand mitglied bevollmächtigte bevollmächtigter delegierte ombudsmann ombudsperson mitarbeitende
    jugendwart gerätewart kassenwart sportwart
    """
)
_UNGENDERED = tuple(
    word for word in _BOTH if word.endswith(("e", "er", "en", "mitglied", "vorstand", "person"))
)
ENDINGS = tuple(
    sorted(
        {*_MASCULINE, *_FEMININE, *_BOTH, *(f"{word.removesuffix('e')}in" for word in _MASCULINE)},
        key=len,
        reverse=True,
    )
)
_TAILS = frozenset(ending[-3:] for ending in ENDINGS)
_SHORT = frozenset(["OB", "OBin", "MP"])
_FEMININE_NOUNS = ("erin", "orin", "istin", "eurin", "entin", "antin", "ogin", "eugin")
_NO_NOUNS = ("schwerin", "severin", "valentin", "quentin", "florentin", "konstantin")
_INCLUSIVE = re.compile(r"(?:[/:*_]-?in)$")
# Offices that many people are called: «Gerhard Richter».
SURNAMES_TOO = frozenset(words("Richter Führer Lehrer Pfarrer Bischof Kanzler Bäcker Schüler Dekan Pate"))

# What stands before an office and changes it.
_QUALIFIERS = (
    "stellvertretend",
    "ehemalig",
    "früher",
    "kommissarisch",
    "designiert",
    "parlamentarisch",
    "erst",
    "zweit",
)

# Capitalised words that begin a sentence, a date or a thing, never a name.
NO_NAME = frozenset(
    words(
        """
        Der Die Das Den Dem Des Ein Eine Einen Wir Sie Er Es Ich Ihr Ihre Und Oder Aber Auch Für Mit Von
        Im In Am An Auf Aus Bei Beim Zum Zur Nach Vor Um So Als Wie Wenn Was Wer Wo Dabei Dazu Damit
        Dieser Diese Dieses Unser Unsere Sein Seine Zu Weiter Zudem Außerdem Laut Gemeinsam Anlässlich
        Einer Einem Ihrem Ihren Ihrer Seinem Seinen Alle Viele
        Hier Heute Gestern Baden-Württemberg Baden-Württembergs Deutschland Stuttgart Berlin Land Landes
        Bund Bundes Länder Europa Ministerium Landtag Landesregierung Bundesregierung Regierung Rahmen
        Anlass Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März April Mai
        Juni Juli August September Oktober November Dezember Uhr Euro Prozent Jahr Jahre Menschen
        Kommunen Motto Titel Ziel Thema Name Ende Anfang Abend Morgen Mittag Vormittag Nachmittag
        Wochenende Gespräch Blick Hinblick Bezug Zusammenhang Konferenz Workshop Veranstaltung Studie
        Bericht Gesellschaft Stadt Kreis Landkreis Polizei Verein Verband Region Kollege Kollegen Kollegin
        Familie Eheleute Team Gruppe Firma Stiftung Projekt Programm Universität Hochschule Gemeinde Nachfrage
        Statement Zitat O-Ton Tenor Herr Herrn Frau MdB MdL MdEP
        """
    )
)


@lru_cache(maxsize=4_096)
def is_office(word: str) -> bool:
    """True for a word that names an office, compounds and «Minister:in» included."""
    word = word.rstrip(".,:;!?“)")
    if not word[:1].isupper():
        return False
    if word[-3:] not in _TAILS:
        return word in _SHORT
    return _INCLUSIVE.sub("", word).lower().endswith(ENDINGS)


def describes(word: str) -> bool:
    """True for what a woman is called beside her name («Malerin», «Ukrainerin»), no office and no name."""
    lowered = word.lower()
    return lowered.endswith(_FEMININE_NOUNS) and not lowered.endswith(_NO_NOUNS)


def is_qualifier(word: str) -> bool:
    """True for what belongs to the office behind it («stellvertretende», «Erster»)."""
    stem = word.lower()
    return stem.startswith(_QUALIFIERS) and stem.endswith(("e", "er", "en"))


def is_feminine(role: str) -> bool:
    """True for an office whose own ending says that a woman holds it."""
    return role.endswith(("in", "frau", "schwester"))


def pronoun_of(role: str | None) -> str | None:
    """Return «er» or «sie» as the office tells; None where it does not («Beauftragte», no office)."""
    if role is None or role.lower().endswith(_UNGENDERED):
        return None
    return "sie" if is_feminine(role) else "er"
