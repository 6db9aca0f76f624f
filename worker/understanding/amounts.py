"""Sums of money in the words of a release. Floor 1.

In goes clean text, out come values in euros with the words they stand in. A range gives both its
ends, each with the words of the whole. Numbers without a currency are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from worker.models.release import Amount
from worker.reading.vocabulary import words

_SCALES = {
    "mrd": 10**9,
    "milliarde": 10**9,
    "mio": 10**6,
    "million": 10**6,
    "tsd": 10**3,
    "tausend": 10**3,
    "bill": 10**12,
}
_COUNTED = words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
_WORDS = {
    "eine halbe": Decimal("0.5"),
    "einer halben": Decimal("0.5"),
    "anderthalb": Decimal("1.5"),
    "eineinhalb": Decimal("1.5"),
    "zweieinhalb": Decimal("2.5"),
    "dreieinhalb": Decimal("3.5"),
    "viereinhalb": Decimal("4.5"),
    "zwanzig": Decimal(20),
    "fünfzig": Decimal(50),
    "hundert": Decimal(100),
    **{word: Decimal(value) for value, word in enumerate(_COUNTED, start=2)},
    **dict.fromkeys(("eine", "einer", "einem", "ein"), Decimal(1)),
}
_NUMBER = r"\d{1,3}(?:[.\xa0 ]\d{3}){1,4}(?:,\d{1,2}(?!\d))?|\d{1,12}(?:,\d{1,3}(?!\d)|\.\d{1,2}(?!\d))?"
_SPELT = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALE = r"(?:Milliarden?|Mrd\.?|Million(?:en)?|Mio\.?|Tausend|Tsd\.?|Billion(?:en)?)"
_ABOUT = (
    r"(?:(?:rund|etwa|circa|ca\.|knapp|gut|über|fast|mehr als|mindestens|höchstens|maximal|nahezu|weitere"
    r"|zusätzliche?n?|bis zu|jeweils|je) ){0,3}"
)
_PER = (
    r"(?: (?:pro|im|je) (?:Jahr|Monat|Woche|Tag|Stunde|Kopf|Person|Kind|Platz|Schuljahr)"
    r"| jährlich| monatlich)"
)
_EURO = r"(?:Euro|EUR|€)(?![\w-])"
_LEFT = r"(?<![\w.,/-])"
_CURRENCY = re.compile(r"Euro|EURO|euro|EUR|€")
_BEFORE_CURRENCY, _AFTER_CURRENCY, _LONGEST_WINDOW = 90, 60, 1_500
_NOUGHT = r"(?:,-{1,2}|,[–—])?"
_SUM = re.compile(
    rf"(?P<about>{_ABOUT})(?:(?P<between>zwischen|von) )?"
    rf"{_LEFT}(?P<first>{_NUMBER})(?: ?(?P<first_scale>{_SCALE}))?(?: ?{_EURO})?"
    rf" ?(?:bis(?: zu)?|und|–|-) ?(?P<second>{_NUMBER}){_NOUGHT}"
    rf"(?: ?(?P<second_scale>{_SCALE}))? ?{_EURO}{_PER}?",
    re.I,
)
_ONE = re.compile(
    rf"(?P<about>{_ABOUT}){_LEFT}(?:(?P<digits>{_NUMBER}){_NOUGHT}|(?P<word>{_SPELT}))"
    rf"(?: ?(?P<scale>{_SCALE}))? ?{_EURO}{_PER}?",
    re.I,
)
_HYPHENED = re.compile(
    rf"{_LEFT}(?P<digits>{_NUMBER})-(?:(?P<scale>Milliarden|Millionen|Mio\.?|Mrd\.?|Tausend)-)?"
    r"(?:Euro|EUR|€)(?:-[A-ZÄÖÜ][\w-]*)?",
    re.I,
)
_BEFORE = re.compile(
    rf"(?P<about>{_ABOUT}){_LEFT}(?:EUR|€) ?(?P<digits>{_NUMBER})(?: ?(?P<scale>{_SCALE}))?(?![\w])", re.I
)


def find_amounts(texts: Iterable[str]) -> tuple[Amount, ...]:
    """Return the sums in `texts` in order, each value and wording once."""
    found: dict[Amount, None] = {}
    for text in texts:
        for window in _windows(text):
            found.update(dict.fromkeys(_in_window(window)))
    return tuple(found)


def _windows(text: str) -> Iterator[str]:
    """Yield the stretches of `text` around a currency: no sum is longer, and the rest is never looked at."""
    start = end = -1
    for currency in _CURRENCY.finditer(text):
        if end < 0 or currency.start() - _BEFORE_CURRENCY > end or end - start > _LONGEST_WINDOW:
            if end >= 0:
                yield text[start:end]
            left = max(0, currency.start() - _BEFORE_CURRENCY, end)
            space = text.rfind(" ", max(0, left - 40), left)
            start = space + 1 if space >= 0 else left
        end = currency.end() + _AFTER_CURRENCY
    if end >= 0:
        yield text[start:end]


def _in_window(text: str) -> list[Amount]:
    """Take ranges first, then single sums from what no range covers."""
    placed: list[tuple[int, Amount]] = []
    covered: list[tuple[int, int]] = []

    def free(match: re.Match[str]) -> bool:
        start, end = match.span()
        return all(end <= left or start >= right for left, right in covered)

    for match in _SUM.finditer(text):
        if (ends := _range(match)) is not None:
            covered.append(match.span())
            placed += [(match.start(), Amount(value, "EUR", match.group().strip())) for value in ends]
    for pattern in (_HYPHENED, _ONE, _BEFORE):
        for match in pattern.finditer(text):
            if free(match) and (value := _single(match)) is not None:
                covered.append(match.span())
                placed.append((match.start(), Amount(value, "EUR", match.group().strip())))
    placed.sort(key=lambda pair: pair[0])
    return [amount for _, amount in placed]


def _range(match: re.Match[str]) -> tuple[int | float, int | float] | None:
    """Return both ends of «5 bis 10 Millionen Euro»; the scale of the second is that of the first."""
    if " und " in match.group() and (match["between"] or "").lower() != "zwischen":
        return None
    scale = match["second_scale"]
    first, second = _value(match["first"], match["first_scale"] or scale), _value(match["second"], scale)
    return (first, second) if first is not None and second is not None and first < second else None


def _single(match: re.Match[str]) -> int | float | None:
    parts = match.groupdict()
    if parts.get("word"):
        if not parts["scale"] and parts["word"].lower() in ("ein", "eine", "einer", "einem"):
            return None
        return _scaled(_WORDS[parts["word"].lower()], parts["scale"])
    return _value(parts["digits"], parts["scale"])


def _value(digits: str, scale: str | None) -> int | float | None:
    """Read a German number: dots or spaces group thousands, the comma is the decimal mark."""
    digits = digits.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
        digits = digits.replace(".", "")
    try:
        return _scaled(Decimal(digits.replace(",", ".")), scale)
    except InvalidOperation:
        return None


def _scaled(number: Decimal, scale: str | None) -> int | float:
    factor = 1
    if scale:
        name = scale.lower().rstrip(".")
        factor = next(value for key, value in _SCALES.items() if name.startswith(key))
    value = number * factor
    return int(value) if value == value.to_integral_value() else float(value)
