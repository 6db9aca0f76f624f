"""Is this markup safe to give to the parser? A linear look before the parse. Floor 1.

lexbor needs quadratic time for deep nesting, for many attributes on one tag and for long option
lists, and multiplies unclosed formatting elements by the paragraphs after them (40 000 nested
`<div>` took 4.3 s; 1 500 `<font>` before 1 500 `<p>` took 3.9 s and 800 MB). Pages that could do
that are refused. In goes markup, out comes nothing or a reason; it never parses.
"""

from __future__ import annotations

import re

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

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_SELF_CLOSING = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "option",
        "optgroup",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "path",
        "use",
    ]
)
_FORMATTING = frozenset(
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_TAG_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")
_TAG_REST = re.compile(r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+""")


def excess(markup: str) -> str | None:
    """Return why `markup` is too complex to be parsed in bounded time, None where it is not."""
    tags = markup.count("<")
    if tags > MAX_TAGS:
        return f"{tags} tags"
    if tags <= _HARMLESS_TAGS and not _has_long_tag(markup):
        return None
    unclosed = tags - 2 * markup.count("</")
    if tags <= _SUSPICIOUS_TAGS and unclosed <= _UNCLOSED and not _has_long_tag(markup):
        return None
    return _count_in_full(markup)


def _has_long_tag(markup: str) -> bool:
    """True when some stretch of the markup holds no `<` for long: a tag with thousands of attributes."""
    return any(
        markup.find("<", start, start + _LONG_TAG) < 0
        for start in range(0, len(markup) - _LONG_TAG, _LONG_TAG)
    )


def _count_in_full(markup: str) -> str | None:
    """Walk over every tag once and count what the parser would pay for."""
    depth = options = formatting = blocks = 0
    for part in markup.split("<")[1:]:
        named = _TAG_NAME.match(part)
        if not named:
            continue
        name = named.group().lower()
        if len(part) > 2 * MAX_ATTRIBUTES and _attributes(part) > MAX_ATTRIBUTES:
            return "a tag with thousands of attributes"
        if name.startswith("/"):
            depth = max(0, depth - (name[1:] not in _SELF_CLOSING))
            formatting -= name[1:] in _FORMATTING
            continue
        options += name == "option"
        formatting += name in _FORMATTING
        blocks += name in _SELF_CLOSING or name == "div"
        if name not in _VOID and name not in _SELF_CLOSING:
            depth += 1
        if depth > MAX_DEPTH:
            return f"more than {MAX_DEPTH} nested elements"
        if options > MAX_OPTIONS:
            return f"more than {MAX_OPTIONS} options"
    if formatting > 0 and formatting * blocks > MAX_REOPENED:
        return f"{formatting} formatting elements that are never closed"
    return None


def _attributes(part: str) -> int:
    """Return how many words the tag at the start of `part` holds, without its text after `>`."""
    tag = _TAG_REST.match(part)
    closed = tag is not None and part[tag.end() : tag.end() + 1] == ">"
    # A quote that never closes could hide the end of the tag: then all of it counts.
    return len(tag.group().split()) if tag and closed else len(part.split())
