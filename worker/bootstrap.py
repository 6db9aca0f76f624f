"""The one place that makes what pipelines work with. Floor 4."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from worker.config.schema import Config
from worker.fetching.client import open_client
from worker.fetching.pace import HostGate
from worker.pipelines.runtime import Runtime, Watch, unwatched

if TYPE_CHECKING:
    from worker.topics.topic import Topic


@contextlib.contextmanager
def open_runtime(config: Config, watch: Watch = unwatched) -> Iterator[Runtime]:
    """A runtime for one process, its HTTP client closed at the end; `watch` is told how far work is."""
    with open_client(config.http) as client:
        yield Runtime(config, client, HostGate(), topics_of(config), watch)


def topics_of(config: Config) -> Callable[[str], Topic]:
    """The topics of a configuration by id, each compiled when it is first asked for."""

    @cache
    def topic_of(topic: str) -> Topic:
        from worker.topics.topic import build_topic  # not loaded by a run that finds all as it was

        return build_topic(topic, config.topics.get(topic))

    return topic_of
