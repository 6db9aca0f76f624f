"""From what the portal has published to the HTML of one of its layouts.

The templates lie in `templates/LAYOUT/` of the bundled demo: `2023` is the markup family of the real
portal as far as it is known, `redesign` the same content without class names and in another order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from worker.bundled import bundled
from worker.demo.release import PortalRelease
from worker.models.release import BodyBlock, BodyKind

LAYOUTS = ("2023", "redesign")
LISTING_PATH = "/de/service/presse/pressemitteilungen"
RELEASE_PATH = "/de/service/presse/pressemitteilung/pid/"
ALIAS_PATH = "/de/service/alle-meldungen/meldung/pid/"
FEED_PATH = "/de/service/rss/xml/rss-alle-meldungen"
PAGE_PARAM = "tx_rsmpress_list[page]"


@dataclass(frozen=True, slots=True)
class Look:
    """How all pages look just now; `token` is noise that differs in every answer, or empty."""

    layout: str = LAYOUTS[0]
    show_dates: bool = True
    show_kickers: bool = True
    token: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of the listing: its releases, its number, and how much there is in all."""

    releases: tuple[PortalRelease, ...]
    number: int
    pages: int
    total: int

    @property
    def total_in_words(self) -> str:
        """The count as Germans write it: 2.015."""
        return f"{self.total:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Section:
    """Neighbouring body blocks of one kind, so that list items share a list."""

    kind: BodyKind
    blocks: tuple[BodyBlock, ...]


def render_listing(listing: ListingPage, look: Look) -> bytes:
    """One page of the listing."""
    return _render("listing.html", look, listing=listing)


def render_release(release: PortalRelease, latest: Sequence[PortalRelease], look: Look) -> bytes:
    """A release with the latest headlines of all topics at its end."""
    return _render("release.html", look, release=release, sections=_sections(release), latest=latest)


def render_error(status: int, look: Look) -> bytes:
    """What the portal says instead of a page: 404, 410 and the like."""
    return _render("error.html", look, status=status)


def _render(template: str, look: Look, **content: object) -> bytes:
    page = _environment(look.layout).get_template(template).render(look=look, **content)
    return page.encode()


@cache
def _environment(layout: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(bundled("demo") / "templates" / layout),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        listing_path=LISTING_PATH,
        release_path=RELEASE_PATH,
        feed_path=FEED_PATH,
        listing_href=_listing_href,
        image_src=image_src,
    )
    return environment


def _sections(release: PortalRelease) -> list[Section]:
    neighbours = groupby(release.body, key=lambda block: block.kind)
    return [Section(kind, tuple(same)) for kind, same in neighbours]


def _listing_href(number: int) -> str:
    # TYPO3 signs the parameters of its own links; whoever counts up by himself is served as well.
    signature = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    return f"{LISTING_PATH}?tx_rsmpress_list%5Bpage%5D={number}&cHash={signature}"


def image_src(look: Look, name: str, width: int = 480) -> str:
    """The path of a scaled picture with TYPO3's folders and hash, which is another after a deployment."""
    mark = hashlib.md5(f"{name}{look.token}".encode(), usedforsecurity=False).hexdigest()[:10]
    return f"/fileadmin/_processed_/{mark[0]}/{mark[1]}/csm_{name}_{width}x{width * 2 // 3}_{mark}.jpg"
