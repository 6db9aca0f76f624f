"""The command line: global options, one line for each error, exit codes. Floor 4.

Commands are imported when they are called, so that `--version` and `--help` load nothing heavy; what
each does is said here for the overview.
"""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path

import click

from worker import __version__
from worker.cli.options import Options, has_colours
from worker.errors import WorkerError
from worker.log import set_up_logging
from worker.text import printable

log = logging.getLogger(__name__)

# command: (module, what it does), in the order in which people meet them
_COMMANDS = {
    "demo": ("demo", "See the whole job on a bundled portal: no network, no set-up."),
    "init": ("init", "Write a commented config.toml."),
    "check": ("check", "Validate the configuration; with --online also every source and channel."),
    "run": ("run", "One full cycle: poll every source, deliver every digest that is due."),
    "poll": ("poll", "Read listings, store what is new, edited or gone."),
    "deliver": ("deliver", "Compose and send the digests that are due."),
    "serve": ("serve", "The background service: polls and delivers on schedule."),
    "status": ("status", "Health of every source and channel."),
    "browse": ("browse", "Open the store in Datasette, read-only."),
    "search": ("search", "Full-text search over the releases."),
    "extract": ("extract", "Run the extractor on saved pages, text renderings or live addresses."),
    "match": ("match", "Try a topic's vocabulary on JSON lines."),
    "explain": ("explain", "Why a stored entry was or was not taken, rule by rule."),
    "diff": ("diff", "What changed between two revisions of a release, word by word."),
    "recheck": ("recheck", "Look again at known releases for silent edits and withdrawals."),
    "backfill": ("backfill", "Walk a source's archive politely; nothing of it is told."),
    "reextract": ("reextract", "Run today's extractor over the archived pages."),
    "retry": ("retry", "Send a failed or held digest, or put a disabled channel back to work."),
    "export": ("export", "Write the records as JSON lines or as a table."),
    "backup": ("backup", "An online copy of the store, opened and verified."),
}


class _LazyCommands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"worker.cli.{_COMMANDS[name][0]}")
        command: click.Command = getattr(module, f"{name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; `pressewacht --help` lists them")
        return super().resolve_command(ctx, args)


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
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.version_option(__version__, prog_name="pressewacht", message="%(prog)s %(version)s")
@click.pass_context
def pressewacht(ctx: click.Context, config_path: Path, verbose: bool, log_format: str) -> None:
    """Watch a ministry's press listing and hear when something on your topic is published, quietly
    edited or withdrawn."""
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
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except WorkerError as error:
        if verbose:
            log.exception("failed")
        click.echo("\n".join(map(printable, f"Error: {error}".split("\n"))), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        if verbose:
            log.exception("failed")
        click.echo(f"Error: unexpected: {error!r}; run again with --verbose and report it", err=True)
        sys.exit(1)
