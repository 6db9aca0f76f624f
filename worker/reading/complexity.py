"""Is this markup safe to give to the parser? A linear look before the parse. Floor 1.

lexbor needs quadratic time for deep nesting, for many attributes on one tag and for long option
lists, and multiplies unclosed formatting elements by the paragraphs after them (40 000 nested
`<div>` took 4.3 s; 1 500 `<font>` before 1 500 `<p>` took 3.9 s and 800 MB). Pages that could do
that are refused. In goes markup as UTF-8, out comes nothing or a reason; it never parses.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_TAGS = 30_000
MAX_DEPTH = 1_000
MAX_ATTRIBUTES = 3_000
MAX_OPTIONS = 8_000
MAX_REOPENED = 250_000  # unclosed formatting elements × blocks that would reopen them

# Below these figures no known pattern takes a second, so a usual page costs one count.
_HARMLESS_TAGS = 1_000
_SUSPICIOUS_TAGS = 4_000
_UNCLOSED = 800
_LONG_TAG = 20_000

_VOID = b"area base br col embed hr img input link meta param source track wbr".split()
_SELF_CLOSING = (b"p li dt dd option optgroup tr td th thead tbody tfoot colgroup path use").split()
_FORMATTING = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
# What does not nest: an end tag of these closes nothing that was counted.
_FLAT = frozenset([*_VOID, *_SELF_CLOSING, *(b"/" + name for name in (*_VOID, *_SELF_CLOSING))])
_SLASH = ord("/")
_TAG_NAME = re.compile(rb"<(/?[a-zA-Z][a-zA-Z0-9]*)")
_TAG_REST = re.compile(rb"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")


def excess(markup: bytes) -> str | None:
    """Return why `markup` is too complex to be parsed in bounded time, None where it is not."""
    tags = markup.count(b"<")
    if tags > MAX_TAGS:
        return f"{tags} tags"
    if tags <= _HARMLESS_TAGS and not _has_long_tag(markup):
        return None
    unclosed = tags - 2 * markup.count(b"</")
    if tags <= _SUSPICIOUS_TAGS and unclosed <= _UNCLOSED and not _has_long_tag(markup):
        return None
    return _count_in_full(markup)


def _has_long_tag(markup: bytes) -> bool:
    """True when some stretch of the markup holds no `<` for long: a tag with thousands of attributes."""
    return any(
        markup.find(b"<", start, start + _LONG_TAG) < 0
        for start in range(0, len(markup) - _LONG_TAG, _LONG_TAG)
    )


def _count_in_full(markup: bytes) -> str | None:
    """Count over all tags what the parser would pay for."""
    long = (part for part in markup.split(b"<") if len(part) > 2 * MAX_ATTRIBUTES)
    if any(_attributes(part) > MAX_ATTRIBUTES for part in long):
        return "a tag with thousands of attributes"
    names = _TAG_NAME.findall(markup.lower())
    count = Counter(names)
    if count[b"option"] > MAX_OPTIONS:
        return f"more than {MAX_OPTIONS} options"
    unclosed = sum(count[name] - count[b"/" + name] for name in _FORMATTING)
    blocks = sum(count[name] for name in (*_SELF_CLOSING, b"div"))
    if unclosed > 0 and unclosed * blocks > MAX_REOPENED:
        return f"{unclosed} formatting elements that are never closed"
    return f"more than {MAX_DEPTH} nested elements" if _depth(names) > MAX_DEPTH else None


def _depth(names: list[bytes]) -> int:
    """Return how deep the elements nest; an end without a start counts for nothing."""
    deepest = depth = 0
    for name in names:
        if name in _FLAT:
            continue
        if name[0] != _SLASH:
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
    return deepest


def _attributes(part: bytes) -> int:
    """Return how many words the tag at the start of `part` holds, without its text after `>`."""
    tag = _TAG_REST.match(part)
    closed = tag is not None and part[tag.end() : tag.end() + 1] == b">"
    # A quote that never closes could hide the end of the tag: then all of it counts.
    return len(tag.group().split()) if tag and closed else len(part.split())
