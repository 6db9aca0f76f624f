"""Where the next page of a listing is. Floor 1.

In goes a parsed tree, out comes an address or None. Witnesses in order: a configured selector,
`rel=next`, a label («nächste», «›»), the link with the number after the current page's. An address
that leads back to the page itself is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.reading.document import resolve
from worker.reading.vocabulary import NEXT_PAGE
from worker.text import clean

_ARROWS = " ›»>→⟩❯▶.…"
_ARROW_ONLY = re.compile(r"[›»>→⟩❯▶]+")
_NUMBER = re.compile(r"(?:seite |page )?(\d{1,4})", re.I)
_PAGE_IN_PATH = re.compile(r"(?:seite|page|p)[-/_]?(\d{1,4})(?:/|\.html?|$)", re.I)
_PAGE_KEYS = re.compile(r"(?:page|seite|p|pg|paged|pagenumber|currentpage)\]?$", re.I)

_Links = Sequence[tuple[str, LexborNode]]  # with their words
_Numbers = Sequence[tuple[int, str]]  # page numbers and where they lead
_Target = Callable[[LexborNode], str | None]  # where a link leads, None for nowhere else


def find_next(
    tree: LexborHTMLParser,
    selector: str | None,
    url: str | None,
    base: str | None,
    entries: Collection[str] = (),
) -> str | None:
    """Return the absolute address of the next page, None on the last one.

    `entries` are the addresses of the page's entries: their own «weiter» leads to no further page.
    Raises SelectolaxError where `selector` is no CSS selector.
    """
    if selector:
        chosen = tree.css_first(selector)
        return _other(chosen.attributes.get("href"), url, base) if chosen is not None else None
    for node in tree.css("link[rel~=next], a[rel~=next]"):
        if address := _other(node.attributes.get("href"), url, base):
            return address

    def target(node: LexborNode) -> str | None:
        address = _other(node.attributes.get("href"), url, base)
        return None if address in entries else address

    links = [(clean(node.text()), node) for node in tree.css("a[href]")]
    numbers = _numbers(links, target)
    return _by_label(links, numbers, url, target) or _by_number(tree, numbers, url)


def _other(href: str | None, url: str | None, base: str | None) -> str | None:
    """Return `href` absolute, None where it leads to the page itself, another host or nowhere."""
    address = resolve(base, href)
    if address is None or (href or "").startswith("#"):
        return None
    address = address.partition("#")[0]
    if url is None:
        return address
    same_host = urlsplit(address).netloc.lower().removeprefix("www.") == urlsplit(
        url
    ).netloc.lower().removeprefix("www.")
    return address if same_host and _key(address) != _key(url) else None


def _key(url: str) -> str:
    return unquote(url.partition("#")[0]).rstrip("/")


def _by_label(links: _Links, numbers: _Numbers, url: str | None, target: _Target) -> str | None:
    """Find the link whose words, title or label say «next»; a bare arrow counts only among numbers."""
    arrows: list[str] = []
    for text, node in links:
        attributes = node.attributes
        names = (text, attributes.get("title"), attributes.get("aria-label"))
        is_next = any(name and NEXT_PAGE.fullmatch(clean(name).strip(_ARROWS)) for name in names)
        if not (is_next or _ARROW_ONLY.fullmatch(text)) or _is_disabled(attributes):
            continue
        if address := target(node):
            if is_next:
                return address
            arrows.append(address)
    numbered = {address for _, address in numbers}
    paged = [address for address in arrows if page_number(address) is not None or address in numbered]
    return (
        paged[0]
        if len(set(paged)) == 1 or (paged and page_number(paged[0]) == _current_number(url, ()) + 1)
        else None
    )


def _is_disabled(attributes: Mapping[str, str | None]) -> bool:
    classes = (attributes.get("class") or "").split()
    return attributes.get("aria-disabled") == "true" or "disabled" in classes


def _by_number(tree: LexborHTMLParser, numbers: _Numbers, url: str | None) -> str | None:
    """Find the link whose number follows the current page's."""
    if not numbers:
        return None
    linked = [number for number, _ in numbers]
    gap = [n for n in range(min(linked), max(linked)) if n not in linked]
    marked = tree.css_first("[aria-current=page]")
    shown = _NUMBER.fullmatch(clean(marked.text())) if marked is not None else None
    if shown:
        current = int(shown[1])
    elif len(gap) == 1:
        current = gap[0]
    elif min(linked) == 2:
        current = 1
    else:
        current = _current_number(url, numbers)
    return next((address for number, address in numbers if number == current + 1), None)


def _numbers(links: _Links, target: _Target) -> _Numbers:
    """Return the links whose words are a page number, the current page's own link left out."""
    found: list[tuple[int, str]] = []
    for text, node in links:
        number = _NUMBER.fullmatch(text) if len(text) <= 12 else None
        address = target(node) if number else None
        if number and address and (page_number(address) is not None or len(text) <= 3):
            found.append((int(number[1]), address))
    return found


def page_number(url: str) -> int | None:
    """Return the page number an address carries in its query or its path."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _PAGE_KEYS.search(key) and value.isdigit():
            return int(value)
    found = _PAGE_IN_PATH.search(parts.path)
    return int(found[1]) if found else None


def _current_number(url: str | None, numbers: _Numbers) -> int:
    """Return the number of the page itself as its pager would print it; the first page is 1."""
    own = page_number(url) if url else None
    if own is None:
        return 1
    shift = {
        number - (page_number(address) or 0)
        for number, address in numbers
        if page_number(address) is not None
    }
    # Drupal counts from 0 in the address and from 1 in the pager.
    return own + (shift.pop() if len(shift) == 1 else 0)
