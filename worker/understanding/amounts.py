"""Sums of money in the words of a release. Floor 1.

In goes clean text, out come values in euros with the words they stand in. A range gives both its
ends, each with the words of the whole. Numbers without a currency are never taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from worker.models.release import Amount
from worker.understanding.numerals import DIGITS, NUMERAL, value_of_digits, value_of_word

_SCALES = {"mrd": 10**9, "milliarde": 10**9, "mio": 10**6, "million": 10**6, "bill": 10**12, "t": 10**3}
_SCALE = r"(?:Milliarden?|Mrd\.?|Million(?:en)?|Mio\.?|Tausend|Tsd\.?|Billion(?:en)?|T(?=€|EUR))"
_EURO = r"(?:Euro|EUR|€|Cent)(?!\w)"
_NUMBER = rf"(?:{DIGITS}|{NUMERAL})"
_NOUGHT = r"(?:,(?:--?|[–—]))?"
_LOW = rf"(?P<low>{_NUMBER})(?:[ -]?(?P<low_scale>{_SCALE}))?{_NOUGHT}"
_TO = r"(?: ?(?:bis(?: zu)?(?: maximal| höchstens)?|–|-) ?)"
_PER = (
    r"(?: (?:pro|im|je) (?:Jahr|Schuljahr|Monat|Woche|Tag|Stunde)"
    r"| jährlich| monatlich)"
)
# One sum, from its first digit or numeral on; it is only looked for where a currency is near.
_SUM = re.compile(
    # Most words are none of what a sum can begin with: they are asked once instead of for each part.
    rf"(?<![\w.,/-])(?=\d|EUR|€|zwischen |{NUMERAL})(?:"
    rf"(?:EUR|€) ?(?P<behind>{DIGITS})(?: ?(?P<behind_scale>{_SCALE}))?{_NOUGHT}(?!\w)"
    rf"|(?:(?:(?P<between>zwischen )|(?P<rise>(?<=von )))?{_LOW}"
    rf"(?:(?(between) und |(?(rise) auf |(?!)))|{_TO}))?"
    rf"(?P<number>{_NUMBER})(?:[ -]?(?P<scale>{_SCALE}))?{_NOUGHT}"
    rf"(?:[ \xa0]?{_EURO}(?!-)|-{_EURO}(?:-\w+)*){_PER}?)",
    re.I,
)
_ABOUT = re.compile(
    r"(?:(?<!\w)(?:rund|etwa|circa|ca\.|rd\.|knapp|gut|fast|(?:mehr|weniger) als|mindestens|höchstens|maximal"
    r"|nahezu|annähernd|ungefähr|bis zu|über) ){1,3}$",
    re.I,
)
_CURRENCY = re.compile(r"[Ee]uro\b|EURO?\b|€|Cent\b")
# «Ein Bescheid über 500 Euro» is one of 500 Euro, «über 500 Euro» are more.
_OF = re.compile(r"(?:[A-ZÄÖÜ]\w+|reden|sprechen) über $")
_LONGEST_BEFORE, _LONGEST_AFTER, _LONGEST_ABOUT = 90, 60, 40
# No release names so many; it bounds the time on hostile pages.
_MOST_AMOUNTS = 1_000


def find_amounts(texts: Iterable[str]) -> tuple[Amount, ...]:
    """Return the sums in `texts` in order, each value and wording once."""
    paid = (text for text in texts if "uro" in text or "€" in text or "EUR" in text or "Cent" in text)
    found = itertools.islice((amount for text in paid for amount in _in_text(text)), _MOST_AMOUNTS)
    return tuple(dict.fromkeys(found))


def _in_text(text: str) -> Iterator[Amount]:
    """Look at each currency for the sum around it; the rest of the text is never read."""
    done = 0
    for currency in _CURRENCY.finditer(text):
        if currency.start() < done:
            continue
        left = max(done, currency.start() - _LONGEST_BEFORE)
        found = _SUM.search(text, left, currency.end() + _LONGEST_AFTER)
        if found is None or found.start() > currency.start():
            continue
        values = _values(found)
        done = found.end()
        whole, last = found.start(), found.start("number")
        starts = [whole if found["behind"] else last]
        if len(values) > 1:
            # «von 4 auf 6 Millionen Euro» are two sums, «4 bis 6 Millionen Euro» is a range.
            starts = [whole, last if " auf " in found.group() else whole]
        for value, start in zip(values, starts, strict=False):
            yield Amount(value, "EUR", text[_start_with_about(text, left, start) : done])


def _start_with_about(text: str, left: int, start: int) -> int:
    """Return where the wording begins: with «rund», «bis zu» before the sum that starts at `start`."""
    about = _ABOUT.search(text, max(left, start - _LONGEST_ABOUT), start)
    if about is None or _OF.search(text, max(left, start - _LONGEST_ABOUT), start):
        return start
    return about.start()


def _values(found: re.Match[str]) -> list[int | float]:
    """Return the value of a sum, or both ends of a range; nothing where the words are no number."""
    if found["behind"]:
        return _numbers(_scaled(found["behind"], found["behind_scale"]))
    high = _scaled(found["number"], found["scale"], cents="cent" in found.group().lower())
    if found["low"] is None or high is None:
        return _numbers(high)
    change = " auf " in found.group()
    # «5 bis 10 Millionen» counts in millions at both ends, «500.000 bis 1,5 Millionen» does not.
    low = _scaled(found["low"], found["low_scale"] or found["scale"])
    if low is not None and low >= high * (1_000 if change else 1):
        low = _scaled(found["low"], found["low_scale"])
    return _numbers(low if low is not None and (change or low < high) else None, high)


def _scaled(number: str, scale: str | None, *, cents: bool = False) -> Decimal | None:
    """Return the value of a number and its scale in euros; None where the words are no number."""
    value = value_of_digits(number) if number[0].isdigit() else value_of_word(number)
    if value is None:
        return None
    if scale:
        value *= next(factor for name, factor in _SCALES.items() if scale.lower().startswith(name))
    return value / 100 if cents else value


def _numbers(*values: Decimal | None) -> list[int | float]:
    exact = (value for value in values if value is not None)
    return [int(value) if value == value.to_integral_value() else float(value) for value in exact]
