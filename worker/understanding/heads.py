"""The head of a release: topic line, title and what stands among them. Floor 1.

In goes an HTML page with its main region and its title, out comes a `Head`: which block is what around
the title. Renderings have a module of their own. It never looks behind the first paragraph.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from worker.reading.dates import GERMAN_DATE, find_dates, only_date
from worker.reading.document import Block, Document
from worker.text import clean
from worker.understanding.credits import has_credit
from worker.understanding.furniture import is_furniture, is_page_label, is_slide_counter
from worker.understanding.phrases import is_kicker_like, is_sentence
from worker.understanding.pictures import figure_of
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles, first_with
from worker.understanding.titles import Title
from worker.understanding.vocabulary import LABEL, NO_TOPIC

_SEPARATED = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")
# «13.06.2024 Thema: Zuwanderung»
_BEFORE_TOPIC = re.compile(
    rf"^(?:{GERMAN_DATE.pattern}\s+(?=(?-i:[A-ZÄÖÜ])))?(?:(?:thema|rubrik|kategorie|ressort):\s+)?", re.I
)
# Beside the number of a release its publisher is named («LM | Nr. 131/23»).
_ABBREVIATION = re.compile(r"[A-ZÄÖÜ][A-Za-zÄÖÜ]{0,3}[A-ZÄÖÜ]")
# What may stand beside the day of publication in its line: a place, a number, an author, a time.
_BESIDE_DATE = re.compile(
    r"(?:(?:ort\W+)?(?-i:[A-ZÄÖÜ][\w.()/-]+(?: (?:am |an der |im |bei )?[A-ZÄÖÜ][\w.-]+){0,2})"
    r"\s*[,|·]\s*(?:den|am)?"
    r"|(?:.{0,30}\s)?nr\.?\s*[\d/.-]+,?\s*(?:vom)?|(?:presse|medien)\w{3,14}\s*\d[\d/.-]*,?\s*(?:vom)?"
    r"|(?:von|autor(?:in)?:?|redaktion:?|text:?)\s.{2,50}"
    r"|(?:.{0,30}\b)?(?:datum:?|veröffentlicht.{0,12}|(?:aus|heraus|frei)gegeben.{0,8}|erschienen.{0,8}|(?:erstellt|eingestellt).{0,8}"
    r"|(?:presse|medien)?(?:mitteilung|meldung|information|erklärung)s? (?:vom|am)|^vom))"
    r"[\s|·•,;:/–—-]*(?:am|vom)?\s*",
    re.I,
)
_AFTER_DATE = re.compile(
    r"[\s|·•,;:–—-]*(?:[|·•–—-]\s*[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ\d][\w.-]*){0,3}"
    r"|(?:um )?\d{1,2}[:.]\d{2}(?: uhr)?"
    r"|(?:thema|rubrik|kategorie|ressort): [^|·•]{2,60}|uhr|\([\w./ -]{2,20}\)"
    r"|(?:text|redaktion|autor(?:in)?): [^|·•]{2,40}|von .{2,50}|in .{2,40}"
    r"|\d+ (?:min|kommentar).{0,20}|lesezeit.{0,20}|[|·•,;:–—-]| ){0,6}",
    re.I,
)
_NOT_PUBLISHED = re.compile(
    r"\b(?:stand|aktualisiert|geändert|änderung|update[d]?|bearbeitet|gültig|bis|ab|frist|termin)\b", re.I
)
# «…, zuletzt geändert am 5.9.2024» behind the day of publication.
_CHANGED = re.compile(
    r"(?:(?<=\d{4})|(?<=uhr))[\s,;|·(–-]+(?:und )?"
    r"(?:zuletzt|letzte änderung|aktualisiert|geändert|stand)\b.*",
    re.I,
)
_BYLINE = re.compile(
    r"(?:von|autor(?:in)?:?|by|text:|redaktion:?) .{2,60}"
    r"|(?:ort|datum|ausgabejahr|erscheinungsdatum):? .{0,40}",
    re.I,
)
# Fields that are looked for beside the title.
_AROUND_TITLE = ("kicker", "published", "lead", "images")
_BEFORE_TITLE = 8
_BELOW_TITLE = 8


class Head(NamedTuple):
    """What stands above the text: the title's and the kicker's words with their rules, and the roles.

    `dates` are the blocks that may name the day of publication; one of them can be the kicker's.
    """

    title: Title
    kicker: str | None
    kicker_witness: str
    dates: tuple[int, ...]
    roles: Roles
    warnings: tuple[str, ...] = ()


def is_dateline(text: str) -> bool:
    """True for a line that gives the day of publication and nothing else of weight."""
    text = _CHANGED.sub("", text)
    if len(text) > 120 or _NOT_PUBLISHED.search(text):
        return False
    if only_date(text):
        return True
    found = GERMAN_DATE.search(text)
    if found is None:
        return False
    before, after = text[: found.start()], text[found.end() :]
    return bool(
        (not before.strip() or _BESIDE_DATE.fullmatch(before)) and (not after or _AFTER_DATE.fullmatch(after))
    )


def read_markup_head(document: Document, indexes: tuple[int, ...], title: Title) -> Head:
    """Find the kicker and the dates around the title of an HTML page."""
    again = [index for index in indexes if document.blocks[index].text == title.text and index != title.block]
    roles: Roles = dict.fromkeys(again, "furniture")
    if title.block is None:
        lost = tuple(f"{name}: the title has no place on the page to look around" for name in _AROUND_TITLE)
        return Head(title, None, "", (), roles, lost)
    at = indexes.index(title.block)
    before = indexes[max(0, at - _BEFORE_TITLE) : at]
    below = _below_title(document, indexes[at + 1 : at + 1 + _BELOW_TITLE])
    dates = [index for index in (*before, *below) if _is_date_block(document.blocks[index])]
    bylines = [
        index for index in below if index not in dates and _BYLINE.fullmatch(document.blocks[index].text)
    ]
    kicker_index, kicker, witness = _markup_kicker(document, before, indexes[at + 1 : at + 4], title.block)
    above = [index for index in indexes[:at] if not _is_of_picture(document, index)]
    roles |= dict.fromkeys((*above, *bylines), "furniture")
    roles |= dict.fromkeys(dates, "date")
    roles[title.block] = "title"
    if title.topic is not None:
        kicker, kicker_index, witness = title.topic, None, "heading"
    labelled = _labelled(document, below)
    roles |= labelled
    if kicker is None and (at_topic := first_with(labelled, "kicker")) is not None:
        kicker, kicker_index, witness = document.blocks[at_topic].text, at_topic, "label"
    if kicker_index is not None:
        roles[kicker_index] = "kicker"
        if kicker_index not in dates and find_dates(document.blocks[kicker_index].text):
            dates.append(kicker_index)
    return Head(title, kicker, witness, tuple(dates), roles, _text_above(document, above, roles))


def _labelled(document: Document, below: tuple[int, ...]) -> Roles:
    """Read pairs of label and value under the title («Rubrik:», «Integration und Migration»)."""
    roles: Roles = {}
    for label, value in itertools.pairwise(below):
        words = document.blocks[label].text
        if words.endswith(":") and (found := LABEL.fullmatch(words)) and value == label + 1:
            roles[label] = "furniture"
            if not _is_date_block(document.blocks[value]):
                roles[value] = "kicker" if found["topic"] and "kicker" not in roles.values() else "furniture"
    return roles


def _is_of_picture(document: Document, index: int) -> bool:
    """True for a picture above the title and its words: they are the release's; a linked one is a logo."""
    block = document.blocks[index]
    if block.kind == "image":
        return not block.anchors
    if (
        block.kind in ("caption", "credit")
        or block.hints & {"caption", "credit"}
        or figure_of(document, block)
    ):
        return True
    return index > 0 and document.blocks[index - 1].kind == "image" and has_credit(block.text)


