"""Opening the store, and the one way to write to it. Floor 2.

The journal is SQLite's rollback journal, not WAL: a read-only reader of another user then always sees
fresh rows, with the worker running or stopped (in WAL it needs write access to the folder, measured
with 3.40.1), and the worker writes too seldom to miss WAL's concurrency. A reader can delay a commit;
the commit waits.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from worker.errors import StoreError
from worker.store.schema import migrations

__all__ = ["Database", "open_store", "open_store_to_read", "reading", "working", "write"]

_BUSY_SECONDS = 70.0  # how long a statement waits for a lock: longer than a commit may take
_COMMIT_SECONDS = 60.0  # how long a commit waits for readers to finish
_CHECKED_WHOLE = 256_000_000  # bytes: about a second, which a `run` of a larger store should not cost
_MAGIC = b"SQLite format 3\x00"
_NO_DATABASE = (
    "not an SQLite database, or damaged at its beginning;"
    " restore a backup or name another file under [store] path"
)
# SQLite lets those who wait for its lock try their luck: of thirty-two threads, one had none within
# `_BUSY_SECONDS` on a busy machine (measured), so that the threads of this process take turns.
_turn = threading.RLock()
_at_work_on: set[Path] = set()  # stores that this process has opened to write
_sound: set[tuple[int, int]] = set()  # files found whole by this process, by device and inode


class _Mine(threading.local):
    """The connections that a thread works with just now."""

    def __init__(self) -> None:
        self.by_path: dict[Path, Database] = {}


_mine = _Mine()


def open_store(path: Path) -> Database:
    """The store at `path`, created or migrated if need be; raises StoreError.

    One that this process has worked on and that is gone is not created anew: all would be told again.
    """
    with explained(path):
        if path in _at_work_on and not path.exists():
            raise StoreError(f"{path}: has vanished; put it back or restore a backup, then start again")
        path.parent.mkdir(parents=True, exist_ok=True)
        _check_is_database(path)
        db = _connect(f"file:{_quoted(path)}")
        with _closed_on_error(db):
            _check_is_ours(db, path)
            if migrations.pending(db):
                _migrate(db)
        _at_work_on.add(path)
        return db


def open_store_to_read(path: Path) -> Database:
    """The store at `path` without the right to change it; raises StoreError if there is none."""
    with explained(path):
        if not path.exists() or path.stat().st_size == 0:
            raise StoreError(f"{path}: there is no store yet; `pressewacht run` makes one")
        _check_is_database(path)
        _undo_unfinished(path)
        db = _connect(f"file:{_quoted(path)}?mode=ro")
        with _closed_on_error(db):
            _check_is_ours(db, path)
            if migrations.pending(db):
                raise StoreError(
                    f"{path}: made by an older version; run `pressewacht run` once to bring it up to date"
                )
        return db


@contextlib.contextmanager
def write(db: Database) -> Iterator[None]:
    """One transaction, begun with the lock in hand; all of it or nothing.

    `BEGIN IMMEDIATE`, because a transaction that reads first and then writes is refused at once, and
    the busy timeout ignored, when another writer came between (measured with sqlite-utils' `atomic`).
    Inside another `write` it joins that transaction. Raises StoreError.
    """
    if db.conn.in_transaction:
        yield
        return
    path = _path_of(db)
    with explained(path), _my_turn():
        db.execute("begin immediate")
        try:
            yield
            _commit(db)
        except BaseException:
            if db.conn.in_transaction:
                db.conn.rollback()
            raise


@contextlib.contextmanager
def _my_turn() -> Iterator[None]:
    """The turn of this thread to write; raises as SQLite does where it waits for a lock too long."""
    if not _turn.acquire(timeout=_BUSY_SECONDS):
        raise sqlite3.OperationalError("database is locked")
    try:
        yield
    finally:
        _turn.release()


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Database]:
    """A read-only connection, closed at the end; database errors come out as StoreError."""
    db = open_store_to_read(path)
    with contextlib.closing(db.conn), explained(path):
        yield db


@contextlib.contextmanager
def working(path: Path) -> Iterator[Database]:
    """A connection that may write, closed at the end; database errors come out as StoreError.

    Inside another `working` of the same thread it is that one's: opening costs more than a quiet poll.
    """
    mine = _mine.by_path
    if path in mine:
        yield mine[path]
        return
    db = open_store(path)
    with contextlib.closing(db.conn), explained(path):
        mine[path] = db
        try:
            yield db
        finally:
            del mine[path]


def _migrate(db: Database) -> None:
    """Bring the schema up to date, with the lock in hand: another process may be at it too."""
    db.execute("pragma journal_mode = delete")
    with write(db):
        migrations.apply(db)


@contextlib.contextmanager
def _closed_on_error(db: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.conn.close()
        raise


def _undo_unfinished(path: Path) -> None:
    """Take back what a process that died left half-written: a read-only connection cannot.

    Tried only, because who may not write may still read what is whole.
    """
    if not path.with_name(path.name + "-journal").exists():
        return
    db = _connect(f"file:{_quoted(path)}?mode=rw")
    with contextlib.closing(db.conn), contextlib.suppress(sqlite3.Error):
        db.execute("select count(*) from sqlite_master").fetchone()


def _commit(db: Database) -> None:
    """Commit, waiting for readers: the transaction stays whole while SQLite says «busy»."""
    give_up = time.monotonic() + _COMMIT_SECONDS
    while True:
        try:
            db.conn.execute("commit")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
        else:
            return


def _connect(uri: str) -> Database:
    conn = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    db = Database(conn, execute_plugins=False)  # those installed beside us are none of ours
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma synchronous = full")  # a message may only leave after its claim is on disk
    conn.execute("pragma trusted_schema = off")
    conn.execute("pragma cell_size_check = on")
    return db


def _check_is_database(path: Path) -> None:
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StoreError(f"{path}: {_NO_DATABASE}")


def _check_is_ours(db: Database, path: Path) -> None:
    """Refuse strangers' databases and those of a newer version, before anything is written."""
    tables = db.table_names()
    if not tables:
        return
    applied = [migration.name for migration in migrations.applied(db)]
    if not applied:
        raise StoreError(
            f"{path}: a database, but not a store of Pressewacht; name another file under [store] path"
        )
    known = {migration.name for migration in migrations._migrations}
    if newer := [name for name in applied if name not in known]:
        raise StoreError(
            f"{path}: written by a newer version ({newer[0]}); install that version or restore a backup"
        )
    _check_is_sound(db, path)


def _check_is_sound(db: Database, path: Path) -> None:
    """Refuse a damaged file, before anything is written into it; once per process, it reads every page.

    A large one is refused where the damage is met, and checked whole by each `backup`.
    """
    file = path.stat()
    if (file.st_dev, file.st_ino) in _sound or file.st_size > _CHECKED_WHOLE:
        return
    if db.execute("pragma quick_check(1)").fetchone()[0] != "ok":
        raise StoreError(f"{path}: damaged (quick_check failed); restore a backup")
    _sound.add((file.st_dev, file.st_ino))


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's and the disk's complaints about the file at `path` as StoreError: what, where, what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_advice(error)}") from error
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror or error}; choose a path this user can write to"
        ) from error


def _advice(error: sqlite3.Error) -> str:
    text = str(error)
    advice = {
        "locked": "locked by another program for too long; close it and try again",
        "full": "the disk is full; free some space and run again, nothing was half-written",
        "readonly": "read-only for this user; check owner and mode of the file and its folder",
        "unable to open": "cannot be opened or created; check that the folder exists and is writable",
        "malformed": "damaged; restore a backup",
        "not a database": _NO_DATABASE,
        "disk I/O": "the disk reported an error or is full; nothing was half-written",
    }
    for sign, meaning in advice.items():
        if sign in text:
            return f"{meaning} ({text})"
    return text


def _path_of(db: Database) -> Path:
    return Path(db.execute("pragma database_list").fetchone()[2])


def _quoted(path: Path) -> str:
    """`path` as part of an SQLite URI."""
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
