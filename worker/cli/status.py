"""`status`: health of every source and channel. Floor 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click

from worker.cli.loading import configuration
from worker.pipelines.health import Health, as_json, health_of
from worker.store.connection import reading
from worker.text import printable


@click.command("status")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def status_command(ctx: click.Context, is_json: bool) -> None:
    """Last success, lag, drift, queue and failures; exit code 0 if all is healthy, 1 if not."""
    config = configuration(ctx)
    now = datetime.now(UTC)
    with reading(config.store.path) as db:
        health = health_of(db, config, now)
    if is_json:
        click.echo(as_json(health))
    else:
        for line in _lines(health, now):
            click.echo(printable(line))
    ctx.exit(0 if health.is_healthy else 1)


def _lines(health: Health, now: datetime) -> Iterator[str]:
    ids = [source.id for source in health.sources] + [channel.id for channel in health.channels]
    width = max(map(len, ids), default=0)
    yield "Sources"
    for source in health.sources:
        last = _ago(source.lag_seconds, "never read")
        yield f"  {source.id:<{width}}  {source.status:<12}  {last:<16}  next {_in(source.next_at, now)}"
        if source.watched:
            releases = "1 release" if source.watched == 1 else f"{source.watched} releases"
            look = f"next look {_in(source.next_look_at, now)}"
            yield f"  {'':<{width}}  watches {releases} for edits, {look}"
        if source.error:
            yield f"  {'':<{width}}  {source.error}"
    yield "Channels"
    for channel in health.channels:
        counts = f"{channel.sent} sent, {channel.pending} waiting, {channel.failed} failed"
        last = _ago(channel.lag_seconds, "nothing sent yet")
        yield f"  {channel.id:<{width}}  {channel.status:<12}  {last:<16}  {counts}"
        if channel.failed_digests:
            numbers = _numbers(channel.failed_digests)
            yield f"  {'':<{width}}  failed for good: {numbers}; `pressewacht retry NUMBER` sends one again"
        if channel.held_digests:
            numbers = _numbers(channel.held_digests)
            yield f"  {'':<{width}}  held back in a flood: {numbers}; `pressewacht retry NUMBER` sends one,"
            yield f"  {'':<{width}}  `retry --channel {channel.id} --held` all of them, with --drop none"
        if channel.error:
            yield f"  {'':<{width}}  {channel.error}"
    yield "healthy" if health.is_healthy else "not healthy"


def _numbers(digests: Sequence[int]) -> str:
    """`3, 5–9`: neighbours drawn together, for a flood has many."""
    runs: list[list[int]] = []
    for digest in digests:
        if runs and digest == runs[-1][-1] + 1:
            runs[-1][1:] = [digest]
        else:
            runs.append([digest])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _ago(seconds: int | None, never: str) -> str:
    return never if seconds is None else f"{_span(seconds)} ago"


def _in(moment: datetime | None, now: datetime) -> str:
    return "–" if moment is None else f"in {_span(max(0, int((moment - now).total_seconds())))}"


def _span(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
