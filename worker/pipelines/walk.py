"""Follow a listing page by page until everything on a page is known. Floor 3.

So whatever was published while nobody looked is found, over several pages; a walk that is cut off
says how far it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from worker.config.schema import Source
from worker.errors import FetchError, ParseError
from worker.fetching.fetcher import Fetcher
from worker.identity import identity_of, is_address, without_session
from worker.models.listing import Listing, ListingItem
from worker.models.page import Page

_AT_LEAST = 2  # pages, once the first has changed: a back-dated entry may stand below known ones
_FARTHEST = 5_000  # entries: beyond them lies an archive or a flood, and a walk starts from the first page

KnownOf = Callable[[list[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Walk:
    """The entries found, in listing order.

    `unread_from` is the first page that was not reached (1-based), None if the walk came to its end
    or goes no further; `gap` says why something was not read.
    """

    items: tuple[ListingItem, ...]
    unread_from: int | None = None
    gap: str | None = None


def read_listing(source: Source, page: Page) -> Listing:
    """The entries of one listing page or feed of a source; raises ParseError."""
    if source.kind == "feed":
        return read_feed(page)
    from worker.reading.listing import parse_listing  # not loaded by a run that finds all as it was

    return _cleaned(parse_listing(page, source.selectors.given()))


def read_feed(page: Page) -> Listing:
    """The entries of a feed; raises ParseError."""
    from worker.reading.feed import parse_feed

    return _cleaned(parse_feed(page))


def walk_listing(
    fetcher: Fetcher,
    source: Source,
    first_url: str,
    first: Listing,
    *,
    known_of: KnownOf,
    horizon: date | None,
    unread_from: int | None,
) -> Walk:
    """Follow the listing from its first page until a whole page is known, or the known ones are passed.

    `known_of` gives those of a page's identities that are stored. `horizon` is given at the first look,
    when nothing is known: then the walk ends at a page on which every date lies before it, and at once
    in a listing without dates. `unread_from` is where an earlier walk was cut off: this one goes past
    it, whatever is known on the way.
    """
    at_least = max(_AT_LEAST, unread_from or 0)
    last_page = max(source.max_pages, at_least - 1 + source.max_pages if unread_from else 0)
    items, url, listing, number = list(first.items), first_url, first, 1
    seen = set(_identities(first))
    is_passed = False
    while not is_passed and not _is_far_enough(listing, number, known_of, horizon, at_least):
        next_url = next_page_url(source, url, listing, is_linked=first.next_url is not None)
        if next_url is None:
            break
        if number >= _AT_LEAST and len(items) >= _FARTHEST:
            gap = f"{len(items)} entries read; what lies further back is left to `pressewacht backfill`"
            return Walk(tuple(items), gap=gap)
        if number >= last_page:
            return Walk(
                tuple(items), number + 1, f"max_pages ({source.max_pages}) reached; goes on next time"
            )
        try:
            following = _further_page(fetcher, source, next_url)
        except (FetchError, ParseError) as error:
            return Walk(tuple(items), max(number + 1, unread_from or 0), str(error))
        if not following.items and listing.next_url is not None and number + 1 != unread_from:
            # It is linked, so it should be there: believed to be the end only when seen twice.
            return Walk(tuple(items), number + 1, f"{next_url}: linked as the next page, but empty or gone")
        fresh = set(_identities(following)) - seen
        if not fresh:  # past the end, or a pager that leads in circles
            break
        number += 1
        is_passed = number > (unread_from or 1) and _passes_known(listing, following, known_of)
        url, listing = next_url, following
        seen |= fresh
        items += listing.items
    return Walk(tuple(items))


def fingerprint(listing: Listing) -> str:
    """What a reader sees of a first page, as one hash: tokens in the markup do not count."""
    shown = [(item.url, item.title, item.kicker, item.teaser, item.published) for item in listing.items]
    return hashlib.sha256(repr((shown, listing.total)).encode("utf-8", "surrogatepass")).hexdigest()


def _cleaned(found: Listing) -> Listing:
    return replace(found, items=tuple(_settled(item) for item in found.items if is_address(item.url)))


def _settled(item: ListingItem) -> ListingItem:
    url = without_session(item.url)
    return item if url == item.url else replace(item, url=url)


def _further_page(fetcher: Fetcher, source: Source, url: str) -> Listing:
    """A page beyond the first; one that is gone is the end of the listing."""
    try:
        page = fetcher.fetch(url)
    except FetchError as error:
        if error.is_gone:
            return Listing(())
        raise
    return read_listing(source, page)


def _is_far_enough(
    listing: Listing, number: int, known_of: KnownOf, horizon: date | None, at_least: int
) -> bool:
    if horizon is None:
        return number >= at_least and len(known_of(_identities(listing))) == len(set(_identities(listing)))
    days = [item.published for item in listing.items if item.published]
    return all(day < horizon for day in days)


def _passes_known(listing: Listing, following: Listing, known_of: KnownOf) -> bool:
    """Whether the known entries end on or right before a page: the first look did not go further."""
    *others, last = _identities(following)
    known = known_of([*_identities(listing)[-1:], *others, last])
    return bool(known) and last not in known


def _identities(listing: Listing) -> list[str]:
    return [identity_of(item.url) for item in listing.items]


def next_page_url(source: Source, url: str, listing: Listing, *, is_linked: bool) -> str | None:
    """The address of the page after the one at `url`, None if this is the last; feeds have one page.

    `is_linked`: the listing links its pages, so that one without a link is the last; otherwise
    `page_param` is counted up.
    """
    if source.kind == "feed":
        return None
    if listing.next_url is not None or is_linked or source.page_param is None:
        return listing.next_url
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    current = query.get(source.page_param, "1")
    query[source.page_param] = str((int(current) if current.isdigit() else 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))
