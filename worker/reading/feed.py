"""Read a feed, RSS or Atom, as a listing. Floor 1.

In goes a saved page, out comes a `Listing` with titles, teasers and days in Berlin. feedparser does
the reading (broken XML, entity bombs and foreign markup are its business); a feed gives no topic
line, so `kicker` stays None unless the entry names exactly one category.
"""

from __future__ import annotations

import logging
import re
from calendar import timegm
from datetime import UTC, date, datetime

import feedparser
from selectolax.lexbor import LexborHTMLParser

from worker.errors import ParseError
from worker.models.listing import Listing, ListingItem
from worker.models.page import Page
from worker.reading.dates import in_berlin, parse_date, plausible
from worker.reading.document import resolve
from worker.text import clean_or_none

log = logging.getLogger(__name__)

_DATE_FIELDS = ("published", "issued", "date", "updated")
# Every feed opens with one of these; feedparser would look through a whole HTML page for them.
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|channel|\w+:feed)\b", re.I)
_SNIFF_BYTES = 20_000
_ENTRY = re.compile(rb"<(?:item|entry)[\s>]", re.I)
_MAX_ENTRIES = 10_000  # feedparser takes half a second for a thousand
_MAX_TEASER = 2_000


def parse_feed(page: Page) -> Listing:
    """Read the entries of a feed in its order.

    Raises ParseError (`not-a-feed`, `empty`, `too-complex`) where the page holds no feed, or an endless one.
    """
    if not page.body.strip():
        raise ParseError(page.url, "empty", "the feed is empty")
    if not _FEED.search(page.body, 0, _SNIFF_BYTES):
        raise ParseError(page.url, "not-a-feed", "the page is no RSS or Atom feed")
    if (count := sum(1 for _ in _ENTRY.finditer(page.body))) > _MAX_ENTRIES:
        raise ParseError(page.url, "too-complex", f"the feed is too long to be read: {count} entries")
    # Bytes only: a string could be taken for an address or a path. The address makes links absolute.
    headers = {"content-location": page.url or "", "content-type": page.content_type or "application/xml"}
    try:
        parsed = feedparser.parse(page.body, response_headers=headers)
    except Exception as error:  # feedparser promises none and has raised many kinds on damaged input
        log.info("feedparser failed on %s: %r", page.url, error)
        raise ParseError(page.url, "not-a-feed", "the feed cannot be read") from error
    if not parsed.get("version") and not parsed.entries:
        raise ParseError(page.url, "not-a-feed", "the page is no RSS or Atom feed")
    items: dict[str, ListingItem] = {}
    unread = 0
    for entry in parsed.entries:
        item = _item(entry, page.url)
        if item is None:
            unread += 1
        else:
            items.setdefault(item.url, item)
    warnings = [f"{unread} entries have no title or link"] if unread else []
    if parsed.get("bozo") and not parsed.entries:
        warnings.append("the feed is damaged")
    return Listing(
        tuple(items.values()), witness=f"feed {parsed.get('version') or 'unknown'}", warnings=tuple(warnings)
    )


def _item(entry: feedparser.FeedParserDict, url: str | None) -> ListingItem | None:
    """Build one entry; None where it has no title or no address."""
    title = _words(entry.get("title"))
    identity = str(entry.get("id") or "")
    link = resolve(url, entry.get("link") or (identity if identity.startswith("http") else None))
    if not title or not link:
        return None
    tags = [name for tag in entry.get("tags") or () if (name := clean_or_none(tag.get("term")))]
    content = entry.get("content") or [{}]
    teaser = _words(entry.get("summary") or content[0].get("value"))
    return ListingItem(
        url=link.partition("#")[0],
        title=title,
        kicker=tags[0] if len(tags) == 1 else None,
        teaser=teaser[:_MAX_TEASER] if teaser and teaser != title else None,
        published=_published(entry),
    )


def _published(entry: feedparser.FeedParserDict) -> date | None:
    """Return the entry's day: as feedparser read it, else in German words, which it cannot read."""
    for field in _DATE_FIELDS:
        parsed = dict.get(entry, f"{field}_parsed")  # its own get warns of and fakes missing dates
        if parsed:
            try:
                day = plausible(in_berlin(datetime.fromtimestamp(timegm(parsed), UTC)))
            except (ValueError, TypeError, OverflowError, OSError):
                continue
            if day:
                return day
        if day := parse_date(dict.get(entry, field)):
            return day
    return None


def _words(markup: str | None) -> str | None:
    """Return the words of a title or teaser that may hold markup."""
    if not markup:
        return None
    if "<" not in markup and "&" not in markup:
        return clean_or_none(markup)
    return clean_or_none(LexborHTMLParser(markup[:20_000]).text(separator=" "))
