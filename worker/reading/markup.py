"""Read the tags of an element as blocks, in one pass and without recursion. Floor 1.

In goes an element of a selectolax tree, out come blocks and containers in page order. Scripts,
controls of forms and hidden parts are left out, of a release also navigation. Here it says what each
element of HTML is for; what a block means is not decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from selectolax.lexbor import LexborNode

from worker.reading.collector import Collector
from worker.reading.document import NO_HINTS, Block, Container
from worker.reading.hints import hints_of
from worker.reading.tags import VOID, attribute_of, attributes_of, tags_of, text_behind
from worker.reading.vocabulary import words
from worker.text import clean

_SKIPPED = frozenset(
    words(
        "script style noscript template svg iframe object canvas select option datalist button textarea head "
        "audio video map math"
    )
)
# No part of a release; the pager of a listing may be one. A quotation's `footer` names its source.
_NAVIGATION = frozenset({"nav", "footer"})
# Inline elements that never carry a field of their own: their names are not looked at.
_PLAIN = words("i em u sub sup abbr small q mark s del ins bdi bdo font tt big")
_BLOCKS = frozenset(words("h1 h2 h3 h4 h5 h6 p pre figcaption caption summary legend"))
_CONTAINERS = words(
    "body main article section div header footer aside nav ul ol dl table thead tbody tfoot tr td th li "
    "dd dt figure blockquote form fieldset details center address hgroup search menu"
)
_HIDDEN = re.compile(
    r' hidden="(?!until-found)| style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden)', re.I
)
_LONGEST_NAMES = 300
_MOST_REMEMBERED = 16_384


class BlockReader:
    """Reads blocks while `read` goes over the tags of one element; use a new one for each element."""

    def __init__(self, *, of_listing: bool = False) -> None:
        self._skipped = _SKIPPED if of_listing else _SKIPPED | _NAVIGATION
        self._page = Collector(of_listing=of_listing)

    @property
    def blocks(self) -> list[Block]:
        """The blocks read so far, in page order."""
        return self._page.blocks

    @property
    def containers(self) -> list[Container]:
        """The containers of the blocks; 0 is the element that was read."""
        return self._page.containers

    def read(self, element: LexborNode) -> None:
        """Go over everything inside `element` in document order."""
        page, skipped = self._page, self._skipped
        parts = page.parts
        tags = tags_of(element)
        parts.append(unescape(next(tags)[2]))
        for name, attributes, text, end, behind in tags:
            if name[0] == "/":
                _ENDS.get(name, Collector.close)(page)
            elif name in _MARKS:
                _MARKS[name](page, attributes)
            elif (name in skipped and not (name == "footer" and page.quotations)) or _is_hidden(attributes):
                text, end = behind if end else text_behind(tags, name), ""
            elif end and name in _BLOCKS:
                page.add_block(name, _HINTS[attributes], unescape(text) if "&" in text else text)
                text, end = behind, ""
            else:
                _STARTS.get(name, _open_unknown)(page, name, attributes)
            if text and (parts or not text.isspace()):
                parts.append(unescape(text) if "&" in text else text)
            if end:
                _ENDS.get(end, Collector.close)(page)
                if behind and (parts or not behind.isspace()):
                    parts.append(unescape(behind) if "&" in behind else behind)
        page.flush()


def _is_hidden(attributes: str) -> bool:
    """True for an element that browsers do not show."""
    return ("hidden" in attributes or "style" in attributes) and _HIDDEN.search(attributes) is not None


class _Hints(dict[str, frozenset[str]]):
    """What the names in a tag suggest, by its attributes as written.

    A page repeats its tags, and so do the pages of a portal: short ones are remembered.
    """

    def __missing__(self, attributes: str) -> frozenset[str]:
        if not (' class="' in attributes or ' id="' in attributes or ' role="' in attributes):
            return NO_HINTS
        found = attributes_of(attributes)
        names = f"{found.get('class', '')} {found.get('id', '')}".strip()[:_LONGEST_NAMES]
        hints = hints_of(names, found.get("role", ""))
        if len(attributes) <= _LONGEST_NAMES:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[attributes] = hints
        return hints


_HINTS = _Hints({"": NO_HINTS})


def _open_block(page: Collector, name: str, attributes: str) -> None:
    page.open_block(name, _HINTS[attributes])


def _open_container(page: Collector, name: str, attributes: str) -> None:
    page.open_container(name, _HINTS[attributes])


def _open_unknown(page: Collector, name: str, attributes: str) -> None:
    """Open an element of no fixed meaning: web components hold blocks, all others words."""
    if "-" in name:
        page.open_container(name, _HINTS[attributes])
    else:
        page.open_inline(name, _HINTS[attributes])


def _add_image(page: Collector, attributes: str) -> None:
    if ' width="1"' in attributes or ' height="1"' in attributes:
        return
    src = attribute_of(attributes, "src")
    if not src or src.startswith("data:"):
        # Lazy loading (Hessen and others): the address waits in a data attribute or a srcset.
        found = attributes_of(attributes)
        lazy = found.get("data-src") or found.get("data-original") or found.get("data-lazy-src")
        srcset = found.get("srcset") or found.get("data-srcset") or ""
        src = lazy or (srcset.split() or [""])[0]
    page.add_image(src, clean(attribute_of(attributes, "alt")), _HINTS[attributes])


def _nothing(*_: object) -> None:
    """Take no notice of a tag."""


# What to do at a tag without an end, or whose end changes no setting.
_MARKS: dict[str, Callable[[Collector, str], None]] = {
    **dict.fromkeys((*VOID, *_PLAIN), _nothing),
    "b": lambda page, _: page.open_bold(),
    "br": lambda page, _: page.break_line(),
    "img": _add_image,
    "strong": lambda page, _: page.open_bold(),
}
# What to do where any other element begins.
_STARTS: dict[str, Callable[[Collector, str, str], None]] = {
    **dict.fromkeys(_BLOCKS, _open_block),
    **dict.fromkeys(_CONTAINERS, _open_container),
    "a": lambda page, _, attributes: page.open_link(attribute_of(attributes, "href")),
    "cite": lambda page, *_: page.open_cite(),
    "time": lambda page, _, attributes: page.open_time(attribute_of(attributes, "datetime")),
}
# What to do where an element ends; all others close what their start has opened.
_ENDS: dict[str, Callable[[Collector], None]] = {
    **{f"/{name}": _nothing for name in _PLAIN},
    "/a": Collector.close_link,
    "/b": Collector.close_bold,
    "/strong": Collector.close_bold,
    "/table": Collector.close_table,
    "/time": Collector.close_time,
}
