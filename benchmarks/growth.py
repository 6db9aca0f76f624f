"""How the store grows: what a poll, a search, each shipped query and `status` cost in a large one.

In goes how large (`--releases`, `--revisions`, `--items`) or a store made before (`--store`); out come the
size of the file and, for each job, the median and the 95th percentile in milliseconds. Polls are real ones
of a portal on loopback; beside them stands what the same polls cost in a new store. Queries go through
Datasette over HTTP, as a reader's browser does.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import yaml
from large_store import COMPOUNDS, SOURCE, make_store

from worker.bootstrap import open_runtime
from worker.bundled import bundled
from worker.config.load import load_config
from worker.config.schema import Config
from worker.demo.portal import Portal
from worker.demo.release import PortalRelease
from worker.pipelines.health import health_of
from worker.pipelines.poll import poll_source
from worker.store.connection import reading
from worker.store.search import search

_ROUNDS = 20
_WORDS = (
    *COMPOUNDS[::500],
    "Integration",
    "Land",
    "konferenz",
    "gefluechtete",
    "Leidig sprachkurse",
    "förderung",
    "xyzzy",
)
_ASKED = {
    "topic": "integration",
    "words": "sprachkurse",
    "title_or_address": "sprachkurse",
    "smallest_sum": "1.000.000",
    "speaker": "Leidig",
    "word": "Teilhabe",
    "address": "meldung-777",
    "digest": "",
    "month": "2025-05",
    "unit": "EUR",
}
_CONFIG = """
[store]
path = "{store}"
[http]
min_interval_seconds = 0
allow_private_addresses = true
[[sources]]
id = "{source}"
listing = "{listing}"
"""


def main() -> None:
    """Make the store if none is given, and print what the jobs cost."""
    parser = argparse.ArgumentParser(description="Measure a large store.")
    parser.add_argument("--releases", type=int, default=2_000)
    parser.add_argument("--revisions", type=int, default=5)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--store", type=Path, help="use this one, made before; it is polled into")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder) / "monitor.db"
        if not store.exists():
            began = time.perf_counter()
            make_store(store, options.releases, options.revisions, options.items)
            print(f"made in {time.perf_counter() - began:.0f} s")
        _describe(store)
        _polls("poll", store)
        _polls("poll, new store", Path(folder) / "new.db")
        _searches(store)
        _status(store)
        _queries(store)


def _describe(store: Path) -> None:
    began = time.perf_counter()
    with reading(store) as db:
        opening = time.perf_counter() - began
        counts = {
            table: db.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("releases", "revisions", "items")
        }
    size = store.stat().st_size
    each = size / counts["releases"]
    print(", ".join(f"{number} {table}" for table, number in counts.items()))
    print(f"{size / 1e6:.0f} MB, {each / 1e3:.1f} kB a release; first opening {opening * 1000:.0f} ms")


def _polls(name: str, store: Path) -> None:
    """One release more at each poll, and then nothing new."""
    with Portal() as portal, _config(store, portal.listing_url) as config, open_runtime(config) as runtime:
        now = datetime.now(UTC)

        def poll() -> None:
            nonlocal now
            now += timedelta(hours=2)
            report = poll_source(runtime, config.sources[0], now)
            assert report.error is None, report.error

        def publish_and_poll(number: int) -> None:
            slug = f"zuwachs-{now.timestamp():.0f}-{number}"
            portal.publish(PortalRelease.about(f"Sprachkurs {number}", published=now.date(), slug=slug))
            poll()

        for number in range(20):
            publish_and_poll(number)
        _print(
            f"{name}: one release more",
            [_timed(lambda n=n: publish_and_poll(n)) for n in range(20, 20 + _ROUNDS)],
        )
        _print(f"{name}: nothing new", [_timed(poll) for _ in range(_ROUNDS)])


def _searches(store: Path) -> None:
    with reading(store) as db:
        _print("search", [_timed(lambda word=word: search(db, word)) for word in _WORDS for _ in range(3)])


def _status(store: Path) -> None:
    with _config(store, "http://127.0.0.1:9/") as config, reading(store) as db:
        now = datetime.now(UTC)
        _print("status", [_timed(lambda: health_of(db, config, now)) for _ in range(_ROUNDS)])


def _queries(store: Path) -> None:
    queries = yaml.safe_load((bundled("datasette") / "metadata.yaml").read_text("utf-8"))["databases"][
        "monitor"
    ]["queries"]
    with _datasette(store) as client:
        _print("start page", [_timed(lambda: client.get("/")) for _ in range(_ROUNDS)])
        for name, query in queries.items():
            asked = {key: _ASKED[key] for key in re.findall(r":([a-z_]+)", query["sql"])}

            def ask(name: str = name, asked: dict[str, str] = asked) -> int:
                return client.get(f"/{store.stem}/{name}.json", params=asked).status_code

            status = ask()
            _print(f"query {name}", [_timed(ask) for _ in range(_ROUNDS)])
            if status != 200:
                print(f"  answered {status}: longer than a public Datasette allows")


@contextlib.contextmanager
def _datasette(store: Path) -> Iterator[httpx.Client]:
    command = [sys.executable, "-m", "worker", "browse", "--port", "0", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found
        try:
            with httpx.Client(base_url=found[0], trust_env=False, timeout=60) as client:
                yield client
        finally:
            process.terminate()


@contextlib.contextmanager
def _config(store: Path, listing: str) -> Iterator[Config]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(
            _CONFIG.format(store=store.resolve(), source=SOURCE, listing=listing), encoding="utf-8"
        )
        yield load_config(path)


def _timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return (time.perf_counter() - began) * 1000


def _print(name: str, milliseconds: Iterable[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[int(len(ordered) * 0.95) - 1]
    print(f"{name:<32} p50 {statistics.median(ordered):8.1f} ms   p95 {p95:8.1f} ms", flush=True)


if __name__ == "__main__":
    main()
