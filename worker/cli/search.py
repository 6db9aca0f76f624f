"""`search`: full text over the releases. Floor 4."""

from __future__ import annotations

from dataclasses import asdict

import click

from worker.cli.loading import configuration
from worker.cli.screen import paragraph
from worker.store.connection import reading
from worker.store.search import Hit, search
from worker.text import printable, printable_json

_INDENT = " " * 12  # as wide as a day and its distance


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def search_command(ctx: click.Context, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find releases in which all WORDS occur: inflected, inside compounds, with ae for ä.

    What stands in quotation marks must occur as it is: '"neue Sprachkurse"'.
    """
    config = configuration(ctx)
    with reading(config.store.path) as db:
        hits = search(db, " ".join(words), limit)
    if as_json:
        click.echo(printable_json([asdict(hit) for hit in hits]))
        return
    for hit in hits:
        _show(hit)
    if not hits:
        click.echo("nothing found")
    if len(hits) == limit:
        click.echo(f"{limit} shown, there may be more: --limit", err=True)


def _show(hit: Hit) -> None:
    gone = " (withdrawn)" if hit.state == "withdrawn" else ""
    headline = printable(f"{hit.kicker} | {hit.title}" if hit.kicker else hit.title)
    click.echo(f"{hit.published or ' ' * 10}  {click.style(headline, bold=True)}{gone}")
    click.echo(paragraph(" ".join(hit.snippet.split()), _INDENT))
    click.echo(f"{_INDENT}{printable(hit.url)}")
