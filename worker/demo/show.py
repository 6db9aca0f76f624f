"""The whole main job on the bundled portal, in three acts, told as it happens. Floor 4.

Nothing is staged but the portal: the same pipelines poll it over real HTTP, the same transport writes
the digests, the store is the one people query.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.bootstrap import open_runtime
from worker.config.load import load_config
from worker.demo.portal import Portal
from worker.demo.story import act_three, act_two, demo_portal
from worker.pipelines.cycle import deliver_channels, poll_sources, recheck_sources
from worker.pipelines.runtime import Runtime

_CONFIG = """\
# The demo's configuration. Its portal is gone; the store and the digests stay.

[store]
path = "monitor.db"

[http]
allow_private_addresses = true   # the portal lives on this machine
min_interval_seconds = 0.02

[[sources]]
id = "demo-ministerium"
name = "Ministerium für Soziales (erfunden)"
listing = "{listing}"
feed = "{feed}"
page_param = "tx_rsmpress_list[page]"

[[channels]]
id = "archiv"
kind = "files"
path = "digests"

[[channels]]
id = "atom"
kind = "atom"
path = "integration.atom"
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest as its reader sees it."""

    path: Path
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """One cycle: what happened at the portal, what the worker did, what a reader got."""

    title: str
    requests: int
    outcome: str
    letters: tuple[Letter, ...]


def perform(folder: Path) -> Iterator[Act]:
    """Play the three acts in `folder`; yields each when it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with demo_portal(now) as portal:
        path = folder / "config.toml"
        path.write_text(_CONFIG.format(listing=portal.listing_url, feed=portal.feed_url), encoding="utf-8")
        with open_runtime(load_config(path)) as runtime:
            stage = _Stage(runtime, portal, folder / "digests")
            yield stage.act("First look: what was published in the last seven days is news", lambda: None)
            yield stage.act(
                "A day later: a new release, and an edit nobody announced",
                lambda: act_two(portal, now),
                looks=1,
            )
            yield stage.act(
                "Another day later: a release has disappeared", lambda: act_three(portal), looks=2
            )


class _Stage:
    """The worker in front of its portal."""

    def __init__(self, runtime: Runtime, portal: Portal, digests: Path) -> None:
        self._runtime = runtime
        self._portal = portal
        self._digests = digests
        self._shown: set[Path] = set()

    def act(self, title: str, happening: Callable[[], None], looks: int = 0) -> Act:
        """Let something happen, then run a cycle, with `looks` at the known releases in between."""
        happening()
        self._portal.requests.clear()
        config, now = self._runtime.config, datetime.now(UTC)
        (report,) = poll_sources(self._runtime, config.sources, now)
        for _ in range(looks):
            recheck_sources(self._runtime, config.sources, None, now)
        deliver_channels(self._runtime, config.channels, now)
        outcome = f"{report.items_seen} entries read, {report.items_new} new: {report.error or report.status}"
        return Act(title, len(self._portal.requests), outcome, tuple(self._new_letters()))

    def _new_letters(self) -> Iterator[Letter]:
        for path in sorted(set(self._digests.glob("*.eml")) - self._shown):
            self._shown.add(path)
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            plain = message.get_body(("plain",))
            yield Letter(path, str(message["Subject"]), plain.get_content().strip() if plain else "")
