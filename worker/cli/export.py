"""`export`: the records for other programs. Floor 4."""

from __future__ import annotations

from pathlib import Path

import click

from worker.cli.loading import configuration
from worker.errors import UsageError
from worker.store.connection import Database, reading
from worker.store.export import write_csv, write_jsonl, write_page, write_warc

_WRITERS = {"jsonl": write_jsonl, "csv": write_csv, "warc": write_warc}


@click.command("export")
@click.option("--jsonl", "form", flag_value="jsonl", help="One record a line, as `extract --json` prints it.")
@click.option("--csv", "form", flag_value="csv", help="A table for spreadsheets, safe against formulas.")
@click.option("--warc", "form", flag_value="warc", help="The raw pages (needs the extra `archive`).")
@click.option("--page", metavar="SHA256", help="One raw page, by the beginning of its name.")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export_command(ctx: click.Context, form: str | None, page: str | None, path: Path) -> None:
    """Write all releases, or archived pages, to PATH."""
    if (form is None) == (page is None):
        raise UsageError("say which form: --jsonl, --csv, --warc or --page")
    config = configuration(ctx)
    if path.resolve() == config.store.path.resolve():
        raise UsageError(f"{path}: this is the store itself; name another file")
    with reading(config.store.path) as db:
        try:
            done = write_page(db, page, path) if page is not None else _write_all(db, form or "", path)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}; choose a path this user can write to") from None
        except ModuleNotFoundError:
            raise UsageError("--warc needs the extra `archive`: pip install 'pressewacht[archive]'") from None
    click.echo(f"{path}: {done}")


def _write_all(db: Database, form: str, path: Path) -> str:
    return f"{_WRITERS[form](db, path)} {'pages' if form == 'warc' else 'releases'}"
