"""`check`: is the configuration right, and with --online: does everything it names answer? Floor 4."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import chosen_channels, chosen_sources, complete_sources, configuration
from worker.cli.options import Options
from worker.cli.screen import Progress, coloured, counted
from worker.config.schema import Channel, Config, EmailChannel, Source, WebhookChannel
from worker.config.secrets import read_secret
from worker.errors import ConfigError, DeliveryError
from worker.fetching.robots import PassingRobots
from worker.pipelines.check import FieldFinding, inspect_source
from worker.pipelines.runtime import Runtime
from worker.store.connection import reading
from worker.text import printable
from worker.transports.build import build_transport


@click.command("check")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_sources)
@click.option("--online", is_flag=True, help="Also reach every source and channel, or the sources named.")
@click.pass_context
def check_command(ctx: click.Context, sources: tuple[str, ...], online: bool) -> None:
    """Validate the configuration.

    With --online also read every source's listing and newest release, field by field, log in to the
    mail server and call webhooks with a test message. Nothing is stored, no digest is sent.
    """
    options: Options = ctx.obj
    config = configuration(ctx)
    problems = [*_secret_problems(config), *_store_problems(config)]
    if problems:
        raise ConfigError(options.config_path, [f"{options.config_path}: {problem}" for problem in problems])
    chosen = chosen_sources(config, sources)
    found = f"{counted(len(chosen), 'source')}, {counted(len(config.channels), 'channel')}"
    click.echo(f"{options.config_path}: {found}: {coloured('ok', 'all in order')}")
    if online:
        asked = [] if sources else chosen_channels(config, ())
        with open_runtime(config) as runtime, Progress() as progress:
            well = [_check_source(runtime, source, progress) for source in progress(chosen)]
            click.echo()
            well += [_check_channel(runtime, channel, progress) for channel in progress(asked)]
        ctx.exit(0 if all(well) else 1)


def _secret_problems(config: Config) -> Iterator[str]:
    """Secrets that are named but not there."""
    for channel in config.channels:
        if isinstance(channel, EmailChannel):
            secrets = [(channel.smtp_password_env, channel.smtp_password_file)]
        elif isinstance(channel, WebhookChannel):
            secrets = [(channel.url_env, channel.url_file), (channel.secret_env, channel.secret_file)]
        else:
            continue
        for env, file in secrets:
            try:
                read_secret(env, file, channel=channel.id)
            except DeliveryError as error:
                yield f"channels.{error}"


def _store_problems(config: Config) -> Iterator[str]:
    """A store that cannot be written, found without making one."""
    path = config.store.path
    if path.exists():
        with reading(path):
            return
    folder = next(parent for parent in path.parents if parent.exists())
    if not os.access(folder, os.W_OK):
        yield f"store.path: {folder} is not writable for this user"


def _check_source(runtime: Runtime, source: Source, progress: Progress) -> bool:
    finding = inspect_source(runtime.fetcher(source, PassingRobots()), source)
    progress.hide()
    click.echo(f"\n{click.style(source.id, bold=True)}: {source.listing}")
    _show(finding.listing)
    if finding.release_url:
        click.echo(printable(f"  newest release: {finding.release_url}"))
        _show(finding.release)
    for warning in finding.warnings:
        click.echo(f"  {coloured('warning')}: {printable(warning)}")
    if finding.error:
        click.echo(f"  {coloured('failed')}: {printable(finding.error)}")
    return finding.error is None


def _show(fields: tuple[FieldFinding, ...]) -> None:
    for field in fields:
        state = "found" if field.is_found else "absent"
        click.echo(f"  {coloured(state, f'{state:<7}')} {field.name:<10} {printable(field.note)}")


def _check_channel(runtime: Runtime, channel: Channel, progress: Progress) -> bool:
    state, answer = "ok", ""
    try:
        answer = build_transport(channel, runtime.client).check()
    except DeliveryError as error:
        state, answer = "failed", error.reason
    progress.hide()
    click.echo(f"{click.style(channel.id, bold=True)}: {coloured(state)}: {printable(answer)}")
    return state == "ok"
