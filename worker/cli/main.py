"""The command line: global options, one line for each error, exit codes. Floor 4.

Commands and the log are imported when they are called for, so that `--version` and `--help` load nothing
heavy; what each does is said here for the overview.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker import __version__
from worker.cli.options import Options, has_colours
from worker.errors import WorkerError, did_you_mean
from worker.text import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# section: {command: (what it does, a line to copy)}; each is the module of the same name
_SECTIONS = {
    "Every day": {
        "run": ("One full cycle: poll every source, deliver every digest that is due.", "run --json"),
        "poll": ("Read listings, store what is new, edited or gone.", "poll bw-sozialministerium"),
        "deliver": ("Compose and send the digests that are due.", "deliver redaktion --now --dry-run"),
        "serve": ("The background service: polls and delivers on schedule.", "serve"),
        "status": ("Is everything all right, and if not, what mends it?", "status --json"),
        "retry": ("Send a failed or held digest, or put a disabled channel back to work.", "retry 7"),
    },
    "Looking": {
        "search": ("Full-text search over the releases.", "search sprachkurse gefluechtete --limit 5"),
        "browse": ("Open the store in Datasette, read-only.", "browse --port 8002"),
        "explain": (
            "Why a stored entry was or was not taken, by the very words that counted.",
            "explain https://www.example.org/de/pid/neue-sprachkurse",
        ),
        "diff": (
            "What changed between two revisions of a release, word by word.",
            "diff https://www.example.org/de/pid/neue-sprachkurse --from 1",
        ),
        "extract": (
            "Run the extractor on saved pages, text renderings or live addresses.",
            "extract page.html --url https://www.example.org/de/pid/neue-sprachkurse --json",
        ),
        "match": ("Try a topic's vocabulary on JSON lines.", "match headlines.jsonl --topic integration"),
    },
    "The archive": {
        "backfill": (
            "Walk a source's archive politely; nothing of it is told.",
            "backfill bw-sozialministerium --since 2020-01-01",
        ),
        "recheck": (
            "Look again at known releases for silent edits and withdrawals.",
            "recheck --since 2026-03-01",
        ),
        "reextract": ("Run today's extractor over the archived pages.", "reextract --dry-run"),
        "export": ("Write the records as JSON lines or as a table.", "export --csv releases.csv"),
        "backup": ("An online copy of the store, opened and verified.", "backup /var/backups/monitor.db"),
    },
    "Setting up": {
        "demo": ("See the whole job on a bundled portal: no network, no set-up.", "demo --keep demo"),
        "init": (
            "Write a commented config.toml after three questions, or from options.",
            "init --email me@example.org --schedule weekdays --source bw-sozialministerium",
        ),
        "check": (
            "Validate the configuration; with --online also every source and channel.",
            "check --online",
        ),
    },
}
_GLOBAL = ("--config", "--verbose", "-v", "--log-format", "--completion", "--version")
_COMMANDS = {name: texts for section in _SECTIONS.values() for name, texts in section.items()}


class _LazyCommands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"worker.cli.{name}")
        command: click.Command = getattr(module, f"{name}_command")
        command.epilog = f"\b\nExample:\n  pressewacht {_COMMANDS[name][1]}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (text, _) in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # only a shell that asks pays for it

        found = {name: text for name, (text, _) in _COMMANDS.items() if name.startswith(incomplete)}
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=text) for name, text in found.items()] + options

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}{did_you_mean(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)


def _print_completion(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    """Print the script that makes a shell ask us when Tab is pressed."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell) if shell else None
    if script is not None:
        click.echo(script(ctx.command, {}, "pressewacht", "_PRESSEWACHT_COMPLETE").source())
        ctx.exit()


@click.command(cls=_LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration.",
)
@click.option("--verbose", "-v", is_flag=True, help="Say more, and show tracebacks.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the log on standard error is written.",
)
@click.option(
    "--completion",
    type=click.Choice(["bash", "zsh", "fish"]),
    callback=_print_completion,
    expose_value=False,
    is_eager=True,
    help='Print what makes Tab complete commands and ids: eval "$(pressewacht --completion bash)".',
)
@click.version_option(__version__, prog_name="pressewacht", message="%(prog)s %(version)s")
@click.pass_context
def pressewacht(ctx: click.Context, config_path: Path, verbose: bool, log_format: str) -> None:
    """Watch a ministry's press listing and hear when something on your topic is published, quietly
    edited or withdrawn."""
    from worker.log import set_up_logging  # as dear as all else that --help loads

    set_up_logging(verbose=verbose, as_json=log_format == "json")
    ctx.obj = Options(config_path, verbose)
    ctx.color = has_colours()


def main() -> None:
    """Run the command line and exit: 0 well, 1 something failed and is recorded, 2 usage, 3 store."""
    verbose = bool({"--verbose", "-v"} & set(sys.argv[1:]))
    try:
        # Outside standalone mode click hands back what `ctx.exit` was given.
        sys.exit(pressewacht.main(prog_name="pressewacht", standalone_mode=False))
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _say(_in_one_line(error))
        sys.exit(error.exit_code)
    except WorkerError as error:
        _say(str(error), verbose=verbose)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a user gets one line, with --verbose all of it
        _say(f"unexpected: {error!r}; run again with --verbose and report it", verbose=verbose)
        sys.exit(1)


def _in_one_line(error: click.ClickException) -> str:
    """What was wrong with the command line, and where to look."""
    reason = " ".join(error.format_message().split()).rstrip(".").replace("%Y-%m-%d", "YYYY-MM-DD")
    if reason.endswith("?"):  # what was meant is said already
        return reason
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "pressewacht"
    if isinstance(error, click.NoSuchOption) and error.option_name in _GLOBAL:
        return f"{reason}: it stands before the command; see `pressewacht --help`"
    return f"{reason}; see `{path} --help`"


def _say(error: str, *, verbose: bool = False) -> None:
    """What went wrong, line by line, on standard error; `verbose`: behind where it did."""
    if verbose:
        import logging  # as dear as all else that --version loads

        logging.getLogger(__name__).exception("failed")
    click.echo("\n".join(map(printable, f"Error: {error}".split("\n"))), err=True)
