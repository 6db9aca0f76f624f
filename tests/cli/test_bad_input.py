"""Every error a user can cause: one clear line, the contract's exit code, no traceback, nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.program import Ran, pressewacht
from tests.cli.test_commands import run
from tests.world import World


def said_once(ran: Ran, code: int, *words: str) -> None:
    """One line on standard error with these words, this exit code, no traceback."""
    assert ran.code == code, ran
    lines = [line for line in ran.err.splitlines() if line.strip()]
    assert len(lines) == 1, ran.err
    assert all(word in lines[0] for word in words), lines
    assert "Traceback" not in ran.err


def test_missing_configuration(tmp_path: Path) -> None:
    """No file: which one, and how to get one."""
    said_once(pressewacht("run", folder=tmp_path), 2, "config.toml", "pressewacht init")


def test_misspelt_key(world: World) -> None:
    """File, line, key and what was probably meant."""
    world.config_path.write_text(world.config_path.read_text().replace("listing =", "listng ="))
    ran = run(world, "check")
    assert ran.code == 2
    assert 'did you mean "listing"' in ran.err
    assert "config.toml:" in ran.err


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("[[sources]\n", ("TOML",)),
        ("", ("sources", "required")),
        ('[[sources]]\nid = "x"\nlisting = "ftp://example.org"\n', ("listing", "http")),
        ('[[sources]]\nid = "Größe"\nlisting = "https://example.org"\n', ("id",)),
        ('[schedule]\npoll = "61 * * * *"\n[[sources]]\nid = "x"\nlisting = "https://e.org"\n', ("poll",)),
        ('[[sources]]\nid = "x"\nlisting = "https://e.org"\ntopics = ["klima"]\n', ("klima",)),
        ('[[sources]]\nid = "x"\nlisting = "https://e.org"\n[alerts]\nchannels = ["y"]\n', ("alerts", "y")),
    ],
)
def test_broken_configurations(tmp_path: Path, broken: str, words: tuple[str, ...]) -> None:
    """What is wrong, where, and what was expected."""
    (tmp_path / "config.toml").write_text(broken)
    said_once(pressewacht("check", folder=tmp_path), 2, "config.toml", *words)


def test_unknown_source_and_channel(world: World) -> None:
    """A name that is not configured: which there are."""
    said_once(run(world, "poll", "minsterium"), 2, "minsterium", "ministerium")
    said_once(run(world, "deliver", "email"), 2, "email", "archiv")


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("statsu", ("statsu", 'did you mean "status"')),
        ("tidy", ("tidy", "known here", "backup")),
        ("poll --jsn", ("--jsn", "--json")),
        ("deliver arxiv", ("arxiv", 'did you mean "archiv"')),
        ("check --online nirgends", ("nirgends", "known here: ministerium")),
        ("status --config config.toml", ("--config", "before the command")),
        ("recheck --since gestern", ("gestern", "YYYY-MM-DD")),
        ("backfill", ("SOURCE", "pressewacht backfill --help")),
        ("retry", ("number of a digest", "status")),
        ("retry 99", ("99", "status")),
        ("explain nonsense", ("not an address", "pressewacht search")),
        ("explain https://example.org/x", ("no listing", "pressewacht search")),
        ("search", ("WORDS", "pressewacht search --help")),
        ("search --limit 0 kurse", ("--limit", "x>=1")),
        ("export releases.csv", ("--jsonl, --csv, --warc",)),
        ("match nirgends.jsonl", ("nirgends.jsonl", "No such file")),
        ("match --topic integratoin", ("integratoin", "[topics.integratoin]")),
        ("browse --port 99999", ("--port", "65535")),
        ("--completion tcsh", ("tcsh", "'bash', 'zsh', 'fish'")),
    ],
)
def test_mistakes_of_newcomers(world: World, mistake: str, words: tuple[str, ...]) -> None:
    """One line: what was wrong, and what is right or where that is said."""
    world.poll()
    said_once(pressewacht(*mistake.split(), folder=world.folder), 2, *words)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("init --email rat", ("'rat'", "rat@example.org")),
        ("init --schedule never", ("immediate, daily, weekdays, weekly", "0 7 * * mon-fri")),
        ("init --source nrv", ("nrv", 'did you mean "nrw"')),
        ("init --listing example.org", ("listing", "https://")),
        ("init", ("standard input", "init --help")),
    ],
)
def test_mistakes_when_setting_up(tmp_path: Path, mistake: str, words: tuple[str, ...]) -> None:
    """What is not right is not written."""
    said_once(pressewacht(*mistake.split(), folder=tmp_path), 2, *words)
    assert not list(tmp_path.iterdir())


def test_missing_secret(world: World) -> None:
    """A secret that is not in the environment is named, not its value; polling goes on."""
    hook = '\n[[channels]]\nid = "chat"\nkind = "webhook"\nurl_env = "CHAT_URL"\n'
    world.config_path.write_text(world.config_path.read_text() + hook)
    said_once(run(world, "check"), 2, "CHAT_URL")
    world.publish("Neue Sprachkurse")
    ran = run(world, "run", "--json")
    assert ran.code == 1
    assert ran.json["sources"][0]["error"] is None
    assert "CHAT_URL" in ran.json["channels"][1]["error"]


def test_unreachable_host(world: World) -> None:
    """A host that does not answer is recorded, and said in one line."""
    world.portal.stop()
    ran = run(world, "poll")
    assert ran.code == 1
    assert "cannot be reached" in ran.out
    assert "Traceback" not in ran.err


def test_not_our_database(world: World) -> None:
    """A stranger's database is refused before anything is written to it."""
    world.store.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(world.store) as connection:
        connection.execute("create table kunden (name text)")
    connection.close()
    before = world.store.read_bytes()
    said_once(run(world, "run"), 3, str(world.store), "not a store of Pressewacht")
    assert world.store.read_bytes() == before


def test_not_a_database(world: World) -> None:
    """A text file is not a store."""
    world.store.parent.mkdir(parents=True, exist_ok=True)
    world.store.write_text("Das ist ein Brief und keine Datenbank." * 10)
    said_once(run(world, "run"), 3, "not an SQLite database")
    said_once(run(world, "status"), 3, "not an SQLite database")


def test_no_store_yet(world: World) -> None:
    """Questions before the first run say how to begin."""
    said_once(run(world, "status"), 3, "no store yet", "pressewacht run")


def test_unwritable_store(world: World) -> None:
    """A path that cannot be made is named with what to do."""
    (world.folder / "datei").write_text("in the way")
    text = world.config_path.read_text() + '\n[store]\npath = "datei/monitor.db"\n'
    world.config_path.write_text(text)
    ran = run(world, "run")
    assert ran.code == 3
    assert "datei" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_webhook_in_the_config_is_never_quoted(world: World) -> None:
    """A refused webhook is reported without its address."""
    hook = f'\n[[channels]]\nid = "chat"\nkind = "webhook"\nurl = "{world.portal.base_url}/geheim-4711"\n'
    world.config_path.write_text(world.config_path.read_text() + hook)
    world.publish("Neue Sprachkurse")
    ran = run(world, "run")
    assert ran.code == 1
    assert "geheim-4711" not in ran.out + ran.err
    assert b"geheim-4711" not in world.store.read_bytes()
