"""The one place that makes what pipelines work with. Floor 4."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from worker.config.schema import Config
from worker.fetching.client import open_client
from worker.fetching.pace import HostGate
from worker.pipelines.runtime import Runtime
from worker.topics.topic import Topic, build_topic


@contextlib.contextmanager
def open_runtime(config: Config) -> Iterator[Runtime]:
    """A runtime for one process, its HTTP client closed at the end."""
    with open_client(config.http) as client:
        yield Runtime(config, client, HostGate(), compiled_topics(config))


def compiled_topics(config: Config) -> dict[str, Topic]:
    """Every topic that a source or channel names, or that the configuration defines, by id."""
    named = {topic for source in config.sources for topic in source.topics} | set(config.topics)
    return {topic: build_topic(topic, config.topics.get(topic)) for topic in named}
