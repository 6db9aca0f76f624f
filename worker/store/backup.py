"""A copy of the store while it is in use: a backup is a claim until it has been opened. Floor 2."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from worker.errors import StoreError
from worker.store.connection import explained, open_store_to_read, reading


def back_up(store: Path, target: Path) -> int:
    """Copy `store` to `target` with SQLite's online backup and verify it; the number of releases in it.

    The copy appears under its name only when it is whole. Raises StoreError.
    """
    unfinished = target.with_name(target.name + ".part")
    if target.resolve() == store.resolve():
        raise StoreError(f"{target}: this is the store itself; choose another path for the copy")
    _check_may_replace(target)
    with reading(store) as db:
        try:
            with explained(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                unfinished.unlink(missing_ok=True)
                with contextlib.closing(sqlite3.connect(unfinished)) as copy:
                    db.conn.backup(copy)
                releases = _verified(unfinished)
                unfinished.replace(target)
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
    return releases


def _check_may_replace(target: Path) -> None:
    """Refuse to write over anything but an earlier copy of a store."""
    if not target.exists():
        return
    try:
        open_store_to_read(target).conn.close()
    except StoreError:
        raise StoreError(f"{target}: exists and is no copy of a store; choose another path") from None


def _verified(copy: Path) -> int:
    db = open_store_to_read(copy)
    with contextlib.closing(db.conn):
        found = db.execute("pragma integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(f"{copy}: the copy is damaged ({found}); try again")
        return int(db.execute("select count(*) from releases").fetchone()[0])
