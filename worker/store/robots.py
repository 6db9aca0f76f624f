"""robots.txt files between processes. Floor 2."""

from __future__ import annotations

from sqlite_utils import Database

from worker.fetching.robots import RobotsFile
from worker.instants import from_text, to_text
from worker.store.connection import write
from worker.store.rows import put, select


class StoredRobots:
    """A `RobotsMemory` in the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def recall(self, host: str) -> RobotsFile | None:
        """The file of `host` as last remembered, however old."""
        for row in select(self._db, "select * from robots where host = ?", [host]):
            return RobotsFile(row["host"], row["text"], from_text(row["fetched_at"]))
        return None

    def remember(self, robots: RobotsFile) -> None:
        """Keep `robots`, in place of what was known of its host."""
        with write(self._db):
            put(
                self._db,
                "robots",
                {"host": robots.host, "text": robots.text, "fetched_at": to_text(robots.fetched_at)},
                key=("host",),
            )
