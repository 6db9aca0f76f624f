"""What an office is called, and which words are never a name. Floor 1.

Lists with the tests on them: a word goes in, yes or no comes out. Offices are known by their
endings, since German builds them as compounds («Sozial- und Integrationsminister»).
"""

from __future__ import annotations

from worker.reading.vocabulary import words

_MASCULINE = words(
    """
    minister präsident sekretär bürgermeister direktor leiter sprecher chef führer rektor senator kanzler
    dezernent referent professor bischof intendant kommissar inspekteur botschafter koordinator manager
    schirmherr dekan experte forscher wissenschaftler anwalt richter gründer vertreter amtsträger trainer
    berater betreuer prälat pfarrer rabbiner integrationslotse präses inspektor moderator kurator gesandter
    konsul pädagoge sozialarbeiter lehrer arzt mediziner
    """
)
_FEMININE = words(
    """
    ministerin präsidentin sekretärin bürgermeisterin direktorin leiterin sprecherin chefin führerin rektorin
    senatorin kanzlerin dezernentin referentin professorin bischöfin intendantin kommissarin inspekteurin
    botschafterin koordinatorin managerin schirmherrin dekanin expertin forscherin wissenschaftlerin anwältin
    richterin gründerin vertreterin trainerin beraterin betreuerin prälatin pfarrerin rabbinerin
    integrationslotsin landrätin stadträtin staatsrätin gemeinderätin ministerialrätin inspektorin
    moderatorin kuratorin konsulin pädagogin sozialarbeiterin lehrerin ärztin medizinerin kreisrätin
    bürgerrätin schulrätin
    """
)
# Participles that carry their gender in the article, and offices that end in «-rat».
_BOTH = words(
    """
    vorsitzende vorsitzender vorsitzenden beauftragte beauftragter beauftragten abgeordnete abgeordneter
    beigeordnete beigeordneter landrat stadtrat staatsrat gemeinderat ministerialrat kreisrat schulrat
    vorstand vorständin mitglied bevollmächtigte bevollmächtigter delegierte ombudsmann ombudsfrau
    ombudsperson schriftführer
    """
)
ENDINGS = tuple(sorted(_MASCULINE + _FEMININE + _BOTH, key=len, reverse=True))
_TAILS = frozenset(ending[-4:] for ending in ENDINGS)

# Capitalised words that begin a sentence, a date or a thing, never a name.
NO_NAME = frozenset(
    words(
        """
        Der Die Das Den Dem Des Ein Eine Einen Wir Sie Er Es Ich Ihr Ihre Und Oder Aber Auch Für Mit Von
        Im In Am An Auf Aus Bei Beim Zum Zur Nach Vor Um So Als Wie Wenn Was Wer Wo Dabei Dazu Damit
        Hier Heute Gestern Baden-Württemberg Baden-Württembergs Deutschland Stuttgart Berlin Land Landes
        Bund Bundes Länder Europa Ministerium Landtag Landesregierung Bundesregierung Regierung Rahmen
        Anlass Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Januar Februar März April Mai
        Juni Juli August September Oktober November Dezember Uhr Euro Prozent Jahr Jahre Menschen
        Kommunen Motto Titel Ziel Thema Name Ende Anfang Abend Morgen Mittag Vormittag Nachmittag
        Wochenende Gespräch Blick Hinblick Bezug Zusammenhang Konferenz Workshop Veranstaltung Studie
        Bericht Gesellschaft Stadt Kreis Landkreis Polizei
        """
    )
)


def is_office(word: str) -> bool:
    """True for a word that names an office, compounds included."""
    word = word.rstrip(".,:;!?“)")
    return word[:1].isupper() and word[-4:].lower() in _TAILS and word.lower().endswith(ENDINGS)
