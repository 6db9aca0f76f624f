"""`init`: a commented config.toml after three questions, or from options. Floor 5."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from worker.bundled import bundled
from worker.cli.options import Options
from worker.cli.screen import paragraph
from worker.config.cron import IMMEDIATE, check_schedule
from worker.config.load import load_config
from worker.config.template import Answers, fill_in, shipped_sources
from worker.errors import ConfigError, UsageError, did_you_mean

_WHEN = {"daily": "0 7 * * *", "weekdays": "0 7 * * mon-fri", "weekly": "0 7 * * mon"}


@click.command("init")
@click.option(
    "--email", help="Who gets the digests by e-mail, with commas; without it they go into a folder."
)
@click.option("--schedule", help="immediate, daily, weekdays, weekly (at 7:00) or a cron line.")
@click.option(
    "--source", "sources", multiple=True, help="A source of the shipped list, by its id; repeatable."
)
@click.option("--listing", help="The address of another press listing to watch.")
@click.option("--contact", help="How a press office can reach you: an address or a web page.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.pass_context
def init_command(
    ctx: click.Context,
    email: str | None,
    schedule: str | None,
    sources: tuple[str, ...],
    listing: str | None,
    contact: str | None,
    force: bool,
) -> None:
    """Write the configuration named by --config (default ./config.toml) and check it.

    Without options it asks three questions: who gets mails, when, and which sources.
    """
    options: Options = ctx.obj
    path = options.config_path
    if path.exists() and not force:
        raise UsageError(f"{path}: exists already; --force writes over it, --config PATH names another")
    text = bundled("config.toml").read_text(encoding="utf-8")
    known = shipped_sources(text)
    if any((email, schedule, sources, listing, contact)):
        chosen = tuple(_source(one, list(known)) for one in sources)
        when = _schedule(schedule) if schedule else None
        answers = Answers(_readers(email or ""), when, chosen, listing, contact)
    else:
        answers = _ask(known)
    _write_checked(path, fill_in(text, answers))
    _say_what_next(path, answers)


def _ask(known: dict[str, str]) -> Answers:
    """The answers to the three questions; each is asked again until it makes sense."""
    click.echo("Three questions; Enter takes what stands in brackets.\n")
    try:
        click.echo("Who gets the digests by e-mail? Several with commas; nobody: they go into a folder.")
        readers = click.prompt("E-mail", default="", show_default=False, value_proc=_readers)
        click.echo("\nWhen? immediate, daily, weekdays, weekly (at 7:00), or a cron line.")
        usual = "weekdays" if readers else IMMEDIATE
        schedule = click.prompt("When", default=usual, value_proc=_schedule)
        click.echo("\nWhich sources?")
        for number, name in enumerate(known.values(), start=1):
            click.echo(paragraph(name, f"{number:>3}  "))
        asked = "Numbers with commas, or the address of another listing"
        chosen = click.prompt(asked, default="1", value_proc=lambda given: _numbered(given, list(known)))
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UsageError("standard input ended before the last answer; `init --help` has options") from None
    listing = chosen if isinstance(chosen, str) else None
    return Answers(readers, schedule, () if listing else tuple(chosen), listing)


def _readers(given: str) -> tuple[str, ...]:
    readers = tuple(filter(None, (one.strip() for one in given.split(","))))
    for one in readers:
        if "@" not in one:
            raise click.BadParameter(f"{one!r} is no e-mail address such as rat@example.org")
    return readers


def _schedule(given: str) -> str:
    """A cron line or `immediate`, from that or from a word for it."""
    try:
        return check_schedule(_WHEN.get(given.strip(), given.strip()))
    except ValueError as error:
        words = ", ".join([IMMEDIATE, *_WHEN])
        raise click.BadParameter(f"{error}, or one of {words}") from None


def _source(given: str, known: Sequence[str]) -> str:
    if given not in known:
        raise UsageError(f"there is no source {given!r} in the shipped list{did_you_mean(given, known)}")
    return given


def _numbered(given: str, known: Sequence[str]) -> list[str] | str:
    """The ids of the sources with these numbers, or the address of a listing as it is."""
    if given.startswith(("http://", "https://")):
        return given
    numbers = given.replace(",", " ").split()
    if not numbers or not all(one.isdecimal() and 0 < int(one) <= len(known) for one in numbers):
        raise click.BadParameter(f"give numbers from 1 to {len(known)}, or an address with https://")
    return [known[int(one) - 1] for one in numbers]


def _write_checked(path: Path, text: str) -> None:
    """Write the configuration under its name only if it is right."""
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        load_config(draft)
        draft.replace(path)
    except ConfigError as error:
        problems = "\n".join(error.problems).replace(str(draft), str(path))
        raise UsageError(f"{problems}; nothing was written") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; choose a path this user can write to") from None
    finally:
        draft.unlink(missing_ok=True)


def _say_what_next(path: Path, answers: Answers) -> None:
    program = "pressewacht" if path == Path("config.toml") else f"pressewacht --config {path}"
    click.echo(f"\n{path}: written and checked.")
    if answers.readers:
        click.echo("Mails go out by a server on this machine; for another see smtp_host there.")
    if not answers.contact:
        click.echo("Name a contact in its user_agent: press offices look at it before they block somebody.")
    click.echo("Next:")
    click.echo(f"  {program} check --online    can all it names be read and reached?")
    click.echo(f"  {program} run               the first cycle")
