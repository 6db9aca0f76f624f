"""`explain`: why a stored entry was or was not taken. Floor 4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import click

from worker.bootstrap import topics_of
from worker.cli.loading import configuration
from worker.cli.screen import align, coloured, mark, paragraph
from worker.cli.stored import stored_item
from worker.models.known import KnownItem, KnownRelease
from worker.models.verdict import Verdict
from worker.store.connection import reading
from worker.store.releases import known_release
from worker.store.verdicts import stored_verdicts
from worker.topics.topic import Topic
from worker.topics.vocabulary import BUILT_IN

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
    """Say rule by rule why the entry at URL was or was not taken, and mark the words that counted."""
    config = configuration(ctx)
    with reading(config.store.path) as db:
        item = stored_item(db, url)
        verdicts, release = stored_verdicts(db, item.url), known_release(db, item.url)
    _show_wording(item, verdicts)
    for line in _history(item, release):
        click.echo(paragraph(line, "  "))
    topic, known = topics_of(config), {*BUILT_IN, *config.topics}
    for verdict in verdicts:
        _show_verdict(verdict, topic(verdict.topic) if verdict.topic in known else None)


def _show_wording(item: KnownItem, verdicts: list[Verdict]) -> None:
    """What the listing says, the very words that counted marked."""
    counted = [one for verdict in verdicts for one in verdict.evidence if one.weight]
    fields = {"kicker": item.kicker, "title": item.title, "teaser": item.teaser}
    for name, text in fields.items():
        words = [one.words for one in counted if one.field == name]
        click.echo(paragraph(mark(text, words) if text else "–", f"{name:<7} "))


def _history(item: KnownItem, release: KnownRelease | None) -> Iterator[str]:
    yield f"listed by {item.source}, published {item.published or 'on an unknown day'}"
    yield _STATES[item.state] + (f" ({item.attempts} attempts)" if item.attempts > 1 else "")
    if item.last_error:
        yield f"last error: {item.last_error}"
    if release is not None:
        yield f"revision {release.revision}, {release.state}"
        if release.duplicate_of:
            yield f"same content as {release.duplicate_of}: only that one is told"
    if item.is_backfilled:
        yield "taken from the archive by `backfill`: stored, not watched, not told"
    elif item.news_since and item.published and item.published < item.news_since:
        yield "older than the first look went back: stored and watched, its publication not told"


def _show_verdict(verdict: Verdict, topic: Topic | None) -> None:
    """The rules that spoke, each with the sum so far: the score is the last, between 0 and 1."""
    answer = coloured("relevant") if verdict.relevant else "not relevant"
    needed = f", {topic.threshold:.2f} needed" if topic else ""
    click.echo(f"\ntopic {verdict.topic}: {answer}, score {verdict.score:.2f}{needed}")
    sums = accumulate(one.weight for one in verdict.evidence)
    rows = [("WEIGHT", "SUM", "FIELD", "RULE", "WORDS")] + [
        (f"{one.weight:+.2f}", f"{total:.2f}", one.field, one.rule, one.words)
        for one, total in zip(verdict.evidence, sums, strict=True)
    ]
    for line in align(rows, has_head=True) if verdict.evidence else ["no rule spoke"]:
        click.echo(f"  {line}")
