"""Opening and writing: what is not ours is never touched, what was committed stays, nobody's work is lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.samples import URL
from tests.store.conftest import add_release
from worker.errors import StoreError
from worker.store import connection
from worker.store.backup import back_up
from worker.store.connection import open_store, open_store_to_read, reading, working, write
from worker.store.releases import known_release
from worker.store.schema import migrations

_TABLES = {
    "sources", "items", "pages", "releases", "revisions", "events", "matches", "images", "links", "quotes",
    "amounts", "channels", "troubles", "digests", "digest_events", "runs", "robots", "releases_fts",
}  # fmt: skip


def _run(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, timeout=30, check=False
    )


def _refused(path: Path, match: str) -> None:
    """Opening is refused, for reading and for writing, in one line that names the file; nothing changes."""
    before = path.read_bytes()
    for opening in (open_store, open_store_to_read):
        with pytest.raises(StoreError, match=match) as caught:
            opening(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_store_is_made_where_there_is_none(tmp_path: Path) -> None:
    """With its folders, all its tables, foreign keys on and a journal that any reader can follow."""
    path = tmp_path / "var/tief/monitor.db"

    with working(path) as db:
        assert set(db.table_names()) >= _TABLES
        assert db.execute("pragma foreign_keys").fetchone()[0] == 1
        assert db.execute("pragma journal_mode").fetchone()[0] == "delete"
        assert not migrations.pending(db)


def test_opening_again_changes_nothing(store: Path, db: Database) -> None:
    """A store that is up to date is not written to."""
    before = store.read_bytes()

    with working(store), reading(store):
        pass

    assert store.read_bytes() == before


@pytest.mark.parametrize("name", ["mit leer.db", "mit?frage.db", "mit#raute.db", "mit%20.db", "ü.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    """SQLite's addresses have their own signs; a file's name is taken as it is."""
    with working(tmp_path / name), reading(tmp_path / name):
        pass

    assert (tmp_path / name).stat().st_size > 0


def test_an_empty_file_becomes_a_store(store: Path) -> None:
    """What `touch` or `mktemp` made holds nothing that could be lost."""
    store.touch()
    with pytest.raises(StoreError, match="there is no store yet"):
        open_store_to_read(store)

    with working(store) as db:
        assert "items" in db.table_names()


def test_reading_makes_no_store(store: Path) -> None:
    """It says how to make one instead."""
    with pytest.raises(StoreError, match=r"there is no store yet; `pressewacht run`"):
        open_store_to_read(store)

    assert not store.exists()


@pytest.mark.parametrize("content", [b"[http]\ntimeout_seconds = 5\n", b"x", b"\x00" * 5000])
def test_a_file_that_is_no_database_is_left_alone(store: Path, content: bytes) -> None:
    """A wrong path in the configuration must not cost a file."""
    store.write_bytes(content)

    _refused(store, "not an SQLite database")


def test_somebody_elses_database_is_left_alone(store: Path) -> None:
    """It is a database, but not ours."""
    with closing(sqlite3.connect(store)) as other:
        other.execute("create table fotos (id integer)")

    _refused(store, "not a store of Pressewacht")


def test_a_newer_version_is_refused(store: Path) -> None:
    """An older program must not write into what it does not understand."""
    with working(store) as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, ?, ?)",
            ["pressewacht", "from_the_future", "2030-01-01"],
        )

    _refused(store, r"newer version \(from_the_future\)")


def test_an_older_version_is_not_read_but_brought_up_to_date(store: Path) -> None:
    """A reader may not migrate; the worker does, and says so."""
    with working(store) as db:
        db.execute("delete from _sqlite_migrations where migration_set = 'pressewacht'")
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('andere', 'x', '')"
        )

    with pytest.raises(StoreError, match="not a store of Pressewacht"):
        open_store_to_read(store)


def test_a_migration_that_fails_leaves_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or nothing, with the record that it ran; the next start tries again."""

    def broken(db: Database) -> None:
        db.execute("create table halb (id integer)")
        raise sqlite3.OperationalError("interrupted")

    monkeypatch.setattr(migrations._migrations[0], "fn", broken)
    with pytest.raises(StoreError):
        open_store(store)
    monkeypatch.undo()

    with working(store) as db:
        assert "halb" not in db.table_names()
        assert "items" in db.table_names()


