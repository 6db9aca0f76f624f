"""The documents cannot drift from the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from worker.cli import main
from worker.config.load import load_config
from worker.config.schema import known_keys

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RELIABILITY = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", main._COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    """Whoever reads the README has heard of every command."""
    assert re.search(rf"`{command}\b", README), command


def test_readme_names_only_commands_that_exist() -> None:
    """No example calls something that is not there."""
    called = set(
        re.findall(r"^[$#] (?:/\S*/|uv run )?pressewacht (?:--config \S+ )?(\w+)", README, re.MULTILINE)
    )
    assert called
    assert called <= set(main._COMMANDS)


def test_links_of_the_readme_lead_somewhere() -> None:
    """Every relative link names a file or folder of the repository."""
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_proof_in_the_documents_exists() -> None:
    """A test that docs/reliability.md names is there."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", RELIABILITY)
    assert len(named) > 100
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"


@pytest.mark.parametrize(("letter", "last"), [("F", 115), ("A", 38)])
def test_no_fault_and_no_attack_is_left_out(letter: str, last: int) -> None:
    """Each has a row that says what proves it, or why nothing does."""
    rows = [line.split("|") for line in RELIABILITY.splitlines() if line.startswith(f"| {letter}")]
    found: set[int] = set()
    for _, numbers, _, happens, proof, _ in rows:
        assert "`tests/" in proof or "the broken sites" in proof or "not covered" in happens + proof, numbers
        for first, end in re.findall(rf"{letter}(\d+)(?:–{letter}(\d+))?", numbers):
            found.update(range(int(first), int(end or first) + 1))
    assert found == set(range(1, last + 1))


def test_shipped_configuration_is_right_and_watches_the_ministry() -> None:
    """It loads as it is, with the embedded defaults."""
    config = load_config(ROOT / "config.toml")
    assert config.sources[0].listing.startswith("https://sozialministerium.baden-wuerttemberg.de/")
    assert config.store.path == ROOT / "var" / "monitor.db"
    assert [channel.kind for channel in config.channels] == ["files"]


def test_shipped_configuration_is_right_when_everything_is_switched_on(tmp_path: Path) -> None:
    """The commented examples are valid too."""
    switched_on = re.sub(r'^# (?=\[|\w+ = [\["0-9tf{])', "", CONFIG, flags=re.MULTILINE)
    switched_on = switched_on.replace('feed = "https://…"', "").replace(
        '"https://…/monitor"', '"https://e.org/m"'
    )
    (tmp_path / "config.toml").write_text(switched_on, encoding="utf-8")
    config = load_config(tmp_path / "config.toml")
    assert {channel.kind for channel in config.channels} == {"files", "email", "webhook", "atom"}
    assert "wohnen" in config.topics
    assert len([source.id for source in config.sources if not source.id.startswith("bw-")]) >= 8


def test_every_ready_source_says_how_sure_it_is() -> None:
    """An address nobody has asked lately is not taken for one that was."""
    ready = CONFIG.split("\n# [[sources]]\n")[1:]
    for entry in ready:
        assert re.search(r"# .*\b(sure|likely|guess)\b", entry.split("\n\n")[0]), entry


TABLES = ("store", "http", "schedule", "sources", "selectors", "expect", "digest", "alerts", "service")


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_in_the_shipped_configuration(table: str) -> None:
    """A key that exists is shown where people look for it."""
    for key in known_keys((table,)):
        shown = rf"^(# )?({key} = |\[{table}\.{key}\])"
        assert re.search(shown, CONFIG, re.MULTILINE), f"{table}.{key}"


def test_version_is_in_the_changelog() -> None:
    """A released version has its entry; before that there is «Unreleased»."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog


def test_lock_names_everything_with_its_hash() -> None:
    """Nothing is installed that was not pinned and hashed, and the lock names no registry."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    asked = {re.split(r"[<>=\[]", one)[0] for one in project["dependencies"]}
    assert asked <= pinned
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "://" not in lock
