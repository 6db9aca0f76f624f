"""What every pipeline works with: made once per process, shared by its threads. Floor 3."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import httpx

from worker.config.schema import Config, Source
from worker.fetching.fetcher import Fetcher
from worker.fetching.pace import HostGate
from worker.fetching.robots import RobotsMemory
from worker.models.verdict import Verdict, Wording

if TYPE_CHECKING:
    from worker.topics.topic import Topic

One = TypeVar("One")


class Watch(Protocol):
    """Hands on what is to be worked off one by one, and may say how far that is; called by any thread."""

    def __call__(self, ones: Iterable[One], /) -> Iterable[One]: ...


def unwatched(ones: Iterable[One], /) -> Iterable[One]:
    """Nobody looks on."""
    return ones


@dataclass(frozen=True, slots=True)
class Runtime:
    """The configuration, the one HTTP client, the gate that paces it, the topics by id, and who looks on."""

    config: Config
    client: httpx.Client
    gate: HostGate
    topic: Callable[[str], Topic]
    watch: Watch = unwatched

    def fetcher(self, source: Source, robots: RobotsMemory) -> Fetcher:
        """A fetcher for one source, which may ask that source's hosts and no others."""
        hosts = source.allowed_hosts
        return Fetcher(self.client, self.gate, self.config.http, hosts=hosts, robots=robots)

    def judge(self, source: Source, wording: Wording) -> tuple[Verdict, ...]:
        """The verdict of each of the source's topics on these words."""
        from worker.topics.matching import match_topic  # not loaded by a run that finds all as it was

        return tuple(match_topic(self.topic(topic), wording) for topic in source.topics)
