"""`diff`: what changed between two revisions of a release. Floor 4."""

from __future__ import annotations

import click

from worker.cli.loading import configuration
from worker.cli.options import has_colours
from worker.cli.stored import stored_item
from worker.diffs import diff_releases, shorten_diff
from worker.errors import UsageError
from worker.models.event import DiffPart
from worker.models.release import Release
from worker.store.connection import Database, reading
from worker.store.releases import known_release, stored_revision
from worker.text import printable


@click.command("diff")
@click.argument("url")
@click.option("--from", "before", type=int, help="The older revision (default: the one before --to).")
@click.option("--to", "after", type=int, help="The newer revision (default: the last).")
@click.pass_context
def diff_command(ctx: click.Context, url: str, before: int | None, after: int | None) -> None:
    """Show word by word what changed between two stored revisions: [-gone-] {+come+}."""
    config = configuration(ctx)
    with reading(config.store.path) as db:
        stored_url, last = _release(db, url)
        newer = after or last
        older = before or newer - 1
        if older == 0:
            raise UsageError(f"{url}: not edited since it was first read; there is one revision")
        parts = diff_releases(_revision(db, stored_url, older), _revision(db, stored_url, newer))
    click.echo(f"revision {older} → {newer} of {stored_url}")
    _show(shorten_diff(parts))


def _release(db: Database, url: str) -> tuple[str, int]:
    known = known_release(db, stored_item(db, url).url)
    if known is None:
        raise UsageError(f"{url}: no release is stored under this address")
    return known.url, known.revision


def _revision(db: Database, url: str, number: int) -> Release:
    release = stored_revision(db, url, number)
    if release is None:
        raise UsageError(f"{url}: there is no revision {number}; `explain` says how many there are")
    return release


def _show(parts: tuple[DiffPart, ...]) -> None:
    if not parts:
        click.echo("the same words")
    is_coloured = has_colours()
    field = None
    for part in parts:
        if part.field != field:
            field = part.field
            click.echo(f"\n\n{field}:\n", nl=False)
        click.echo(_marked(part, is_coloured=is_coloured), nl=False)
    click.echo()


def _marked(part: DiffPart, *, is_coloured: bool) -> str:
    text = "\n".join(printable(line) for line in part.text.split("\n"))
    if part.op == "equal":
        return text
    if is_coloured:
        return click.style(
            text, fg="red" if part.op == "delete" else "green", strikethrough=part.op == "delete"
        )
    return f"[-{text}-]" if part.op == "delete" else f"{{+{text}+}}"
