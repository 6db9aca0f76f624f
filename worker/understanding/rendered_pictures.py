"""The pictures of a text rendering: lines between title and lead. Floor 1.

In go a document and the blocks behind its head, out come images and the lines they take. Nothing names
an alt text, a caption or a source there; what they are follows from how the lines stand together, and
where that is not certain a warning says so.
"""

from __future__ import annotations

import re

from worker.models.release import Image
from worker.reading.document import Document
from worker.understanding.credits import Credited, has_credit, is_bare_credit, split_credit
from worker.understanding.furniture import is_slide_counter
from worker.understanding.phrases import has_two_sentences, is_kicker_like, is_sentence
from worker.understanding.pictures import MAX_CAPTION, Pictures, is_tool
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles

# How alt texts begin that are whole sentences: they say what is seen.
_SCENE = re.compile(
    r"(?:Eine?|Zwei|Drei|Vier|Mehrere|Viele|Blick|Symbolbild|Gruppen(?:bild|foto)|Porträt|Luftbild|Außenansicht"
    r"|Innenansicht|Nahaufnahme|Archivbild|Logo|Grafik)\b"
)
_MAX_SOURCE = 60
_MAX_ALT = 200
_MIN_LEAD = 100


def read_rendered_pictures(document: Document, indexes: tuple[int, ...]) -> Pictures:
    """Read the runs of lines between title and lead of a rendering: alt, caption, alt, caption …

    Every run that holds a source note, no end of a sentence, or more than one line is such a run;
    the first run that is none of it is the lead.
    """
    roles: Roles = {}
    images: list[Image] = []
    warnings: list[str] = []
    runs = _runs(document, indexes)
    counters = any(is_slide_counter(document.blocks[index].text) for index in indexes[:12])
    for position, run in enumerate(runs):
        page = [index for index in run if is_tool(document.blocks[index].text)]
        lines = [index for index in run if index not in page]
        words = _until_text(document, lines, at_tools=bool(page))
        follows = runs[position + 1] if position + 1 < len(runs) else []
        # What stands in one run with reading time and share line is a picture's.
        at_tools = bool(page) and bool(follows)
        if lines and not (words and (at_tools or _is_picture_run(document, words, follows))):
            warnings += _short_lead(document, images, lines)
            break
        if len(words) < len(lines):
            warnings.append("images: which lines are captions is not certain")
            warnings.append("lead: which line under the pictures it is, is not certain")
        roles.update(dict.fromkeys(page, "furniture"))
        pairs = [[index] for index in words] if counters else _pair(document, words)
        bare = any(is_bare_credit(document.blocks[i].text) for i in words)
        single = not counters and len(pairs) == len(words) > 2
        if (single or len({len(picture) for picture in pairs}) > 1) and not bare:
            warnings.append("images: which lines are captions is not certain")
        for picture in pairs:
            images.append(_rendered_image(document, picture, counters))
            roles.update(dict.fromkeys(picture, "caption"))
    return Pictures(tuple(dict.fromkeys(images)), roles, tuple(warnings), "lines" if images else "")


def _short_lead(document: Document, images: list[Image], lines: list[int]) -> list[str]:
    """Doubt a single short line above the text: it may be the words of a picture."""
    text = document.blocks[lines[0]].text
    if (images and images[-1].caption) or len(lines) > 1 or len(text) > _MIN_LEAD or not is_sentence(text):
        return []
    return [f"{name}: «{text[:60]}» may be the words of a picture" for name in ("lead", "body", "images")]


def _runs(document: Document, indexes: tuple[int, ...]) -> list[list[int]]:
    """Return the lines that no blank line parts, together."""
    runs: list[list[int]] = []
    last = -1
    for index in indexes:
        group = document.blocks[index].group
        if group != last:
            runs.append([])
            last = group
        runs[-1].append(index)
    return runs


def _until_text(document: Document, lines: list[int], *, at_tools: bool) -> list[int]:
    """Return the lines before the first that is a paragraph: longer than a caption, and of two sentences."""
    for position, index in enumerate(lines):
        text = document.blocks[index].text
        # The third line of a run is the next picture's alt text, or no words of a picture at all.
        longest = _MAX_ALT if position < 2 and not at_tools else _MIN_LEAD
        if len(text) > longest and has_two_sentences(text) and not has_credit(text):
            return lines[:position]
    return lines


def _is_picture_run(document: Document, lines: list[int], follows: list[int]) -> bool:
    """True for lines that describe pictures; the first, an alt text, is no paragraph of two sentences."""
    if any(document.blocks[index].kind == "list_item" for index in lines):
        return False
    text = document.blocks[lines[0]].text
    if has_credit(text):
        return len(text) <= MAX_CAPTION
    texts = [document.blocks[index].text for index in lines]
    if not follows:
        # A page that ends here was cut off above its text.
        return len(texts) > 1 and not all(is_sentence(line) for line in texts)
    if len(texts) > 1:
        longest = max(len(line) for line in texts)
        return longest <= MAX_CAPTION and len(text) <= _MAX_ALT and not has_two_sentences(text)
    if _SCENE.match(text) and len(text) <= _MIN_LEAD and is_prose(document.blocks[follows[0]]):
        return True
    return len(text) <= MAX_CAPTION and not is_sentence(text)


def _pair(document: Document, lines: list[int]) -> list[list[int]]:
    """Part lines into pictures: an alt text, perhaps its caption, perhaps a bare source line."""
    texts = [document.blocks[index].text for index in lines]
    if len(texts) % 3 == 0 and all(_may_be_source(text) for text in texts[2::3]):
        return [lines[at : at + 3] for at in range(0, len(lines), 3)]
    plain = len(texts) % 2 == 0 and not any(has_credit(text) for text in texts)
    pictures: list[list[int]] = []
    for index, text in zip(lines, texts, strict=True):
        alt = document.blocks[pictures[-1][0]].text if pictures and len(pictures[-1]) == 1 else None
        caption = alt is not None and (
            plain
            or is_sentence(split_credit(text).text or text)
            or (has_credit(text) and not has_credit(alt))
        )
        if pictures and (caption or is_bare_credit(text)):
            pictures[-1].append(index)
        else:
            pictures.append([index])
    return pictures


def _may_be_source(text: str) -> bool:
    """True for a bare source, or a short name where every third line is one («Staatsministerium»)."""
    return is_bare_credit(text) or (len(text) <= _MAX_SOURCE and is_kicker_like(text))


def _rendered_image(document: Document, lines: list[int], counters: bool) -> Image:
    """Build one picture; in a gallery (slide counters) the only line is the caption, else the alt."""
    texts = [document.blocks[index].text for index in lines]
    parts = [split_credit(text) for text in texts]
    if len(texts) == 3 and parts[2].credit is None:
        parts[2] = Credited(None, texts[2])
    credit = next((part.credit for part in reversed(parts) if part.credit), None)
    words = [part.text for part in parts if part.text]
    if counters and len(words) == 1:
        return Image(caption=words[0], credit=credit)
    return Image(alt=words[0] if words else None, caption=words[1] if len(words) > 1 else None, credit=credit)
