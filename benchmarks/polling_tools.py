"""How each program is told to watch the same listings, for `polling.py`.

In go a folder for its files and the addresses, out come the command of the first look and that of every
later one. The worker runs as it is shipped: revisions, outbox, full text, archive, robots.txt, digests into
a folder; only its pace is set. Peers live in environments of their own (docs/performance.md).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_TEASERS = "article.teaser"


@dataclass(frozen=True, slots=True)
class Commands:
    """What fills an empty store, what polls again, and which variables both need."""

    fill: list[str]
    poll: list[str]
    environment: dict[str, str]


Setup = Callable[[Path, list[str]], Commands]


def floor(folder: Path, addresses: list[str]) -> Commands:
    """The least work, by hand: `polling_floor.py`."""
    listings = _write(folder / "listings.txt", "\n".join(addresses))
    return _same([sys.executable, str(_HERE / "polling_floor.py"), listings, str(folder / "floor.db")])


def worker(folder: Path, addresses: list[str]) -> Commands:
    """The worker, polling and delivering, without a pace: loopback needs none."""
    return _same(worker_command(configure_worker(folder, addresses, pace_seconds=0), "run"))


def configure_worker(folder: Path, addresses: list[str], *, pace_seconds: float) -> str:
    """Write a `config.toml` that names only what the bench needs; its path."""
    sources = "\n".join(
        f'[[sources]]\nid = "s{number}"\nlisting = "{address}"\ntopics = ["integration"]'
        for number, address in enumerate(addresses)
    )
    return _write(
        folder / "config.toml",
        f"[http]\nmin_interval_seconds = {pace_seconds}\nallow_private_addresses = true\n"
        '[schedule]\npoll = "0 4 1 1 *"\n'  # never while a service is measured that has nothing to do
        f'[[channels]]\nid = "archiv"\nkind = "files"\nschedule = "immediate"\npath = "digests"\n{sources}\n',
    )


def worker_command(config: str, *arguments: str) -> list[str]:
    """`pressewacht`, as installed beside this Python."""
    return [str(Path(sys.executable).parent / "pressewacht"), "--config", config, *arguments]


def peers(folder: Path) -> dict[str, Setup]:
    """Those of the peers that are installed in `folder`, by name."""
    programs: dict[str, tuple[str, Callable[[str], Setup]]] = {
        "urlwatch": ("urlwatch/bin/urlwatch", _urlwatch),
        "webchanges": ("webchanges/bin/webchanges", _webchanges),
        "changedetection.io": ("changedetection.io/bin/changedetection.io", _changedetection),
        "Scrapy": ("scrapy/bin/python", _scrapy),
    }
    found = {name: (folder.absolute() / path, setup) for name, (path, setup) in programs.items()}
    return {name: setup(str(path)) for name, (path, setup) in found.items() if path.exists()}


def _urlwatch(program: str) -> Setup:
    def setup(folder: Path, addresses: list[str]) -> Commands:
        hooks, jobs = _write(folder / "hooks.py", ""), _write(folder / "jobs.yaml", _jobs(addresses))
        files = ["--urls", jobs, "--hooks", hooks, "--config", str(folder / "config.yaml")]
        return _same([program, *files, "--cache", str(folder / "store.db")])

    return setup


def _webchanges(program: str) -> Setup:
    def setup(folder: Path, addresses: list[str]) -> Commands:
        hooks, jobs = _write(folder / "hooks.py", ""), _write(folder / "jobs.yaml", _jobs(addresses))
        config = _write(folder / "config.yaml", "version_check:\n  enabled: false\n")
        files = ["--jobs", jobs, "--hooks", hooks, "--config", config]
        return _same([program, *files, "--database", str(folder / "store.db")])

    return setup


def _changedetection(program: str) -> Setup:
    def setup(folder: Path, addresses: list[str]) -> Commands:
        start = [program, "-h", "127.0.0.1", "-p", "5999", "-d", str(folder / "store")]
        watches: list[str] = []
        for number, address in enumerate(addresses):
            watches += ["-u", address, f"-u{number}", json.dumps({"include_filters": [_TEASERS]})]
        return Commands(
            [*start, "-C", *watches, "-b"],
            [*start, "-r", "all", "-b"],
            {"ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "DISABLE_VERSION_CHECK": "true"},
        )

    return setup


def _scrapy(program: str) -> Setup:
    def setup(folder: Path, addresses: list[str]) -> Commands:
        listings = _write(folder / "listings.txt", "\n".join(addresses))
        return _same([program, str(_HERE / "polling_scrapy.py"), listings, str(folder / "scrapy.db")])

    return setup


def _jobs(addresses: list[str]) -> str:
    return "---\n".join(
        f"name: s{number}\nurl: {address}\nfilter:\n  - css: {_TEASERS}\n  - html2text\n"
        for number, address in enumerate(addresses)
    )


def _same(command: list[str]) -> Commands:
    return Commands(command, command, {})


def _write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return os.fspath(path)
