"""The pictures of a release with alt text, caption and source kept apart. Floor 1.

In go an HTML page and the blocks among which its pictures may stand, out come images and the blocks they
take, each with its role. Renderings have a module of their own. Signs on the page (icons, lenses, logos)
are no pictures of a release.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.models.release import Image
from worker.reading.document import Block, Document
from worker.text import clean
from worker.understanding.credits import has_credit, is_bare_credit, split_credit
from worker.understanding.furniture import is_furniture, is_slide_counter
from worker.understanding.region import is_prose
from worker.understanding.roles import Roles
from worker.understanding.vocabulary import PAGE_SIGN

# «Nele Petersen / BVM» as a line of its own: a person and the office behind the picture.
_NAMES = re.compile(r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,3} ?[/|] ?[A-ZÄÖÜ][\w. -]{1,40}")
# «Rhönschafe am Ellenbogen · Ingrid Blaschke»: behind the words of a picture, a name.
_NAME_BEHIND = re.compile(r"(.*\b[a-zäöü]{2,}\b.*) [·|] ([A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,2})")
MAX_CAPTION = 500
_MAX_BOXED = 200


class Pictures(NamedTuple):
    """Images in page order, and which blocks are captions, credits, pictures or the page's own signs."""

    images: tuple[Image, ...]
    roles: Roles
    warnings: tuple[str, ...] = ()
    witness: str = ""


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
    caption = clean(" ".join(dict.fromkeys(text for text, _ in parts if text))) or None
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
    if credit is None and (named := _NAME_BEHIND.fullmatch(block.text)):
        return named[1], named[2]
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
        return [index for index in found if not is_tool(document.blocks[index].text)]
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
        if is_tool(block.text):
            continue
        if block.kind == "image" or block.level or block.linked or len(block.text) > _MAX_BOXED:
            break
        short.append(index)
    if not short:
        return frozenset()
    if len(short) > 1 and is_bare_credit(document.blocks[short[1]].text):
        return frozenset(short[:2])
    box = image.group
    for _ in range(3):
        if box <= 0:
            break
        inside = _inside(document, box, indexes, position)
        words = [i for i in inside if i != indexes[position] and not is_tool(document.blocks[i].text)]
        # Two paragraphs are the text of a short release, no words of a picture.
        if words and set(words) <= set(short) and sum(is_prose(document.blocks[i]) for i in words) < 2:
            return frozenset(words)
        box = document.containers[box].parent
    return frozenset()


def _inside(document: Document, box: int, indexes: tuple[int, ...], position: int) -> list[int]:
    """Return the blocks around the picture that stand in container `box`, at most those of a picture."""
    return [index for index in indexes[max(0, position - 3) : position + 6] if _holds(document, box, index)]


def is_tool(text: str) -> bool:
    """True for a line of the page among pictures: reading time, share line, slide counter."""
    return is_furniture(text) or is_slide_counter(text)


def _holds(document: Document, box: int, index: int) -> bool:
    at = document.blocks[index].group
    while at > box:
        at = document.containers[at].parent
    return at == box


def _is_caption(document: Document, index: int, image: Block, alternating: frozenset[int]) -> bool:
    """True when a block after a picture is its caption: by element, hint, source note or own box."""
    block = document.blocks[index]
    if block.level or len(block.text) > MAX_CAPTION:
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
        if after.kind == "paragraph" and after.group == here.group and len(after.text) <= 300:
            found.append(indexes[position + 1])
    return frozenset(found) if len(found) > 1 else frozenset()
