"""How the units of work went, for people and for machines. Floor 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from worker.cli.screen import align, paragraph
from worker.models.report import ChannelReport, SourceReport
from worker.text import printable_json


def show_reports(
    sources: Sequence[SourceReport], channels: Sequence[ChannelReport], *, as_json: bool
) -> None:
    """Print the reports of a run on standard output, in the form of contract §1."""
    if as_json:
        found = {"sources": [asdict(one) for one in sources], "channels": [asdict(one) for one in channels]}
        click.echo(printable_json(found))
        return
    rows = [(one.id, one.status, f"{one.items_seen} entries, {one.items_new} new") for one in sources]
    rows += [
        (
            one.id,
            "failed" if one.error else "ok",
            f"{one.sent} sent, {one.pending} waiting, {one.failed} failed",
        )
        for one in channels
    ]
    errors = [report.error for report in sources] + [report.error for report in channels]
    for line, error in zip(align(rows), errors, strict=True):
        click.echo(line)
        if error:
            click.echo(paragraph(error, "    "))


def exit_code(sources: Sequence[SourceReport], channels: Sequence[ChannelReport]) -> int:
    """1 if anything failed in this run, else 0."""
    return int(any([report.error for report in sources] + [report.error for report in channels]))
