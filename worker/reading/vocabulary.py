"""Words that recognise parts of a page, as lists a person can extend. Floor 1.

Each list becomes one pattern for a whole line. They come from pages of the BW portal and other
Länder; nothing here decides alone, and nothing here knows a topic.
"""

from __future__ import annotations

import re


def lines(*phrases: str) -> re.Pattern[str]:
    """Return a pattern for use with `fullmatch` that knows each of `phrases` (regular expressions)."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.I)


# Headings of side boxes on listing pages: what stands under them are no releases.
SIDE_HEADING = lines(
    r"(?:weitere|aktuelle|neueste|ähnliche|verwandte) (?:meldungen|nachrichten|themen|artikel|beiträge)",
    r"(?:weitere|ähnliche|verwandte) (?:inhalte|informationen)",
    r"(?:presse)?kontakt|ansprechpartner(?:in|innen)?|service|themen|links|archiv|suche|filter|social media",
    r"newsletter|rss.{0,20}|mehr zum thema|meistgelesen|top-themen|schnellzugriff|quicklinks|footer",
    r"(?:haupt)?navigation|sie sind hier|veranstaltungen|termine|mediathek|downloads?|pressefotos",
)

# The words of a link that only say «go on».
MORE = lines(
    r"mehr|weiter ?lesen|weiter|mehr (?:lesen|erfahren|infos?|informationen|dazu)|details?|read more|more",
    r"(?:zur |vollständige )?(?:pressemitteilung|meldung|pressemeldung)(?: lesen)?|zum artikel|alles lesen",
    r"(?:ganzen )?(?:artikel|beitrag|meldung) lesen|lesen sie mehr|weiterlesen .{0,200}",
    r"mehr (?:zu|über|zum thema):? .{0,200}",
)

# Source notes of pictures in teasers.
TEASER_CREDIT = lines(
    r"\(?(?:bild|foto|quelle|fotograf(?:in)?|copyright|bildquelle|bildnachweis|grafik)s?\s*:.*",
    r"(?:©|\(c\)\s|picture[ -]alliance|symbolbild\s*:).*",
)

# Lines of a teaser that are neither topic nor text.
TEASER_LABEL = lines(
    r"presse(?:mitteilung|information|meldung)(?: (?:nr\.?|nummer) ?[\d/.-]+)?|medieninformation|meldung",
    r"bericht|artikel|nachricht|(?:berechne )?lesezeit.*|teilen|pdf.*|download.*|\(?(?:pdf|html)[^)]*\)?",
    r"audio|video|von (?:der )?[A-ZÄÖÜ].{2,40}",
    r"(?:datei|datum|titel|thema|ressort|herausgeber)(?: .{0,20})?:?|neu|top|top-?meldung|angeheftet|fixiert",
    r"wichtig|bildergalerie",
)

# A publisher beside a title (Berlin, Hessen, Mecklenburg-Vorpommern): no text of the release.
PUBLISHER = re.compile(
    r"(?:[A-ZÄÖÜ]\w*ministerium|Senatsverwaltung|Senatskanzlei|Staatskanzlei|Senator(?:in)?|Behörde|Bezirksamt|"
    r"Die Senator\w*)\b"
)

# Links to the page after this one.
NEXT_PAGE = lines(
    r"(?:zur |zu den )?(?:nächste[rn]?|folgende|nachfolgende)(?: (?:seite|ergebnisse|einträge|meldungen))?",
    r"eine seite (?:weiter|vor)|(?:seite )?(?:weiter|vor|vorwärts)(?: blättern)?|weiterblättern",
    r"next(?: page)?",
    r"weitere (?:meldungen|ergebnisse|einträge|pressemitteilungen) (?:laden|anzeigen)",
    r"mehr (?:meldungen )?(?:laden|anzeigen)|ältere (?:beiträge|meldungen|einträge)",
)
