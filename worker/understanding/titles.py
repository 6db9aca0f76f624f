"""Which block is the title of the release. Floor 1.

In goes a `Document`, out comes the title's block or its text with the rule that found it. Rules in
order, the first that answers wins; a navigation label or a site's name is never taken.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import NamedTuple

from worker.models.listing import ListingItem
from worker.reading.dates import find_dates
from worker.reading.document import Block, Document
from worker.understanding.credits import has_credit
from worker.understanding.furniture import ends_release, is_furniture, is_page_label
from worker.understanding.phrases import is_kicker_like, is_sentence
from worker.understanding.region import is_prose
from worker.understanding.vocabulary import NO_TITLE, PUBLISHER_NAME

_LONGEST_IMPRINT = 200
_LINES_ABOVE = 4
_SHORTEST_NAME = 10
# What sites put behind the title in `<title>`: « | Ministerium», « - Baden-Württemberg.de», «: Portal».
_SUFFIX = re.compile(r"\s+[|–—·»:-]+\s+|:\s+|\s*\|\s*")


class Title(NamedTuple):
    """A title: its text, its block where it has one, the rule, and what did not add up.

    `topic` are the words that stand before the title in the same heading.
    """

    text: str
    block: int | None
    witness: str
    warnings: tuple[str, ...] = ()
    topic: str | None = None


def find_title(document: Document, listed: ListingItem | None) -> Title | None:
    """Return the title of an HTML page, None where no rule answers."""
    site = _site_names(document)
    claims = {name: claim for name, claim in document.metadata.titles.items() if _plain(claim) not in site}
    if listed is not None:
        claims["listing"] = listed.title
    headings = [
        index for index, block in enumerate(document.blocks) if block.level and _plain(block.text) not in site
    ]
    tops = [
        index for index in headings if document.blocks[index].level == 1 and _may_be_title(document, index)
    ]
    highest = {document.blocks[index].text: index for index in reversed(tops)}
    first = sorted(highest.values())
    agreed = [index for index in first if _agrees(document.blocks[index].text, claims)]
    if len(first) == 1 and agreed:
        return _titled(document, first[0], "h1", claims)
    headings = [index for index in headings if _may_be_title(document, index)]
    if len(first) == 1 and not _better_claimed(document, headings, claims):
        return _titled(document, first[0], "h1", claims)
    if agreed:
        return _titled(document, agreed[0], "h1", claims, _several(first))
    named = [index for index in headings if _agrees(document.blocks[index].text, claims)]
    if named:
        index = named[0]
        tag = f"h{document.blocks[index].level}"
        return _titled(document, index, tag, claims, (f"title: no h1 agrees, {tag} does",))
    if first:
        index = _before_prose(document, first)
        return _titled(document, index, "h1", claims, _several(first))
    found = _without_heading(document, claims, headings)
    return _last_line(document) if found is None and site else found


def _site_names(document: Document) -> set[str]:
    """Return what the site is called, where it stands as a title.

    Either its pages have no other `<title>`, which names a publisher or is repeated beside the imprint;
    or two headings hold both ends of the `<title>`, of which the title is the one above the text.
    """
    title = document.metadata.titles.get("title", "")
    named = _plain(title)
    imprints = [
        block.text
        for block in document.blocks
        if ("©" in block.text or "Impressum" in block.text)
        and len(block.text) <= _LONGEST_IMPRINT
        and not block.level
    ]
    if named and any(named in _plain(line) for line in imprints):
        return {named}
    if PUBLISHER_NAME.fullmatch(title) and is_kicker_like(title):
        return {named}
    starts = ends = -1
    for index, block in enumerate(document.blocks):
        if not block.level or len(block.text) < _SHORTEST_NAME or (words := _plain(block.text)) == named:
            continue
        if starts < 0 and named.startswith(words):
            starts = index
        elif ends < 0 and named.endswith(words):
            ends = index
    if min(starts, ends) < 0:
        return set()
    both = sorted((starts, ends))
    both.remove(_before_prose(document, both))
    return {_plain(document.blocks[both[0]].text)}


def first_heading(document: Document) -> str:
    """Return the first heading of the highest level, whatever it says; empty where there is none."""
    headings = [block for block in document.blocks if block.level]
    return min(headings, key=lambda block: block.level).text if headings else ""


def _may_be_title(document: Document, index: int) -> bool:
    text = document.blocks[index].text
    if not len(text) >= 3 or NO_TITLE.fullmatch(text):
        return False
    return not (is_furniture(text) or is_page_label(text) or ends_release(text))


def _titled(
    document: Document, index: int, witness: str, claims: dict[str, str], warnings: tuple[str, ...] = ()
) -> Title:
    text, topic = _parted(document.blocks[index].text, claims)
    differing: list[str] = [
        name
        for name in ("og:title", "json-ld", "listing")
        if name in claims and not _similar(text, claims[name])
    ]
    longer = [name for name in ("og:title", "json-ld") if text != claims.get(name, text) in text]
    warnings += tuple(f"title: {witness} says more than {name}" for name in longer)
    named = claims.get("title", "")
    if len(_SUFFIX.split(named)[0].split()) >= 3 and _words(named).isdisjoint(_words(text)):
        differing.append("title")
    warnings += tuple(f"title: {witness} and {name} differ" for name in differing)
    return Title(text.strip(" –-|·:") or text, index, witness, warnings, topic)


def _parted(text: str, claims: dict[str, str]) -> tuple[str, str | None]:
    """Part a heading that opens with the topic («Forschung Darmstadt bekommt …»); metadata show the seam."""
    for name, claim in claims.items():
        title = _SUFFIX.split(claim)[0] if name == "title" else claim
        before = text.removesuffix(title).strip(" –-|·:")
        if len(title) >= 10 and text.endswith(title) and before and is_kicker_like(before):
            return title, before
    return text, None


def _several(first: list[int]) -> tuple[str, ...]:
    return (f"title: {len(first)} h1 elements",) if len(first) > 1 else ()


def _agrees(text: str, claims: dict[str, str]) -> bool:
    """True when metadata or the listing name the same words as a title."""
    words = _plain(text)
    for name, claim in claims.items():
        claimed = _plain(claim)
        if claimed == words:
            return True
        if name == "title" and len(words) >= 10 and (claimed.startswith(words) or claimed.endswith(words)):
            return True
    return False


def _better_claimed(document: Document, headings: list[int], claims: dict[str, str]) -> bool:
    """True when another heading than the single h1 is what og:title, JSON-LD or the listing name."""
    strong = {name: claim for name, claim in claims.items() if name != "title"}
    return any(_agrees(document.blocks[index].text, strong) for index in headings)


def _similar(text: str, claim: str) -> bool:
    mine, theirs = _words(text), _words(claim)
    return not theirs or 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _words(text: str) -> set[str]:
    return set(_plain(text).split())


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def _before_prose(document: Document, candidates: list[int]) -> int:
    """Return the candidate that the most prose follows before the next candidate."""
    ends = [*candidates[1:], len(document.blocks)]

    def prose_after(position: int) -> int:
        blocks = document.blocks[candidates[position] : ends[position]]
        return sum(len(block.text) for block in blocks if is_prose(block))

    return candidates[max(range(len(candidates)), key=prose_after)]


def _without_heading(document: Document, claims: dict[str, str], headings: list[int]) -> Title | None:
    """No h1 and no heading that metadata know: a block that says the title, the first heading, metadata."""
    for index, block in enumerate(document.blocks):
        fits = block.kind != "image" and len(block.text) <= 300 and not block.linked
        if fits and _opens(block.text, claims) and _may_be_title(document, index):
            return Title(block.text, index, "text", ("title: no heading, a block says what metadata say",))
    unlinked = [index for index in headings if not document.blocks[index].linked]
    prose = next((i for i, block in enumerate(document.blocks) if is_prose(block)), len(document.blocks))
    above = [index for index in unlinked if index < prose]
    # A heading below running text divides it; what metadata call the page is nearer to its title.
    marked = None if above else _marked(document)
    if marked is not None:
        return marked
    claimed = _claimed(claims)
    if not above and claimed is not None:
        return claimed
    if above or unlinked:
        highest = min(document.blocks[index].level for index in above or unlinked[:1])
        index = [i for i in above or unlinked[:1] if document.blocks[i].level == highest][-1]
        return _titled(document, index, f"h{highest}", claims, (f"title: no h1, taken from h{highest}",))
    return None


def _opens(text: str, claims: dict[str, str]) -> bool:
    """True when a block says what metadata say, or how the `<title>` begins: the site is named behind."""
    words = _plain(text)
    return len(words) >= 10 and any(
        _plain(claim).startswith(words) if name == "title" else _plain(claim) == words
        for name, claim in claims.items()
    )


def _marked(document: Document) -> Title | None:
    """Return the first line above the text that its class calls a title, else one set in bold alone."""
    lines = list(itertools.takewhile(lambda block: not _is_text(block), document.blocks))
    for witness in ("class", "bold"):
        for index, block in enumerate(lines):
            shown = "title" in block.hints if witness == "class" else block.strong
            if shown and not block.linked and len(block.text) > 15 and _may_be_title(document, index):
                return Title(block.text, index, witness, (f"title: no heading, taken from a {witness}",))
    return None


def _is_text(block: Block) -> bool:
    return is_prose(block) and is_sentence(block.text)


def _claimed(claims: dict[str, str]) -> Title | None:
    """Return what metadata call the page, without the site's name behind it."""
    for name in ("og:title", "json-ld", "title"):
        text = _SUFFIX.split(claims[name])[0] if name == "title" and name in claims else claims.get(name, "")
        if text and not NO_TITLE.fullmatch(text) and not is_page_label(text):
            return Title(text, None, name, (f"title: no heading, taken from {name}",))
    return None


def _last_line(document: Document) -> Title | None:
    """Return the line right above the text, where `<title>` names only the site and nothing else a title."""
    above = list(itertools.takewhile(lambda block: not _is_text(block), document.blocks))
    for index in reversed(range(max(0, len(above) - _LINES_ABOVE), len(above))):
        block = above[index]
        shown = block.kind == "paragraph" and not (
            block.linked or find_dates(block.text) or has_credit(block.text)
        )
        if shown and len(block.text) > 15 and _may_be_title(document, index):
            return Title(
                block.text, index, "line", ("title: no heading, taken from the line above the text",)
            )
    return None