def test_two_processes_may_make_the_store_at_once(store: Path) -> None:
    """A service and a command started together find one schema."""
    code = """
import sys
from pathlib import Path
from worker.store.connection import open_store
open_store(Path(sys.argv[1])).conn.close()
"""
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(store)], stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [process.communicate(timeout=30)[1] for process in started]

    assert errors == [b""] * 4
    with reading(store) as db:
        assert not migrations.pending(db)


@pytest.mark.parametrize(
    ("offset", "garbage"), [(16, b"\xff\xff"), (100, b"\xee" * 200), (4096 * 3, b"\xee" * 4096)]
)
def test_a_damaged_store_is_refused(store: Path, db: Database, offset: int, garbage: bytes) -> None:
    """A broken header or page is named, and no new store is made in its place."""
    db.conn.close()
    content = bytearray(store.read_bytes())
    content[offset : offset + len(garbage)] = garbage
    store.write_bytes(content)

    _refused(store, "damaged|not an SQLite database")


def test_a_large_store_is_refused_where_the_damage_is_met(
    store: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading gigabytes at each start would cost minutes: what is used is checked, a backup checks all."""
    add_release(db)
    (root,) = db.execute("select rootpage from sqlite_schema where name = 'releases'").fetchone()
    db.conn.close()
    content = bytearray(store.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = bytes(4096)
    store.write_bytes(content)
    monkeypatch.setattr(connection, "_CHECKED_WHOLE", 0)

    with pytest.raises(StoreError, match="damaged; restore a backup"), working(store) as damaged:
        known_release(damaged, URL)
    with pytest.raises(StoreError, match="damaged"):
        back_up(store, store.with_name("copy.db"))


def test_a_cut_off_store_is_refused(store: Path, db: Database) -> None:
    """Half a file is no store."""
    db.conn.close()
    content = store.read_bytes()
    store.write_bytes(content[: len(content) // 2])

    _refused(store, "damaged|not an SQLite database")


def test_a_store_that_vanishes_is_not_made_anew(store: Path, db: Database) -> None:
    """A service whose file was moved away would find everything new, and tell it again."""
    db.conn.close()
    moved = store.rename(store.with_name("weg.db"))

    with pytest.raises(StoreError, match="has vanished"):
        open_store(store)
    assert not store.exists()

    moved.rename(store)
    open_store(store).conn.close()


@pytest.mark.parametrize("opening", [open_store, open_store_to_read])
def test_a_folder_is_no_store(tmp_path: Path, opening: object) -> None:
    """One line, not a traceback."""
    (tmp_path / "ordner").mkdir()
    (tmp_path / "ordner/x").touch()

    with pytest.raises(StoreError, match="ordner"):
        opening(tmp_path / "ordner")  # type: ignore[operator]


def test_a_folder_nobody_can_make_is_a_clear_error(tmp_path: Path) -> None:
    """A file stands where a folder should be."""
    (tmp_path / "datei").touch()

    with pytest.raises(StoreError, match="choose a path this user can write to"):
        open_store(tmp_path / "datei/monitor.db")


def test_who_may_not_write_is_told_so(store: Path, db: Database) -> None:
    """A service user without rights on file and folder gets one line."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    code = """
import os, sys
from pathlib import Path
import worker.store.connection as c, worker.store.items
from worker.errors import StoreError
with c.reading(Path(sys.argv[1])):
    pass  # imports what the other user may not read
os.setuid(65534)
with c.reading(Path(sys.argv[1])) as db:
    print(db.execute("select count(*) from sources").fetchone()[0])
try:
    with c.working(Path(sys.argv[1])) as db, c.write(db):
        db.execute("delete from sources")
except StoreError as error:
    print(error)
"""
    _open_to_all(store)

    done = _run(code, store)

    assert done.stderr == ""
    count, problem = done.stdout.splitlines()
    assert count == "1"
    assert problem.startswith(f"{store}: read-only for this user; check owner and mode")


@pytest.mark.parametrize("is_open", [True, False], ids=["worker-running", "worker-stopped"])
def test_another_user_reads_fresh_rows(store: Path, db: Database, is_open: bool) -> None:
    """A read-only Datasette under its own user sees every commit, with the worker running or stopped."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    _open_to_all(store)
    code = """
import os, sqlite3, sys
os.setuid(65534)
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(db.execute("select count(*) from releases").fetchone()[0])
sys.stdin.readline()
print(db.execute("select count(*) from releases").fetchone()[0])
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "0\n"
        add_release(db)
        if not is_open:
            db.conn.close()
        assert reader.communicate("\n", timeout=20)[0] == "1\n"


def test_nothing_is_left_of_a_transaction_that_failed(db: Database) -> None:
    """Whatever was raised, the rows are as before and the next transaction works."""
    with pytest.raises(KeyError):
        _fail_after_writing(db)
    with write(db):
        db.execute("update sources set last_error = 'x'")

    assert list(db.query("select failures, last_error from sources")) == [{"failures": 0, "last_error": "x"}]


def test_a_failed_row_takes_all_others_with_it(db: Database) -> None:
    """sqlite-utils commits by the hundred unless a transaction is open."""

    def rows() -> Iterator[dict[str, str]]:
        yield from ({"id": f"s{n}"} for n in range(250))
        raise KeyError

    with pytest.raises(KeyError), write(db):
        db.table("sources").insert_all(rows())

    assert db.table("sources").count == 1


def test_a_broken_promise_between_tables_is_refused(db: Database) -> None:
    """Foreign keys hold on every connection."""
    with pytest.raises(StoreError, match="FOREIGN KEY"), write(db):
        db.execute("insert into matches values ('https://nirgends.test', 't', 1, 1, '[]')")


def test_a_writer_waits_for_another(store: Path, db: Database) -> None:
    """The second transaction begins when the first has ended; both count."""
    inside = threading.Event()

    def first() -> None:
        with working(store) as other, write(other):
            other.execute("update sources set failures = failures + 1")
            inside.set()
            time.sleep(0.3)

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(5)
    with write(db):
        db.execute("update sources set failures = failures + 1")
    thread.join()

    assert db.execute("select failures from sources").fetchone()[0] == 2


def test_many_read_then_write_units_lose_nothing(store: Path, db: Database) -> None:
    """Four threads that read before they write: with a deferred transaction most of them would fail."""

    def count_up() -> None:
        with working(store) as own:
            for _ in range(15):
                with write(own):
                    known = own.execute("select failures from sources").fetchone()[0]
                    own.execute("update sources set failures = ?", [known + 1])

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert db.execute("select failures from sources").fetchone()[0] == 60


def test_patience_with_another_writer_ends(
    store: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds the lock for too long is named as the reason, and nothing is half done."""
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.2)
    with working(store) as impatient:
        db.execute("begin immediate")
        with pytest.raises(StoreError, match="locked by another program for too long"), write(impatient):
            pytest.fail("the lock was given twice")
        db.execute("rollback")
        with write(impatient):
            impatient.execute("update sources set failures = 1")

    assert db.execute("select failures from sources").fetchone()[0] == 1


