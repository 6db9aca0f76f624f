"""Scraped text made safe to show: one line, no tricks, links only to the web. Floor 1, pure.

Text in, text out; what a title says stays readable, what it could do to a mail header, a terminal or
a reader's eye does not. HTML escaping is the template's business, not done here.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

_JOINERS = "\u200c\u200d"  # Persian and Indic names, emoji: needed, and invisible only between letters
_BREAKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_MARKS_PER_LETTER = 8  # more than any script needs, fewer than «Zalgo» text
_MAYBE_MANY_MARKS = re.compile(f"[\u0300-\U0010ffff]{{{_MARKS_PER_LETTER + 1}}}")  # no mark is below U+0300
_ENCODED_WORD = re.compile(r"=(?=\?)")
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


def clean_line(text: str) -> str:
    """`text` as one line of visible characters.

    Control, bidirectional and zero-width characters, lone surrogates and unassigned code points go;
    any white space becomes one space.
    """
    shown = _BREAKS.sub(" ", text)
    if not shown.isprintable():
        shown = "".join(filter(_is_shown, shown))
    if _MAYBE_MANY_MARKS.search(shown):
        shown = _limit_marks(shown)
    return " ".join(shown.split())


def clean_text(text: str) -> str:
    """`text` as clean paragraphs, separated by a blank line."""
    paragraphs = (clean_line(paragraph) for paragraph in re.split(r"\n\s*\n", text))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def clean_header(text: str) -> str:
    """`text` for a mail header: one line that no reader decodes a second time.

    `=?…?=` is broken up: CPython 3.11.7 turned an encoded-word in a title into a second header
    (CVE-2024-6923).
    """
    return _ENCODED_WORD.sub("= ", clean_line(text).translate(dict.fromkeys(map(ord, _JOINERS))))


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut after a word, with «…» if something was cut."""
    if len(text) <= length:
        return text
    return (text[: length - 1].rpartition(" ")[0] or text[: length - 1]).rstrip(" ,;:–-") + " …"


def web_link(url: str | None) -> str | None:
    """`url` if it is a plain http(s) address, percent-encoded to ASCII; None for everything else.

    `javascript:`, `data:` and addresses with a user name («https://ministry@evil…») are no links.
    """
    if not url or url != clean_line(url) or "\\" in url or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in ("http", "https") or not ascii_host or parts.username is not None:
        return None
    netloc = (f"[{host}]" if ":" in host else ascii_host) + port
    return quote(parts._replace(netloc=netloc).geturl(), safe=_URL_SAFE)


def host_shown(link: str) -> str:
    """The host a link really leads to, in ASCII, so that look-alike letters show as `xn--…`."""
    return urlsplit(link).netloc.removeprefix("www.")


def _is_shown(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")


def _limit_marks(text: str) -> str:
    shown, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_PER_LETTER:
            shown.append(char)
    return "".join(shown)
