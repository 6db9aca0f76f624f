"""The closing links of a release. Floor 1.

In go a document and the blocks behind its head, out come the lines that are links and, in a rendering,
where the text before them ends. A link in the middle of running text is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from worker.models.release import Link
from worker.reading.document import Block, Document
from worker.understanding.furniture import is_furniture, is_link_label
from worker.understanding.phrases import is_sentence
from worker.understanding.roles import Roles

_NEW_WINDOW = re.compile(
    r"\s*\((?:öffnet|link öffnet|externer link)[^)]*\)|^(?:extern(?:er link)?|intern):\s*", re.I
)
_LINK_LINE = re.compile(
    r"\((?:PDF|Öffnet)|^Extern\b|^\S*(?:ministerium|portal|\.de)\b[^:]*:|^(?:Zum|Zur) "
    r"|^(?:Weitere|Mehr) Informationen",
    re.I,
)
# What stands behind the link of a document: «(124.5 KB)», «[PDF, 1,2 MB, nicht barrierefrei]».
_FILE_NOTE = re.compile(r"\s*[(\[][^()\[\]]*\b(?:[KM]B|PDF)\b[^()\[\]]*[)\]]", re.I)
# A point of a last list that is a link: who offers it, and what («Landesfrauenrat: Stellungnahme»).
_NAMED_LINK = re.compile(r"(?:Extern: )?[A-ZÄÖÜ][\w.-]{3,}(?: [\w.-]+){0,4}: [A-ZÄÖÜ„].{2,}")
_MAX_LINK = 250
_MIN_SENTENCE = 60


def is_link_line(text: str) -> bool:
    """True for a line that is a link by its words («Sozialministerium: Projekte», «Förderaufruf (PDF)»)."""
    return _LINK_LINE.search(text) is not None


def mark_links(document: Document, indexes: tuple[int, ...], roles: Roles) -> None:
    """Mark lines of an HTML page that are links, and the labels over the closing ones."""
    closing = True
    for index in reversed(indexes):
        block = document.blocks[index]
        if index in roles:
            continue
        if block.anchors and _is_linked(block, closing):
            roles[index] = "link"
        elif block.anchors and block.linked >= 0.85 * len(block.text):
            roles[index] = "furniture"  # the teaser of another page, set as one long link
        elif closing and is_link_label(block.text):
            roles[index] = "furniture"
        else:
            closing = False


def _is_linked(block: Block, closing: bool) -> bool:
    """True when nearly all of a line is linked; of a closing «Ministerium: Thema» the half will do."""
    if len(block.text) > _MAX_LINK:
        return False
    share = 0.5 if closing and ":" in block.text else 0.85
    return block.linked >= share * len(_FILE_NOTE.sub("", block.text))


def mark_rendered_links(
    document: Document, indexes: tuple[int, ...], roles: Roles
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Mark the short lines behind the last sentence of a rendering; return the lines before them.

    Where sentences stand among them, only lines with the words of a link are marked, and the rest is
    left without a role: where «Weitere Meldungen» lost their shape, they would look the same.
    """
    lines = [index for index in indexes if index not in roles]
    end = _end_of_text(document, lines)
    closing = lines[end:]
    labels = [index for index in closing if is_link_label(document.blocks[index].text)]
    roles |= dict.fromkeys(labels, "furniture")
    links = [index for index in closing if index not in roles]
    mixed = any(is_sentence(document.blocks[index].text) for index in links)
    if mixed:
        links = [index for index in links if _is_link(document.blocks[index])]
    roles |= dict.fromkeys(links, "link")
    doubts = ["links: which of the last lines are links is not certain"] if mixed else []
    among = [document.blocks[index].text for index in lines[:end] if _is_link(document.blocks[index])]
    doubts += [f"{name}: «{text}» stands among the text" for text in among[:1] for name in ("links", "body")]
    return tuple(lines[:end]), tuple(doubts)


def _end_of_text(document: Document, lines: list[int]) -> int:
    """Return how many lines reach to the last sentence of some length or the last point of a list."""
    blocks = [document.blocks[index] for index in lines]
    points = [block.kind == "list_item" for block in blocks]
    solid = [
        position
        for position, block in enumerate(blocks)
        # A single point is the topic over another release's title («• Verkehr»).
        if _is_solid(block) and (not points[position] or sum(points[max(0, position - 1) : position + 2]) > 1)
    ]
    sentences = [position for position, block in enumerate(blocks) if is_sentence(block.text)]
    end = (solid or sentences or [-1])[-1] + 1
    while end < len(blocks) and is_sentence(blocks[end].text) and not is_link_line(blocks[end].text):
        end += 1
    return end


def _is_link(block: Block) -> bool:
    named = block.kind == "list_item" and _NAMED_LINK.fullmatch(block.text) and not is_sentence(block.text)
    return is_link_line(block.text) or bool(named)


def _is_solid(block: Block) -> bool:
    if block.kind == "list_item":
        return not _is_link(block)
    return len(block.text) > _MAX_LINK or (len(block.text) >= _MIN_SENTENCE and is_sentence(block.text))


def closing_links(document: Document, indexes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the unbroken run of link lines that follows the body in the same article."""
    found: list[int] = []
    for index in indexes:
        block = document.blocks[index]
        linked = bool(block.anchors) and block.kind != "image" and 2 * block.linked >= len(block.text)
        if linked and not block.level and len(block.text) <= _MAX_LINK:
            found.append(index)
        elif not (is_link_label(block.text) or is_furniture(block.text)):
            break
    return tuple(found)


def read_links(document: Document, indexes: Iterable[int]) -> tuple[Link, ...]:
    """Return the links of these closing lines, each once."""
    found = (link for index in indexes for link in _links_of(document, document.blocks[index]))
    return tuple(dict.fromkeys(found))


def _links_of(document: Document, block: Block) -> list[Link]:
    """Return the links of a line; a single one takes the whole line as its text."""
    if len(block.anchors) <= 1:
        url = document.resolve(block.anchors[0].href) if block.anchors else None
        return [Link(_link_text(block.text), url)]
    return [Link(_link_text(anchor.text), document.resolve(anchor.href)) for anchor in block.anchors]


def _link_text(text: str) -> str:
    """Strip what screen readers are told («Extern:», «(Öffnet in neuem Fenster)»)."""
    return _NEW_WINDOW.sub("", text).strip() or text
