"""Release pages as large as a portal serves them, made of the texts in `seeds/`.

In goes how many, out come pages of about 64 kB in the manner of a TYPO3 government site: most of it
menu, icons, sources of pictures, scripts, the portal's latest news and footer; a tenth is the release.
Figures on small fixtures mean nothing: there the fixed costs of a page decide.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

_SEEDS = Path(__file__).parent.parent / "seeds"
_TOPICS = ("Integration", "Gesundheit", "Wohnen", "Ausbildung", "Ehrenamt", "Pflege", "Sport", "Migration")
_NEWS = 12


def portal_pages(count: int) -> list[bytes]:
    """Return `count` pages, each with another title, day and order of paragraphs."""
    lines = [
        line.strip() for path in sorted(_SEEDS.glob("*.txt")) for line in path.read_text("utf-8").splitlines()
    ]
    prose = [escape(line) for line in lines if len(line) > 120]
    heads = [escape(line) for line in lines if 25 < len(line) < 90 and not line.endswith(".")]
    return [_page(number, prose, heads).encode() for number in range(count)]


def _turn(texts: list[str], number: int) -> str:
    return texts[number % len(texts)]


def _page(number: int, prose: list[str], heads: list[str]) -> str:
    title = _turn(heads, number)
    news = "".join(_teaser(number + step, prose, heads) for step in range(1, _NEWS + 1))
    return (
        f"<!DOCTYPE html>\n<html lang='de'><head><meta charset='utf-8'><title>{title} | Landesportal</title>"
        f"<meta property='og:title' content='{title}'><meta name='viewport' content='width=device-width'>"
        f"<link rel='canonical' href='/de/presse/pressemitteilung/pid/meldung-{number}'>{_styles()}</head>"
        f"<body class='page'>\n<!-- TYPO3SEARCH_end -->{_icons()}<header class='header'>"
        f"<a class='header__logo' href='/'>Landesportal</a>{_menu(heads)}</header><main id='main'>"
        f"<!-- TYPO3SEARCH_begin -->{_release(number, title, prose, heads)}"
        f"<section class='related'><h2>Weitere Meldungen</h2>{news}</section></main>{_foot(heads)}{_script()}"
        "</body></html>"
    )


def _styles() -> str:
    rules = "".join(f".grid--{i}{{flex:0 0 {i}%;margin:0 {i}px;order:{i}}}" for i in range(150))
    return f"<style>{rules}</style>"


def _icons() -> str:
    path = " ".join(f"M{i} {i * 5 % 24}l{i % 9} {i % 7}h{i % 5}z" for i in range(18))
    symbols = "".join(
        f"<symbol id='icon-{i}' viewBox='0 0 24 24'><path d='{path}'/></symbol>" for i in range(20)
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg' class='icons' hidden>{symbols}</svg>"


def _menu(heads: list[str]) -> str:
    groups = ""
    for group in range(9):
        links = "".join(
            f"<li class='menu__item menu__item--3'><a class='menu__link' href='/de/bereich-{group}/{i}' "
            f"title='{_turn(heads, group * 7 + i)}'><span class='text'>{_TOPICS[i % 8]}</span></a></li>\n"
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


def _release(number: int, title: str, prose: list[str], heads: list[str]) -> str:
    body = ""
    caption = f"{_turn(heads, number + 5)} (Quelle: dpa)"
    for step in range(10):
        body += f"<p>{_turn(prose, number + step)}</p>\n"
        body += f"<h2>{_turn(heads, number + step)}</h2>\n" if step % 3 == 2 else ""
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return (
        f"<article class='release'><header><p class='release__meta'><time datetime='{day}'>{day}</time> "
        f"<span class='release__topic'>{_TOPICS[number % 8]}</span></p><h1>{title}</h1></header>"
        f"<figure>{_picture(number, title)}<figcaption>{caption}</figcaption></figure>"
        f"<div class='release__body'>{body}</div></article><p class='share'><a href='#share'>Teilen</a></p>"
    )


def _teaser(number: int, prose: list[str], heads: list[str]) -> str:
    return (
        f"<article class='teaser' data-uid='{number}'><a class='teaser__link' href='pid/meldung-{number}'>"
        f"{_picture(number, _turn(prose, number)[:90])}<div class='teaser__text'><p class='teaser__topic'>"
        f"{_TOPICS[number % 8]}</p><h3 class='teaser__title'>{_turn(heads, number)}</h3>"
        f"<p>{_turn(prose, number)[:200]}</p></div></a></article>\n"
    )


def _foot(heads: list[str]) -> str:
    links = "".join(f"<li><a href='/de/service/{i}'>{_turn(heads, i)}</a></li>" for i in range(36))
    return f"<footer class='footer'><div><ul>{links}</ul><p>Impressum</p></div></footer>"


def _script() -> str:
    settings = ",".join(f'"module{i}":{{"active":true,"path":"/assets/{i}/bundle.js"}}' for i in range(90))
    return f"<script>window.portal={{{settings}}};if (1 < 2) start()</script>"
