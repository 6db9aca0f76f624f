"""Whom the markup names as the source of a quotation. Floor 1.

In go the blocks before the words that name a source (a `cite` or `footer` in a `blockquote`, the caption
of its `figure`), out come the same blocks, with the quotation attributed. Whether the source is
somebody who speaks is not decided here.
"""

from __future__ import annotations

from worker.reading.document import Block, Container


def attribute(blocks: list[Block], containers: list[Container], group: int, holder: str, words: str) -> bool:
    """Give `words` to the quotations at the end of `blocks` that stand in the same `holder` element.

    `group` is the container of the words. Returns whether there is such a quotation without a source;
    if not, the words are text like any other.
    """
    while group and containers[group].tag != holder:
        group = containers[group].parent
    start = len(blocks)
    while start and _is_open(blocks[start - 1], group):
        start -= 1
    quoted = blocks[start:]
    blocks[start:] = [block._replace(attribution=words) for block in quoted]
    return bool(quoted)


def _is_open(block: Block, group: int) -> bool:
    return block.kind == "quote" and block.group >= group and block.attribution is None
