"""Pages as large as a portal serves them, made of the texts in `seeds/`.

In go releases, or how many to invent; out come release pages of about 64 kB and listings of 20 teasers of
about 69 kB in the manner of a TYPO3 government site: most of it menu, icons, sources of pictures, scripts,
the portal's latest news and footer; a tenth is the release. Figures on small fixtures mean nothing: there
the fixed costs of a page decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

_SEEDS = Path(__file__).parent.parent / "seeds"
_TOPICS = ("Integration", "Gesundheit", "Wohnen", "Ausbildung", "Ehrenamt", "Pflege", "Sport", "Migration")
_NEWS = 12
_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class Release:
    """A release as listing and page show it; `number` chooses its picture, `day` is an ISO date."""

    number: int
    slug: str
    kicker: str
    title: str
    day: str
    paragraphs: tuple[str, ...]


def portal_pages(count: int) -> list[bytes]:
    """Return `count` release pages, each with another title, day and order of paragraphs."""
    return [
        release_page(_invented(number), [_invented(number + step) for step in range(1, _NEWS + 1)])
        for number in range(count)
    ]


def portal_listings(count: int) -> list[bytes]:
    """Return `count` listing pages, no two of which show the same releases."""
    starts = range(0, count * _ENTRIES, _ENTRIES)
    return [listing_page(map(_invented, range(start, start + _ENTRIES)), "?page=2") for start in starts]


def release_page(release: Release, news: Iterable[Release]) -> bytes:
    """The page of a release, with teasers of the portal's latest news below it."""
    related = f"<section class='related'><h2>Weitere Meldungen</h2>{_teasers(news)}</section>"
    return _page(release.title, f"pressemitteilung/pid/{release.slug}", _article(release) + related)


def listing_page(releases: Iterable[Release], following: str | None) -> bytes:
    """A page of the press listing; `following` is the address of the next one."""
    pager = (
        f"<nav class='pager'><a rel='next' href='{following}'>Nächste Seite</a></nav>" if following else ""
    )
    heading = "<h1>Pressemitteilungen</h1>"
    return _page("Presse", "pressemitteilungen", f"{heading}<div>{_teasers(releases)}</div>{pager}")


def head(number: int) -> str:
    """One of the headlines of the seeds, in turn."""
    return _turn(_heads(), number)


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of the seeds' paragraphs, for releases that nobody takes for one another."""
    return tuple(part for prose in _prose() for part in re.split(r"(?<=[.!?]) (?=[A-ZÄÖÜ„])", prose))


@cache
def _lines() -> tuple[str, ...]:
    texts = [path.read_text("utf-8") for path in sorted(_SEEDS.glob("*.txt"))]
    return tuple(line.strip() for text in texts for line in text.splitlines())


@cache
def _prose() -> tuple[str, ...]:
    return tuple(escape(line) for line in _lines() if len(line) > 120)


@cache
def _heads() -> tuple[str, ...]:
    return tuple(escape(line) for line in _lines() if 25 < len(line) < 90 and not line.endswith("."))


def _turn(texts: tuple[str, ...], number: int) -> str:
    return texts[number % len(texts)]


def _invented(number: int) -> Release:
    return Release(
        number=number,
        slug=f"meldung-{number}",
        kicker=_turn(_TOPICS, number),
        title=head(number),
        day=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
        paragraphs=tuple(_turn(_prose(), number + step) for step in range(10)),
    )


def _page(title: str, path: str, main: str) -> bytes:
    return (
        f"<!DOCTYPE html>\n<html lang='de'><head><meta charset='utf-8'><title>{title} | Landesportal</title>"
        f"<meta property='og:title' content='{title}'><meta name='viewport' content='width=device-width'>"
        f"<link rel='canonical' href='/de/presse/{path}'>{_styles()}</head>"
        f"<body class='page'>\n<!-- TYPO3SEARCH_end -->{_icons()}<header class='header'>"
        f"<a class='header__logo' href='/'>Landesportal</a>{_menu()}</header><main id='main'>"
        f"<!-- TYPO3SEARCH_begin -->{main}</main>{_foot()}{_script()}</body></html>"
    ).encode()


