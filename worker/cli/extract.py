"""`extract`: the extractor on its own, on files and live pages. Floor 4."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from pathlib import Path

import click

from worker.cli.loading import configuration
from worker.cli.options import Options
from worker.cli.record import show_record
from worker.cli.screen import Progress
from worker.config.schema import Http
from worker.errors import FetchError, ParseError, UsageError
from worker.extraction import extract_release
from worker.fetching.client import open_client
from worker.fetching.fetcher import Fetcher
from worker.fetching.pace import HostGate
from worker.fetching.robots import PassingRobots
from worker.identity import host_of
from worker.models.page import Page
from worker.models.release import Release
from worker.record import to_record
from worker.text import printable, printable_json


@click.command("extract")
@click.argument("inputs", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--url", help="The address a saved page came from, to make its links absolute.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array of records.")
@click.pass_context
def extract_command(ctx: click.Context, inputs: tuple[str, ...], url: str | None, as_json: bool) -> None:
    """Extract the record from saved HTML pages, plain-text renderings (.txt) or live addresses."""
    records: list[object] = []
    failed = False
    with Progress() as progress:
        for one in progress(inputs):
            try:
                release = _extracted(ctx, one, url)
            except (FetchError, ParseError) as error:
                failed = True
                kind = error.kind if isinstance(error, ParseError) else "fetch"
                records.append({"url": one, "error": {"kind": kind, "message": str(error)}})
                if not as_json:
                    click.echo(printable(f"Error: {one}: {error.reason}"), err=True)
            else:
                records.append(to_record(release, None))
                if not as_json:
                    progress.hide()
                    show_record(release)
    if as_json:
        click.echo(printable_json(records, indent=2))
    ctx.exit(int(failed))


def _extracted(ctx: click.Context, one: str, url: str | None) -> Release:
    """The record of one input; raises FetchError, ParseError, UsageError for what is no address."""
    is_live = one.startswith(("http://", "https://"))
    return extract_release(_live_page(ctx, one) if is_live else _saved_page(Path(one), url))


def _saved_page(path: Path, url: str | None) -> Page:
    try:
        body = path.read_bytes()
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        reason = f"{error.strerror}; give a file or an http(s) address"
        raise ParseError(str(path), "unreadable", reason) from None
    kind = mimetypes.guess_type(path.name)[0] or ""
    return Page(url, body, kind if path.suffix == ".txt" or not kind.startswith("text/") else "", saved_at)


def _live_page(ctx: click.Context, url: str) -> Page:
    http = _http_settings(ctx)
    try:
        hosts = frozenset({host_of(url)})
    except ValueError:
        raise UsageError(f"{url}: this is not an address") from None
    with open_client(http) as client:
        return Fetcher(client, HostGate(), http, hosts=hosts, robots=PassingRobots()).fetch(url)


def _http_settings(ctx: click.Context) -> Http:
    """Those of the configuration if there is one: a live page can be looked at without."""
    options: Options = ctx.obj
    return configuration(ctx).http if options.config_path.exists() else Http()
