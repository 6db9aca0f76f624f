"""Take out of a page's source what nobody reads there, before it is parsed. Floor 1.

Half of a portal page is menu, icons, scripts and comments. In goes markup as UTF-8, out comes the
same without them, in one linear pass. Only what is whole beyond doubt goes: scripts and comments end
where a browser ends them; a menu, an icon or the foot of the page goes if nothing inside it looks
like the page's own text. Everything else is left to the parser and its readers.
"""

from __future__ import annotations

import re

_COMMENT = rb"!--(?!-?>) [^-]*+ (?: -(?!-!?>) [^-]*+ )*+ (?: --!?> )?"
# Elements whose content is no markup. One without an end reaches to the end of the page.
_RAW = rb"""
    (?P<raw> (?i:script|style|noscript|iframe|xmp|noembed|noframes) ) (?=[\s/>])
    [^<]*+ (?: < (?! /(?i:(?P=raw))[\s/>] ) [^<]*+ )*+ (?: < [^>]*+ > )?
"""
# The other files of a picture, three or more for each: its `img` names one.
_FILE = rb"""source(?=[\s/>]) [^'"<>]*+ (?: (?: "[^"<]*+" | '[^'<]*+' ) [^'"<>]*+ )*+ >"""
# What a menu, an icon or a foot never holds: one of its own kind, or text of the page itself.
_ELEMENT = rb"""
    (?P<element> %b ) (?=[\s>])
    [^<]*+ (?: < (?: %b | (?! /?(?:(?P=element)|header|main|article|h1)[\s>] ) ) [^<]*+ )*+
    </(?P=element)\s*>
"""
# The foot of a page begins with a box; that of a quotation, which names who said it, with words.
_FOOT = rb"footer(?= [^<>]*+ > \s*+ <(?:div|ul|nav|section)[\s>] )"


def _pattern(elements: bytes) -> re.Pattern[bytes]:
    # Most tags open none of these: the first letter decides that at once.
    first = rb"(?= [!snifbxSNIFX] )"
    return re.compile(
        b"< %b (?: %b | %b | %b | %b )" % (first, _COMMENT, _RAW, _FILE, _ELEMENT % (elements, _COMMENT)),
        re.X,
    )


_ON_LISTINGS = _pattern(b"svg|button|select")
_ON_RELEASES = _pattern(b"svg|button|select|nav|" + _FOOT)


def prune_listing(markup: bytes) -> bytes:
    """Return the source of a listing without comments, scripts, icons and controls."""
    return _ON_LISTINGS.sub(b"", markup)


def prune_release(markup: bytes) -> bytes:
    """Return the source of a release without these, without menus and without the foot of the page."""
    return _ON_RELEASES.sub(b"", markup)