@cache
def _styles() -> str:
    rules = "".join(f".grid--{i}{{flex:0 0 {i}%;margin:0 {i}px;order:{i}}}" for i in range(210))
    return f"<style>{rules}</style>"


@cache
def _icons() -> str:
    path = " ".join(f"M{i} {i * 5 % 24}l{i % 9} {i % 7}h{i % 5}z" for i in range(18))
    symbols = "".join(
        f"<symbol id='icon-{i}' viewBox='0 0 24 24'><path d='{path}'/></symbol>" for i in range(20)
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg' class='icons' hidden>{symbols}</svg>"


@cache
def _menu() -> str:
    groups = ""
    for group in range(9):
        links = "".join(
            f"<li class='menu__item menu__item--3'><a class='menu__link' href='/de/bereich-{group}/{i}' "
            f"title='{head(group * 7 + i)}'><span class='text'>{_TOPICS[i % 8]}</span></a></li>\n"
            for i in range(11)
        )
        button = f"<button type='button' aria-controls='menu-{group}'>Bereich {group}</button>"
        groups += f"<li>{button}<ul id='menu-{group}'>{links}</ul></li>"
    return f"<nav class='menu' aria-label='Hauptmenü'><ul class='menu__list'>{groups}</ul></nav>"


def _picture(number: int, alt: str) -> str:
    file = f"/fileadmin/redaktion/_processed_/csm_bild_{number:05}"
    sources = "".join(
        f"<source media='(min-width: {width}px)' srcset='{file}_{width}.jpg 1x, {file}_{width}_2x.jpg 2x'>"
        for width in (1200, 768, 480)
    )
    image = f"<img loading='lazy' width='480' height='320' src='{file}.jpg' alt='{alt}'>"
    return f"<picture class='image'>{sources}{image}</picture>"


def _article(release: Release) -> str:
    body = ""
    caption = f"{head(release.number + 5)} (Quelle: dpa)"
    for step, paragraph in enumerate(release.paragraphs):
        body += f"<p>{paragraph}</p>\n"
        body += f"<h2>{head(release.number + step)}</h2>\n" if step % 3 == 2 else ""
    return (
        f"<article class='release'><header><p class='release__meta'>{_time(release)} "
        f"<span class='release__topic'>{release.kicker}</span></p><h1>{release.title}</h1></header>"
        f"<figure>{_picture(release.number, release.title)}<figcaption>{caption}</figcaption></figure>"
        f"<div class='release__body'>{body}</div></article><p class='share'><a href='#share'>Teilen</a></p>"
    )


def _teasers(releases: Iterable[Release]) -> str:
    return "".join(map(_teaser, releases))


def _teaser(release: Release) -> str:
    text = release.paragraphs[0]
    return (
        f"<article class='teaser' data-uid='{release.number}'><a class='teaser__link' "
        f"href='pid/{release.slug}'>{_picture(release.number, text[:90])}<div class='teaser__text'>"
        f"<p class='teaser__meta'>{_time(release)} <span class='teaser__topic'>{release.kicker}</span></p>"
        f"<h3 class='teaser__title'>{release.title}</h3><p>{text[:200]}</p></div></a></article>\n"
    )


def _time(release: Release) -> str:
    return f"<time datetime='{release.day}'>{release.day}</time>"


@cache
def _foot() -> str:
    links = "".join(f"<li><a href='/de/service/{i}'>{head(i)}</a></li>" for i in range(36))
    return f"<footer class='footer'><div><ul>{links}</ul><p>Impressum</p></div></footer>"


@cache
def _script() -> str:
    settings = ",".join(f'"module{i}":{{"active":true,"path":"/assets/{i}/bundle.js"}}' for i in range(90))
    return f"<script>window.portal={{{settings}}};if (1 < 2) start()</script>"
