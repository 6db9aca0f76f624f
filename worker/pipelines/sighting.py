"""One look at one release page: fetch, extract, match. Floor 3."""

from __future__ import annotations

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.fingerprint import content_sha256
from worker.identity import identity_of, shares_words
from worker.models.known import KnownItem, Sighting
from worker.models.listing import ListingItem
from worker.models.page import Page, Validators
from worker.models.release import Release
from worker.models.verdict import Wording
from worker.pipelines.drift import read_from
from worker.pipelines.visit import Visit


def look_at(visit: Visit, item: KnownItem) -> Sighting:
    """The release behind a listing entry; raises FetchError, ParseError."""
    return _sight(visit, item, visit.fetcher.fetch(item.link))


def look_again(visit: Visit, item: KnownItem, validators: Validators) -> Sighting | None:
    """As `look_at`, None if the page is as it was when it gave `validators`."""
    page = visit.fetcher.fetch_if_changed(item.link, validators)
    return None if page is None else _sight(visit, item, page)


def read_release(item: KnownItem, page: Page) -> Release:
    """A fetched or archived page read as the release its entry announced; raises ParseError."""
    release = extract_release(page, listed=_as_listed(item))
    is_redirected = page.url is not None and identity_of(page.url) != item.identity
    if is_redirected and not shares_words(item.title, f"{release.title} {release.text}"):
        raise ParseError(item.link, "elsewhere", f"redirects to {page.url}, which is another page")
    return release


def _sight(visit: Visit, item: KnownItem, page: Page) -> Sighting:
    with read_from(page):
        release = read_release(item, page)
    wording = Wording(release.title, release.kicker or item.kicker, item.teaser or release.lead, release.text)
    return Sighting(release, page, content_sha256(release), visit.judge(wording))


def _as_listed(item: KnownItem) -> ListingItem:
    """What the listing said of a release: a witness for what its page does not say."""
    return ListingItem(item.link, item.title, item.kicker, item.teaser, item.published)
