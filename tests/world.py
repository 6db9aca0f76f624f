"""A worker in front of a portal: what stories are told with. Everything in it is real but the clock."""

from __future__ import annotations

import contextlib
import email
import email.policy
import sqlite3
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from worker.bootstrap import open_runtime
from worker.config.load import load_config
from worker.demo.portal import Portal
from worker.demo.release import PortalRelease
from worker.models.report import ChannelReport, SourceReport
from worker.pipelines.cycle import deliver_channels, poll_sources, recheck_sources
from worker.pipelines.runtime import Runtime

_CONFIG = """
[http]
min_interval_seconds = 0
allow_private_addresses = true
timeout_seconds = 5

[[sources]]
id = "ministerium"
name = "Ministerium"
listing = "{listing}"
{source}

{rest}
"""

FILES = """
[[channels]]
id = "archiv"
kind = "files"
path = "digests"
"""


class World:
    """One portal, one store, one clock that moves when told to.

    `configure` writes another configuration; what was stored stays.
    """

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal = portal
        self.folder = folder
        self.now = datetime.now(UTC).replace(microsecond=0)
        self._open = contextlib.ExitStack()
        self.runtime: Runtime
        self.configure()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def config_path(self) -> Path:
        """Where the configuration lies."""
        return self.folder / "config.toml"

    def configure(self, rest: str = FILES, source: str = "") -> None:
        """Write a configuration with these further tables and source keys, and work with it from now on."""
        listing = self.portal.listing_url
        self.config_path.write_text(
            _CONFIG.format(listing=listing, source=source, rest=rest), encoding="utf-8"
        )
        self.reload()

    def reload(self) -> None:
        """Work with the configuration as it lies there now."""
        self._open.close()
        self.runtime = self._open.enter_context(open_runtime(load_config(self.config_path)))

    def later(self, **span: float) -> None:
        """Let time pass: `hours=2`, `days=1`."""
        self.now += timedelta(**span)

    def day(self, days_ago: int = 0) -> date:
        """A publication date, counted back from today."""
        return (self.now - timedelta(days=days_ago)).date()

    def publish(self, title: str, *, days_ago: int = 0, position: int = 0, **about: Any) -> PortalRelease:
        """Publish a release about the topic unless `about` says otherwise."""
        release = PortalRelease.about(title, published=self.day(days_ago), **about)
        return self.portal.publish(release, position=position)

    def publish_elsewhere(self, title: str, *, days_ago: int = 0, position: int = 0) -> PortalRelease:
        """Publish a release about something else."""
        return self.publish(
            title,
            days_ago=days_ago,
            position=position,
            kicker="Verkehr",
            lead="Die neue Brücke ist fertig.",
            text="Sie wird am Montag für den Verkehr freigegeben.",
        )

    def poll(self, *, by_hand: bool = False) -> SourceReport:
        """Poll the source; the report of its one poll."""
        (report,) = poll_sources(self.runtime, self.runtime.config.sources, self.now, by_hand=by_hand)
        return report

    def recheck(self) -> SourceReport:
        """Look at all known releases again."""
        (report,) = recheck_sources(self.runtime, self.runtime.config.sources, None, self.now)
        return report

    def deliver(self, *, at_once: bool = False) -> dict[str, ChannelReport]:
        """Deliver what is due; the reports by channel."""
        reports = deliver_channels(self.runtime, self.runtime.config.channels, self.now, at_once=at_once)
        return {report.id: report for report in reports}

    def forget_kickers(self) -> None:
        """Put the store into the state in which an extractor left it that did not know kickers."""
        with contextlib.closing(sqlite3.connect(self.store)) as db, db:
            db.execute(
                "update revisions set record = json_replace(record, '$.kicker', null), extractor = 'x'"
            )
            db.execute("update releases set kicker = null")

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """What a reader of the store sees."""
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, parameters)]

    def titles(self, sql: str = "select title from releases order by id") -> list[str]:
        """The titles of the stored releases."""
        return [row["title"] for row in self.rows(sql)]

    def events(self) -> list[tuple[str, str, int]]:
        """Kind, title and revision of everything worth telling, in order."""
        sql = "select kind, title, e.revision from events e join releases using (url) order by e.id"
        return [(row["kind"], row["title"], row["revision"]) for row in self.rows(sql)]

    def letters(self) -> list[EmailMessage]:
        """The digests in the folder, oldest first."""
        paths = sorted((self.folder / "digests").glob("*.eml"), key=lambda path: int(path.stem))
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
            for path in paths
        ]

    def last_letter(self) -> str:
        """The plain text of the last digest in the folder."""
        body = self.letters()[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def store(self) -> Path:
        """Where the store lies."""
        return self.runtime.config.store.path

    def asked(self) -> list[str]:
        """What the portal was asked for since the last call, robots.txt aside."""
        targets = [request.target for request in self.portal.requests if request.path != "/robots.txt"]
        self.portal.requests.clear()
        return targets
