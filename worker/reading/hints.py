"""What class names, ids and roles suggest. Floor 1.

In goes the `class`, `id` and `role` of one element, out come hints: a fixed set of words. They only
raise certainty; no field depends on one, since templates change their names every few years.
"""

from __future__ import annotations

import re
from functools import lru_cache

from worker.reading.document import NO_HINTS

# Each hint with the name parts that suggest it: German and English, BEM and utility style. Names
# of the BW portal family (`.teaser__text`, `.list__item`) and of the Länder in one vocabulary.
_NAMES = {
    "kicker": (
        r"kicker topline top-line dachzeile overline roofline eyebrow spitzmarke topic rubrik thema stichwort"
    ),
    "lead": r"\blead teaser[_-]*text intro vorspann preface abstract summary einleitung standfirst",
    "date": r"\bdate datum _date -date dtstart pubdate published timestamp",
    "credit": r"credit copyright bildquelle bildnachweis quelle fotograf image-source media-source",
    "caption": r"caption bildunterschrift bildtext legend",
    "title": r"headline \btitle ueberschrift",
    "share": r"share sharing social teilen shariff readtime reading-?time lesezeit \bprint\b drucken addthis",
    "related": (
        r"related weitere \bmore\b more-?news read-?more empfehl similar teaser-?list see-?also mehr-zum"
    ),
    "navigation": (
        r"breadcrumb \bnav\b navi \bmenu\b -menu menu- pagination \bpager skip-?link sprung toc\b "
        r"inhaltsverzeichnis"
    ),
    "furniture": (
        r"footer cookie consent banner newsletter sidebar \baside\b comment kommentar \blogin \bsearch suche "
        r"toolbar popup modal overlay \bad\b \bads\b advert anzeige werbung promo widget subscribe marginal "
        r"\bmeta-?nav tag-?cloud \btags\b tag-?list author-?box disclaimer sponsor rating voting contact "
        r"kontakt visually-?hidden sr-only screen-?reader twitter-tweet instagram-media \bembed\b"
    ),
    "body": (
        r"article-?body articlebody entry-?content post-?content content-?body release__body bodytext "
        r"rich-?text \bprose\b \btext\b textile"
    ),
    "list": r"\blist\b list__ listing result teasers?\b \bitems?\b",
    "teaser": r"teaser card\b \bcard",
}
_PATTERNS = tuple((hint, re.compile("|".join(names.split()))) for hint, names in _NAMES.items())
_ROLES = {
    "navigation": "navigation",
    "search": "furniture",
    "contentinfo": "furniture",
    "complementary": "furniture",
    "dialog": "furniture",
    "alertdialog": "furniture",
    "menu": "navigation",
    "menubar": "navigation",
    "tablist": "navigation",
}


def hints_of(names: str, role: str = "") -> frozenset[str]:
    """Return the hints that an element's class and id (`names`) and its ARIA role give."""
    found = {hint for name in names.split() for hint in _hints_of_name(name)}
    if role in _ROLES:
        found.add(_ROLES[role])
    return frozenset(found) if found else NO_HINTS


@lru_cache(maxsize=8192)
def _hints_of_name(name: str) -> tuple[str, ...]:
    """Return the hints of one name; pages put the same few together in ever new ways."""
    name = name.lower()
    return tuple(hint for hint, pattern in _PATTERNS if pattern.search(name))
