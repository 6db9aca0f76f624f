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
from worker.text import clean, words

_SKIPPED = words(
    "script style noscript template svg iframe object canvas select option datalist button textarea head "
    "audio video map math"
)
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
# The same as selectors, for the most part: who finds nothing shown by them looks at the whole page.
_STYLES = ("display:none", "display: none", "visibility:hidden", "visibility: hidden")
HIDING = ("[hidden]", *(f'[style*="{style}" i]' for style in _STYLES))
_LONGEST_NAMES = 300
_MOST_REMEMBERED = 16_384


class BlockReader:
    """Reads blocks while `read` goes over the tags of one element; use a new one for each element."""

    def __init__(self, *, of_listing: bool = False) -> None:
        self._starts = _STARTS_OF_LISTING if of_listing else _STARTS
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
        page, starts = self._page, self._starts
        parts = page.parts
        tags = tags_of(element)
        parts.append(unescape(next(tags)[2]))
        for name, attributes, text, end, behind in tags:
            if name[0] == "/":
                _ENDS.get(name, Collector.close)(page)
            elif end and name in _BLOCKS and (hints := _HINTS[attributes]) is not None:
                page.add_block(name, hints, unescape(text) if "&" in text else text)
                text, end = behind, ""
            elif starts.get(name, _start_unknown)(page, name, attributes):
                text, end = behind if end else text_behind(tags, name), ""
            if text and (parts or not text.isspace()):
                parts.append(unescape(text) if "&" in text else text)
            if end:
                _ENDS.get(end, Collector.close)(page)
                if behind and (parts or not behind.isspace()):
                    parts.append(unescape(behind) if "&" in behind else behind)
        page.flush()


class _Hints(dict[str, frozenset[str] | None]):
    """What the names in a tag suggest, by its attributes as written; None where they hide the element.

    A page repeats its tags, and so do the pages of a portal: short ones are remembered.
    """

    def __missing__(self, attributes: str) -> frozenset[str] | None:
        hints = None if _is_hidden(attributes) else _hints_in(attributes)
        if len(attributes) <= _LONGEST_NAMES:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[attributes] = hints
        return hints


_HINTS = _Hints({"": NO_HINTS})


def _hints_in(attributes: str) -> frozenset[str]:
    if not (' class="' in attributes or ' id="' in attributes or ' role="' in attributes):
        return NO_HINTS
    found = attributes_of(attributes)
    names = f"{found.get('class', '')} {found.get('id', '')}".strip()[:_LONGEST_NAMES]
    return hints_of(names, found.get("role", ""))


def _is_hidden(attributes: str) -> bool:
    """True for an element that browsers do not show."""
    return ("hidden" in attributes or "style" in attributes) and _HIDDEN.search(attributes) is not None


# What to do where an element begins, by its name and its attributes as written; true: it is left out.
_Start = Callable[[Collector, str, str], bool | None]


def _opening(opens: Callable[[Collector, str, frozenset[str]], None]) -> _Start:
    """Begin an element unless it is hidden."""

    def start(page: Collector, name: str, attributes: str) -> bool:
        hints = _HINTS[attributes]
        if hints is None:
            return True
        opens(page, name, hints)
        return False

    return start


def _opening_at(attribute: str, opens: Callable[[Collector, str], None]) -> _Start:
    """Begin an element of which one attribute counts and no name, unless it is hidden."""

    def start(page: Collector, _: str, attributes: str) -> bool:
        if _is_hidden(attributes):
            return True
        opens(page, attribute_of(attributes, attribute))
        return False

    return start


def _open_unknown(page: Collector, name: str, hints: frozenset[str]) -> None:
    """Open an element of no fixed meaning: web components hold blocks, all others words."""
    if "-" in name:
        page.open_container(name, hints)
    else:
        page.open_inline(name, hints)


def _add_image(page: Collector, _: str, attributes: str) -> None:
    if ' width="1"' in attributes or ' height="1"' in attributes:
        return
    src = attribute_of(attributes, "src")
    if not src or src.startswith("data:"):
        # Lazy loading (Hessen and others): the address waits in a data attribute or a srcset.
        found = attributes_of(attributes)
        lazy = found.get("data-src") or found.get("data-original") or found.get("data-lazy-src")
        srcset = found.get("srcset") or found.get("data-srcset") or ""
        src = lazy or (srcset.split() or [""])[0]
    page.add_image(src, clean(attribute_of(attributes, "alt")), _hints_in(attributes))


def _nothing(*_: object) -> None:
    """Take no notice of a tag."""


_start_container = _opening(Collector.open_container)
_start_unknown = _opening(_open_unknown)
_STARTS_OF_LISTING: dict[str, _Start] = {
    **dict.fromkeys((*VOID, *_PLAIN), _nothing),
    **dict.fromkeys(_SKIPPED, lambda *_: True),
    **dict.fromkeys(_BLOCKS, _opening(Collector.open_block)),
    **dict.fromkeys(_CONTAINERS, _start_container),
    "a": _opening_at("href", Collector.open_link),
    "b": lambda page, *_: page.open_bold(),
    "br": lambda page, *_: page.break_line(),
    "cite": _opening(lambda page, *_: page.open_cite()),
    "img": _add_image,
    "strong": lambda page, *_: page.open_bold(),
    "time": _opening_at("datetime", Collector.open_time),
}
# No part of a release; the pager of a listing may be one. A quotation's `footer` names its source.
_STARTS = _STARTS_OF_LISTING | {
    "nav": lambda *_: True,
    "footer": lambda page, *tag: not page.quotations or _start_container(page, *tag),
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
