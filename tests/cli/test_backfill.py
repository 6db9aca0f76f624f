"""`backfill`: what it says while it walks, that it may be killed, and that a service goes on beside it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading

from tests.cli.program import pressewacht
from tests.world import World


def _archive(world: World) -> None:
    for days in range(40):
        world.publish_elsewhere(f"Brücke {days}", days_ago=30 + days, position=days)


def test_a_terminal_shows_how_far_and_how_fast(world: World) -> None:
    """Pages, entries of how many, the rate and what is left."""
    _archive(world)
    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "worker", "--config", str(world.config_path), "backfill", "ministerium"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=inside) as process:
        assert process.wait(60) == 0
    os.close(inside)
    said = os.read(terminal, 100_000).decode()
    os.close(terminal)

    assert "2 pages, 18 of 40 entries, " in said
    assert " pages a minute, 1 min left" in said


def test_a_walk_that_was_killed_asks_for_no_finished_page_again(world: World) -> None:
    """Killed while it reads the third page, it goes on there."""
    _archive(world)
    command = [sys.executable, "-m", "worker", "--config", str(world.config_path), "backfill", "ministerium"]
    reached = threading.Event()
    world.portal.on_request = lambda request: reached.set() if "=3" in request.target else None
    world.portal.answer(world.portal.listing_url, delay_seconds=0.5)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
    world.portal.on_request = None
    world.portal.heal()
    world.asked()

    assert pressewacht(*command[3:], folder=world.folder).code == 0

    assert "=3" in world.asked()[0]
    assert world.rows("select count(*) as n from items") == [{"n": 40}]


def test_news_between_two_pages_stay_news(world: World) -> None:
    """A poll between two parts of the walk: what is published meanwhile is told, the archive is not."""
    world.publish("Erster Sprachkurs")
    world.poll()
    _archive(world)
    command = ["--config", world.config_path, "backfill", "ministerium", "--max-pages", "2"]
    assert pressewacht(*command, folder=world.folder).code == 0
    world.publish("Zweiter Sprachkurs")
    world.later(hours=1)
    world.poll()
    assert pressewacht(*command[:-2], folder=world.folder).code == 0

    assert [title for _, title, _ in world.events()] == ["Erster Sprachkurs", "Zweiter Sprachkurs"]
    assert world.rows("select count(*) as n from items") == [{"n": 42}]