def test_a_reader_delays_a_commit_and_does_not_lose_it(
    store: Path, monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    """A forgotten shell with an open query holds the commit up; it is repeated until it is through."""
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.1)
    with working(store) as writer, closing(sqlite3.connect(store, isolation_level=None)) as shell:
        shell.execute("begin")
        shell.execute("select * from sources").fetchall()
        thread = threading.Thread(target=_count_up, args=(store,))
        thread.start()
        time.sleep(0.6)
        assert thread.is_alive(), "the commit waits"
        shell.execute("commit")
        thread.join(10)

        assert writer.execute("select failures from sources").fetchone()[0] == 1


def test_a_reader_that_never_ends_costs_the_commit_only(
    store: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the end the transaction is taken back whole, with the reason."""
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.1)
    monkeypatch.setattr(connection, "_COMMIT_SECONDS", 0.3)
    with working(store) as writer:
        db.execute("begin")
        db.execute("select * from sources").fetchall()
        with pytest.raises(StoreError, match="locked by another program"):
            _write_once(writer)
        db.execute("commit")

    assert db.execute("select failures from sources").fetchone()[0] == 0


def test_a_full_disk_takes_the_transaction_back(store: Path, db: Database) -> None:
    """No space left in the middle of a large write: a clear error, the store whole and as before."""
    db.conn.close()
    limit = store.stat().st_size + 20_000
    code = """
import resource, signal, sys
from pathlib import Path
from worker.errors import StoreError
from worker.store.connection import working, write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with working(Path(sys.argv[1])) as db, write(db):
        db.table("sources").insert_all({"id": f"s{n}", "last_error": "x" * 1000} for n in range(500))
except StoreError as error:
    print(error)
    with working(Path(sys.argv[1])) as db, write(db):
        db.execute("update sources set failures = 1")
"""
    done = _run(code, store, limit)

    assert done.stderr == ""
    assert "full" in done.stdout
    with reading(store) as whole:
        assert list(whole.query("select id, failures from sources")) == [{"id": "ministerium", "failures": 1}]
        assert whole.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_what_a_killed_process_left_is_taken_back(store: Path, db: Database, tmp_path: Path) -> None:
    """Half a transaction is on disk, with its journal: a reader that may write undoes it, then reads."""
    db.execute("pragma cache_size = 2")
    db.execute("begin immediate")
    for n in range(300):
        db.execute("insert into sources (id, last_error) values (?, ?)", [f"s{n}", "x" * 500])
    killed = tmp_path / "killed.db"
    shutil.copy(store, killed)
    shutil.copy(f"{store}-journal", f"{killed}-journal")
    db.execute("rollback")

    with reading(killed) as found:
        assert found.execute("select count(*) from sources").fetchone()[0] == 1
    with working(killed) as found:
        assert found.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_a_kill_at_any_moment_leaves_whole_transactions(store: Path, db: Database) -> None:
    """Rows that belong together are there together, or not at all."""
    db.conn.close()
    code = """
import sys
from pathlib import Path
from worker.store.connection import working, write
with working(Path(sys.argv[1])) as db:
    print("ready", flush=True)
    for n in range(10_000):
        with write(db):
            db.table("sources").insert_all({"id": f"s{n}-{k}"} for k in range(10))
"""
    for pause in (0.01, 0.05, 0.1):
        with subprocess.Popen(
            [sys.executable, "-c", code.replace("s{n}", f"s{pause}-{{n}}"), str(store)],
            stdout=subprocess.PIPE,
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(pause)
            os.kill(writer.pid, signal.SIGKILL)
        with working(store) as found:
            assert found.execute("select count(*) from sources").fetchone()[0] % 10 == 1
            assert found.execute("pragma integrity_check").fetchone()[0] == "ok"


def test_no_limit_is_left_behind() -> None:
    """The full-disk proof limits its own process only."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def _fail_after_writing(db: Database) -> None:
    with write(db):
        db.execute("update sources set failures = 7")
        raise KeyError


def _count_up(store: Path) -> None:
    with working(store) as db:
        _write_once(db)


def _write_once(db: Database) -> None:
    with write(db):
        db.execute("update sources set failures = failures + 1")


def _open_to_all(store: Path) -> None:
    """Let any user read the store, and nobody but us write it."""
    store.chmod(0o644)
    for folder in list(store.parents)[:-1]:
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