def _text_above(document: Document, above: list[int], roles: Roles) -> tuple[str, ...]:
    """Name running text that stands above the title, where no layout puts any."""
    texts = [
        document.blocks[i].text
        for i in above
        if roles[i] == "furniture" and is_prose(document.blocks[i]) and is_sentence(document.blocks[i].text)
    ]
    return tuple(
        f"{name}: «{text[:60]}» stands above the title"
        for text in texts[:1]
        for name in ("body", *_AROUND_TITLE)
    )


def _below_title(document: Document, after: tuple[int, ...]) -> tuple[int, ...]:
    """Return the short lines among the first blocks under the title, up to the first sub-heading."""
    found: list[int] = []
    for position, index in enumerate(after):
        block = document.blocks[index]
        # The line below the title may be set as a heading too, over the day of publication.
        below = position == 0 and len(after) > 1 and _is_date_block(document.blocks[after[1]])
        if block.level and len(block.text) < 100 and not below:
            break
        if len(block.text) <= 120 or "date" in block.hints or block.kind == "image":
            found.append(index)
    return tuple(found)


def _is_date_block(block: Block) -> bool:
    if block.kind == "time":
        return True
    named = "date" in block.hints and _opens_with_date(block.text)
    return block.kind != "image" and (named or is_dateline(block.text))


