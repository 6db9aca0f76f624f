"""One unit of work at a time, across processes, and no lock left behind by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from worker.errors import StoreError
from worker.lock import only_service, unit_of_work

_HOLD = """
import sys, time
from pathlib import Path
from worker.lock import unit_of_work
with unit_of_work(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_units_do_not_overlap(tmp_path: Path) -> None:
    """The second one waits for the first, also in another thread of the same process."""
    store, order = tmp_path / "m.db", list[str]()
    started = threading.Event()

    def second() -> None:
        started.set()
        with unit_of_work(store, 10):
            order.append("second")

    thread = threading.Thread(target=second)
    with unit_of_work(store, 10):
        thread.start()
        started.wait(5)
        time.sleep(0.1)
        order.append("first")
    thread.join(10)

    assert order == ["first", "second"]


def test_patience_ends(tmp_path: Path) -> None:
    """Who waits too long is told for what."""
    store = tmp_path / "m.db"
    with unit_of_work(store, 0), pytest.raises(StoreError, match=r"m\.db: another Pressewacht is at work"):  # noqa: SIM117
        with unit_of_work(store, 0.1):
            pytest.fail("the lock was given twice")


def test_a_second_service_is_refused_at_once(tmp_path: Path) -> None:
    """It names the store, and leaves units of work alone."""
    store = tmp_path / "m.db"
    with (
        only_service(store),
        unit_of_work(store, 0),
        pytest.raises(StoreError) as caught,
        only_service(store),
    ):
        pytest.fail("two services on one store")

    assert str(caught.value).startswith(f"{store}: another `pressewacht serve`")


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    """What goes wrong inside does not lock others out."""
    store = tmp_path / "m.db"
    with pytest.raises(ZeroDivisionError), unit_of_work(store, 0):
        raise ZeroDivisionError
    with unit_of_work(store, 0):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """The kernel releases it: whoever holds the lock knows that no other sender lives."""
    store = tmp_path / "m.db"
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(store)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError), unit_of_work(store, 0):
            pytest.fail("the lock was given twice")
        os.kill(holder.pid, signal.SIGKILL)
        with unit_of_work(store, 10):
            pass


def test_a_path_nobody_can_write_to_is_a_clear_error(tmp_path: Path) -> None:
    """A file where a folder should be: one line with the way out."""
    (tmp_path / "datei").touch()

    with (
        pytest.raises(StoreError, match=r"choose a \[store\] path"),
        unit_of_work(tmp_path / "datei/m.db", 0),
    ):
        pytest.fail("there is no such folder")
