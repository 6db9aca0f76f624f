"""A release as the JSON people rely on, and back. Floor 1.

In goes a `Release`, out comes a mapping of plain values in the order of the published record; and
the other way round without loss. It never fills in what the release does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from worker.models.release import Extraction, Release

_ORDER = (
    "url",
    "source",
    "kicker",
    "title",
    "published",
    "lead",
    "body",
    "text",
    "images",
    "links",
    "related",
    "quotes",
    "amounts",
    "extractor",
)
# Of these a release holds any number, each a dataclass of plain values.
_LISTS = ("body", "images", "links", "related", "quotes", "amounts")


def to_record(release: Release, source: str | None) -> dict[str, object]:
    """Return the public record of `release`; `source` is the id of the configured source, if any."""
    values = _plain(release)
    values |= {name: tuple(map(_plain, getattr(release, name))) for name in _LISTS}
    values["source"] = source
    values["text"] = release.text
    values["extractor"] = _extractor(release.extractor)
    values["published"] = release.published.isoformat() if isinstance(release.published, date) else None
    return {name: values[name] for name in _ORDER}


def from_record(record: Mapping[str, object]) -> Release:
    """Return the release that `to_record` wrote; raises ValueError where the record is none."""
    values = {name: record[name] for name in _ORDER if name in record and name not in ("source", "text")}
    return _adapter().validate_python(values)


def _extractor(extraction: Extraction) -> dict[str, object]:
    """Return how the record came about; `witness` names the rules alone, `fields` all that is known."""
    return {
        "version": extraction.version,
        "layout": extraction.layout,
        "witness": extraction.witness,
        "fields": {name: _plain(answer) for name, answer in extraction.fields.items()},
        "warnings": extraction.warnings,
    }


def _plain(part: Any) -> dict[str, object]:
    """The fields of a dataclass with slots, by name; `asdict` copies each value, in five times the time."""
    return {name: getattr(part, name) for name in part.__slots__}


@cache
def _adapter() -> TypeAdapter[Release]:
    """Build the validator on first use: it costs milliseconds that most commands never need."""
    return TypeAdapter(Release)
