"""Source notes of pictures, split from the words they stand with. Floor 1.

In goes an alt text or a caption, out come the words without the note and the source it names. The
five spellings of the portal (knowledge of its pages 2016–2026): «(Quelle: dpa)», «Quelle: …»,
«(Foto: © dpa)», «(Bild: picture alliance/…)», a doubled «Symbolbild: Symbolbild:», and a bare line.
It never invents a source.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_LABEL = (
    r"(?:(?:Alle )?(?:Fotos|Bilder)"
    r"|Bild-?\s?quelle|Foto-?\s?quelle|Bildnachweis|Fotonachweis|Bildrechte|Quelle|Fotografin|Fotograf|Fotos?"
    r"|Bild(?:er)?|Copyright|Grafik|Credits?|Photo|Illustration)"
)
_NOTE = (
    rf"(?:{_LABEL}(?:\s*/\s*(?:Quelle|Foto|Copyright))?\s*:\s*(?:(?:©|\(c\)|Copyright)\s*)?|(?:©|\(c\))\s*)"
)
_IN_BRACKETS = re.compile(
    rf"\s*[(\[]\s*{_NOTE}(?P<source>[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)[)\]]\s*\.?\s*$", re.I
)
_AT_END = re.compile(
    rf"(?:^|(?<=[.!?“\"”»|,–-])\s*|\s)(?P<note>{_NOTE})"
    r"(?P<source>(?:[^:.!?]|(?<=\b[A-ZÄÖÜ])\.|(?<=\bDr)\.|\.(?=\w)){2,120}?)\.?$"
)
_WHOLE = re.compile(rf"^[(\[]?\s*{_NOTE}(?P<source>.{{2,120}}?)\s*[)\]]?\.?$", re.I)
_SYMBOL = re.compile(r"^(?:Symbolbild|Archivbild|Archivfoto)\s*:\s*", re.I)
# A label, a name, and what closes it.
_MAX_BARE = 180
# A line is asked for by several rules, and the pages of a portal share the pictures of their latest news.
_LINES_KEPT = 512
_MAX_AGENCIES = 90
# From the colon of a label on: «Copyright», a name, a full stop.
_LONGEST_NOTE = 150
_AGENCIES = (
    r"(?:dpa|picture[- ]?alliance|imago|AdobeStock|Adobe Stock|stock\.adobe\.com|Getty Images|iStock"
    r"|shutterstock|Fotolia|epd|KNA|ddp|Reuters|AFP)"
)
_BARE = re.compile(rf"^(?:[\w.&' -]++\s?[/|]\s?)*{_AGENCIES}(?:\s?[/|-]\s?[\w.&' -]+)*$", re.I)


class Credited(NamedTuple):
    """Words without their source note, and the source; either may be None."""

    text: str | None
    credit: str | None


def split_credit(text: str) -> Credited:
    """Part `text` into what the picture shows and where it comes from."""
    if not _is_marked(text):
        return Credited(None, _tidy(text)) if is_bare_credit(text) else Credited(text or None, None)
    symbol = ""
    while found := _SYMBOL.match(text):
        symbol, text = found.group().strip(), text[found.end() :]
    whole = _WHOLE.match(text)
    if whole and not symbol and _is_source(whole["source"]):
        return Credited(None, _tidy(whole["source"]))
    barred = _behind_bar(text)
    if barred is not None:
        return Credited(_with_symbol(symbol, barred[0]), _tidy(barred[1]))
    if is_bare_credit(text):
        return Credited(None, _tidy(text))
    bracketed = text.rstrip(" .").endswith((")", "]"))
    labelled = _is_marked(text[-_LONGEST_NOTE:])
    for pattern, possible in ((_IN_BRACKETS, bracketed), (_AT_END, labelled)):
        found = pattern.search(text) if possible else None
        if found and _is_source(found["source"]):
            rest = text[: found.start()].strip().rstrip("|–-,·").rstrip()
            return Credited(_with_symbol(symbol, rest), _tidy(found["source"]))
    return Credited(_with_symbol(symbol, text), None)


def is_bare_credit(text: str) -> bool:
    """True when a line is nothing but a source («picture alliance/dpa», «© Staatsministerium»)."""
    return len(text) <= _MAX_BARE and _is_bare_credit(text)


@lru_cache(maxsize=_LINES_KEPT)
def _is_bare_credit(text: str) -> bool:
    if _behind_bar(text):
        return False
    if len(text) <= _MAX_AGENCIES and _BARE.match(text):
        return True
    whole = _WHOLE.match(text) if _is_marked(text) else None
    return whole is not None and _is_source(whole["source"])


def _behind_bar(text: str) -> tuple[str, str] | None:
    """Part «words | source»: the words are a phrase, the source is an agency or two names with a stroke."""
    words, _, source = text.rpartition(" // ") if " // " in text else text.rpartition(" | ")
    if not words or len(source) > 60 or not any(word.islower() for word in words.split()):
        return None
    return (words, source) if _BARE.match(source) or (" // " in text and "/" in source) else None


def has_credit(text: str) -> bool:
    """True when some source note stands in `text`."""
    return split_credit(text).credit is not None


def _is_marked(text: str) -> bool:
    """True where a source note with a label, a sign or a bar may stand: nowhere else one is looked for."""
    return ":" in text or "©" in text or " | " in text or " // " in text or "(c)" in text or "(C)" in text


def _is_source(words: str) -> bool:
    """A source is a name: not empty, not a sentence."""
    words = words.strip()
    return (
        bool(words)
        and len(words) <= 120
        and len(words.split()) <= 14
        and not re.search(r"[.!?]\s+\S+\s+\S+\s+\S+", words)
    )


def _with_symbol(symbol: str, text: str) -> str | None:
    return f"{symbol} {text}" if symbol and text else text or None


def _tidy(source: str) -> str | None:
    return source.strip(" ,;–-|").removeprefix("©").strip() or None
