"""What somebody said, word for word, and who. Floor 1.

In go the paragraphs of a release, out come quotations with speaker and office. Only direct speech
counts: words in „…“ that a speaker is named for, or that stand as sentences of their own. Mottos,
programme names and single quoted words are no quotations; an unknown speaker is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from worker.models.release import Quote
from worker.understanding.marks import Span, find_spans
from worker.understanding.names import NOBODY, Person, is_pronoun
from worker.understanding.offices import pronoun_of
from worker.understanding.people import People
from worker.understanding.speech import (
    THE_SAME,
    ends_sentence,
    is_in_sentence,
    signed_by,
    speaker_after,
    speaker_before,
)

_MIN_WORDS = 4
_MAX_BETWEEN = 200
# No release quotes so often; it bounds the time on hostile pages.
_MOST_SPANS = 200
_NONE_CITED: Mapping[int, str | None] = MappingProxyType({})


class _Saying(NamedTuple):
    """A quotation in the making; `attributed` when the words behind it name its speaker."""

    words: str
    speaker: Person
    end: int
    attributed: bool


def find_quotes(
    texts: Sequence[str],
    captions: Sequence[str] = (),
    cited: Mapping[int, str | None] = _NONE_CITED,
) -> tuple[Quote, ...]:
    """Return the quotations of `texts` in order; `captions` only help to know full names.

    `cited` says which of the texts are block quotations and gives their source («Anna Müller,
    Vorsitzende»), None where the page names none. Such a text is one quotation as a whole, with or
    without marks; one without a source that repeats words quoted elsewhere is none of its own.
    """
    whole = "\n".join(texts)
    spans = find_spans(whole)[:_MOST_SPANS]
    blocks = _blocks(texts, spans, cited)
    if blocks:
        spans = [span for span in spans if not any(b.start <= span.start < b.end for b in blocks)]
        spans = sorted([*spans, *blocks])
    if not spans:
        return ()
    found = _Reader(whole, spans, captions, blocks).read()
    said = dict.fromkeys(Quote(one.speaker.name, one.speaker.role, one.words) for one in found)
    pulled = {Quote(None, None, block.words) for block, source in blocks.items() if source is None}
    return tuple(
        quote
        for quote in said
        if quote not in pulled or not any(quote.text in other.text for other in said if other != quote)
    )


def _blocks(
    texts: Sequence[str], spans: Sequence[Span], cited: Mapping[int, str | None]
) -> dict[Span, str | None]:
    """Return the block quotations as stretches, with sources; marks around a whole block are left out."""
    blocks: dict[Span, str | None] = {}
    start = 0
    for index, text in enumerate(texts):
        if index in cited and text:
            marked = next((s for s in spans if (s.start, s.end) == (start, start + len(text))), None)
            blocks[marked or Span(start, start + len(text), text)] = cited[index]
        start += len(text) + 1
    return blocks


class _Reader:
    """Reads the quotations of one release, from the first to the last."""

    def __init__(
        self, whole: str, spans: Sequence[Span], captions: Sequence[str], blocks: Mapping[Span, str | None]
    ) -> None:
        self._spans = spans
        self._blocks = blocks
        # Who is named inside a quotation is spoken of, not speaking.
        self._told = _without(whole, spans)
        self._people = People("\n".join([self._told, *captions]))

    def read(self) -> list[_Saying]:
        """Return the quotations in order."""
        found: list[_Saying] = []
        for position, span in enumerate(self._spans):
            paragraph = self._told.rfind("\n", 0, span.start) + 1
            previous = found[-1] if found and found[-1].end > paragraph else None
            before = self._told[previous.end if previous else paragraph : span.start]
            saying = self._saying(span, before, self._behind(position), previous)
            if saying is None:
                continue
            if previous is not None and _goes_on(before, previous, saying):
                found[-1] = _joined(previous, before, saying)
            else:
                found.append(saying)
        return found

    def _behind(self, position: int) -> str:
        """Return what stands between a quotation and the next one, or the end of its paragraph."""
        end = self._spans[position].end
        limit = end + 2 * _MAX_BETWEEN
        if position + 1 < len(self._spans):
            limit = min(limit, self._spans[position + 1].start)
        return self._told[end:limit].partition("\n")[0]

    def _saying(self, span: Span, before: str, after: str, previous: _Saying | None) -> _Saying | None:
        """Return the quotation in `span`, or None where its words are no direct speech."""
        told = before.rstrip()
        if span in self._blocks:
            source = (self._blocks[span] or "").lstrip("–—- ").split()
            return self._said(span, signed_by(source) or NOBODY)
        introduced = speaker_before(told, self._people.knows)
        if introduced is not None and _is_introduced(span, told, after):
            if introduced is THE_SAME and previous is not None:
                introduced = previous.speaker
            return self._said(span, introduced)
        carries_on = previous if previous is not None and previous.attributed and told[-1:] in ",–" else None
        if carries_on is None and is_in_sentence(told.rstrip(" (–—-")):
            # In the middle of somebody's sentence: the name of a programme, a motto, a word.
            return None
        speaker = speaker_after(after, span.words, self._people.knows)
        if speaker is not None:
            if previous is not None and _means(speaker, previous) and _is_one_clause(before):
                speaker = previous.speaker
            return self._said(span, speaker, attributed=True)
        if carries_on is not None:
            return self._said(span, carries_on.speaker)
        if not _stands_alone(span.words, after):
            return None
        if previous is None or len(before) > _MAX_BETWEEN:
            return self._said(span, NOBODY)
        return self._said(span, previous.speaker)

    def _said(self, span: Span, speaker: Person, *, attributed: bool = False) -> _Saying:
        return _Saying(span.words, self._people.resolve(speaker, span.start), span.end, attributed)


def _is_introduced(span: Span, told: str, after: str) -> bool:
    """True for «sagte: „Wir helfen“» and «sagte, „wir helfen gern allen“.», not for «sagte, „X“ sei …»."""
    if told.endswith(":"):
        return len(span.words.split()) > 1
    return len(span.words.split()) >= _MIN_WORDS and not after.lstrip()[:1].isalpha()


def _without(whole: str, spans: Sequence[Span]) -> str:
    """Return `whole` with the words of the quotations blanked, every other word in its place."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (whole[at : span.start + 1], " " * (span.end - span.start - 2))
        at = max(span.end - 1, span.start + 1)
    return "".join([*parts, whole[at:]])


