"""`explain`: why a stored entry was or was not taken. Floor 4."""

from __future__ import annotations

from collections.abc import Iterator

import click

from worker.cli.loading import configuration
from worker.cli.stored import stored_item
from worker.models.known import KnownItem, KnownRelease
from worker.models.verdict import Verdict
from worker.store.connection import reading
from worker.store.releases import known_release
from worker.store.verdicts import stored_verdicts
from worker.text import printable

_STATES = {
    "pending": "its page waits to be fetched",
    "fetched": "its page was fetched and it is a release",
    "skipped": "it was set aside: not on the topic",
    "failed": "its page could not be read and was given up",
}


@click.command("explain")
@click.argument("url")
@click.pass_context
def explain_command(ctx: click.Context, url: str) -> None:
    """Say rule by rule why the entry at URL was or was not taken."""
    config = configuration(ctx)
    with reading(config.store.path) as db:
        item = stored_item(db, url)
        for line in _explanation(item, stored_verdicts(db, item.url), known_release(db, item.url)):
            click.echo(printable(line))


def _explanation(item: KnownItem, verdicts: list[Verdict], release: KnownRelease | None) -> Iterator[str]:
    yield f"{item.kicker or '(no kicker)'} | {item.title}"
    yield f"  listed by {item.source}, published {item.published or 'on an unknown day'}"
    yield f"  {_STATES[item.state]}" + (f" ({item.attempts} attempts)" if item.attempts > 1 else "")
    if item.last_error:
        yield f"  last error: {item.last_error}"
    if release is not None:
        yield f"  revision {release.revision}, {release.state}"
        if release.duplicate_of:
            yield f"  same content as {release.duplicate_of}: only that one is told"
    if item.is_backfilled:
        yield "  taken from the archive by `backfill`: stored, not watched, not told"
    elif item.news_since and item.published and item.published < item.news_since:
        yield "  older than the first look went back: stored and watched, its publication not told"
    for verdict in verdicts:
        answer = "relevant" if verdict.relevant else "not relevant"
        yield f"topic {verdict.topic}: {answer}, score {verdict.score:.2f}"
        for one in verdict.evidence:
            yield f"  {one.weight:+.2f}  {one.field:<7} {one.rule:<32} {one.words}"
        if not verdict.evidence:
            yield "  no rule spoke"
