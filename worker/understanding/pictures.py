"""The pictures of a release with alt text, caption and source kept apart. Floor 1.

In go a document and the blocks among which its pictures may stand, out come images and the blocks
they take, each with its role. Signs on the page (icons, lenses, logos) are no pictures of a release.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.models.release import Image
from worker.reading.document import Block, Document
from worker.text import clean
from worker.understanding.credits import Credited, has_credit, is_bare_credit, split_credit
from worker.understanding.furniture import is_furniture, is_slide_counter
from worker.understanding.phrases import has_two_sentences, is_kicker_like, is_sentence
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles
from worker.understanding.vocabulary import PAGE_SIGN

# «Nele Petersen / BVM» as a line of its own: a person and the office behind the picture.
_NAMES = re.compile(r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,3} ?[/|] ?[A-ZÄÖÜ][\w. -]{1,40}")
# How alt texts begin that are whole sentences: they say what is seen.
_SCENE = re.compile(
    r"(?:Eine?|Zwei|Drei|Vier|Mehrere|Viele|Blick|Symbolbild|Gruppen(?:bild|foto)|Porträt|Luftbild|Außenansicht"
    r"|Innenansicht|Nahaufnahme|Archivbild|Logo|Grafik)\b"
)
_MAX_SOURCE = 60
_MAX_CAPTION = 500
_MAX_ALT = 200
_MAX_BOXED = 200
_MIN_LEAD = 100


class Pictures(NamedTuple):
    """Images in page order, and which blocks are captions, credits, pictures or the page's own signs."""

    images: tuple[Image, ...]
    roles: Roles
    warnings: tuple[str, ...] = ()
    witness: str = ""


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
        page = [index for index in run if _is_tool(document.blocks[index].text)]
        lines = [index for index in run if index not in page]
        words = _until_text(document, lines)
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


def _until_text(document: Document, lines: list[int]) -> list[int]:
    """Return the lines before the first that is a paragraph: longer than a caption, and of two sentences."""
    for position, index in enumerate(lines):
        text = document.blocks[index].text
        # The third line of a run is the next picture's alt text, or no words of a picture at all.
        longest = _MAX_ALT if position < 2 else _MIN_LEAD
        if len(text) > longest and has_two_sentences(text) and not has_credit(text):
            return lines[:position]
    return lines


def _is_picture_run(document: Document, lines: list[int], follows: list[int]) -> bool:
    """True for lines that describe pictures; the first, an alt text, is no paragraph of two sentences."""
    if any(document.blocks[index].kind == "list_item" for index in lines):
        return False
    text = document.blocks[lines[0]].text
    if has_credit(text):
        return len(text) <= _MAX_CAPTION
    texts = [document.blocks[index].text for index in lines]
    if not follows:
        # A page that ends here was cut off above its text.
        return len(texts) > 1 and not all(is_sentence(line) for line in texts)
    if len(texts) > 1:
        longest = max(len(line) for line in texts)
        return longest <= _MAX_CAPTION and len(text) <= _MAX_ALT and not has_two_sentences(text)
    if _SCENE.match(text) and len(text) <= _MIN_LEAD and is_prose(document.blocks[follows[0]]):
        return True
    return len(text) <= _MAX_CAPTION and not is_sentence(text)


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


def read_pictures(document: Document, indexes: tuple[int, ...]) -> Pictures:
    """Read the pictures of an HTML region: each image with the words of its figure, or next to it."""
    roles: Roles = {}
    images: list[Image] = []
    alternating = _alternates(document, indexes)
    for position, index in enumerate(indexes):
        block = document.blocks[index]
        if block.kind != "image":
            continue
        words = _words_of(document, indexes, position, roles, alternating)
        image = _image(document, block, [document.blocks[i] for i in words])
        if image is None:
            roles[index] = "furniture"
            continue
        images.append(image)
        roles[index] = "image"
        for i in words:
            roles[i] = "credit" if document.blocks[i].kind == "credit" else "caption"
    return Pictures(_once(images), roles, (), "img" if images else "")


def _once(images: list[Image]) -> tuple[Image, ...]:
    """Return each picture once, with the words it has at one of its places."""
    found: dict[str | Image, Image] = {}
    for image in images:
        key = image.src or image
        if key not in found or (image.caption and not found[key].caption):
            found[key] = image
    return tuple(found.values())


