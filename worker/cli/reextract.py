"""`reextract`: today's extractor over the archived pages. Floor 4."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import shorten

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_sources, configuration
from worker.cli.options import since_option
from worker.diffs import FieldChange
from worker.pipelines.reextract import reextract
from worker.text import printable

_WIDTH = 160  # letters of a line that are shown


@click.command("reextract")
@since_option()
@click.option("--dry-run", is_flag=True, help="Show what would change, store nothing.")
@click.pass_context
def reextract_command(ctx: click.Context, since: datetime | None, dry_run: bool) -> None:
    """Read the archived pages again and store what comes out: a new extraction, never an edit."""
    config = configuration(ctx)
    day, failed, changed = since.date() if since else None, 0, 0
    with open_runtime(config) as runtime:
        for source in chosen_sources(config, ()):
            for outcome in reextract(runtime, source, day, datetime.now(UTC), dry_run=dry_run):
                failed += outcome.error is not None
                changed += outcome.error is None
                fields = ", ".join(change.name for change in outcome.changes)
                name = f"{outcome.url} (revision {outcome.revision})"
                click.echo(printable(f"{name}: {outcome.error or fields}"))
                if dry_run:
                    _show(outcome.changes)
    click.echo(f"{changed} versions {'would change' if dry_run else 'changed'}, {failed} cannot be read")
    ctx.exit(int(failed > 0))


def _show(changes: tuple[FieldChange, ...]) -> None:
    """What goes and what comes, as `diff` shows it; colours only on a terminal, which click knows."""
    for change in changes:
        click.echo(f"  {change.name}")
        for sign, lines, colour in (("-", change.gone, "red"), ("+", change.come, "green")):
            for line in lines:
                click.secho(f"  {sign} {printable(shorten(line, _WIDTH, placeholder=' …'))}", fg=colour)
