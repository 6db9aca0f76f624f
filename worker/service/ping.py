"""The dead man's switch: a watcher elsewhere notices when the pings stop. Floor 4.

The convention is that of Healthchecks (healthchecks.io/docs/http_api): `URL/start` when a round begins,
`URL` when it ended well, `URL/fail` when something in it failed, with a few lines that say what.
"""

from __future__ import annotations

import logging
import os
from typing import Literal

import httpx

from worker.fetching.guard import deadline
from worker.pipelines.runtime import Runtime

log = logging.getLogger(__name__)

Signal = Literal["start", "success", "fail"]

_SECONDS = 10.0  # for everything: the round waits for it
_BODY_BYTES = 10_000  # what a Healthchecks of one's own keeps of a ping unless told otherwise


def ping(runtime: Runtime, signal: Signal, told: str = "", *, seconds: float = _SECONDS) -> None:
    """POST the last of `told` to the address in the configured environment variable, as `signal`.

    A ping that fails, or is not answered within `seconds`, fails nothing else. The address is a secret
    and appears in no log; of the answer only the status is read.
    """
    name = runtime.config.service.ping_url_env
    given = os.environ.get(name, "").strip() if name else ""
    if not given:
        return
    body = told.encode("utf-8", "replace")[-_BODY_BYTES:]
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    try:
        url = _address(httpx.URL(given), signal)
        with (
            deadline(seconds),
            runtime.client.stream("POST", url, content=body, headers=headers, timeout=seconds) as answer,
        ):
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the ping to the address in %s failed: %s", name, type(error).__name__)


def _address(url: httpx.URL, signal: Signal) -> httpx.URL:
    """The address of a signal: a path below the given one, before a query if there is one."""
    return url if signal == "success" else url.copy_with(path=f"{url.path.rstrip('/')}/{signal}")
