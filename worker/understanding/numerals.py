"""German numerals: digits with dots and commas, and words («zweihundertfünfzig»). Floor 1.

In goes the wording of a number, out comes its value, or None where it is no number.
"""

from __future__ import annotations

import re
from decimal import Decimal

from worker.text import words

_ONES = {
    **{
        word: value for value, word in enumerate(words("zwei drei vier fünf sechs sieben acht neun"), start=2)
    },
    **dict.fromkeys(words("ein eine einen einem einer eines"), 1),
}
_TEENS = {
    **{
        word: value for value, word in enumerate(words("zehn elf zwölf dreizehn vierzehn fünfzehn"), start=10)
    },
    **{word: value for value, word in enumerate(words("sechzehn siebzehn achtzehn neunzehn"), start=16)},
}
_TENS = {
    word: value * 10
    for value, word in enumerate(
        words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"), start=2
    )
}
_PARTS = {
    "halb": Decimal("0.5"),
    "halbe": Decimal("0.5"),
    "halben": Decimal("0.5"),
    "viertel": Decimal("0.25"),
    "dreiviertel": Decimal("0.75"),
    "anderthalb": Decimal("1.5"),
}
_ROOTS = "|".join(
    sorted({*_ONES, *_TEENS, *_TENS, *_PARTS, "und", "hundert", "tausend"}, key=len, reverse=True)
)

# A run of numeral roots: not each is a number («und»), `value_of_word` tells.
NUMERAL = (
    rf"(?:ein(?:e[nr]?)? (?:halben?|(?:drei)?viertel)|\b(?:{_ROOTS})+(?<!und)\b|(?:drei)?viertel(?=million))"
)
# Dots or spaces group thousands, the comma is the decimal mark; «1.2» is read as 1,2.
DIGITS = (
    r"(?:\d{1,3}(?:[.\xa0\u202f ]\d{3}){1,4}(?:,\d{1,2})?(?!\d)|\d{1,12}(?:,\d{1,3}(?!\d)|\.\d{1,2}(?!\d))?)"
)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


def value_of_digits(digits: str) -> Decimal:
    """Return the value of a number that matches DIGITS («13.972,50»)."""
    digits = digits.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "")
    return Decimal(digits.replace(",", "."))


def value_of_word(word: str) -> Decimal | None:
    """Return the value of a number in words, in any case; None where it is none."""
    word = word.lower().rpartition(" ")[2]
    if word in _PARTS:
        return _PARTS[word]
    if word.endswith("einhalb"):
        whole = _whole(word.removesuffix("einhalb"))
        return None if whole is None else whole + Decimal("0.5")
    whole = _whole(word)
    return None if whole is None else Decimal(whole)


def _whole(word: str) -> int | None:
    """Read a whole number: the words before «tausend» and «hundert» multiply, those behind add."""
    for name, factor in (("tausend", 1000), ("hundert", 100)):
        before, found, after = word.partition(name)
        if found:
            times = _whole(before) if before else 1
            rest = _whole(after.removeprefix("und")) if after else 0
            return None if times is None or rest is None else times * factor + rest
    for table in (_ONES, _TEENS, _TENS):
        if word in table:
            return table[word]
    ones, _, tens = word.partition("und")
    return _ONES[ones] + _TENS[tens] if ones in _ONES and tens in _TENS else None
