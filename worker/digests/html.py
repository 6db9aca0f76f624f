"""The HTML side of a message, from our own templates. Floor 1, pure; the only home of jinja2.

Scraped text is only ever a value, and every value is escaped whatever a template is called (a suffix
once switched that off elsewhere: GHSA-pwgc-w4x9-gw67). A misspelt name in a template is an error.
"""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined

from worker.digests.view import DigestView, EntryView
from worker.digests.wording import Language, Words


def write_html(view: DigestView) -> str:
    """The whole message as one HTML page."""
    return _templates().get_template("digest.html").render(view=view, words=view.words)


def write_html_entry(entry: EntryView, words: Words) -> str:
    """One release as a fragment, for a feed."""
    return _templates().get_template("feed_entry.html").render(entry=entry, words=words)


def write_html_note(language: Language, title: str, paragraphs: list[str]) -> str:
    """A short page without releases: trouble, or its end."""
    template = _templates().get_template("note.html")
    return template.render(language=language, title=title, paragraphs=paragraphs)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("worker.digests", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
