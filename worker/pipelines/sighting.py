"""One look at one release page: fetch, extract, match. Floor 3."""

from __future__ import annotations

from worker.config.schema import Source
from worker.errors import ParseError
from worker.extraction import extract_release
from worker.fetching.fetcher import Fetcher
from worker.identity import content_sha256, identity_of, shares_words
from worker.models.known import KnownItem, Sighting
from worker.models.listing import ListingItem
from worker.models.page import Page, Validators
from worker.models.verdict import Wording
from worker.pipelines.runtime import Runtime


def look_at(
    runtime: Runtime, fetcher: Fetcher, source: Source, item: KnownItem, validators: Validators | None = None
) -> Sighting | None:
    """The release behind a listing entry, None if its page is not modified; raises FetchError, ParseError."""
    page = fetcher.fetch(item.link, validators)
    return None if page is None else sight(runtime, source, item, page)


def sight(runtime: Runtime, source: Source, item: KnownItem, page: Page) -> Sighting:
    """A fetched or archived page read as a release; raises ParseError."""
    release = extract_release(page, listed=as_listed(item))
    is_redirected = page.url is not None and identity_of(page.url) != item.identity
    if is_redirected and not shares_words(item.title, f"{release.title} {release.text}"):
        raise ParseError(item.link, "elsewhere", f"redirects to {page.url}, which is another page")
    wording = Wording(release.title, release.kicker or item.kicker, item.teaser or release.lead, release.text)
    return Sighting(release, page, content_sha256(release), runtime.judge(source, wording))


def as_listed(item: KnownItem) -> ListingItem:
    """What the listing said of a release: a witness for what its page does not say."""
    return ListingItem(item.link, item.title, item.kicker, item.teaser, item.published)
