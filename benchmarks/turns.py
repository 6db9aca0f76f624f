"""Several jobs on the same pages, timed in turns.

Each page goes through all jobs one after the other, so that a slow moment of the machine hits all of them;
seconds are those of the processor, so that a busy machine does not count. The first round is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from worker.models.page import Page

Job = Callable[[Page], object]


def show_turns(
    pages: Sequence[Page], jobs: Mapping[str, Job], rounds: int, forget: Callable[[], object]
) -> None:
    """Print what each job costs a page, and its ratio to the first: medians over the rounds.

    `forget` is called before each page.
    """
    figures = [_round(pages, jobs, forget) for _ in range(rounds + 1)][1:]
    size = sum(len(page.body) for page in pages) / 1e6
    print(f"{len(pages)} pages, {size:.1f} MB, {rounds} rounds")
    for position, name in enumerate(jobs):
        seconds = statistics.median(figure[position] for figure in figures)
        ratio = statistics.median(figure[position] / figure[0] for figure in figures)
        print(
            f"{name:<16} {1000 * seconds / len(pages):6.2f} ms/page {size / seconds:7.1f} MB/s {ratio:6.2f} x"
        )


def _round(pages: Sequence[Page], jobs: Mapping[str, Job], forget: Callable[[], object]) -> list[float]:
    totals = [0.0] * len(jobs)
    for page in pages:
        forget()
        for position, job in enumerate(jobs.values()):
            started = time.thread_time()
            job(page)
            totals[position] += time.thread_time() - started
    return totals
