"""`backup`: an online copy of the store that was opened before it is called one. Floor 4."""

from __future__ import annotations

from pathlib import Path

import click

from worker.cli.loading import configuration
from worker.store.backup import back_up


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup_command(ctx: click.Context, path: Path) -> None:
    """Copy the store to PATH while everything goes on, open the copy and check it."""
    releases = back_up(configuration(ctx).store.path, path)
    click.echo(f"{path}: a whole copy with {releases} releases")
