"""What changed between two versions of a release, word by word. Floor 1, pure.

Paragraphs are compared first, then the words of those that differ: comparing a whole text letter by
letter finds changes no reader would see, and slowly. Bounded: a hostile text costs a coarse
answer, never a wrong one and never minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, is_dataclass, replace
from itertools import groupby
from typing import Literal

from diff_match_patch import diff_match_patch

from worker.fingerprint import picture_lines
from worker.models.event import DiffPart
from worker.models.release import Release


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that two readings of one page fill differently: the lines that went, those that came."""

    name: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


Op = Literal["equal", "insert", "delete"]
Run = tuple[Op, str]

_OPS: dict[int, Op] = {-1: "delete", 0: "equal", 1: "insert"}
_PARAGRAPH = re.compile(r"\n\n|(?:(?!\n\n).)+", re.DOTALL)
# Sums, dates and compounds («Bürger:innen», «Deutsch-Kurs», «1.234,56») are one word each.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+(?:[-’'*:]\w+)*|\s+|[^\w\s]")
_FIRST_SYMBOL = 0xF0000  # private use: one symbol per token, as diff-match-patch compares characters
_SYMBOLS = 0x10FFFF - _FIRST_SYMBOL
_SECONDS = 1.0  # diff-match-patch's own limit; reached only by texts nobody wrote
_WORD_BUDGET = 2_000_000  # pairs of words compared in one text, some 1400 × 1400


def diff_releases(before: Release, after: Release) -> tuple[DiffPart, ...]:
    """The differing fields of two versions, each as runs that stayed, came or went.

    For every field named, the equal and inserted runs together are the new text, the equal and
    deleted runs the old one. Fields that did not change are left out.
    """
    old, new = _fields(before), _fields(after)
    return tuple(
        DiffPart(name, op, text)
        for name in new
        if old[name] != new[name]
        for op, text in _diff_text(old[name], new[name])
    )


def without_repeats(parts: Iterable[DiffPart]) -> tuple[DiffPart, ...]:
    """`parts` without those of the lead where the text, which begins with it, has changed as well."""
    parts = tuple(parts)
    is_text_told = any(part.field == "text" for part in parts)
    return tuple(part for part in parts if not (is_text_told and part.field == "lead"))


def by_field(parts: Iterable[DiffPart]) -> dict[str, tuple[DiffPart, ...]]:
    """The runs of each field, as they follow each other in a diff."""
    return {field: tuple(runs) for field, runs in groupby(parts, key=lambda part: part.field)}


def shorten_diff(parts: Sequence[DiffPart], *, context: int = 90, longest: int = 900) -> tuple[DiffPart, ...]:
    """`parts` for reading: of long equal runs only the words next to a change, joined by «…».

    An inserted or deleted run longer than `longest` is cut as well. The result no longer adds up to
    either text; what machines read is the whole.
    """
    shortened = []
    for index, part in enumerate(parts):
        if part.op == "equal":
            has_change_before = index > 0 and parts[index - 1].field == part.field
            has_change_after = index + 1 < len(parts) and parts[index + 1].field == part.field
            text = _context(part.text, context, before=has_change_before, after=has_change_after)
        else:
            text = _head(part.text, longest)
        shortened.append(replace(part, text=text))
    return tuple(shortened)


def compare_readings(before: Release, after: Release) -> tuple[FieldChange, ...]:
    """The fields in which two readings of one page differ, the extractor's own notes aside."""
    names = (field.name for field in fields(Release) if field.name != "extractor")
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(_field_change(name, old, new) for name, old, new in pairs if old != new)


def _field_change(name: str, old: object, new: object) -> FieldChange:
    """What differs line by line; everything where only the order does."""
    before, after = _lines(old), _lines(new)
    gone = tuple(line for line in before if line not in after)
    come = tuple(line for line in after if line not in before)
    return FieldChange(name, gone, come) if gone or come else FieldChange(name, before, after)


def _lines(value: object) -> tuple[str, ...]:
    """A field as lines: one for each of its parts."""
    if value is None:
        return ()
    parts = value if isinstance(value, tuple) else (value,)
    return tuple(" · ".join(str(one) for one in _values(part) if one is not None) for part in parts)


def _values(part: object) -> tuple[object, ...]:
    return astuple(part) if is_dataclass(part) and not isinstance(part, type) else (part,)


def _fields(release: Release) -> dict[str, str]:
    return {
        "kicker": release.kicker or "",
        "title": release.title,
        "published": release.published.isoformat() if release.published else "",
        "lead": release.lead or "",
        "text": release.text,
        "images": "\n\n".join(picture_lines(release)),
    }


def _diff_text(old: str, new: str) -> list[Run]:
    """Runs of one text, neighbours of one kind merged, deletions before insertions."""
    budget = _WORD_BUDGET
    runs: list[Run] = []
    for deleted, inserted, equal in _blocks(_diff_tokens(old, new, _PARAGRAPH.findall)):
        cost = len(_WORD.findall(deleted)) * len(_WORD.findall(inserted))
        if 0 < cost <= budget:
            budget -= cost
            runs += _diff_tokens(deleted, inserted, _WORD.findall)
        else:
            runs += [("delete", deleted), ("insert", inserted)]
        runs.append(("equal", equal))
    return _merged(runs)


def _diff_tokens(old: str, new: str, split: Callable[[str], list[str]]) -> list[Run]:
    """Runs of whole tokens; everything replaced where there are more tokens than symbols."""
    symbols: dict[str, str] = {}
    for token in (*split(old), *split(new)):
        symbols.setdefault(token, chr(_FIRST_SYMBOL + min(len(symbols), _SYMBOLS)))
    if len(symbols) >= _SYMBOLS:
        return [("delete", old), ("insert", new)]
    engine = diff_match_patch()
    engine.Diff_Timeout = _SECONDS
    encoded = ("".join(symbols[token] for token in split(text)) for text in (old, new))
    found = engine.diff_main(*encoded, checklines=False)
    engine.diff_cleanupSemantic(found)
    tokens = {symbol: token for token, symbol in symbols.items()}
    return [(_OPS[op], "".join(tokens[symbol] for symbol in run)) for op, run in found]


def _blocks(runs: Iterable[Run]) -> Iterator[tuple[str, str, str]]:
    """(deleted, inserted, the equal run that follows) of a paragraph diff, one by one."""
    deleted = inserted = ""
    for op, text in runs:
        if op == "equal":
            yield deleted, inserted, text
            deleted = inserted = ""
        elif op == "delete":
            deleted += text
        else:
            inserted += text
    yield deleted, inserted, ""


def _merged(runs: Iterable[Run]) -> list[Run]:
    merged: list[Run] = []
    for deleted, inserted, equal in _blocks(runs):
        if not deleted and not inserted and merged and merged[-1][0] == "equal":
            merged[-1] = ("equal", merged[-1][1] + equal)
            continue
        both: tuple[Run, ...] = (("delete", deleted), ("insert", inserted), ("equal", equal))
        merged += [run for run in both if run[1]]
    return merged


def _context(text: str, length: int, *, before: bool, after: bool) -> str:
    """The start of `text` where a change stands before it, its end where one follows."""
    if len(text) <= length * (before + after):
        return text
    head = _head(text, length) if before else "… "
    tail = text[-length:].partition(" ")[2] or text[-length:] if after else ""
    return f"{head} {tail}" if before and after else head + tail


def _head(text: str, length: int) -> str:
    """`text` up to a word's end within `length`, with «…» if something was cut."""
    if len(text) <= length:
        return text
    return (text[:length].rpartition(" ")[0] or text[:length]).rstrip() + " …"
