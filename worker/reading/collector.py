"""Collect the pieces of inline content into blocks. Floor 1.

In go words, links, times and pictures in document order with the element they stand in, out come
`Block` and `Container`. Every piece of visible text lands in exactly one block; nothing here knows
the markup or what a block means.
"""

from __future__ import annotations

import re

from worker.reading.document import NO_HINTS, Anchor, Block, BlockKind, Container
from worker.reading.quotations import attribute
from worker.reading.tables import join_rows
from worker.text import clean

# Where an inline element ends. Two words that meet at a seam are two fields without a space in the
# markup («1. Februar 2022</span><span>Bundesministerin») only if the second begins in upper case.
SEAM = "\x1f"
_SEAM_OF_WORDS = re.compile(r"(?<=[a-zäöüß\d.!?)])\x1f+(?=[A-ZÄÖÜ\d„])")
# A `time` beside at most this much other text is a dateline; in longer text it is part of the prose.
_DATELINE_LENGTH = 80
# An inline element with one of these hints is a field of its own, not part of the words around it.
_FIELD_HINTS = frozenset({"kicker", "credit", "date"})
_LINE_END = "\n"
_DASHES = " –—-|"
# Pieces before a `cite` that tell whether a sentence has ended there.
_LOOK_BACK = 8
_SENTENCE_ENDS = '.!?…“”"»«'
_KINDS: dict[str, tuple[BlockKind, int]] = {
    "li": ("list_item", 0),
    "figcaption": ("caption", 0),
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
}
_PARAGRAPH: tuple[BlockKind, int] = ("paragraph", 0)

# What the elements around a piece of text make of it: tag, group and hints of the block it would
# become, and whether that is an inline field. A plain tuple, since every element makes one.
_Setting = tuple[str, int, frozenset[str], bool]


