"""The configuration a command works with, and the parts of it that its arguments name. Floor 4."""

from __future__ import annotations

from typing import Literal

import click

from worker.cli.options import Options
from worker.config.load import load_config
from worker.config.schema import Channel, Config, Source
from worker.errors import UsageError, WorkerError, did_you_mean


def configuration(ctx: click.Context) -> Config:
    """The checked configuration; raises ConfigError."""
    options: Options = ctx.obj
    return load_config(options.config_path)


def complete_sources(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """What Tab offers where a source is asked for."""
    return _offered(ctx, "sources", incomplete)


def complete_channels(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """What Tab offers where a channel is asked for."""
    return _offered(ctx, "channels", incomplete)


def chosen_sources(config: Config, ids: tuple[str, ...]) -> list[Source]:
    """The sources named, or all that are enabled; raises UsageError for an unknown one."""
    if not ids:
        return [source for source in config.sources if source.enabled]
    return [_source(config, one) for one in dict.fromkeys(ids)]


def chosen_channels(config: Config, ids: tuple[str, ...]) -> list[Channel]:
    """The channels named, or all that are enabled; raises UsageError for an unknown one."""
    if not ids:
        return [channel for channel in config.channels if channel.enabled]
    return [_channel(config, one) for one in dict.fromkeys(ids)]


def _offered(ctx: click.Context, tables: Literal["sources", "channels"], incomplete: str) -> list[str]:
    try:
        config = load_config(ctx.find_root().params["config_path"])
    except WorkerError:
        return []  # the shell has no place for a complaint
    return [one.id for one in getattr(config, tables) if one.id.startswith(incomplete)]


def _source(config: Config, source_id: str) -> Source:
    source = config.source(source_id)
    if source is None:
        hint = did_you_mean(source_id, (one.id for one in config.sources))
        raise UsageError(f"there is no source {source_id!r} in the configuration{hint}")
    return source


def _channel(config: Config, channel_id: str) -> Channel:
    channel = config.channel(channel_id)
    if channel is None:
        hint = did_you_mean(channel_id, (one.id for one in config.channels))
        raise UsageError(f"there is no channel {channel_id!r} in the configuration{hint}")
    return channel
