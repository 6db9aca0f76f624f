"""What a page says about itself outside its visible text. Floor 1.

In go the head of a parsed tree and the source, out comes `Metadata`: titles, dates and descriptions
by the name of their witness. JSON-LD that is broken, huge or nested without end is passed over;
nothing here judges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from worker.reading.document import Metadata
from worker.reading.tags import attributes_of, tags_of
from worker.text import clean

# Falling order of trust. Modified dates are another field and never stand in for these.
_DATE_NAMES = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "publish-date",
    "pubdate",
    "citation_publication_date",
    "sailthru.date",
    "parsely-pub-date",
    "date",
)
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "dcterms.title")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description", "dc.description")
_MAX_JSON = 200_000
_LD_TYPE = b"application/ld+json"
_SCRIPT = re.compile(rb"<(?i:script)\s[^<>]*+>([^<]*+(?:<(?!/(?i:script))[^<]*+)*+)")
_LONGEST_TAG = 500
# Things whose date is not that of the page.
_OTHER_THINGS = frozenset(
    {"aggregaterating", "breadcrumblist", "comment", "event", "governmentorganization", "imageobject"}
    | {"newsmediaorganization", "offer", "organization", "person", "product", "review", "searchaction"}
    | {"videoobject", "website"}
)


def read_metadata(tree: LexborHTMLParser, markup: bytes) -> Metadata:
    """Read the head, what a broken one left in the body, and the JSON-LD in the source (UTF-8)."""
    named: dict[str, str] = {}
    title = canonical = None
    for name, attributes, text, _, _ in tags_of(tree.head) if tree.head is not None else ():
        if name == "meta":
            _remember_meta(attributes_of(attributes), named)
        elif name == "title" and title is None:
            title = clean(unescape(text))
        elif name == "link" and canonical is None:
            found = attributes_of(attributes)
            if found.get("rel", "").lower() == "canonical":
                canonical = found.get("href")
    # Microdata in the body has no name, and may be about another release.
    for node in tree.css("body meta[property], body meta[name]"):
        _remember_meta({key: value or "" for key, value in node.attributes.items()}, named)
    things = list(_json_ld(markup))
    return _assemble(named, title, canonical, things)


def _remember_meta(attributes: dict[str, str], named: dict[str, str]) -> None:
    name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
    content = attributes.get("content")
    if name and content and name not in named:
        named[name] = content


def _assemble(
    named: dict[str, str], title: str | None, canonical: str | None, things: list[dict[str, object]]
) -> Metadata:
    titles = {name: clean(named[name]) for name in _TITLE_NAMES if name in named}
    dates = {name: named[name] for name in _DATE_NAMES if name in named}
    descriptions = {name: clean(named[name]) for name in _DESCRIPTION_NAMES if name in named}
    types = [named["og:type"].lower()] if "og:type" in named else []
    ld: dict[str, str] = {}
    for thing in things:
        types.append(_type_of(thing))
        if _type_of(thing) in _OTHER_THINGS:
            continue
        published, headline = thing.get("datePublished"), thing.get("headline")
        if isinstance(published, str):
            ld.setdefault("json-ld", published)
        if isinstance(headline, str):
            titles.setdefault("json-ld", clean(headline))
    if title:
        titles["title"] = title
    return Metadata(titles, {**ld, **dates}, descriptions, canonical, tuple(types))


def _json_ld(markup: bytes) -> Iterator[dict[str, object]]:
    """Yield every object of the page's JSON-LD, `@graph` and lists laid flat."""
    at = markup.find(_LD_TYPE)
    while at >= 0:
        script = _SCRIPT.match(markup, markup.rfind(b"<", max(0, at - _LONGEST_TAG), at))
        at = markup.find(_LD_TYPE, script.end() if script else at + 1)
        if script is None or len(script[1]) > _MAX_JSON:
            continue
        source = script[1].decode("utf-8", "replace")
        try:
            parsed: object = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [parsed]
        while waiting:
            thing = waiting.pop(0)
            if isinstance(thing, list):
                waiting.extend(thing[:100])
            elif isinstance(thing, dict):
                yield thing
                waiting.append(thing.get("@graph"))


def _type_of(thing: dict[str, object]) -> str:
    kind = thing.get("@type")
    if isinstance(kind, list):
        kind = kind[0] if kind else ""
    return kind.lower() if isinstance(kind, str) else ""
