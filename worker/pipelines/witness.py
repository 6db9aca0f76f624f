"""A source's feed as a second witness: days and teasers its listing does not show. Floor 3."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.config.schema import Source
from worker.drift.traits import FEED, Measure, measure_feed
from worker.errors import FetchError, ParseError
from worker.fetching.fetcher import Fetcher
from worker.identity import identity_of, is_address
from worker.models.listing import ListingItem
from worker.pipelines.drift import Evidence
from worker.reading.feed import parse_feed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of a listing, completed from the feed; what the feed was good for."""

    items: tuple[ListingItem, ...]
    evidence: Evidence


def hear_feed(fetcher: Fetcher, source: Source, items: Sequence[ListingItem]) -> Told:
    """The entries with what the feed says where the listing is silent; as they are if it cannot be read.

    The feed adds no entries: the portal's feeds tell of other ministries too.
    """
    if source.feed is None:
        return Told(tuple(items), Evidence(()))
    page = None
    try:
        page = fetcher.fetch(source.feed)
        told = {identity_of(item.url): item for item in parse_feed(page).items if is_address(item.url)}
    except (FetchError, ParseError) as error:
        log.warning("%s: the feed is no help: %s", source.id, error)
        told = {}
    pairs = [(item, told.get(identity_of(item.url))) for item in items]
    measures = measure_feed([(item, its) for item, its in pairs if its]) if told else [Measure(FEED, 0)]
    return Told(tuple(_completed(item, its) for item, its in pairs), Evidence(measures, page))


def _completed(item: ListingItem, told: ListingItem | None) -> ListingItem:
    if told is None:
        return item
    return replace(item, teaser=item.teaser or told.teaser, published=item.published or told.published)
