"""What every pipeline works with: made once per process, shared by its threads. Floor 3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from worker.config.schema import Config, Source
from worker.fetching.fetcher import Fetcher
from worker.fetching.pace import HostGate
from worker.fetching.robots import RobotsMemory
from worker.models.verdict import Verdict, Wording
from worker.topics.topic import Topic


@dataclass(frozen=True, slots=True)
class Runtime:
    """The configuration, the one HTTP client, the gate that paces it, and the topics by id."""

    config: Config
    client: httpx.Client
    gate: HostGate
    topic: Callable[[str], Topic]

    def fetcher(self, source: Source, robots: RobotsMemory) -> Fetcher:
        """A fetcher for one source, which may ask that source's hosts and no others."""
        hosts = source.allowed_hosts
        return Fetcher(self.client, self.gate, self.config.http, hosts=hosts, robots=robots)

    def judge(self, source: Source, wording: Wording) -> tuple[Verdict, ...]:
        """The verdict of each of the source's topics on these words."""
        from worker.topics.matching import match_topic  # not loaded by a run that finds all as it was

        return tuple(match_topic(self.topic(topic), wording) for topic in source.topics)
