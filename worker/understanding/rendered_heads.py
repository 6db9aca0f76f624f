"""The head of a text rendering: topic, title and date in its first lines. Floor 1.

In goes a document and what the listing said, out comes a `Head`. Lines stand in order and nothing names
them; which of the first two is the title follows from what they look like and what stands with them.
"""

from __future__ import annotations

from worker.models.listing import ListingItem
from worker.reading.document import Block, Document
from worker.understanding.credits import has_credit
from worker.understanding.furniture import is_furniture, is_page_label, is_slide_counter
from worker.understanding.heads import Head, is_dateline
from worker.understanding.phrases import is_kicker_like, is_sentence, is_title_like
from worker.understanding.roles import Roles
from worker.understanding.titles import Title


def read_rendered_head(document: Document, listed: ListingItem | None) -> Head | None:
    """Find kicker, title and date in the first lines of a text rendering; None where there is no title."""
    dates: list[int] = []
    furniture: list[int] = []
    lines: list[int] = []
    for index, block in enumerate(document.blocks[:12]):
        if is_dateline(block.text):
            dates.append(index)
        elif (
            is_furniture(block.text)
            or is_slide_counter(block.text)
            or (not lines and is_page_label(block.text))
        ):
            furniture.append(index)
        else:
            if lines and block.text == document.blocks[lines[-1]].text:
                furniture.append(index)
                continue
            lines.append(index)
            if len(lines) == 3:
                break
    title = _rendered_title(document, lines, listed)
    if title is None:
        return None
    whole = _title_lines(document, title)
    words = " ".join(document.blocks[index].text for index in whole)
    under = whole[-1] + 1
    if under < len(document.blocks) and is_dateline(document.blocks[under].text):
        dates.append(under)
    dates = [index for index in dict.fromkeys(dates) if index <= under]
    again = [index for index in furniture if index < title or document.blocks[index].text == words]
    roles: Roles = dict.fromkeys(again, "furniture")
    roles |= dict.fromkeys(dates, "date")
    roles |= dict.fromkeys(whole, "title")
    if title == lines[0]:
        alone = Title(words, title, "first line")
        return Head(alone, None, "", tuple(dates), roles, _doubts(document.blocks[title]))
    roles[lines[0]] = "kicker"
    kicker = document.blocks[lines[0]].text
    return Head(Title(words, title, "second line"), kicker, "first line", tuple(dates), roles)


def _doubts(line: Block) -> tuple[str, ...]:
    """Doubt a first line that is taken for the title and looks like a topic."""
    if line.kind != "list_item" and not is_kicker_like(line.text):
        return ()
    return tuple(
        f"{name}: «{line.text}» may be the topic and no title" for name in ("title", "kicker", "images")
    )


def _title_lines(document: Document, title: int) -> tuple[int, ...]:
    """Return the lines of a title: one goes on in the next after a colon or a dash, or in lower case."""
    end = title
    blocks = document.blocks
    while end + 1 < len(blocks) and blocks[end + 1].group == blocks[title].group:
        text, after = blocks[end].text, blocks[end + 1].text
        broken = after[:1].islower() and not (is_sentence(text) or is_furniture(after) or has_credit(after))
        if not (broken or text.endswith((":", "–", "-"))):
            break
        end += 1
    return tuple(range(title, end + 1))


def _rendered_title(document: Document, lines: list[int], listed: ListingItem | None) -> int | None:
    """Decide whether the first line is the title or the kicker before it."""
    if not lines:
        return None
    blocks = document.blocks
    first = blocks[lines[0]]
    if listed is not None:
        for index in lines[:2]:
            if blocks[index].text == listed.title:
                return index
    if len(lines) > 1:
        second = blocks[lines[1]]
        tools = any(is_furniture(block.text) for block in blocks[lines[0] + 1 : lines[1]])
        if tools or has_credit(second.text):
            # Reading time and share line stand behind the title, never between topic and title.
            return lines[0]
        whole = _title_lines(document, lines[1])
        alone = second.group == first.group or _ends_run(document, whole[-1])
        if is_kicker_like(first.text) and alone and is_title_like(blocks[whole[-1]].text):
            return lines[1]
    return lines[0] if is_title_like(first.text) else None


def _ends_run(document: Document, at: int) -> bool:
    """True when only page tools, a date or the same words again stand right under a line."""
    line = document.blocks[at]
    for block in document.blocks[at + 1 :]:
        if block.group != line.group or is_furniture(block.text):
            return True
        if block.text != line.text and not is_dateline(block.text):
            return False
    return True
