"""What polling costs: the worker as shipped, a floor written by hand, and peers, on one loopback site.

Each look is a process of its own; its processor time and peak memory are what the system says when it has
ended, requests and bytes what the site counted. Every tool has a site and a store of its own, filled once;
the looks take turns (floor, worker, floor, …), so that a slow moment of the machine hits all. Ratios are the
median over the rounds of each round's ratio to the floor. Out come Markdown tables for
`docs/performance.md`. Uses only the standard library, because a child's peak begins at its parent's size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from polling_tools import Setup, configure_worker, floor, peers, worker, worker_command

_HERE = Path(__file__).parent
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of `ru_maxrss`
_PACED_HOSTS = 20
_OUR_TOOLS: dict[str, Setup] = {"floor": floor, "worker": worker}


@dataclass(frozen=True, slots=True)
class Cost:
    """One process: seconds of processor and clock, peak memory in MiB; what the site was asked for."""

    cpu: float
    wall: float
    peak: float
    requests: int = 0
    bytes: int = 0
    connections: int = 0


class Site:
    """`polling_site.py` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.addresses: list[str] = json.loads(self._read())

    def tell(self, order: str = "") -> Mapping[str, int]:
        """Give an order; what was asked for since the last one."""
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        asked: Mapping[str, int] = json.loads(self._read())
        return asked

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextlib.contextmanager
def started_site(sources: int, *, own_hosts: bool) -> Iterator[Site]:
    """A site, until the block ends."""
    command = [sys.executable, str(_HERE / "polling_site.py"), "--sources", str(sources)]
    command += ["--own-hosts"] if own_hosts else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Site(process)


