"""One entry of a listing: which of its blocks is date, topic, title, teaser. Floor 1.

In go the blocks of one entry in page order and which of them is the title, out comes a
`ListingItem`. The topic is a short line before the title, the teaser text after it; picture texts
and source notes are neither. What an entry lacks stays None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from worker.models.listing import ListingItem
from worker.reading.dates import GERMAN_DATE, find_dates, only_date, parse_date
from worker.reading.document import Anchor, Block
from worker.reading.vocabulary import MORE, PUBLISHER, TEASER_CREDIT, TEASER_LABEL
from worker.text import clean

_SEPARATORS = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|(?<=\d)\s*[,:]\s+")
_FILE_LABEL = re.compile(r"\s*\((?:PDF|DOCX?|HTML)\b[^()]*\)$")
_MAX_KICKER = 90


def is_more(text: str) -> bool:
    """True for the words of a link that only say «go on» («Mehr», «Weiterlesen»)."""
    return MORE.fullmatch(text.strip(" …»›>→+.[]")) is not None


def read_entry(url: str, blocks: list[Block], title: Block, link: Anchor | None) -> ListingItem:
    """Build the entry of `title` from its blocks."""
    at = next((i for i, block in enumerate(blocks) if block is title), 0)
    before = [block for block in blocks[:at] if not _is_noise(block)]
    after = [block for block in blocks[at + 1 :] if not _is_noise(block)]
    pictures = {block.text for block in blocks if block.kind == "image"}
    words = title.text
    if (
        not title.level
        and link is not None
        and link.text
        and not is_more(link.text)
        and link in title.anchors
    ):
        words = link.text
    return ListingItem(
        url=url,
        title=_FILE_LABEL.sub("", words) or words,
        kicker=_kicker(before, after, pictures),
        teaser=_teaser(after, pictures, title, words),
        published=_published(blocks, at, title, words),
    )


def _published(blocks: list[Block], at: int, title: Block, words: str) -> date | None:
    """Return the entry's day: `time`, a line that is a date, a date before a separator."""
    for block in blocks:
        if block.kind == "time" and (day := parse_date(block.value) or parse_date(block.text)):
            return day
    around = [*blocks[:at], *blocks[at + 1 :]]
    for block in around:
        if block.kind not in ("image", "credit", "caption") and (day := only_date(block.text)):
            return day
    for block in around:
        if block.kind in ("image", "credit", "caption") or len(block.text) > 600:
            continue
        found = find_dates(block.text[:80])
        if found and (_is_date_part(block.text, *found[0][1:]) or "date" in block.hints):
            return found[0][0]
    if not title.level and words != title.text:
        rest = title.text.replace(words, " | ", 1)
        found = find_dates(rest)
        return found[0][0] if found else None
    return None


def _is_date_part(text: str, start: int, end: int) -> bool:
    """True when a date opens a line or stands between separators («12.03.2024 | Integration»)."""
    before, after = text[:start].strip(), text[end:].strip()
    opens = not before or before[-1] in "|·•–—-,(" or re.fullmatch(r"(?:\w+tag,?|vom|am|den)?", before, re.I)
    closes = not after or after[0] in "|·•–—-:,)"
    return bool(opens) and closes


def _parts(text: str) -> list[str]:
    """Return the parts of a line between separators, without dates and empty ones."""
    if not GERMAN_DATE.search(text):
        return [text]
    parts = [part for part in _SEPARATORS.split(text) if part and not only_date(part)]
    return [clean(GERMAN_DATE.sub(" ", part)).strip(" ,|–-") for part in parts]


def _is_noise(block: Block) -> bool:
    """True for picture texts, source notes, dates, labels and «Mehr»."""
    text = block.text
    if block.kind in ("image", "time", "credit", "caption") or block.hints & {"credit", "caption", "share"}:
        return True
    return bool(
        TEASER_CREDIT.fullmatch(text) or TEASER_LABEL.fullmatch(text) or only_date(text) or is_more(text)
    ) or not any(c.isalpha() for c in text)


def _kicker(before: list[Block], after: list[Block], pictures: set[str]) -> str | None:
    """Return the topic: the hinted block, else the short line nearest before the title."""
    before = [block for block in before if block.text not in pictures]
    hinted = [block for block in (*before, *after) if "kicker" in block.hints]
    for block in [*hinted, *reversed(before)]:
        parts = [part for part in _parts(block.text) if part and not TEASER_LABEL.fullmatch(part)]
        if len(parts) == 1 and _is_topic(parts[0]):
            return parts[0]
        if parts and block not in hinted:
            break
    return None


def _is_topic(text: str) -> bool:
    return (
        2 <= len(text) <= _MAX_KICKER
        and not text.endswith((".", "!", "?", ":", "…"))
        and not TEASER_CREDIT.fullmatch(text)
    )


def _teaser(after: list[Block], pictures: set[str], title: Block, words: str) -> str | None:
    """Return the text after the title; lines that are no sentence (a publisher's name) only by hint."""
    after = [block for block in after if block.text not in pictures and not block.level]
    hinted = [block for block in after if "lead" in block.hints]
    chosen = hinted or [block for block in after if "kicker" not in block.hints and _is_text(block)]
    texts = [text for block in chosen if (text := _without_more(block))]
    if not texts and not title.level:
        texts = _beside(title, words)
    return clean(" ".join(texts)) or None


def _is_text(block: Block) -> bool:
    """True for words that say something: a sentence, or too long for a label; never a publisher's name."""
    if block.text.endswith((".", "!", "?", "…", "...", "“")):
        return True
    if block.anchors and block.linked + 3 >= len(block.text) and len(block.text) < 40:
        return False
    if PUBLISHER.match(block.text) or block.tag in ("td", "th"):
        return False
    return len(block.text) >= 60 or len(block.text.split()) >= 6


def _without_more(block: Block) -> str:
    """Return a teaser without the «Mehr» at its end and without a date and separator at its start."""
    text = block.text
    for anchor in block.anchors:
        if is_more(anchor.text) and text.endswith(anchor.text):
            text = text[: -len(anchor.text)].rstrip(" …»›>→[")
            text = (
                text
                if text.endswith((".", "!", "?", "“", "…"))
                or not block.text[len(text) :].lstrip().startswith("…")
                else text + " …"
            )
    found = find_dates(text[:60]) if text[:1].isdigit() else []
    if found and found[0][1] == 0 and _is_date_part(text, *found[0][1:]):
        text = text[found[0][2] :].lstrip(" |·•–—-:,")
    return text


def _beside(title: Block, words: str) -> list[str]:
    """Return what stands beside a linked title in the same block («<a>Titel</a> Text»)."""
    if title.text == words:
        return []
    rest = GERMAN_DATE.sub(" ", title.text.partition(words)[2] or "")
    rest = clean(_strip_more(rest, title.anchors)).strip(" |·•–—-:,()")
    return [rest] if len(rest) >= 30 else []


def _strip_more(text: str, anchors: Iterable[Anchor]) -> str:
    for anchor in anchors:
        if is_more(anchor.text):
            text = text.replace(anchor.text, " ")
    return text
