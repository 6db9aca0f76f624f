"""A `browse` process on a filled store, as a user starts it."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from .samples import fill

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Browser:
    """A running `browse`: the process, its address, and a client for it."""

    process: subprocess.Popen[str]
    address: str
    client: httpx.Client


@contextlib.contextmanager
def browsing(*arguments: str) -> Iterator[Browser]:
    """`pressewacht browse` with these arguments on a free port, until the end of the block."""
    command = [sys.executable, "-m", "worker", "browse", "--port", "0", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = _ADDRESS.search(line)
            assert found, line + (process.stderr.read() if process.stderr else "")
            with httpx.Client(base_url=found.group(), trust_env=False, timeout=20) as client:
                yield Browser(process, found.group(), client)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store under a name that neither a URI nor the shipped metadata expects."""
    path = tmp_path_factory.mktemp("archiv 50%") / "presse#archiv.db"
    fill(path)
    return path


@pytest.fixture(scope="session")
def browser(store: Path) -> Iterator[Browser]:
    """`browse` on the filled store."""
    with browsing(str(store)) as running:
        yield running


@pytest.fixture(scope="session")
def analyst(store: Path) -> Iterator[Browser]:
    """`browse --sql` on the filled store."""
    with browsing(str(store), "--sql") as running:
        yield running


@pytest.fixture(scope="session")
def public(store: Path) -> Iterator[Browser]:
    """`browse --public` on the filled store."""
    with browsing(str(store), "--public") as running:
        yield running
