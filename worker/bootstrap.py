"""The one place that makes what pipelines work with. Floor 4."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cache

from worker.config.schema import Config
from worker.fetching.client import open_client
from worker.fetching.pace import HostGate
from worker.pipelines.runtime import Runtime, Watch, unwatched
from worker.topics.topic import Topic, build_topic


@contextlib.contextmanager
def open_runtime(config: Config, watch: Watch = unwatched) -> Iterator[Runtime]:
    """A runtime for one process, its HTTP client closed at the end; `watch` is told how far work is."""
    with open_client(config.http) as client:
        yield Runtime(config, client, HostGate(), topics_of(config), watch)


def topics_of(config: Config) -> Callable[[str], Topic]:
    """The topics of a configuration by id, each compiled when it is first asked for."""
    return cache(lambda topic: build_topic(topic, config.topics.get(topic)))
