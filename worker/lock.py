"""One unit of work at a time on one store, across processes. Floor 2.

The kernel releases the lock when its process dies, so whoever holds it knows that no other sender
lives.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from worker.errors import StoreError

PATIENCE_SECONDS = 30.0  # contract §1: a command by hand waits that long


@contextlib.contextmanager
def unit_of_work(store: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock of `store` for one unit of work; raises StoreError when others keep it too long."""
    with _locked(store, ".lock", patience_seconds, "another Pressewacht is at work on it"):
        yield


@contextlib.contextmanager
def only_service(store: Path) -> Iterator[None]:
    """Be the one service on `store`; raises StoreError at once if there is one."""
    with _locked(store, ".service.lock", 0.0, "another `pressewacht serve` runs on it"):
        yield


@contextlib.contextmanager
def _locked(store: Path, suffix: str, patience_seconds: float, who: str) -> Iterator[None]:
    give_up = time.monotonic() + patience_seconds
    path = store.with_name(store.name + suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; choose a [store] path this user can write to") from error
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    raise StoreError(f"{store}: {who}; stop it or try again later") from None
                time.sleep(0.05)
            except OSError as error:  # a file system without locks
                raise StoreError(f"{path}: {error.strerror}; put the store on a local disk") from error
        yield
    finally:
        os.close(handle)
