"""`demo`: the whole main job with no network and no set-up. Floor 4."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click

from worker.demo.show import Act, Letter, perform
from worker.errors import UsageError
from worker.text import printable

_LINES = 26  # of a digest; the rest is in its file


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Put the store and the digests there (default: a new folder for temporary files).",
)
def demo_command(keep: Path | None) -> None:
    """Serve a bundled portal on this machine and watch it through three days.

    The releases are invented, everything else is real: HTTP, the store, the digests.
    """
    folder = (keep or Path(tempfile.mkdtemp(prefix="pressewacht-demo-"))).resolve()
    if (folder / "monitor.db").exists():
        raise UsageError(f"{folder}: holds an earlier demo; remove it or name another folder")
    click.echo("An invented ministry is served on this machine; Pressewacht watches it.\n")
    for number, act in enumerate(perform(folder), start=1):
        _show_act(number, act)
    _show_what_next(folder)


def _show_act(number: int, act: Act) -> None:
    click.secho(f"{number}  {act.title}", bold=True)
    click.echo(printable(f"   {act.outcome} ({act.requests} requests)"))
    click.echo()
    for letter in act.letters:
        _show_letter(letter)


def _show_letter(letter: Letter) -> None:
    lines = letter.text.splitlines()
    click.secho(printable(f"   ┌ {letter.subject}"), fg="cyan")
    for line in lines[:_LINES]:
        click.echo(f"   │ {printable(line)}".rstrip())
    if len(lines) > _LINES:
        click.echo(f"   │ … {len(lines) - _LINES} more lines")
    click.echo(f"   └ {letter.path}\n")


def _show_what_next(folder: Path) -> None:
    program = _program()
    config = f"{program} --config {folder / 'config.toml'}"
    click.secho("What is there now", bold=True)
    click.echo(f"   store     {folder / 'monitor.db'}")
    click.echo(f"   digests   {folder / 'digests'} (.eml for mail programs, .html for browsers)")
    click.echo(f"   feed      {folder / 'integration.atom'}\n")
    click.secho("What to try next", bold=True)
    click.echo(f"   {config} browse")
    click.echo(f"   {config} search sprachkurse")
    click.echo(f"   {config} status")
    click.echo(f"   {program} --config my.toml init")


def _program() -> str:
    """How this program was called, so that its hints can be copied."""
    called = Path(sys.argv[0])
    if called.name != "pressewacht":
        return f"{Path(sys.executable)} -m worker"
    return "pressewacht" if shutil.which("pressewacht") == str(called) else str(called)
