"""What an operator wants to know before trusting a source: can it be read, field by field? Floor 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worker.changes import by_identity
from worker.config.schema import Source
from worker.errors import WorkerError
from worker.extraction import extract_release
from worker.fetching.fetcher import Fetcher
from worker.guards import check_listing
from worker.models.listing import Listing
from worker.models.release import Release, Witness
from worker.pipelines.walk import read_feed, read_listing


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """One field: how it was found, and a sample of it; `is_found` false when it is missing."""

    name: str
    is_found: bool
    note: str


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """What could be read of a source; `error` says where reading ended."""

    listing: tuple[FieldFinding, ...] = ()
    release: tuple[FieldFinding, ...] = ()
    release_url: str | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None


def inspect_source(fetcher: Fetcher, source: Source) -> SourceFinding:
    """Read the listing and the newest release of a source now; stores nothing, raises nothing foreseen."""
    listed: tuple[FieldFinding, ...] = ()
    try:
        page = fetcher.fetch(source.listing)
        listing = read_listing(source, page)
        check_listing(listing, source.listing)
        listed = (*_listing_fields(listing), *_feed_field(fetcher, source, listing))
        newest = listing.items[0]
        release_page = fetcher.fetch(newest.url)
        release = extract_release(release_page, listed=newest)
    except WorkerError as error:
        return SourceFinding(listing=listed, error=str(error))
    return SourceFinding(
        listed, tuple(_release_fields(release)), newest.url, (*listing.warnings, *release.extractor.warnings)
    )


def _listing_fields(listing: Listing) -> list[FieldFinding]:
    count = len(listing.items)
    findings = [FieldFinding("entries", True, f"{count}, found by {listing.witness or 'structure'}")]
    for name in ("title", "kicker", "teaser", "published"):
        values = [value for item in listing.items if (value := getattr(item, name))]
        sample = f"{len(values)} of {count}" + (f", e.g. {str(values[0])[:60]}" if values else "")
        findings.append(FieldFinding(name, bool(values), sample))
    findings.append(
        FieldFinding("next page", listing.next_url is not None, listing.next_url or "no link found")
    )
    return findings


def _feed_field(fetcher: Fetcher, source: Source, listing: Listing) -> Iterator[FieldFinding]:
    """Whether the second witness can be heard, and whether it speaks of the same releases."""
    if source.feed is None:
        return
    try:
        told = by_identity(read_feed(fetcher.fetch(source.feed)).items)
    except WorkerError as error:
        yield FieldFinding("feed", False, str(error))
    else:
        both = told.keys() & by_identity(listing.items).keys()
        yield FieldFinding("feed", bool(told), f"{len(told)} entries, {len(both)} of them in the listing too")


def _release_fields(release: Release) -> list[FieldFinding]:
    answers = release.extractor.fields
    values: dict[str, object] = {
        "kicker": release.kicker,
        "title": release.title,
        "published": release.published,
        "lead": release.lead,
        "body": f"{len(release.body)} blocks" if release.body else None,
        "images": len(release.images) or None,
        "links": len(release.links) or None,
        "quotes": len(release.quotes) or None,
        "amounts": len(release.amounts) or None,
        "related": len(release.related) or None,
    }
    return [
        FieldFinding(name, value is not None, _note(value, answers.get(name)))
        for name, value in values.items()
    ]


def _note(value: object, answer: Witness | None) -> str:
    """Say what was found by which rule and where, or why there is nothing: absent or broken."""
    if value is None:
        broken = answer is not None and answer.state == "broken"
        return "broken: the page shows a sign of it" if broken else "absent in this layout"
    how = " at ".join(filter(None, (answer.rule, answer.place))) if answer else ""
    return f"{str(value)[:60]}" + (f"  [{how}]" if how else "")
