"""The configuration a command works with, and the parts of it that its arguments name. Floor 4."""

from __future__ import annotations

import click

from worker.cli.options import Options
from worker.config.load import load_config
from worker.config.schema import Channel, Config, Source
from worker.errors import UsageError


def configuration(ctx: click.Context) -> Config:
    """The checked configuration; raises ConfigError."""
    options: Options = ctx.obj
    return load_config(options.config_path)


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


def _source(config: Config, source_id: str) -> Source:
    source = config.source(source_id)
    if source is None:
        known = ", ".join(one.id for one in config.sources)
        raise UsageError(f"there is no source {source_id!r} in the configuration; there are: {known}")
    return source


def _channel(config: Config, channel_id: str) -> Channel:
    channel = config.channel(channel_id)
    if channel is None:
        known = ", ".join(one.id for one in config.channels)
        raise UsageError(f"there is no channel {channel_id!r} in the configuration; there are: {known}")
    return channel
