"""The real program, started again and again, dying where it is told to.

The product holds no failpoints: what is here wraps its functions from outside, in the process that is
to die. Run as `python -m tests.soak.doomed` it loads the program once and forks it for each order it
reads, because loading takes four times as long as the work. An order is a line of JSON; answered are
the process id and, at its end, the exit code.
"""

from __future__ import annotations

import functools
import gc
import importlib
import itertools
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from worker.cli import backfill, backup, deliver, loading, poll, recheck, reextract, run, serve  # noqa: F401
from worker.cli.main import main
from worker.store import connection
from worker.transports import atomic  # noqa: F401

_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Death:
    """Where a process dies.

    `before` and `after` the `number`-th call of `place` (`module:function`), `half` through it (it gets
    half of the bytes it was to write); at the `number`-th `statement` of SQL that contains `place`;
    `torn`: in the middle of the first commit after `place` was called, when part of the store is
    overwritten; `journal`: while that transaction's rollback journal is written.
    """

    how: Literal["before", "after", "half", "statement", "torn", "journal"]
    place: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """A command of the program, the file for what it prints, and where it dies, if it does."""

    arguments: tuple[str, ...]
    log: str
    death: Death | None = None

    def as_json(self) -> str:
        """One line for the starter."""
        return json.dumps(asdict(self))


def die() -> None:
    """End as a process does that is killed: nothing is flushed, closed or undone."""
    os.kill(os.getpid(), signal.SIGKILL)


def prepare(death: Death) -> None:
    """Let this process die there."""
    if death.how == "statement":
        _watch_statements(death)
    elif death.how in ("torn", "journal"):
        _limit_files(death)
    else:
        _replace(death.place, functools.partial(_dying, death))


def _dying(death: Death, original: Callable[..., Any]) -> Callable[..., Any]:
    calls = itertools.count(1)

    @functools.wraps(original)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        is_last = next(calls) == death.number
        if is_last and death.how == "before":
            die()
        if is_last and death.how == "half":
            *others, content = arguments
            original(*others, content[: len(content) // 2])
            die()
        result = original(*arguments, **named)
        if is_last:
            die()
        return result

    return wrapped


def _watch_statements(death: Death) -> None:
    seen = itertools.count(1)

    def trace(sql: str) -> None:
        if death.place in sql and next(seen) == death.number:
            die()

    def traced(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(uri: str) -> Any:
            db = original(uri)
            db.conn.set_trace_callback(trace)
            return db

        return connect

    _replace("worker.store.connection:_connect", traced)


def _limit_files(death: Death) -> None:
    """Let the kernel end the process at a write: beyond three quarters of the store, or of one page."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    armed = False

    def arming(original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            nonlocal armed
            armed = True
            if death.how == "journal":
                _limit(_PAGE)
            return original(*arguments, **named)

        return called

    def committing(original: Callable[..., Any]) -> Callable[..., Any]:
        def commit(db: Any) -> None:
            if armed:
                _limit(max(connection._path_of(db).stat().st_size * 3 // 4, 10 * _PAGE))
            original(db)

        return commit

    _replace(death.place, arming)
    if death.how == "torn":
        _replace("worker.store.connection:_commit", committing)


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _replace(place: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put the wrapped function in the place of the original, wherever the program has imported it."""
    module, _, path = place.partition(":")
    *parents, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)
    wrapped = wrap(original)
    setattr(owner, name, wrapped)
    for loaded in [one for name, one in sys.modules.items() if name.startswith("worker.")]:
        for key, value in list(vars(loaded).items()):
            if value is original:
                setattr(loaded, key, wrapped)


def _live(arguments: list[str], log: str, death: dict[str, Any] | None) -> NoReturn:
    """Be the program. Taking the interpreter down takes longer than the work and is left out."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if death is not None:
        prepare(Death(**death))
    os.chdir(Path(log).parent)
    sys.argv = ["pressewacht", *arguments]
    code: Any = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        os._exit(code)


def _start_what_is_ordered() -> None:
    gc.freeze()  # a collection in a child would copy every page of this process
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(**order)
        _answer(child)
        _, status = os.waitpid(child, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _start_what_is_ordered()
