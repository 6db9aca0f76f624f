"""Disk and database in trouble, as a user of the real program meets them."""

from __future__ import annotations

import contextlib
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Ran, pressewacht
from tests.world import World
from worker.lock import unit_of_work


def run(world: World, *arguments: str | Path) -> Ran:
    """Run a command on the world's configuration."""
    return pressewacht("--config", world.config_path, *arguments, folder=world.folder)


def start(world: World, *arguments: str, most_bytes: int | None = None) -> subprocess.Popen[str]:
    """Start a command, which can write no file longer than `most_bytes`."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.Popen(
        [sys.executable, "-m", "worker", "--config", str(world.config_path), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )


def told(world: World) -> list[str]:
    """The subjects of all digests in the folder."""
    return [str(letter["Subject"]) for letter in world.letters()]


@pytest.mark.parametrize("kilobytes", [0, 200, 400])
def test_full_disk_is_one_line_and_passes_by_itself(world: World, kilobytes: int) -> None:
    """Wherever it strikes, the store stays whole, and the next run with room does all that is left to do."""
    for number in range(6):
        world.publish(f"Sprachkurs {number}", text="Das Land hilft Zugewanderten. " * 300)
    with start(world, "run", most_bytes=kilobytes * 1_000) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, len(said.splitlines())) == (3, 1), said
    assert "nothing was half-written" in said

    assert run(world, "run").code == 0
    assert world.rows("pragma integrity_check") == [{"integrity_check": "ok"}]
    assert len(world.titles()) == 6
    assert world.rows("select state, count(*) as n from digests group by 1") == [{"state": "sent", "n": 1}]


def _no_header(store: Path) -> None:
    store.write_bytes(b"\xff" * 100 + store.read_bytes()[100:])


def _no_schema(store: Path) -> None:
    content = store.read_bytes()
    store.write_bytes(content[:100] + bytes(3_996) + content[4_096:])


def _page_of_zeros(store: Path) -> None:
    content = store.read_bytes()
    store.write_bytes(content[:8_192] + bytes(4_096) + content[12_288:])


def _cut_off(store: Path) -> None:
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def _newer(store: Path) -> None:
    with contextlib.closing(sqlite3.connect(store)) as db, db:
        db.execute("insert into _sqlite_migrations values (null, 'pressewacht', 'die_zukunft', '2099-01-01')")


@pytest.mark.parametrize("harm", [_no_header, _no_schema, _page_of_zeros, _cut_off, _newer])
def test_store_that_cannot_be_used_is_left_alone(world: World, harm: object) -> None:
    """One line names it and what to do, exit code 3, and not a byte is written to it."""
    world.publish("Neuer Sprachkurs")
    world.poll()
    assert callable(harm)
    harm(world.store)
    before = world.store.read_bytes()
    for command in ("run", "status"):
        ran = run(world, command)
        assert (ran.code, len(ran.err.splitlines())) == (3, 1), ran
        assert str(world.store) in ran.err
        assert "backup" in ran.err
    assert world.store.read_bytes() == before


def test_runs_at_once_take_turns(world: World) -> None:
    """Three runs on one store: each waits for the others, and the release is stored and told once."""
    world.publish("Neuer Sprachkurs")
    runs = [start(world, "run") for _ in range(3)]
    ended = [(*run.communicate(timeout=60), run.returncode) for run in runs]
    assert [code for *_, code in ended] == [0, 0, 0], ended
    assert world.events() == [("new", "Neuer Sprachkurs", 1)]
    assert len(told(world)) == 1


def test_command_by_hand_waits_its_turn(world: World) -> None:
    """While another is at work it asks for nothing; then it does all."""
    world.publish("Neuer Sprachkurs")
    with unit_of_work(world.store):
        process = start(world, "poll")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(4)
        assert world.portal.requests == []
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, "1 new" in out) == (0, True)


def test_restore_drill(world: World) -> None:
    """Stop, copy back, run: what the backup knew is not told again; what came after it is found again."""
    world.publish("Erster Sprachkurs")
    world.poll()
    world.deliver()
    copy = world.folder / "sicherung.db"
    assert run(world, "backup", copy).code == 0
    world.publish("Zweiter Sprachkurs")
    world.poll()
    world.deliver()
    world.store.write_bytes(b"kaputt")
    assert run(world, "run").code == 3

    shutil.copy(copy, world.store)
    assert run(world, "run").code == 0
    assert world.titles() == ["Erster Sprachkurs", "Zweiter Sprachkurs"]
    assert world.events() == [("new", "Erster Sprachkurs", 1), ("new", "Zweiter Sprachkurs", 1)]
    assert world.rows("select event_id from digest_events") == [{"event_id": 1}, {"event_id": 2}]
