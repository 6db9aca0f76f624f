"""Log lines on standard error, as text or JSON. Floor 0."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

from worker.text import printable, printable_json


def set_up_logging(*, verbose: bool, as_json: bool) -> None:
    """Log warnings, with `verbose` everything of ours and tracebacks, to standard error.

    httpx stays silent below WARNING: it logs whole addresses, and a webhook's address is a secret.
    """
    handler = logging.StreamHandler(sys.stderr)
    if not verbose:
        handler.addFilter(_without_traceback)
    handler.setFormatter(_json_formatter() if as_json else _LineFormatter("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Let every record pass, but not the traceback it carries."""
    record.exc_info = record.exc_text = None
    return True


class _LineFormatter(logging.Formatter):
    """One record, one line: what a title says can neither forge a line nor drive a terminal.

    A traceback follows line by line, each set in.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return "\n".join("    " + printable(line) for line in super().formatException(ei).split("\n"))


def _json_formatter() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter  # only who asks for JSON pays for it

    return JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", json_serializer=_as_json)


def _as_json(record: Mapping[str, object], **_: object) -> str:
    return printable_json(record)
