"""Cycle after cycle in one process, half an hour of injected time apart; says how large it is.

Run as `python -m tests.soak.endless CONFIG CYCLES`; a line of JSON after each thousand cycles.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker.bootstrap import open_runtime
from worker.config.load import load_config
from worker.fetching import fetcher
from worker.pipelines.cycle import deliver_channels, poll_sources

_MARK = 1000


def main(config_path: Path, cycles: int) -> None:
    """As many cycles, the same as the service's."""
    config, now = load_config(config_path), datetime.now(UTC)
    fetcher._PAUSE_SECONDS = 0.0  # a fault is tried twice, but nobody waits in between
    with open_runtime(config) as runtime:
        for cycle in range(1, cycles + 1):
            poll_sources(runtime, config.sources, now)
            deliver_channels(runtime, config.channels, now)
            now += timedelta(minutes=30)
            if cycle % _MARK == 0:
                _give_back()
                sys.stdout.write(json.dumps(_size() | {"cycle": cycle}) + "\n")
                sys.stdout.flush()


def _give_back() -> None:
    """Let the allocator return what it keeps in reserve: a megabyte and a half, more or less, by chance."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _size() -> dict[str, int]:
    """Resident kibibytes, open files and threads of this process."""
    fields = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").split("\n")
    rss = next(int(field.split()[1]) for field in fields if field.startswith("Rss:"))
    return {
        "rss": rss,
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
