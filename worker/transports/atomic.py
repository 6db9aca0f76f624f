"""A file written whole or not at all. Floor 2."""

from __future__ import annotations

import os
from pathlib import Path

from worker.errors import DeliveryError


def write_atomically(channel: str, path: Path, content: bytes) -> None:
    """Put `content` at `path`: a reader sees the old file or the new one, also after a power cut.

    The folder is made if it is missing. Raises DeliveryError naming the path and what to do. The draft's
    name is always the same, so that what a killed process left goes with the next attempt.
    """
    draft = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        try:
            _write(draft, content)
            draft.replace(path)
            _sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise DeliveryError(channel, _explained(path, error)) from error


def _write(path: Path, content: bytes) -> None:
    """A new file, never through a link somebody else put there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _explained(path: Path, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{path} cannot be written: {reason}; make {path.parent} a folder this user may write to"