class Watch:
    """One tool with its site and its store."""

    def __init__(self, setup: Setup, site: Site, folder: Path) -> None:
        self._site, self._folder = site, folder
        self._commands = setup(folder, site.addresses)

    def first(self) -> Cost:
        """Fill the empty store."""
        return self._cost(self._commands.fill)

    def again(self, *, news: bool) -> Cost:
        """Look once more, at one new release of each source or at nothing new."""
        if news:
            self._site.tell("publish")
        return self._cost(self._commands.poll)

    def _cost(self, command: Sequence[str]) -> Cost:
        self._site.tell()
        cost = measure(command, self._folder, self._commands.environment)
        return Cost(cost.cpu, cost.wall, cost.peak, **self._site.tell())


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end; SystemExit with what it said if it failed."""
    # Bytecode is kept, as where a program is installed: compiling the worker anew would count as its start.
    environment = {**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": ""}
    log = folder / "log.txt"
    started = time.monotonic()
    with log.open("wb") as out, subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
    ) as process:  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} failed:\n{log.read_text('utf-8')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _PEAK_UNIT / 2**20)


@contextlib.contextmanager
def _watches(tools: Mapping[str, Setup], sources: int, *, own_hosts: bool) -> Iterator[dict[str, Watch]]:
    """Each tool beside its own site, with an empty store."""
    with contextlib.ExitStack() as stack:
        watches = {}
        for name, setup in tools.items():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="polling-")))
            site = stack.enter_context(started_site(sources, own_hosts=own_hosts))
            watches[name] = Watch(setup, site, folder)
        yield watches


def show_cold(tools: Mapping[str, Setup], rounds: int) -> None:
    """The first look at one source."""
    costs: dict[str, list[Cost]] = {name: [] for name in tools}
    for _ in range(rounds):
        with _watches(tools, 1, own_hosts=False) as watches:
            for name, watch in watches.items():
                costs[name].append(watch.first())
    _show("1", "first", costs)


def show_looks(tools: Mapping[str, Setup], sources: int, rounds: int, *, own_hosts: bool) -> None:
    """Looks at known sources, with nothing new and with one new release each."""
    with _watches(tools, sources, own_hosts=own_hosts) as watches:
        for watch in watches.values():
            watch.first()
        for look in ("unchanged", "one new each"):
            costs: dict[str, list[Cost]] = {name: [] for name in tools}
            for _ in range(rounds):
                for name, watch in watches.items():
                    costs[name].append(watch.again(news=look != "unchanged"))
            _show(f"{sources}, a host each" if own_hosts else f"{sources}", look, costs)


def _show(sources: str, look: str, costs: Mapping[str, Sequence[Cost]]) -> None:
    base = costs["floor"]
    for name, ones in costs.items():
        ratio = statistics.median(one.cpu / floor.cpu for one, floor in zip(ones, base, strict=True))
        middle = {field: statistics.median(getattr(one, field) for one in ones) for field in Cost.__slots__}
        print(
            f"| {sources} | {look} | {name} | {middle['cpu']:.2f} | {ratio:.2f} | {middle['wall']:.1f} | "
            f"{middle['peak']:.0f} | {middle['requests']:.0f} | {middle['bytes'] / 1000:.0f} | "
            f"{middle['connections']:.0f} |",
            flush=True,
        )


def show_start(rounds: int) -> None:
    """What a command costs that does nothing."""
    print("\n| command | CPU s | peak MiB |\n|---|--:|--:|")
    with tempfile.TemporaryDirectory(prefix="polling-") as folder:
        for argument in ("--version", "--help"):
            costs = [measure(worker_command("none", argument), Path(folder), {}) for _ in range(3 * rounds)]
            cpu, peak = (statistics.median(getattr(one, field) for one in costs) for field in ("cpu", "peak"))
            print(f"| `pressewacht {argument}` | {cpu:.3f} | {peak:.0f} |")


def show_pace(seconds: float) -> None:
    """Twenty hosts with one new release each, at the pace of a polite client."""
    with tempfile.TemporaryDirectory(prefix="polling-") as name, started_site(
        _PACED_HOSTS, own_hosts=True
    ) as site:  # fmt: skip
        folder = Path(name)
        Watch(worker, site, folder).first()
        config = configure_worker(folder, site.addresses, pace_seconds=seconds)
        site.tell("publish")
        cost = measure(worker_command(config, "run"), folder, {})
        asked = site.tell()
    each = asked["requests"] / _PACED_HOSTS
    print(
        f"\n{_PACED_HOSTS} hosts, {each:.0f} requests to each, {seconds:g} s apart: {cost.wall:.1f} s, "
        f"{cost.cpu:.1f} CPU s, {cost.peak:.0f} MiB, {asked['connections']} connections; one host's pace is "
        f"{(each - 1) * seconds:.1f} s, of one after the other {_PACED_HOSTS * (each - 1) * seconds:.1f} s"
    )


def show_idle(sources: int, seconds: float) -> None:
    """The service with nothing due, after ten seconds in which it came up. Linux only: reads /proc."""
    with (
        tempfile.TemporaryDirectory(prefix="polling-") as name,
        started_site(sources, own_hosts=False) as site,
    ):
        folder = Path(name)
        Watch(worker, site, folder).first()
        command = worker_command(str(folder / "config.toml"), "serve")
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
            time.sleep(10)
            before = _processor_seconds(process.pid)
            time.sleep(seconds)
            used = _processor_seconds(process.pid) - before
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")
            process.terminate()
    resident = int(status.partition("VmRSS:")[2].split()[0]) / 1024
    print(f"\n`serve`, {sources} sources, idle: {used * 60 / seconds:.2f} CPU s a minute, {resident:.0f} MiB")


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the tables; the everyday form takes about a minute."""
    parser = argparse.ArgumentParser(description="Measure polling against a floor and peers.")
    parser.add_argument("--sources", type=int, nargs="*", default=[100], help="how many; 100 if not given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--own-hosts", action="store_true", help="a host for each source")
    parser.add_argument("--peers", type=Path, help="folder with an environment for each peer")
    parser.add_argument("--whole", action="store_true", help="also first look, start, pace and idle service")
    options = parser.parse_args()
    tools = _OUR_TOOLS | (peers(options.peers) if options.peers else {})
    print("| sources | look | tool | CPU s | × floor | wall s | peak MiB | requests | kB | connections |")
    print("|--:|---|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    if options.whole:
        show_cold(tools, options.rounds)
    for sources in options.sources:
        show_looks(tools, sources, options.rounds, own_hosts=options.own_hosts)
    if options.whole:
        show_start(options.rounds)
        show_pace(1.0)
        show_idle(100, 60)


if __name__ == "__main__":
    main()