def _image(document: Document, block: Block, words: list[Block]) -> Image | None:
    """Build one picture, None for a sign of the page."""
    alt = split_credit(block.text)
    parts = [_credited(other) for other in words]
    caption = clean(" ".join(text for text, _ in parts if text)) or None
    credit = next((credit for _, credit in reversed(parts) if credit), None) or alt.credit
    if not caption and not alt.text and not (credit and words):
        return None
    if not words and block.text and (PAGE_SIGN.fullmatch(block.text) or is_furniture(block.text)):
        return None
    return Image(document.resolve(block.src), alt.text, caption, credit)


def _credited(block: Block) -> tuple[str | None, str | None]:
    """Part a caption; words whose element says «credit» are the source even without a label."""
    text, credit = split_credit(block.text)
    if credit is None and _NAMES.fullmatch(block.text):
        return None, block.text
    if "credit" in block.hints and "caption" not in block.hints and credit is None and len(block.text) <= 120:
        return None, block.text
    return text, credit


def figure_of(document: Document, block: Block) -> int:
    """Return the container of the `figure` around a block, 0 where there is none."""
    at = block.group
    while at > 0 and document.containers[at].tag != "figure":
        at = document.containers[at].parent
    return max(at, 0)


def _words_of(
    document: Document,
    indexes: tuple[int, ...],
    position: int,
    roles: Roles,
    alternating: frozenset[int],
) -> list[int]:
    """Return the blocks that are the words of the picture at `position`."""
    image = document.blocks[indexes[position]]
    figure = figure_of(document, image)
    found: list[int] = []
    if figure:
        for index in indexes[max(0, position - 3) : position + 8]:
            block = document.blocks[index]
            if block.kind != "image" and index not in roles and figure_of(document, block) == figure:
                found.append(index)
        return [index for index in found if not _is_tool(document.blocks[index].text)]
    boxed = _picture_box(document, indexes, position)
    for index in indexes[position + 1 : position + 4]:
        block = document.blocks[index]
        if block.kind == "image" or index in roles:
            break
        if index not in boxed and not _is_caption(document, index, image, alternating):
            break
        found.append(index)
    return found


def _picture_box(document: Document, indexes: tuple[int, ...], position: int) -> frozenset[int]:
    """Return the short lines that share an element with this one picture and with nothing else.

    A last line that is a bare source makes those between it and the picture its words, in any element.
    """
    image = document.blocks[indexes[position]]
    short: list[int] = []
    for index in indexes[position + 1 : position + 5]:
        block = document.blocks[index]
        if _is_tool(block.text):
            continue
        if block.kind == "image" or block.level or block.linked or len(block.text) > _MAX_BOXED:
            break
        short.append(index)
    if len(short) > 1 and is_bare_credit(document.blocks[short[1]].text):
        return frozenset(short[:2])
    box = image.group
    for _ in range(3):
        if box <= 0:
            break
        inside = _inside(document, box, indexes, position)
        words = [i for i in inside if i != indexes[position] and not _is_tool(document.blocks[i].text)]
        if words and set(words) <= set(short):
            return frozenset(words)
        box = document.containers[box].parent
    return frozenset()


def _inside(document: Document, box: int, indexes: tuple[int, ...], position: int) -> list[int]:
    """Return the blocks around the picture that stand in container `box`, at most those of a picture."""
    return [index for index in indexes[max(0, position - 3) : position + 6] if _holds(document, box, index)]


def _is_tool(text: str) -> bool:
    return is_furniture(text) or is_slide_counter(text)


def _holds(document: Document, box: int, index: int) -> bool:
    at = document.blocks[index].group
    while at > box:
        at = document.containers[at].parent
    return at == box


def _is_caption(document: Document, index: int, image: Block, alternating: frozenset[int]) -> bool:
    """True when a block after a picture is its caption: by element, hint, source note or own box."""
    block = document.blocks[index]
    if block.level or len(block.text) > _MAX_CAPTION:
        return False
    if block.kind in ("caption", "credit") or block.hints & {"caption", "credit"} or index in alternating:
        return True
    if document.containers[block.group].hints & {"caption", "credit"}:
        return True
    return block.text == image.text or (len(block.text) <= 300 and has_credit(block.text))


def _alternates(document: Document, indexes: tuple[int, ...]) -> frozenset[int]:
    """Return the paragraphs of a flat run picture, words, picture, words at the start of the text."""
    found: list[int] = []
    for position in range(len(indexes) - 1):
        here, after = document.blocks[indexes[position]], document.blocks[indexes[position + 1]]
        if here.kind != "image":
            if found and indexes[position] not in found:
                break
            continue
        if after.kind == "paragraph" and len(after.text) <= 300:
            found.append(indexes[position + 1])
    return frozenset(found) if len(found) > 1 else frozenset()
