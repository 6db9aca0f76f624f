"""What reading hands to understanding: a page as ordered, typed blocks. Floor 1.

The same shape comes out of HTML and of text renderings, so everything after it works on both. It
holds what the page gave (kinds, texts, addresses, hints from class names) and never says what a
block means; nothing here knows the parser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

BlockKind = Literal["heading", "paragraph", "list_item", "quote", "image", "caption", "credit", "time"]

NO_HINTS: frozenset[str] = frozenset()
# A path that only needs something before it: no empty segment, no «.», no «..».
_PLAIN_PATH = re.compile(r"/?[\w~%-][\w.~%-]*(?:/[\w~%-][\w.~%-]*)*/?(?:\?[\w.~%&=+-]+)?")

_NOT_READ = {ord(char): None for char in "\t\r\n"}
_AROUND = "".join(map(chr, range(33)))


class Anchor(NamedTuple):
    """A link inside a block: its text there, and its address as written."""

    text: str
    href: str


class Block(NamedTuple):
    """One block in page order.

    `group` is the index of its container; in a text rendering the number of the run of lines that
    no blank line parts. `linked` counts the characters that stand inside links. `value` is a
    machine-readable date (`time[datetime]`), `src` the address of an image as written. `strong` is
    true when all of the text is set in bold. `attribution` is whom the markup of a quotation names
    as its source (`cite`, `footer`, the caption of its figure); these words are no block.
    """

    kind: BlockKind
    text: str
    group: int
    tag: str = ""
    level: int = 0
    hints: frozenset[str] = NO_HINTS
    anchors: tuple[Anchor, ...] = ()
    linked: int = 0
    src: str | None = None
    value: str | None = None
    strong: bool = False
    attribution: str | None = None


class Container(NamedTuple):
    """An element (or a run of lines) that holds blocks; container 0 is the whole page."""

    parent: int
    tag: str
    hints: frozenset[str] = NO_HINTS


class Metadata(NamedTuple):
    """What the page says about itself outside its visible text; absent things are empty.

    `dates` and `titles` map the name of a witness (`og:title`, `json-ld`) to its raw value, in
    falling order of trust.
    """

    titles: dict[str, str]
    dates: dict[str, str]
    descriptions: dict[str, str]
    canonical: str | None = None
    page_types: tuple[str, ...] = ()


class Document(NamedTuple):
    """A page, read: blocks and containers in page order, metadata, and what was odd on the way."""

    url: str | None
    form: Literal["html", "text"]
    blocks: tuple[Block, ...]
    containers: tuple[Container, ...]
    metadata: Metadata
    base_url: str | None = None
    warnings: tuple[str, ...] = ()

    def resolve(self, href: str | None) -> str | None:
        """Return `href` as an absolute address, None where it is no address of a web page."""
        return resolve(self.base_url, href)

    def place(self, index: int) -> str:
        """Return where block `index` stands: its element path, or its line in a text rendering."""
        block = self.blocks[index]
        if self.form == "text":
            return f"line {block.value or block.group}"
        # The words of a `<li>` or `<div>` stand in the container itself.
        path = [block.tag] if block.tag and block.tag != self.containers[block.group].tag else []
        at = block.group
        while at > 0:
            path.append(self.containers[at].tag)
            at = self.containers[at].parent
        return ">".join(["body", *reversed(path)])


def resolve(base_url: str | None, href: str | None) -> str | None:
    """Return `href` absolute against `base_url`; None for none, broken ones and all but http and https.

    It is read as browsers read it (WHATWG URL §4.4): no line breaks and tabs inside, no controls around.
    An address with a user name is none: `https://ministry.example@evil.example/` leads to the latter.
    """
    if not href:
        return None
    if " " in href or not href.isprintable():
        href = href.translate(_NOT_READ).strip(_AROUND)
        if not href:
            return None
    try:
        if _PLAIN_PATH.fullmatch(href):
            root = "/" if href.startswith("/") else ""
            return _before(base_url or "", root) + href.removeprefix("/")
        address = href if href.startswith(("https://", "http://")) else urljoin(base_url or "", href)
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.netloc and not set(parts.netloc) & {"@", "\\"}
    is_relative = not parts.scheme and not parts.netloc  # a saved page of which nobody knows the address
    if not is_web and not is_relative:
        return None
    return address if address.isprintable() else "".join(map(_visible, address))


@lru_cache(maxsize=64)
def _before(base_url: str, root: str) -> str:
    """Return what stands before the paths of a page, those from the root of its site or the others."""
    return urljoin(base_url, f"{root}x").removesuffix("x")


def _visible(char: str) -> str:
    return char if char.isprintable() else quote(char, errors="replace")
