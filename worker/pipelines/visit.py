"""One unit of work at one source: what all its steps share. Floor 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.config.schema import Source
from worker.fetching.fetcher import Fetcher
from worker.models.verdict import Verdict, Wording
from worker.pipelines.runtime import Runtime
from worker.store.connection import Database
from worker.store.robots import StoredRobots


@dataclass(frozen=True, slots=True)
class Visit:
    """A source, the fetcher that may ask it, the store to write to, and the moment it is."""

    runtime: Runtime
    source: Source
    db: Database
    fetcher: Fetcher
    now: datetime

    @property
    def recheck_days(self) -> int:
        """How long releases are watched."""
        return self.runtime.config.schedule.recheck_days

    def judge(self, wording: Wording) -> tuple[Verdict, ...]:
        """The verdict of each of the source's topics on these words."""
        return self.runtime.judge(self.source, wording)


def begin_visit(runtime: Runtime, source: Source, db: Database, now: datetime) -> Visit:
    """A visit with a fetcher of its own, which counts what the visit costs."""
    return Visit(runtime, source, db, runtime.fetcher(source, StoredRobots(db)), now)
