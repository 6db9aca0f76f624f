"""The tags of an element, in page order. Floor 1.

In goes an element of a parsed tree, out come its tags as strings. lexbor writes the element back as
well-formed markup in one call (elements nest, names in lower case, attributes in double quotes, `<`,
`>` and `"` escaped inside them), and one pattern takes that apart: asking the tree for each node, its
name and its attributes costs four times as much. Where an element holds words alone, its end comes with
its start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from selectolax.lexbor import LexborNode

from worker.text import words

# Elements without an end. Whoever adds one looks at what lexbor writes for it.
VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
)

_TAG = re.compile(r"<([^ >]++)([^>]*+)>([^<]*+)(?:<(/\1)>([^<]*+))?+")
_ATTRIBUTE = re.compile(r' (=?[^ =]*)="([^"]*)"')  # only the first letter of a name may be `=`


# Name, attributes as written and the text behind a tag; the name of the end tag that follows, and its text.
Tag = tuple[str, str, str, str, str]


def tags_of(element: LexborNode) -> Iterator[Tag]:
    """Return the tags inside `element`; the end of one that holds words alone comes with its start.

    The first is the start tag of `element` itself, its end tag is left out. The name of an end tag
    begins with `/`, that of a declaration with `!` or `?`. Text and attributes are still escaped
    (`&amp;`, `&lt;`, `&gt;`, `&nbsp;`, `&quot;`).
    """
    found = _TAG.findall(element.html or "")
    return iter(found[:-1] or found)


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a tag by name, unescaped."""
    if "&" in written:
        return {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}
    return dict(_ATTRIBUTE.findall(written))


def attribute_of(written: str, name: str) -> str:
    """Return one attribute of a tag, unescaped; empty where it is empty or missing."""
    _, _, rest = written.partition(f' {name}="')
    value = rest.partition('"')[0]
    return unescape(value) if "&" in value else value


def text_behind(tags: Iterator[Tag], name: str) -> str:
    """Go past everything inside the element `name` that was just opened; return the text behind it."""
    depth = 1
    end = "/" + name
    for other, _, text, ended, _ in tags:
        depth += (other == name and not ended) - (other == end)
        if not depth:
            return text
    return ""
