"""A secret from where the configuration says it lies, at the moment it is needed. Floor 1.

Environment variable or credential file in, text out; the value never appears in an error, a log or
the store.
"""

from __future__ import annotations

import os
from pathlib import Path

from worker.errors import DeliveryError


def read_secret(env: str | None, file: Path | None, *, channel: str = "config") -> str | None:
    """The secret named by `env` or lying in `file`; None if neither is configured.

    Raises DeliveryError (not permanent: it is there again after a correction) naming the variable or
    file that is missing or empty.
    """
    if env is not None:
        value = os.environ.get(env, "").strip()
        if not value:
            raise DeliveryError(
                channel, f"the environment variable {env} is not set; set it for this service"
            )
        return value
    if file is not None:
        return _read(file, channel)
    return None


def _read(file: Path, channel: str) -> str:
    try:
        value = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DeliveryError(channel, f"the secret file {file} cannot be read: {reason}") from None
    except UnicodeDecodeError:  # its text would quote the secret
        raise DeliveryError(channel, f"the secret file {file} is not UTF-8 text") from None
    if not value:
        raise DeliveryError(channel, f"the secret file {file} is empty")
    return value
