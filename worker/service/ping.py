"""The dead man's switch: a watcher elsewhere notices when the pings stop. Floor 4."""

from __future__ import annotations

import logging
import os

import httpx

from worker.pipelines.runtime import Runtime

log = logging.getLogger(__name__)


def ping(runtime: Runtime) -> None:
    """Ask the address in the configured environment variable; a ping that fails fails nothing else.

    The address is a secret and appears in no log.
    """
    name = runtime.config.service.ping_url_env
    url = os.environ.get(name, "").strip() if name else ""
    if not url:
        return
    try:
        runtime.client.get(url, timeout=10).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the ping to the address in %s failed: %s", name, type(error).__name__)
