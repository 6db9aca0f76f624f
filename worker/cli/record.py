"""A release as a person reads it in a terminal. Floor 4."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import click

from worker.models.release import Image, Quote, Release
from worker.text import printable

_WIDTH = 78


def show_record(release: Release) -> None:
    """Print the fields of a record, each with what it was read from."""
    for line in _lines(release):
        click.echo(line)
    click.echo()


def _lines(release: Release) -> Iterable[str]:
    answers = release.extractor.fields
    head = {
        "kicker": release.kicker,
        "title": release.title,
        "published": release.published,
        "lead": release.lead,
    }
    for name, value in head.items():
        answer = answers.get(name)
        note = (answer.rule or answer.state) if answer else ""
        yield from _field(name, str(value) if value else "–", f"  [{note}]" if note else "")
    yield from _field("body", f"{len(release.body)} blocks, {len(release.text.split())} words")
    for quote in release.quotes:
        yield from _field("quote", f"{_speaker(quote)}: „{quote.text}“")
    for amount in release.amounts:
        yield from _field("amount", f"{amount.value:,} {amount.unit} ({amount.text})")
    for image in release.images:
        yield from _field("image", _image(image))
    for link in release.links:
        yield from _field("link", f"{link.text} {f'<{link.url}>' if link.url else ''}".rstrip())
    if release.related:
        yield from _field("related", f"{len(release.related)} further headlines, kept out of the text")
    for warning in release.extractor.warnings:
        yield from _field("warning", warning)


def _field(name: str, text: str, note: str = "") -> Iterable[str]:
    return textwrap.wrap(
        printable(text) + note, _WIDTH, initial_indent=f"{name:<10} ", subsequent_indent=" " * 11
    )


def _speaker(quote: Quote) -> str:
    return ", ".join(filter(None, (quote.speaker, quote.role))) or "speaker unknown"


def _image(image: Image) -> str:
    return " | ".join(filter(None, (image.alt, image.caption, image.credit)))
