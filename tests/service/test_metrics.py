"""/metrics as a scraper reads it: every line in the exposition format, every figure the store's."""

from __future__ import annotations

import re
import sqlite3

from tests.world import FILES, World
from worker.pipelines.health import health_of
from worker.service.metrics import as_metrics
from worker.store.connection import reading

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_SAMPLE = re.compile(rf'({_NAME})(?:\{{([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"\}})? (-?\d+(?:\.\d+)?)')
_SOURCE, _CHANNEL = 'source="ministerium"', 'channel="archiv"'


def parsed(text: str) -> dict[str, float]:
    """Sample → value of an exposition (format 0.0.4), each family in one piece behind its HELP and TYPE."""
    assert text.endswith("\n")
    samples: dict[str, float] = {}
    lines = text.splitlines()
    families: list[str] = []
    while lines:
        helped = re.fullmatch(rf"# HELP ({_NAME}) (?:[^\\]|\\[\\n])+", lines.pop(0))
        assert helped
        assert helped[1] not in families
        families.append(helped[1])
        assert lines.pop(0) == f"# TYPE {helped[1]} gauge"
        while lines and not lines[0].startswith("#"):
            sample = _SAMPLE.fullmatch(lines.pop(0))
            assert sample
            assert sample[1] == helped[1]
            key = f'{sample[1]}{{{sample[2]}="{sample[3]}"}}' if sample[2] else sample[1]
            assert key not in samples, f"{key} twice"
            samples[key] = float(sample[4])
    return samples


def metrics(world: World) -> dict[str, float]:
    """What a scraper would get now."""
    with reading(world.store) as db:
        return parsed(as_metrics(health_of(db, world.runtime.config, world.now)))


def test_before_the_first_poll_nothing_is_invented(world: World) -> None:
    """No age, no duration: only what is known has a sample."""
    world.publish("Neue Sprachkurse")
    world.deliver()
    found = metrics(world)
    assert found["pressewacht_healthy"] == 0
    assert found[f"pressewacht_source_items{{{_SOURCE}}}"] == 0
    assert not [name for name in found if "source_lag" in name or "poll_seconds" in name]


def test_figures_are_those_of_the_store(world: World) -> None:
    """Entries, releases, messages, ages and durations of a poll half an hour ago."""
    world.publish("Neue Sprachkurse")
    world.publish_elsewhere("Neue Brücke")
    world.poll()
    world.deliver()
    with sqlite3.connect(world.store) as db:
        db.execute("update runs set finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', started_at, '+7 seconds')")
    polled_at = world.now.timestamp()
    world.later(minutes=30)
    found = metrics(world)
    expected = {
        "pressewacht_healthy": 1,
        f"pressewacht_source_healthy{{{_SOURCE}}}": 1,
        f"pressewacht_source_last_success_timestamp_seconds{{{_SOURCE}}}": polled_at,
        f"pressewacht_source_lag_seconds{{{_SOURCE}}}": 1800,
        f"pressewacht_source_failures{{{_SOURCE}}}": 0,
        f"pressewacht_source_poll_seconds{{{_SOURCE}}}": 7,
        f"pressewacht_source_items{{{_SOURCE}}}": 2,
        f"pressewacht_source_releases{{{_SOURCE}}}": 1,
        f"pressewacht_messages_sent{{{_CHANNEL}}}": 1,
        f"pressewacht_messages_pending{{{_CHANNEL}}}": 0,
        "pressewacht_delivery_seconds": 7,
    }
    assert expected.items() <= found.items()


def test_trouble_is_counted(world: World) -> None:
    """A ministry that is down, a folder that is in the way."""
    world.publish("Neue Sprachkurse")
    world.poll()
    (world.folder / "digests").write_text("in the way")
    world.deliver()
    world.portal.answer(world.portal.listing_url, status=500)
    world.poll()
    world.later(hours=2)
    world.poll()
    found = metrics(world)
    assert found[f"pressewacht_source_failures{{{_SOURCE}}}"] == 2
    assert found[f"pressewacht_messages_pending{{{_CHANNEL}}}"] == 1
    assert found["pressewacht_healthy"] == 0


def test_every_source_and_channel_has_its_own_samples(world: World) -> None:
    """A second source and a second channel stand behind the first, in the same family."""
    listing = world.portal.listing_url
    second = f'[[sources]]\nid = "zwei_2-b"\nlisting = "{listing}?zwei"\n'
    atom = '[[channels]]\nid = "feed"\nkind = "atom"\npath = "feed.atom"\n'
    world.configure(second + FILES + atom)
    world.deliver()
    found = metrics(world)
    assert len([name for name in found if name.startswith("pressewacht_source_healthy")]) == 2
    assert len([name for name in found if name.startswith("pressewacht_messages_held")]) == 2
