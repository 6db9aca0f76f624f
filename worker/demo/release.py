"""What the demo portal can publish: `PortalRelease` and its parts, and a small markup to write bodies in.

This is what a press office would type, before any HTML; `pages` turns it into markup. No I/O.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Self, TypedDict
from zoneinfo import ZoneInfo

from worker.models.release import BodyBlock, Link

BERLIN = ZoneInfo("Europe/Berlin")
SLUG_LENGTH = 100  # the portal cuts slugs at about this length
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class PortalImage:
    """A picture with its texts exactly as the page shows them; `credit` is a line of its own."""

    name: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class PortalRelease:
    """One press release; `teaser` is what the listing shows, the lead if there is none of its own.

    A kicker, lead or publication time of None is not shown. `published` is aware.
    """

    slug: str
    title: str
    kicker: str | None = None
    lead: str | None = None
    body: tuple[BodyBlock, ...] = ()
    published: datetime | None = None
    teaser: str | None = None
    images: tuple[PortalImage, ...] = ()
    links: tuple[Link, ...] = ()

    @classmethod
    def about(
        cls,
        title: str,
        *,
        kicker: str | None = "Integration",
        lead: str | None = "Das Land fördert Sprachkurse und Beratung für Geflüchtete.",
        text: str = "Die Kurse beginnen im Herbst.\n\n## Weitere Schritte\n\n- Anmeldung\n- Beratung",
        published: date | None = None,
        slug: str | None = None,
        images: tuple[PortalImage, ...] = (),
        links: tuple[Link, ...] = (),
    ) -> Self:
        """A release with a title and plausible rest; `text` is the markup of `blocks`.

        A bare date becomes nine o'clock in Berlin; without one the release is published now.
        """
        return cls(
            slug=slug or slug_of(title),
            title=title,
            kicker=kicker,
            lead=lead,
            body=blocks(text),
            published=_moment(published),
            images=images,
            links=links,
        )

    @property
    def day(self) -> date | None:
        """The publication date as the ministry counts days."""
        return self.published.astimezone(BERLIN).date() if self.published else None

    @property
    def summary(self) -> str | None:
        """What stands under the title in the listing and in the feed."""
        return self.teaser or self.lead

    def rewritten(self, old: str, new: str) -> tuple[BodyBlock, ...]:
        """The body with `old` replaced by `new` everywhere; ValueError if it is nowhere."""
        if not any(old in block.text for block in self.body):
            raise ValueError(f"{self.slug}: the body does not contain {old!r}")
        return tuple(replace(block, text=block.text.replace(old, new)) for block in self.body)


class ReleaseChanges(TypedDict, total=False):
    """What an edit may change; a new slug would be another release."""

    title: str
    kicker: str | None
    lead: str | None
    body: tuple[BodyBlock, ...]
    published: datetime | None
    teaser: str | None
    images: tuple[PortalImage, ...]
    links: tuple[Link, ...]


def blocks(text: str) -> tuple[BodyBlock, ...]:
    """In: `## heading`, `- list item`, `> quote` and paragraphs, blank lines between. Out: body blocks.

    Lines of one paragraph are joined by spaces; each list item stands on lines of its own.
    """
    found = []
    for chunk in re.split(r"\n\s*\n|\n(?=- )", text.strip()):
        words = " ".join(chunk.split())
        if words.startswith("## "):
            found.append(BodyBlock("heading", words[3:]))
        elif words.startswith("- "):
            found.append(BodyBlock("list_item", words[2:]))
        elif words.startswith("> "):
            found.append(BodyBlock("quote", words[2:]))
        elif words:
            found.append(BodyBlock("paragraph", words))
    return tuple(found)


def slug_of(title: str) -> str:
    """The last part of a release's address, as the portal makes it from a title."""
    plain = title.lower().translate(_UMLAUTS)
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-")


def _moment(published: date | None) -> datetime:
    if published is None:
        return datetime.now(UTC)
    if isinstance(published, datetime):
        return published
    return datetime.combine(published, time(9), tzinfo=BERLIN)
