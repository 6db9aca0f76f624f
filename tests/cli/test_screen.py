"""What people see: one screen, colours on a terminal only, commands that mend, help that can be copied."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cli.program import pressewacht
from tests.cli.test_commands import run
from tests.world import FILES, World
from worker.cli import main

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


@pytest.mark.parametrize("command", main._COMMANDS)
def test_example_of_every_help_is_a_right_command_line(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies it gets no usage error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headlines.jsonl").touch()
    group = main.pressewacht
    chosen = group.get_command(click.Context(group), command)
    assert chosen is not None
    assert chosen.epilog is not None
    program, name, *arguments = shlex.split(chosen.epilog.splitlines()[-1])
    assert (program, name) == ("pressewacht", command)
    with chosen.make_context(command, arguments):
        pass


def test_tab_completes_commands_and_ids(world: World) -> None:
    """The real bash, with the script we print: commands, then what the configuration names."""
    script = (
        'eval "$(pressewacht --completion bash)"\n'
        "complete -p pressewacht >/dev/null || exit 1\n"
        'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()\n'
        '_pressewacht_completion pressewacht; echo "${COMPREPLY[@]}"; }\n'
        "ask pressewacht sta\nask pressewacht poll m\nask pressewacht deliver ''\n"
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=world.folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["status", "ministerium", "archiv"]


def test_tab_says_nothing_without_a_configuration(tmp_path: Path) -> None:
    """A shell has no place for a complaint."""
    asked = {"_PRESSEWACHT_COMPLETE": "bash_complete", "COMP_WORDS": "pressewacht poll x", "COMP_CWORD": "2"}
    ran = pressewacht(folder=tmp_path, **asked)
    assert (ran.code, ran.out.strip(), ran.err) == (0, "", "")
