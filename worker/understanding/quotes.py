"""What somebody said, word for word, and who. Floor 1.

In go the paragraphs of a release, out come quotations with speaker and office. Only direct speech
counts: words in „…“ that a speaker is named for, or that stand as sentences of their own. Mottos,
programme names and single quoted words are no quotations; an unknown speaker is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from worker.models.release import Quote
from worker.understanding.people import People, Person
from worker.understanding.speech import NOBODY, last_clause, speaker_after, speaker_before, speaker_named

_MARK = re.compile(r"[„“”»«\"]")
_MARKS = '„“”»«" '
_CLOSES = {"„": '“”"', "»": "«", "“": "”", '"': '"', "«": "»", "”": "”"}
_MIN_WORDS = 4
_MAX_BETWEEN = 200
# No release quotes so often; it bounds the time on hostile pages.
_MOST_SPANS = 400


class _Span(NamedTuple):
    """A stretch in quotation marks: where it starts and ends (marks included), its words, its end."""

    start: int
    end: int
    words: str
    closed: bool = True


class _Saying(NamedTuple):
    """A quotation in the making."""

    words: str
    speaker: Person
    closed: bool


def find_quotes(
    texts: Sequence[str],
    captions: Sequence[str] = (),
    attributions: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Quote, ...]:
    """Return the quotations of `texts` in order; `captions` only help to know full names.

    `attributions` gives the source of those texts that the page itself marks as quotations: they
    need no quotation marks.
    """
    quoting = [text for text in texts if "„" in text or "»" in text or "“" in text or '"' in text]
    if not quoting and not attributions:
        return ()
    people = People(texts, captions)
    budget = _MOST_SPANS
    sayings: list[_Saying] = []
    for text, offset in zip(texts, people.offsets, strict=False):
        if text in attributions:
            speaker = speaker_named(attributions[text], offset, people)
            sayings.append(_Saying(text.strip(_MARKS), speaker, closed=True))
            continue
        budget -= len(_MARK.findall(text)) // 2
        if budget < 0:
            break
        for saying in _in_paragraph(text, offset, people, sayings[-1] if sayings else None):
            if sayings and not sayings[-1].closed:
                before = sayings.pop()
                speaker = saying.speaker if saying.speaker.name else before.speaker
                saying = _Saying(f"{before.words} {saying.words}", speaker, saying.closed)
            sayings.append(saying)
    return tuple(dict.fromkeys(Quote(s.speaker.name, s.speaker.role, s.words) for s in sayings))


def _in_paragraph(text: str, offset: int, people: People, previous: _Saying | None) -> list[_Saying]:
    """Read one paragraph; a quotation left open in the paragraph before goes on here."""
    spans = _spans(text)
    found: list[_Saying] = []
    at = 0
    last = NOBODY
    for position, span in enumerate(spans):
        before, after = text[at : span.start], text[span.end :]
        limit = spans[position + 1].start - span.end if position + 1 < len(spans) else _MAX_BETWEEN
        if found and span.start and _carries_on(before):
            joint = ". " if before.rstrip().endswith(".") and found[-1].words[-1] not in ".!?…" else " "
            found[-1] = _Saying(f"{found[-1].words}{joint}{span.words}", found[-1].speaker, span.closed)
        else:
            goes_on = previous is not None and not previous.closed and not position and not before.strip()
            speaker = _speaker(before, span, after[: max(limit, 0) or None], offset, people, last)
            if speaker is None and goes_on:
                speaker = NOBODY
            if speaker is None and _stands_alone(text, span):
                speaker = last if found and not _is_long(before) else NOBODY
            if speaker is not None:
                found.append(_Saying(span.words, speaker, span.closed))
                last = speaker if speaker.name else last
        at = span.end
    return found


def _is_long(before: str) -> bool:
    """True when more than a short sentence stands since the last quotation: someone else may speak now."""
    return len(before) > _MAX_BETWEEN


def _spans(text: str) -> list[_Span]:
    """Return the outermost stretches in quotation marks; an opening „ that never closes runs to the end."""
    spans: list[_Span] = []
    opened: re.Match[str] | None = None
    depth = 0
    for mark in _MARK.finditer(text):
        character = mark.group()
        if opened is None:
            before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
            if character in "„»" or (not before.strip("([–- ") and after.strip()):
                opened, depth = mark, 0
        elif character == "„" and opened.group() == "„":
            depth += 1
        elif character in _CLOSES[opened.group()]:
            if depth:
                depth -= 1
                continue
            spans.append(_Span(opened.start(), mark.end(), text[opened.end() : mark.start()].strip()))
            opened = None
    if opened is not None and opened.group() in "„»" and len(text) - opened.end() > 30:
        inner = _MARK.search(text, opened.end())
        if depth and inner:  # the inner quotation took the outer one's end
            closing = next((m for m in _MARK.finditer(text, opened.end()) if m.group() in "“”"), None)
            if closing:
                spans.append(
                    _Span(opened.start(), closing.end(), text[opened.end() : closing.start()].strip())
                )
        else:
            spans.append(_Span(opened.start(), len(text), text[opened.end() :].strip(), closed=False))
    return [span for span in spans if span.words]


def _speaker(
    before: str, span: _Span, after: str, offset: int, people: People, last: Person
) -> Person | None:
    """Return who says the words of `span`; None where they are no direct speech."""
    introduced = speaker_before(before, offset + span.start, people, last)
    if introduced is not None:
        return introduced if len(span.words.split()) >= 2 else None
    if last_clause(before).strip(" ,–—-)(“”"):
        # In the middle of somebody's sentence: the name of a programme, a motto, a word.
        return None
    if not span.closed:
        return None
    return speaker_after(after, offset + span.end, people, last)


def _carries_on(before: str) -> bool:
    """True when only an attribution stands between two stretches («“, sagte X. „»)."""
    if len(before) > _MAX_BETWEEN or not re.match(r"\s*[,–—-]?\s*(?:wie\s)?[a-zäöüß]+\s", before):
        return False
    inner = re.sub(r"\b(?:Dr|Prof|h|c|St|med|Nr)\.", "", before).strip()
    return inner.endswith((",", ":", "–")) or (inner.endswith(".") and inner.count(".") == 1)


def _stands_alone(text: str, span: _Span) -> bool:
    """True when the words are sentences of their own, not a name inside somebody else's sentence."""
    before = text[: span.start].rstrip()
    opens = not before or before[-1] in '.!?“”"»'
    words = span.words
    return (
        opens
        and words[:1].isupper()
        and len(words.split()) >= _MIN_WORDS
        and (words[-1] in ".!?…" or not span.closed)
    )
