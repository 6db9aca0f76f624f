"""From a text rendering of a page (as in `seeds/`) to a `Document`. Floor 1.

Lines become blocks, runs of lines without a blank line between them become groups, bullets become
list items. Which line is a caption and which a kicker is not decided here.
"""

from __future__ import annotations

import re

from worker.errors import ParseError
from worker.reading.document import Block, BlockKind, Container, Document, Metadata
from worker.text import clean

MAX_LINES = 20_000
_BULLET = re.compile(r"\s*[•◦▪‣·*]\s+|\s+[-–]\s+|\s*[•]|\s+\d{1,2}[.)]\s+")
_UNDERLINE = re.compile(r"^\s*[=\-_~*]{3,}\s*$")


def read_rendering(url: str | None, text: str, warnings: tuple[str, ...] = ()) -> Document:
    """Read a plain-text rendering; `value` of each block is its line number.

    Raises ParseError with kind `too-complex` for more lines than any page has.
    """
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise ParseError(url, "too-complex", f"the text has {len(lines)} lines")
    blocks: list[Block] = []
    containers = [Container(-1, "text")]
    parted = True
    for number, line in enumerate(lines, start=1):
        if _UNDERLINE.match(line) or not (words := clean(line)):
            parted = True
            continue
        if parted:
            containers.append(Container(0, "lines"))
            parted = False
        bullet = _BULLET.match(line)
        kind: BlockKind = "list_item" if bullet else "paragraph"
        if bullet:
            words = clean(line[bullet.end() :])
        if words:
            blocks.append(Block(kind, words, len(containers) - 1, "line", value=str(number)))
    nothing = Metadata({}, {}, {})
    return Document(url, "text", tuple(blocks), tuple(containers), nothing, warnings=warnings)
