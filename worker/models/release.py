"""A press release as a record: the public shape of everything extraction finds. Floor 0.

What is not on the page is None or an empty tuple, never a guess. All text is NFC, without soft
hyphens, with single spaces; „…“ quotation marks stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

EXTRACTOR_VERSION = "3"  # goes up when the same page may give another record

BodyKind = Literal["paragraph", "heading", "list_item", "quote"]


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """One block of the body; `quote` is a `<blockquote>`, a paragraph that quotes stays a paragraph."""

    kind: BodyKind
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the release; `src` is absolute, None in a text rendering."""

    src: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A closing link («Sozialministerium: Landesbeirat für Integration»)."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of «Weitere Meldungen»: the portal's latest news, never part of the release."""

    kicker: str | None
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said; a quotation split by «sagte X» is one entry."""

    speaker: str | None
    role: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money: the value in `unit`, and the words it stands in."""

    value: int | float
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Witness:
    """What answered for one field.

    `absent`: this layout does not have the field. `broken`: the page shows a sign of it (a `time` that
    is no date, a caption without its picture) that could not be read; a warning says which. `place` is
    where the field begins on the page, None where it stands in no block (metadata, the listing).
    """

    state: Literal["found", "absent", "broken"]
    rule: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """How the record came about: who answered for each field, and what did not add up."""

    version: str
    layout: str
    fields: Mapping[str, Witness] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def witness(self) -> dict[str, str]:
        """The rule that found each field, where one did."""
        return {name: answer.rule for name, answer in self.fields.items() if answer.rule}


@dataclass(frozen=True, slots=True)
class Release:
    """One press release, as its page says it."""

    url: str | None
    kicker: str | None
    title: str
    published: date | None
    lead: str | None
    body: tuple[BodyBlock, ...]
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    related: tuple[Related, ...]
    quotes: tuple[Quote, ...]
    amounts: tuple[Amount, ...]
    extractor: Extraction

    @property
    def text(self) -> str:
        """Lead and body as plain text, blocks separated by a blank line."""
        blocks = [self.lead] if self.lead else []
        return "\n\n".join(blocks + [block.text for block in self.body])
