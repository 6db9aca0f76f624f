"""Is this page a release at all? Floor 1.

In go a document and its main region, out comes the reason why it is none, or None. Error pages that
answer 200, cookie walls, logins, maintenance pages, search results, and pages that only list others
are refused, since a wrong record is worse than none.
"""

from __future__ import annotations

from worker.reading.document import Document
from worker.understanding.region import Region, is_prose
from worker.understanding.vocabulary import (
    GREETS_READERS,
    INDEX_PAGE,
    LIFE,
    LIFE_LINE,
    NEEDS_SCRIPT,
    NO_RELEASE,
    QUESTIONS,
    RESULT_COUNT,
)

_MAX_WALL = 1_500
_MIN_CARDS = 4
_MAX_TOPIC = 3
_MIN_QUESTIONS = 3
_MIN_LIFE_LINES = 3


def refusal(document: Document, title: str, region: Region) -> str | None:
    """Return why the page is no release («an error page: Seite nicht gefunden»), None if it may be one."""
    heads = [title, document.metadata.titles.get("title", "")[:120]]
    prose = sum(len(document.blocks[i].text) for i in region.indexes if is_prose(document.blocks[i]))
    for name, pattern in NO_RELEASE.items():
        for position, head in enumerate(heads):
            # The `<title>` of a site may hold such a word by chance; the heading may not.
            limit = _MAX_WALL if position == 0 else _MAX_WALL // 3
            if head and prose <= limit and pattern.fullmatch(head):
                return f"{name}: {head}"
    if prose <= _MAX_WALL and any(
        NEEDS_SCRIPT.fullmatch(document.blocks[i].text) for i in region.indexes[:3]
    ):
        return "shown by script only: its text is not on the page"
    if kind := _standing(document, region, heads):
        return f"{kind}: {title}"
    if INDEX_PAGE.fullmatch(title) and _cards(document, region) >= 2:
        return f"a list of releases: {title}"
    if any(RESULT_COUNT.fullmatch(document.blocks[i].text) for i in region.indexes[:20]) and prose < 5_000:
        return "a list: it counts results"
    total, blocks = _own_prose(document, region)
    if _cards(document, region) >= _MIN_CARDS and (total < 150 or (total < 400 and blocks < 2)):
        return "a list of links: it has no text of its own"
    return None


def _standing(document: Document, region: Region, heads: list[str]) -> str | None:
    """Return what a page is that stands on the site for long: answers, a life, a topic; None for others."""
    if any(QUESTIONS.fullmatch(head) for head in heads) and _mostly_questions(document, region):
        return "questions and answers"
    if any(LIFE.fullmatch(head) for head in heads) and _tells_a_life(document, region):
        return "the life of a person"
    if len(heads[0].split()) <= _MAX_TOPIC and _greets(document, region) and _cards(document, region) >= 2:
        return "about a topic"
    return None


def _greets(document: Document, region: Region) -> bool:
    return any(GREETS_READERS.match(document.blocks[i].text) for i in region.indexes[:6])


def _mostly_questions(document: Document, region: Region) -> bool:
    """True when most sub-headings of the region ask: a release about such a page has none."""
    headings = [block.text for i in region.indexes if (block := document.blocks[i]).level or block.strong]
    asking = sum(text.endswith("?") for text in headings)
    return asking >= _MIN_QUESTIONS and 2 * asking > len(headings)


def _tells_a_life(document: Document, region: Region) -> bool:
    """True when some lines of the region begin with a year, or one says when somebody was born."""
    texts = [document.blocks[i].text for i in region.indexes]
    years = sum(LIFE_LINE.match(text) is not None for text in texts)
    return years >= _MIN_LIFE_LINES or any("geboren" in text for text in texts[:6])


def _cards(document: Document, region: Region) -> int:
    """Count the linked headings of the region."""
    return sum(
        1
        for index in region.indexes
        if (block := document.blocks[index]).level and block.anchors and block.linked + 3 >= len(block.text)
    )


def _own_prose(document: Document, region: Region) -> tuple[int, int]:
    """Return length and number of the blocks of prose that stand in no card: not under a linked heading."""
    total = blocks = 0
    card = False
    for index in region.indexes:
        block = document.blocks[index]
        if block.level:
            card = bool(block.anchors)
        elif is_prose(block) and not card:
            total += len(block.text)
            blocks += 1
    return total, blocks
