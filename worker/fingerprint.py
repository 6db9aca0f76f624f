"""What of a release must change to make an edit. Floor 1, pure.

The ministry's words, its day and its pictures count; white space, closing links, related news and
the numbers a portal puts into the names of its files do not: those change with every deployment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from worker.models.release import Image, Release

_PART = re.compile(r"[-_.@]")  # what the parts of a file's name stand between
# What content systems add to a name when they scale a picture or publish it anew:
# TYPO3 `csm_NAME_480x320_0a1b2c3d4e.jpg`, WordPress `NAME-1024x683.jpg` and `NAME-scaled.jpg`, others
# `NAME@2x.jpg` and `NAME.3f9a1c.webp`. A word of hexadecimal letters alone («fassade») has no figure.
_ADDED = re.compile(r"csm|scaled|\dx|\d{2,4}x\d{2,4}|(?=[a-f]*\d)[0-9a-f]{6,}", re.IGNORECASE)


def content_sha256(release: Release) -> str:
    """The fingerprint of a release: equal as long as nobody has edited it.

    A kicker that only the listing shows does not count: it may come and go without an edit.
    """
    kicker = None if release.extractor.witness.get("kicker") == "listing" else release.kicker
    day = release.published.isoformat() if release.published else ""
    parts = (kicker or "", release.title, day, release.lead or "", release.text, *picture_lines(release))
    words = "\n".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def picture_lines(release: Release) -> Iterator[str]:
    """One line for each picture: what is said of it, and the name that somebody gave its file."""
    for image in release.images:
        yield " · ".join(part for part in (image.alt, image.caption, image.credit, _name_of(image)) if part)


def _name_of(image: Image) -> str:
    name = unquote(urlsplit(image.src or "").path).rpartition("/")[2]
    given, _, _ = name.rpartition(".")
    return "-".join(part for part in _PART.split(given) if part and not _ADDED.fullmatch(part))
