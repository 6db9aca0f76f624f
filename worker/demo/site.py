"""What the portal answers when nothing is broken: from a path to the page that belongs there.

Pure but for reading the shelf; conditions, compression and faults are added by `portal`.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.demo.answers import Answer, SeenRequest, page
from worker.demo.feed import render_feed
from worker.demo.pages import (
    ALIAS_PATH,
    FEED_PATH,
    LISTING_PATH,
    PAGE_PARAM,
    RELEASE_PATH,
    ListingPage,
    Look,
    render_error,
    render_listing,
    render_release,
)
from worker.demo.shelf import Shelf

LATEST = 8  # headlines under «Weitere Meldungen»
FEED_ITEMS = 20
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320">'
    b'<path fill="#d5dbe1" d="M0 0h480v320H0z"/>'
    b'<path fill="#aab4bf" d="M0 320 150 130l90 110 70-80 170 160z"/>'
    b'<circle cx="380" cy="80" r="34" fill="#fff"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The portal's switches at the moment of one request."""

    base_url: str
    page_size: int
    robots: str
    robots_status: int
    look: Look


def answer_for(request: SeenRequest, shelf: Shelf, settings: Settings) -> Answer:
    """The page of a path, or the error page for a path without one."""
    path = request.path
    if path == LISTING_PATH:
        return _listing(request.query(PAGE_PARAM) or "1", shelf, settings)
    for prefix in (RELEASE_PATH, ALIAS_PATH):
        if path.startswith(prefix):
            return _release(path.removeprefix(prefix), shelf, settings.look)
    if path == FEED_PATH:
        feed = render_feed(shelf.latest()[:FEED_ITEMS], settings.base_url)
        return page(feed, "application/rss+xml; charset=utf-8")
    if path == "/robots.txt":
        return page(settings.robots.encode(), "text/plain; charset=utf-8", settings.robots_status)
    if path == "/":
        return Answer(302, headers={"Location": LISTING_PATH})
    if path.startswith("/fileadmin/"):
        return page(PICTURE, "image/svg+xml")
    return error_page(404, settings.look)


def error_page(status: int, look: Look) -> Answer:
    """The page the portal sends with a status other than 200."""
    return page(render_error(status, look), status=status)


def _listing(number: str, shelf: Shelf, settings: Settings) -> Answer:
    releases = shelf.listed()
    pages = max(1, -(-len(releases) // settings.page_size))
    if not number.isdigit() or not 1 <= int(number) <= pages:
        return error_page(404, settings.look)
    start = (int(number) - 1) * settings.page_size
    shown = tuple(releases[start : start + settings.page_size])
    return page(render_listing(ListingPage(shown, int(number), pages, len(releases)), settings.look))


def _release(slug: str, shelf: Shelf, look: Look) -> Answer:
    entry = shelf.find(slug)
    if entry is None:
        return error_page(404, look)
    if entry.gone_status is not None:
        return error_page(entry.gone_status, look)
    latest = [release for release in shelf.latest() if release.slug != slug][:LATEST]
    return page(render_release(entry.paged, latest, look))
