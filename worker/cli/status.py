"""`status`: is everything all right, and if not, what is to be done? Floor 5."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from worker.cli.loading import configuration
from worker.cli.needs import Need, needs_of
from worker.cli.screen import align, counted, paragraph, span
from worker.pipelines.health import ChannelHealth, Health, SourceHealth, as_json, health_of
from worker.store.connection import reading

_MOST_SOURCES = 10  # shown one by one; of more only those in trouble, so that it stays one screen
_MOST_NEEDS = 4


@click.command("status")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def status_command(ctx: click.Context, is_json: bool) -> None:
    """Say on one screen whether everything is all right, and if not, which command mends it.

    Exit code 0 if all is well, 1 if not.
    """
    config = configuration(ctx)
    now = datetime.now(UTC)
    with reading(config.store.path) as db:
        health = health_of(db, config, now)
    if is_json:
        click.echo(as_json(health))
    else:
        _show(health, now)
    ctx.exit(0 if health.is_healthy else 1)


def _show(health: Health, now: datetime) -> None:
    needs = needs_of(health)
    click.secho(_verdict(health, needs), bold=True, fg="red" if needs else "green")
    for number, need in enumerate(needs[:_MOST_NEEDS], start=1):
        click.echo(paragraph(need.what, f"{number:>2}. "))
        click.echo(paragraph(need.mend, "    → "))
    if len(needs) > _MOST_NEEDS:
        click.echo(f"    and {len(needs) - _MOST_NEEDS} more: `pressewacht status --json` names all")
    click.echo()
    _show_sources(health.sources, now)
    click.echo()
    for line in align(_channel_rows(health.channels, now), has_head=True):
        click.echo(line)


def _verdict(health: Health, needs: Sequence[Need]) -> str:
    if needs:
        return "1 thing needs you:" if len(needs) == 1 else f"{len(needs)} things need you:"
    lags = [source.lag_seconds or 0 for source in health.sources]
    sent, waiting = (sum(getattr(one, key) for one in health.channels) for key in ("sent", "pending"))
    age = span(max(lags, default=0))
    when = f"{age} ago" if len(lags) == 1 else f"within the last {age}"
    read = f"{counted(len(lags), 'source')} read {when}" if lags else "no source is enabled"
    return f"All well: {read}, {counted(sent, 'digest')} sent, {waiting or 'nothing'} waiting."


def _show_sources(sources: Sequence[SourceHealth], now: datetime) -> None:
    """All sources if they are few, else those in trouble and a line for the others."""
    shown = list(sources)
    if len(shown) > _MOST_SOURCES:
        shown = [source for source in sources if not source.is_healthy][:_MOST_NEEDS]
    if shown:
        for line in align(_source_rows(shown, now), has_head=True):
            click.echo(line)
    well = [source.lag_seconds or 0 for source in sources if source.is_healthy and source not in shown]
    if well:
        click.echo(f"{counted(len(well), 'source')} more, all well: read within the last {span(max(well))}")


def _source_rows(sources: Sequence[SourceHealth], now: datetime) -> list[Sequence[str]]:
    head = ("SOURCE", "STATE", "LAST READ", "NEXT", "WATCHED", "NEXT LOOK")
    rows: list[Sequence[str]] = [
        (
            source.id,
            source.status,
            _ago(source.lag_seconds, "never"),
            _in(source.next_at, now),
            str(source.watched),
            _in(source.next_look_at, now),
        )
        for source in sources
    ]
    return [head, *rows]


def _channel_rows(channels: Sequence[ChannelHealth], now: datetime) -> list[Sequence[str]]:
    head = ("CHANNEL", "STATE", "LAST SENT", "NEXT", "SENT", "WAITING", "FAILED", "HELD")
    rows: list[Sequence[str]] = [
        (
            channel.id,
            channel.status,
            _ago(channel.lag_seconds, "never"),
            _in(channel.next_at, now) if channel.next_at else "at once",
            *map(str, (channel.sent, channel.pending, channel.failed, len(channel.held_digests))),
        )
        for channel in channels
    ]
    return [head, *rows]


def _ago(seconds: int | None, never: str) -> str:
    return never if seconds is None else f"{span(seconds)} ago"


def _in(moment: datetime | None, now: datetime) -> str:
    return "–" if moment is None else f"in {span(max(0, (moment - now).total_seconds()))}"
