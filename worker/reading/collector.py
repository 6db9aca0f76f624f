"""Collect the pieces of inline content into blocks. Floor 1.

In go words, links, times and pictures in document order with the element they stand in, out come
`Block` and `Container`. Every piece of visible text lands in exactly one block; nothing here knows
the parser's tree or what a block means.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from worker.reading.document import NO_HINTS, Anchor, Block, BlockKind, Container
from worker.text import clean

# Where an inline element ends. Two words that meet at a seam are two fields without a space in the
# markup («1. Februar 2022</span><span>Bundesministerin») only if the second begins in upper case.
SEAM = "\x1f"
BREAK = "\x1e"
_SEAM_OF_WORDS = re.compile(r"(?<=[a-zäöüß\d.!?)])\x1f+(?=[A-ZÄÖÜ\d„])")
# A `time` beside at most this much other text is a dateline; in longer text it is part of the prose.
_DATELINE_LENGTH = 80


class Setting(NamedTuple):
    """What the elements around a piece of text make of it: the block it would become."""

    kind: BlockKind
    level: int
    tag: str
    group: int
    hints: frozenset[str]


class Collector:
    """Gathers the pieces of one page; `blocks` and `containers` are what came of them."""

    def __init__(self, *, keeps_empty_links: bool = False) -> None:
        self._keeps_empty_links = keeps_empty_links
        self._link_block = 0
        self.blocks: list[Block] = []
        self.containers: list[Container] = [Container(-1, "body")]
        self.setting = Setting("paragraph", 0, "", 0, NO_HINTS)
        self.parts: list[str] = []
        self.bold = 0
        self.quoted = 0
        self._times: list[tuple[str, str]] = []
        self._anchors: list[Anchor] = []
        self._linked = 0
        self._link: tuple[str, str, int] | None = None

    def open_container(self, tag: str, hints: frozenset[str]) -> int:
        """Begin a container inside the current one; return its index."""
        self.containers.append(Container(self.setting.group, tag, hints))
        return len(self.containers) - 1

    def open_link(self, href: str, rel: str) -> None:
        """Begin a link; it may run over several blocks, each gets its own words of it."""
        self._link = (href, rel, len(self.parts))
        self._link_block = len(self.blocks)

    def close_link(self) -> None:
        """End the open link.

        A link without words or picture lies over a whole teaser; it becomes a block without text.
        """
        if self._link is None:
            return
        href, rel, start = self._link
        if len(self.parts) > start:
            self._end_link_text(self._link)
        elif self._keeps_empty_links and len(self.blocks) == self._link_block:
            anchors = (Anchor("", href, rel),)
            self.blocks.append(Block("image", "", self.setting.group, "a", anchors=anchors))
        self._link = None

    def add_time(self, machine: str, shown: str) -> None:
        """Remember a `time` element of the current block; one that shows nothing is a block at once."""
        if machine and not shown.strip():
            group, hints = self.setting.group, self.setting.hints
            self.blocks.append(Block("time", "", group, "time", hints=hints, value=machine))
        else:
            self._times.append((machine, shown))

    def add_image(self, src: str, alt: str, hints: frozenset[str]) -> None:
        """Put a picture before the block that is being collected: it must not part running text."""
        anchors = (Anchor(alt, self._link[0], self._link[1]),) if self._link else ()
        group = self.setting.group
        self.blocks.append(Block("image", alt, group, "img", hints=hints, anchors=anchors, src=src or None))

    def ends_with_break(self) -> bool:
        """True when nothing visible stands behind a `<br>`: with a second, it ends a paragraph."""
        behind = itertools.takewhile(str.isspace, reversed(self.parts))
        return BREAK in behind

    def flush(self) -> None:
        """End the current block, if it holds anything visible."""
        if self._link is not None:
            self._end_link_text(self._link)
            self._link = (self._link[0], self._link[1], 0)
        if self.parts:
            text = _joined(self.parts)
            if text:
                self._emit(text)
            self.parts.clear()
        if self._anchors:
            self._anchors = []
        self._times.clear()
        self._linked = self.bold = 0

    def _end_link_text(self, link: tuple[str, str, int]) -> None:
        """Record the words that the open link has in the current block."""
        text = _joined(self.parts[link[2] :])
        if text:
            self._anchors.append(Anchor(text, link[0], link[1]))
            self._linked += len(text)

    def _emit(self, text: str) -> None:
        kind, level, tag, group, hints = self.setting
        if self._times:
            text = self._emit_times(text)
            if not text:
                return
        if self.quoted and kind == "paragraph":
            kind = "quote"
        strong = self.bold > 0 and self.bold + 5 >= len(text)
        anchors = tuple(self._anchors) if self._anchors else ()
        self.blocks.append(
            Block(kind, text, group, tag, level, hints, anchors, self._linked, None, None, strong)
        )

    def _emit_times(self, text: str) -> str:
        """Take `time` elements out of a dateline; return the words that are left."""
        rest = text
        for _, shown in self._times:
            words = clean(shown)
            rest = rest.replace(words, " ", 1) if words else rest
        rest = clean(rest).strip(" |·•–-,;:")
        if len(rest) > _DATELINE_LENGTH:
            return text
        group, hints = self.setting.group, self.setting.hints
        for machine, shown in self._times:
            self.blocks.append(Block("time", clean(shown), group, "time", hints=hints, value=machine or None))
        return rest


def _joined(parts: list[str]) -> str:
    """Return the words of the pieces; a seam becomes a space only between two fields."""
    if len(parts) == 1:
        return clean(parts[0])
    raw = "".join(parts)
    if SEAM in raw:
        raw = _SEAM_OF_WORDS.sub(" ", raw).replace(SEAM, "")
    return clean(raw)
