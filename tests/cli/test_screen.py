"""What people see: one screen, colours on a terminal only, commands that mend, help that can be copied."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys

import pytest

from tests.cli.test_commands import run
from tests.world import FILES, World

_ESCAPE = re.compile(r"\x1b\[[\d;]*[mK]")


def on_terminal(world: World, *arguments: str, **environment: str) -> str:
    """What a terminal of 80 columns is sent when a command runs on it."""
    plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "--config", str(world.config_path), *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=plain | {"TERM": "xterm", "COLUMNS": "80"} | environment,
    )
    os.close(theirs)
    sent = b""
    with contextlib.suppress(OSError):  # how a terminal says that its last program has gone
        while block := os.read(ours, 65_536):
            sent += block
    os.close(ours)
    process.wait(60)
    return sent.decode()


@pytest.fixture
def troubled(world: World) -> World:
    """Fifty sources of which one cannot be read, and a channel that cannot write."""
    others = "".join(
        f'[[sources]]\nid = "amt-mit-langem-namen-{number}"\nlisting = "{world.portal.listing_url}"\n'
        for number in range(49)
    )
    (world.folder / "datei").write_text("in the way")
    world.configure(others + FILES + '[[channels]]\nid = "mappe"\nkind = "files"\npath = "datei/digests"\n')
    world.publish("Neue Sprachkurse")
    assert run(world, "run").code == 1
    world.portal.answer(world.portal.listing_url, status=404)
    assert run(world, "poll", "ministerium").code == 1
    return world


def test_status_says_what_is_wrong_and_what_mends_it_on_one_screen(troubled: World) -> None:
    """80 columns and 24 lines are enough for fifty sources; the commands it names are real ones."""
    shown = _ESCAPE.sub("", on_terminal(troubled, "status")).splitlines()
    assert shown[0] == "2 things need you:"
    assert all(len(line) <= 80 or " " not in line.strip() for line in shown), "only an address is longer"
    assert len(shown) <= 24
    assert any(line.startswith("49 sources more, all well") for line in shown)
    named = re.findall(r"`pressewacht (\w+)([^`]*)`", run(troubled, "status").out)
    assert ("check", " --online ministerium") in named
    assert ("deliver", " mappe --now") in named
    (troubled.folder / "datei").unlink()
    assert run(troubled, "deliver", "mappe", "--now").code == 0
    troubled.portal.heal()
    assert run(troubled, "poll", "ministerium").code == 0
    assert run(troubled, "status").out.startswith("All well: 50 sources read within the last ")


def test_colours_on_a_terminal_only(world: World) -> None:
    """A pipe, NO_COLOR and a dumb terminal get plain text, the same words."""
    world.publish("Neue Sprachkurse")
    assert run(world, "run").code == 0
    assert "\x1b[" in on_terminal(world, "status")
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\x1b" not in on_terminal(world, "status", **plain)
    assert "\x1b" not in run(world, "status").out


def test_words_that_counted_are_marked(world: World) -> None:
    """`explain` and `search` show them where they stand: in a pipe between «», on a terminal in colour."""
    release = world.publish("Neue Sprachkurse", kicker="Integration")
    assert run(world, "run").code == 0
    url = world.portal.release_url(release.slug)
    assert "title   Neue «Sprachkurse»" in run(world, "explain", url).out
    assert "\x1b[33m\x1b[1mSprachkurse\x1b[0m" in on_terminal(world, "explain", url)
    assert "needed" in run(world, "explain", url).out
    assert "\x1b[1mIntegration | Neue Sprachkurse\x1b[0m" in on_terminal(world, "search", "sprachkurse")


def test_progress_tells_rate_and_time_left(world: World) -> None:
    """Pages asked for a second apart are counted on the terminal; the line is gone at the end."""
    for number in range(5):
        world.publish(f"Sprachkurs {number}")
    text = world.config_path.read_text().replace("min_interval_seconds = 0", "min_interval_seconds = 0.8")
    world.config_path.write_text(text)
    sent = on_terminal(world, "run")
    assert re.search(r"[1-4] of 5  \d\.\d/s  \d s left", sent)
    assert " left" not in sent.rpartition("\x1b[K")[2]
