"""`serve`: the background service. Floor 4."""

from __future__ import annotations

import click

from worker.bootstrap import open_runtime
from worker.cli.loading import configuration
from worker.lock import only_service
from worker.service.endpoint import health_served
from worker.service.jobs import Jobs
from worker.service.progress import Progress
from worker.service.serve import serve, stopped_by_signals
from worker.store.connection import working


@click.command("serve")
@click.pass_context
def serve_command(ctx: click.Context) -> None:
    """Poll and deliver on schedule until SIGTERM or Ctrl-C; the job in hand is finished first."""
    config = configuration(ctx)
    with (
        stopped_by_signals() as stop,
        only_service(config.store.path),
        working(config.store.path),
        open_runtime(config) as runtime,
        health_served(config),
    ):
        enabled = sum(source.enabled for source in config.sources)
        click.echo(f"watching {enabled} source(s); SIGTERM or Ctrl-C ends it", err=True)
        progress = Progress()
        serve(config, Jobs(runtime, progress), progress, stop)
