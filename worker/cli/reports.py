"""How the units of work went, for people and for machines. Floor 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from worker.models.report import ChannelReport, SourceReport
from worker.text import printable, printable_json


def show_reports(
    sources: Sequence[SourceReport], channels: Sequence[ChannelReport], *, as_json: bool
) -> None:
    """Print the reports of a run on standard output, in the form of contract §1."""
    if as_json:
        found = {"sources": [asdict(one) for one in sources], "channels": [asdict(one) for one in channels]}
        click.echo(printable_json(found))
        return
    for source in sources:
        seen = f"{source.items_seen} entries, {source.items_new} new"
        click.echo(_line(source.id, source.status, seen, source.error))
    for channel in channels:
        waiting = f"{channel.sent} sent, {channel.pending} waiting, {channel.failed} failed"
        click.echo(_line(channel.id, "failed" if channel.error else "ok", waiting, channel.error))


def exit_code(sources: Sequence[SourceReport], channels: Sequence[ChannelReport]) -> int:
    """1 if anything failed in this run, else 0."""
    return int(any([report.error for report in sources] + [report.error for report in channels]))


def _line(name: str, status: str, counts: str, error: str | None) -> str:
    return f"{name}: {status} ({counts})" + (f": {printable(error)}" if error else "")
