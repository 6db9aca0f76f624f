"""`browse`: the store in Datasette, read-only, on this machine. Floor 4."""

from __future__ import annotations

from pathlib import Path

import click

from worker.browsing.application import build_application
from worker.browsing.serving import serve
from worker.cli.loading import configuration
from worker.store.connection import reading

_PORT = 8001


@click.command("browse")
@click.argument("store", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    help="Port; 0 takes any free one.",
)
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help="For a proxy that lets others in: without the outbox.",
)
@click.option("--sql", "allows_sql", is_flag=True, help="Take SQL of your own, read-only, up to 2 s.")
@click.pass_context
def browse_command(
    ctx: click.Context, store: Path | None, port: int, is_public: bool, allows_sql: bool
) -> None:
    """Open the store in Datasette, read-only, until Ctrl-C.

    STORE is a file to open instead of the configured one; no configuration is read then.
    """
    path = store or configuration(ctx).store.path
    application = build_application(path, is_public=is_public, allows_sql=allows_sql)
    with reading(path):
        pass  # whatever is wrong with the store is said here, in one line
    serve(application, port, lambda address: click.echo(f"{path} in Datasette: {address} (Ctrl-C ends it)"))
