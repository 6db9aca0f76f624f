"""Words that belong to the page, not to the release. Floor 1.

Pure tests on one block's text: reading time, share lines, slide counters, labels, headings that end
a release. Each list says where it was seen; a test answers yes or no and changes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from worker.understanding.vocabulary import (
    ADDRESS,
    CONTACT,
    END_OF_RELEASE,
    FURNITURE,
    LINK_LABEL,
    MORE_NEWS,
    PAGE_LABEL,
    POSTCODE,
    REACHED,
    READING_TIME,
)

# A page asks several times about a line, and the pages of a portal share their labels and latest news.
_LINES_KEPT = 1_024

_SLIDE = re.compile(r"\d{1,4}|\d{1,2} ?[/ ] ?\d{1,2}")


def is_furniture(text: str) -> bool:
    """True for reading time, share lines, counters, script residue and other parts of the page."""
    return len(text) <= 80 and _is_furniture(text)


@lru_cache(maxsize=_LINES_KEPT)
def _is_furniture(line: str) -> bool:
    return FURNITURE.fullmatch(line) is not None


def is_reading_time(text: str) -> bool:
    """True for «Lesezeit: 3 Minuten» and the «Berechne Lesezeit» that a script would replace."""
    return len(text) <= 80 and READING_TIME.fullmatch(text) is not None


def is_page_label(text: str) -> bool:
    """True for a label of the page type («Pressemitteilung») that is neither kicker nor title."""
    return len(text) <= 60 and _is_page_label(text)


@lru_cache(maxsize=_LINES_KEPT)
def _is_page_label(line: str) -> bool:
    return PAGE_LABEL.fullmatch(line) is not None


def is_slide_counter(text: str) -> bool:
    """True for «13», «23», «33»: the slide counter 1/3, 2/3, 3/3 of the 2016/17 template as rendered."""
    return text[:1].isdecimal() and _SLIDE.fullmatch(text) is not None


def ends_release(text: str) -> bool:
    """True for a heading after which nothing belongs to the release any more («Weitere Meldungen»)."""
    return len(text) <= 90 and _ends_release(text)


@lru_cache(maxsize=_LINES_KEPT)
def _ends_release(line: str) -> bool:
    return END_OF_RELEASE.fullmatch(line.strip(" :…»>")) is not None


def announces_entries(text: str) -> bool:
    """True for a heading over other news («Weitere Meldungen»), not for comments or a newsletter."""
    return len(text) <= 90 and MORE_NEWS.fullmatch(text.strip(" :…»>")) is not None


def is_contact(text: str) -> bool:
    """True for the heading of a contact box."""
    return len(text) <= 80 and CONTACT.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """True for a line with a postal address: street, number, postcode and town («… 5a, 55116 Mainz»)."""
    return len(text) <= 250 and POSTCODE.search(text) is not None and ADDRESS.search(text) is not None


def is_reached_by(text: str) -> bool:
    """True for a line that ends in somebody's number or address («Pressestelle: 0711 123-0»)."""
    return len(text) <= 200 and REACHED.search(text) is not None and not text.endswith((".", "!", "?"))


def is_link_label(text: str) -> bool:
    """True for the heading over closing links («Weitere Informationen»)."""
    return len(text) <= 60 and LINK_LABEL.fullmatch(text) is not None