def _goes_on(before: str, previous: _Saying, saying: _Saying) -> bool:
    """True when only who speaks stands between two stretches («“, sagte X, „») and nobody else speaks."""
    if not previous.attributed or len(before) > _MAX_BETWEEN:
        return False
    if saying.attributed and saying.speaker.name != previous.speaker.name:
        return False
    return _is_one_clause(before)


def _means(speaker: Person, previous: _Saying) -> bool:
    """True for a pronoun that can mean who spoke right before."""
    return is_pronoun(speaker) and pronoun_of(previous.speaker.role) in (speaker.determiner, None)


def _is_one_clause(before: str) -> bool:
    return not any(ends_sentence(token) for token in before.split()[:-1])


def _joined(previous: _Saying, between: str, saying: _Saying) -> _Saying:
    """Join two stretches of one quotation; the full stop behind «sagte X» ends the sentence of the first."""
    ends = between.rstrip().endswith(".") and previous.words[-1] not in ".!?…"
    words = f"{previous.words}{'.' if ends else ''} {saying.words}"
    return _Saying(words, previous.speaker, saying.end, saying.attributed)


def _stands_alone(words: str, after: str) -> bool:
    """True when the words are sentences of their own, not the subject of somebody else's sentence."""
    following = after.lstrip()[:1]
    return (
        not following.islower()
        and following not in tuple(",–-")
        and words[0].isupper()
        and words.rstrip("‘’›‹“«»")[-1:] in tuple(".!?…")
        and len(words.split()) >= _MIN_WORDS
    )
