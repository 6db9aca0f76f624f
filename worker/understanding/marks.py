"""Stretches in quotation marks: „…“, »…«, «…», “…”, "…", ‚…‘ and the broken ones. Floor 1.

In goes the text of a release, its paragraphs joined by line ends; out come the outermost stretches in
order. “, « and " open here and close there: what stands beside a mark decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.understanding.speech import somebody_speaks

_MARK = re.compile(r"[„“”»«\"‚‘]")
# Old pages type them: ,,so''.
_TYPED_MARK = re.compile(r"[„“”»«\"‚‘]|,,(?=\w)|''")
_GERMAN = ("“", "”", '"', "''", "„")
_CLOSERS = {
    "„": _GERMAN,
    ",,": _GERMAN,
    "“": ("”", "“"),
    "»": ("«",),
    "«": ("»",),
    '"': ('"',),
    "‚": ("‘",),
}
# What one quotation can be at most, and over how many paragraphs it can go.
_LONGEST, _MOST_BREAKS = 4_000, 5
_REOPENED = re.compile(r"\n(?:[„»«“\"]|,,)?")


class Span(NamedTuple):
    """A stretch in quotation marks: where it starts and ends, marks included, and its words."""

    start: int
    end: int
    words: str


def find_spans(whole: str) -> list[Span]:
    """Return the outermost stretches; one that is not surely closed is none, what lies in it may be."""
    spans: list[Span] = []
    opened: list[re.Match[str]] = []
    inner: list[Span] = []
    for mark in (_TYPED_MARK if ",," in whole else _MARK).finditer(whole):
        opens = _opens(whole, mark)
        if opened and _is_lost(whole, opened[0], mark, opens=opens):
            spans += _left_open(whole, opened[0], inner)
            opened = []
        if not opened:
            inner = []
            opened = [mark] if opens else []
        elif opens:
            # A quotation over several paragraphs has an opening mark before each of them.
            if mark.group() != "‚" and whole[mark.start() - 1] != "\n":
                opened.append(mark)
        elif (depth := _depth_closed(opened, mark)) is not None:
            span = _span(whole, opened[depth], mark)
            del opened[depth:]
            if opened:
                inner.append(span)
            elif "\n" not in span.words or not somebody_speaks(span.words):
                spans.append(span._replace(words=_REOPENED.sub(" ", span.words)))
            else:
                spans += inner
    if opened:
        spans += _left_open(whole, opened[0], inner)
    return [span for span in spans if span.words]


def _opens(whole: str, mark: re.Match[str]) -> bool:
    """True for a mark with a word behind it and none before it."""
    before, after = (
        whole[mark.start() - 1 : mark.start()] if mark.start() else "",
        whole[mark.end() : mark.end() + 1],
    )
    if mark.group() not in _CLOSERS or not (after.isalnum() or (after and after in "„‚›‹»«…([")):
        return False
    if mark.group() == "„":
        return not before.isalnum()
    return not before.strip() or before in "([{–—-:/„“‚»«›‹…"


def _is_lost(whole: str, opened: re.Match[str], mark: re.Match[str], *, opens: bool) -> bool:
    """True when a stretch cannot reach as far as `mark`: another one opens in a later paragraph."""
    if mark.start() - opened.start() > _LONGEST:
        return True
    breaks = whole.count("\n", opened.end(), mark.start())
    if not breaks or not opens:
        return breaks > _MOST_BREAKS
    between = whole[opened.end() : mark.start()]
    return breaks > _MOST_BREAKS or between[-1] != "\n" or somebody_speaks(between)


def _depth_closed(opened: list[re.Match[str]], mark: re.Match[str]) -> int | None:
    """Return which of the opened marks, the innermost first, a closing mark belongs to."""
    for depth in range(len(opened) - 1, -1, -1):
        if mark.group() in _CLOSERS[opened[depth].group()]:
            return depth
    return None


def _left_open(whole: str, opened: re.Match[str], inner: list[Span]) -> list[Span]:
    """Return what can be said of a stretch without an end: the last mark inside may have closed both."""
    if inner and whole[inner[-1].start - 2] not in ".!?:":
        both = _span(whole, opened, inner[-1].end)
        if "\n" not in both.words and not somebody_speaks(both.words):
            return [both]
    return inner


def _span(whole: str, opened: re.Match[str], closed: re.Match[str] | int) -> Span:
    start, end = (closed - 1, closed) if isinstance(closed, int) else closed.span()
    return Span(opened.start(), end, whole[opened.end() : start].strip())