class Collector:
    """Gathers the pieces of one page; `blocks` and `containers` are what came of them.

    `parts` are the pieces of the current block; who reads the page adds its text there. Of a listing
    the links without words are kept, and the cells of its tables stay apart.
    """

    def __init__(self, *, of_listing: bool = False) -> None:
        self._of_listing = of_listing
        self.blocks: list[Block] = []
        self.containers: list[Container] = [Container(-1, "body")]
        self.parts: list[str] = []
        self._setting: _Setting = ("", 0, NO_HINTS, False)
        self._around: list[_Setting] = []
        self._last_table = 0
        # How many quotations are open, and whether this block names the source of one.
        self.quotations = 0
        self._is_source = False
        # Where in `parts` words in bold begin, and how many of them have ended.
        self._bold: list[int] = []
        self._bold_length = 0
        # The open link: its address, its first piece and block; and those that ended in this block.
        self._link: str | None = None
        self._link_start = self._link_block = 0
        self._links: list[tuple[str, int, int]] = []
        self._time: tuple[str, int] | None = None
        self._times: list[tuple[str, str]] = []

    def open_container(self, tag: str, hints: frozenset[str]) -> None:
        """Begin an element that holds blocks."""
        if self.parts:
            self.flush()
        around = self._setting
        self._around.append(around)
        self._setting = (tag, len(self.containers), hints, False)
        self.containers.append(Container(around[1], tag, hints))
        if tag == "blockquote":
            self.quotations += 1

    def open_block(self, tag: str, hints: frozenset[str]) -> None:
        """Begin an element that is a block; it inherits what a field around it is."""
        if self.parts:
            self.flush()
        around = self._setting
        self._around.append(around)
        self._setting = (tag, around[1], hints | (around[2] & _FIELD_HINTS), False)

    def add_block(self, tag: str, hints: frozenset[str], words: str) -> None:
        """Add an element that is a block and holds words alone, as most are: opened, filled and ended."""
        if self.parts:
            self.flush()
        if self._times or self._bold or self.quotations or tag == "figcaption":
            self.open_block(tag, hints)
            self.parts.append(words)
            self.close()
            return
        self._is_source = False
        text = _visible(words)
        if text:
            _, group, outer, _ = self._setting
            kind, level = _KINDS.get(tag, _PARAGRAPH)
            hints = hints | (outer & _FIELD_HINTS) if outer else hints
            anchors = () if self._link is None else (Anchor(text, self._link),)
            linked = len(text) if anchors else 0
            self.blocks.append(Block(kind, text, group, tag, level, hints, anchors, linked))

    def open_inline(self, tag: str, hints: frozenset[str]) -> None:
        """Begin an inline element; one whose name says so is a field, a block of its own.

        A `time` is one already, whatever stands in it.
        """
        around = self._setting
        self._around.append(around)
        if hints and hints & _FIELD_HINTS and self._time is None:
            self.flush()
            self._setting = (tag, around[1], hints, True)

    def close(self) -> None:
        """End the container, block or inline element that was opened last; nothing if none is open.

        lexbor writes what stands in a `plaintext` back unescaped, so an end there may end nothing.
        """
        if not self._around:
            return
        around = self._around.pop()
        if around is not self._setting:
            if self.parts:
                self.flush()
            if self.quotations and self._setting[0] == "blockquote":
                self.quotations -= 1
            self._setting = around
        elif self.parts:
            self.parts.append(SEAM)

    def close_table(self) -> None:
        """End a table; of a release, its rows become one block each if it holds data."""
        if self.parts:
            self.flush()
        table = self._setting[1]
        if self._last_table < table and not self._of_listing:  # else it holds tables itself
            start = len(self.blocks)
            while start and self.blocks[start - 1].group >= table:
                start -= 1
            self.blocks[start:] = join_rows(self.blocks[start:], self.containers, table)
        self._last_table = table
        self.close()

    def break_line(self) -> None:
        """End a line; an empty line ends the paragraph."""
        if self._setting[0] not in _KINDS:
            for part in reversed(self.parts):
                if part == _LINE_END:
                    self.flush()
                    return
                if not part.isspace():
                    break
        self.parts.append(_LINE_END)

    def open_cite(self) -> None:
        """Begin a `cite`: at the end of a quotation, and alone in its line, it names the source."""
        self._around.append(self._setting)
        before = _joined(self.parts[-_LOOK_BACK:]).rstrip(_DASHES) if self.quotations else ""
        if before and before[-1] in _SENTENCE_ENDS:
            self.flush()
            self.blocks[-1] = self.blocks[-1]._replace(text=self.blocks[-1].text.rstrip(_DASHES))
            before = ""
        self._is_source = self.quotations > 0 and not before

    def open_bold(self) -> None:
        """Begin words in bold."""
        self._bold.append(len(self.parts))

    def close_bold(self) -> None:
        """End the words in bold that were begun last, if any were."""
        if not self._bold:
            return
        start = self._bold.pop()
        if not self._bold:
            self._bold_length += sum(map(len, self.parts[start:]))

    def open_link(self, href: str) -> None:
        """Begin a link; it may run over several blocks, each gets its own words of it."""
        self._link = href
        self._link_start = len(self.parts)
        self._link_block = len(self.blocks)

    def close_link(self) -> None:
        """End the open link.

        A link without words or picture lies over a whole teaser; it becomes a block without text.
        """
        if self._link is None:
            return
        if len(self.parts) > self._link_start:
            self._links.append((self._link, self._link_start, len(self.parts)))
        elif self._of_listing and len(self.blocks) == self._link_block:
            anchors = (Anchor("", self._link),)
            self.blocks.append(Block("image", "", self._setting[1], "a", anchors=anchors))
        if self.parts:
            self.parts.append(SEAM)
        self._link = None

    def open_time(self, machine: str) -> None:
        """Begin a `time` element of the current block."""
        self._time = (machine, len(self.parts))

    def close_time(self) -> None:
        """Remember the time that was begun; one that shows nothing is a block at once."""
        if self._time is None:
            return
        machine, start = self._time
        self._time = None
        shown = _joined(self.parts[start:])
        if machine and not shown:
            self.blocks.append(_time(self._setting, machine, shown))
        else:
            self._times.append((machine, shown))
        if self.parts:
            self.parts.append(SEAM)

    def add_image(self, src: str, alt: str, hints: frozenset[str]) -> None:
        """Put a picture before the block that is being collected: it must not part running text."""
        anchors = () if self._link is None else (Anchor(alt, self._link),)
        group = self._setting[1]
        self.blocks.append(Block("image", alt, group, "img", hints=hints, anchors=anchors, src=src or None))

    def flush(self) -> None:
        """End the current block, if it holds anything visible."""
        if self._link is not None:
            self._links.append((self._link, self._link_start, len(self.parts)))
            self._link_start = 0
        if self._bold:
            self._bold_length += sum(map(len, self.parts[self._bold[0] :]))
            self._bold = [0] * len(self._bold)
        text = _joined(self.parts)
        if text:
            self._emit(text)
        self.parts.clear()
        if self._links:
            self._links = []
        if self._times:
            self._times = []
        self._bold_length = 0
        self._is_source = False

    def _emit(self, text: str) -> None:
        tag, group, hints, is_field = self._setting
        anchors = self._anchors(text) if self._links else ()
        if self._times:
            text = self._emit_times(text)
            if not text:
                return
        if (self.quotations or tag == "figcaption") and self._attribute(tag, group, text.strip(_DASHES)):
            return
        kind, level = _KINDS.get(tag, _PARAGRAPH)
        if self.quotations and kind == "paragraph":
            kind = "quote"
        elif is_field and "credit" in hints:
            kind = "credit"
        linked = sum([len(anchor.text) for anchor in anchors]) if anchors else 0
        strong = self._bold_length > 0 and self._bold_length + 5 >= len(text)
        self.blocks.append(Block(kind, text, group, tag, level, hints, anchors, linked, None, None, strong))

    def _attribute(self, tag: str, group: int, words: str) -> bool:
        """Name the source of the quotation that just ended, if that is what the current block does."""
        if self.quotations:
            holder = "blockquote" if self._is_source or self.containers[group].tag == "footer" else None
        else:
            holder = "figure" if tag == "figcaption" else None
        if holder is None:
            return False
        return attribute(self.blocks, self.containers, group, holder, words)

    def _anchors(self, text: str) -> tuple[Anchor, ...]:
        """Return the links of the current block, whose words are `text`, each with its own words."""
        found: list[Anchor] = []
        for href, start, end in self._links:
            whole = start == 0 and end + 1 >= len(self.parts)
            words = text if whole else _joined(self.parts[start:end])
            if words:
                found.append(Anchor(words, href))
        return tuple(found)

    def _emit_times(self, text: str) -> str:
        """Take `time` elements out of a dateline; return the words that are left."""
        rest = text
        for _, shown in self._times:
            rest = rest.replace(shown, " ", 1) if shown else rest
        rest = clean(rest).strip(" |·•–-,;:")
        if len(rest) > _DATELINE_LENGTH:
            return text
        self.blocks += [_time(self._setting, machine, shown) for machine, shown in self._times]
        return rest


def _time(setting: _Setting, machine: str, shown: str) -> Block:
    return Block("time", shown, setting[1], "time", hints=setting[2], value=machine or None)


def _joined(parts: list[str]) -> str:
    return _visible("".join(parts))


def _visible(raw: str) -> str:
    """Return the words of joined pieces; a seam becomes a space only between two fields."""
    if SEAM in raw:
        raw = _SEAM_OF_WORDS.sub(" ", raw.strip()).replace(SEAM, "")
    return clean(raw)
