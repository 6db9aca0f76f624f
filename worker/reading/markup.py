"""Walk over a parsed tree, in one pass and without recursion. Floor 1.

In goes an element of a selectolax tree, out come blocks and containers in page order. Scripts,
controls of forms and hidden parts are left out, navigation if asked for. It never decides what a
block means.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from worker.reading.collector import BREAK, SEAM, Collector, Setting
from worker.reading.document import NO_HINTS, Block, BlockKind, Container
from worker.reading.hints import hints_of
from worker.text import clean

NAVIGATION = frozenset({"nav", "footer"})

_TEXT, _SKIPPED, _BREAK, _IMAGE, _PLAIN, _INLINE, _LINK, _TIME, _BLOCK, _CONTAINER = range(10)
_TAGS = {
    _TEXT: "-text",
    _SKIPPED: (
        "script style noscript template svg iframe object canvas select option datalist button input "
        "textarea head link meta audio video map math -comment"
    ),
    _BREAK: "br",
    _IMAGE: "img",
    # Inline elements that never carry a field of their own: their names are not looked at.
    _PLAIN: "b strong i em u sub sup abbr small q mark s del ins bdi bdo wbr font tt big",
    _LINK: "a",
    _TIME: "time",
    _BLOCK: "h1 h2 h3 h4 h5 h6 p pre figcaption caption summary legend",
    _CONTAINER: (
        "body main article section div header footer aside nav ul ol dl table thead tbody tfoot tr td th li "
        "dd dt figure blockquote form fieldset details center address hgroup search menu"
    ),
}
_JOBS = {tag: job for job, tags in _TAGS.items() for tag in tags.split()}
_CAPTIONS = frozenset({"figcaption", "caption"})
_BOLD = frozenset({"b", "strong"})
# An inline element with one of these hints is a field of its own, not part of the words around it.
_FIELD_HINTS = frozenset({"kicker", "credit", "date"})
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


class BlockReader:
    """Reads blocks while `read` walks down one element; use a new one for each tree."""

    def __init__(self, *, skipped: frozenset[str] = frozenset(), keeps_empty_links: bool = False) -> None:
        # What the body says to machines only; a broken head leaves its metadata there.
        self.machine_read: list[LexborNode] = []
        self._jobs = {**_JOBS, **dict.fromkeys(skipped, _SKIPPED)}
        self._page = Collector(keeps_empty_links=keeps_empty_links)

    @property
    def blocks(self) -> list[Block]:
        """The blocks read so far, in page order."""
        return self._page.blocks

    @property
    def containers(self) -> list[Container]:
        """The containers of the blocks; 0 is the element that was read."""
        return self._page.containers

    def read(self, element: LexborNode) -> None:
        """Walk over everything inside `element` in document order."""
        page, jobs = self._page, self._jobs
        parts = page.parts
        open_elements: list[tuple[LexborNode, int, str, Setting]] = []
        node = element.first_child
        while True:
            if node is None:
                if not open_elements:
                    break
                node, job, tag, setting = open_elements.pop()
                self._leave(job, tag, setting)
                node = node.next
                continue
            tag = node.tag or "-comment"
            job = jobs.get(tag, _INLINE)
            if job == _TEXT:
                text = node.text_content or ""
                if parts or not text.isspace():
                    parts.append(text)
            elif job == _SKIPPED:
                if tag == "script" or tag == "meta":
                    self.machine_read.append(node)
            else:
                setting = page.setting
                if self._enter(node, tag, job):
                    open_elements.append((node, job, tag, setting))
                    node = node.first_child
                    continue
            node = node.next
        page.flush()

    def _enter(self, node: LexborNode, tag: str, job: int) -> bool:
        """Open `node`; return whether there is anything inside to walk over."""
        page = self._page
        if job == _PLAIN:
            return self._enter_plain(node, tag)
        if job == _BREAK:
            if page.ends_with_break() and not page.setting.level:
                page.flush()
            page.parts.append(BREAK)
            return False
        attributes = node.attributes
        if job == _IMAGE:
            self._image(attributes)
            return False
        if attributes and _is_hidden(attributes):
            return False
        hints = _hints(attributes) if attributes else NO_HINTS
        if job == _CONTAINER:
            self._enter_container(tag, hints)
        elif job == _BLOCK:
            self._enter_block(tag, hints)
        else:
            self._enter_inline(node, tag, attributes, hints)
        return True

    def _enter_inline(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], hints: frozenset[str]
    ) -> None:
        """Open a link, a time, or an inline element that is a field of its own."""
        page = self._page
        if tag == "a":
            page.open_link(attributes.get("href") or "", attributes.get("rel") or "")
        elif tag == "time":
            page.add_time(attributes.get("datetime") or "", node.text())
        elif hints & _FIELD_HINTS and node.first_child is not None:
            page.flush()
            kind: BlockKind = "credit" if "credit" in hints else "paragraph"
            page.setting = Setting(kind, 0, tag, page.setting.group, hints)

    def _enter_plain(self, node: LexborNode, tag: str) -> bool:
        """Take an inline element without attributes of interest; its one text in one step."""
        first = node.first_child
        if first is None:
            return False
        page = self._page
        if first.next is None and first.is_text_node:
            text = first.text_content or ""
            page.parts.append(text)
            if tag in _BOLD:
                page.bold += len(text)
            return False
        if tag in _BOLD:
            page.bold += len(node.text())
        return True

    def _enter_container(self, tag: str, hints: frozenset[str]) -> None:
        page = self._page
        if page.parts:
            page.flush()
        group = page.open_container(tag, hints)
        if tag == "blockquote":
            page.quoted += 1
        kind: BlockKind = "list_item" if tag == "li" else "paragraph"
        page.setting = Setting(kind, 0, tag, group, hints)

    def _enter_block(self, tag: str, hints: frozenset[str]) -> None:
        page = self._page
        if page.parts:
            page.flush()
        kind: BlockKind = "paragraph"
        level = 0
        if tag[0] == "h":
            kind, level = "heading", int(tag[1])
        elif tag in _CAPTIONS:
            kind = "caption"
        around = page.setting
        page.setting = Setting(kind, level, tag, around.group, hints | (around.hints & _FIELD_HINTS))

    def _leave(self, job: int, tag: str, setting: Setting) -> None:
        """Close an element: end its block or its link, and restore what it changed."""
        page = self._page
        if job in (_CONTAINER, _BLOCK) or page.setting is not setting:
            if page.parts:
                page.flush()
            if tag == "blockquote":
                page.quoted -= 1
            page.setting = setting
            return
        if job == _LINK:
            page.close_link()
        if page.parts:
            page.parts.append(SEAM)

    def _image(self, attributes: dict[str, str | None]) -> None:
        if attributes.get("width") == "1" or attributes.get("height") == "1":
            return
        src = attributes.get("src") or ""
        if not src or src.startswith("data:"):
            # Lazy loading (Hessen and others): the address waits in a data attribute or a srcset.
            lazy = (
                attributes.get("data-src")
                or attributes.get("data-original")
                or attributes.get("data-lazy-src")
            )
            srcset = attributes.get("srcset") or attributes.get("data-srcset") or ""
            src = lazy or (srcset.split() or [""])[0]
        self._page.add_image(src, clean(attributes.get("alt") or ""), _hints(attributes))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    """True for an element that browsers do not show."""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    return bool(style) and _INVISIBLE.search(style or "") is not None


def _hints(attributes: dict[str, str | None]) -> frozenset[str]:
    names = attributes.get("class") or ""
    identity = attributes.get("id")
    if identity:
        names = f"{names} {identity}"
    role = attributes.get("role") or ""
    return hints_of(names, role) if names or role else NO_HINTS