def _opens_with_date(text: str) -> bool:
    """True when a line that its class calls a date begins with one."""
    found = find_dates(text[:60])
    return bool(found) and found[0][1] <= 30 and not _NOT_PUBLISHED.search(text[: found[0][1]])


def _markup_kicker(
    document: Document, before: tuple[int, ...], after: tuple[int, ...], title: int
) -> tuple[int | None, str | None, str]:
    """Return the block, the words and the rule of the kicker: a hint, else the place before the title."""
    for index in [*reversed(before), *after]:
        block = document.blocks[index]
        if "kicker" in block.hints and block.kind not in ("image", "time") and (words := _topic(block.text)):
            return index, words, "class"
    for index in reversed(before):
        block = document.blocks[index]
        if block.kind in ("image", "time") or _is_of_picture(document, index):
            continue
        words = _topic(block.text)
        if words and _stands_at_title(document, index, title):
            return index, words, "before-title"
        if not words and (_is_date_block(block) or is_furniture(block.text) or is_page_label(block.text)):
            continue
        break
    return None, None, ""


def _topic(text: str) -> str | None:
    """Return the topic that a line names, without a date beside it («12.03.2024 | Integration»)."""
    text = _BEFORE_TOPIC.sub("", text)
    parts = [part for part in _SEPARATED.split(text) if part]
    named = [part for part in parts if not (only_date(part) or is_page_label(part))]
    if len(named) < len(parts):
        named = [part for part in named if not _ABBREVIATION.fullmatch(part)]
    words = clean(" | ".join(named) if len(named) < len(parts) else text)
    if (
        not words
        or is_dateline(words)
        or is_furniture(words)
        or is_page_label(words)
        or is_slide_counter(words)
        or NO_TOPIC.fullmatch(words)
    ):
        return None
    return words if is_kicker_like(words) else None


def _stands_at_title(document: Document, index: int, title: int) -> bool:
    """True when a block shares the title's container, or that one's parent, and is no trail of links."""
    block, heading = document.blocks[index], document.blocks[title]
    boxes = document.containers
    above = boxes[block.group].parent
    mine = {block.group, above, boxes[above].parent if above > 0 else 0}
    theirs = {heading.group, boxes[heading.group].parent}
    if block.kind == "list_item":
        siblings = [
            other
            for other in document.blocks
            if boxes[other.group].parent == boxes[block.group].parent and not _is_date_block(other)
        ]
        mine.add(boxes[boxes[block.group].parent].parent)
        if len(siblings) > 1:
            return False
    return bool(mine & theirs - {0}) or block.group == heading.group
