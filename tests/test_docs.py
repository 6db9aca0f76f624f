"""The documents cannot drift from the program."""

from __future__ import annotations

import base64
import configparser
import contextlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tests.cli.program import pressewacht
from tests.fenced import DOCUMENTS, ROOT, TRIED, Block, agrees, blocks, calls, check_shell, fits, run
from tests.service.test_serve import wait_for
from tests.transports.servers import free_port
from tests.world import World
from worker.cli import main
from worker.config.load import load_config
from worker.config.schema import _TABLES, ChannelTable, known_keys
from worker.demo.show import _CONFIG, perform
from worker.demo.story import demo_portal
from worker.pipelines.health import Health
from worker.service.metrics import as_metrics
from worker.transports.build import build_transport

README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs/running.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
RELIABILITY = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")

_HEADINGS = {
    "`[store]`": "store",
    "`[http]`": "http",
    "`[schedule]`": "schedule",
    "`[[sources]]`": "sources",
    "`[sources.selectors]`": "selectors",
    "`[sources.expect]`": "expect",
    "`[topics.NAME]`": "topics",
    "`[[topics.NAME.context]]`": "context",
    "`[topics.NAME.fields]`": "fields",
    "`[digest]`": "digest",
    "`[alerts]`": "alerts",
    "`[service]`": "service",
    '`kind = "email"`': "email",
    '`kind = "webhook"`': "webhook",
    '`kind = "files"`': "files",
    '`kind = "atom"`': "atom",
}
TABLES_OF_REFERENCE: dict[str, type[BaseModel]] = {
    **{heading: _TABLES[name] for heading, name in _HEADINGS.items()},
    "`[[channels]]`": ChannelTable,
}


@pytest.mark.parametrize("command", main._COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    """Whoever reads the README has heard of every command."""
    assert re.search(rf"`{command}\b", README), command


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pressewacht demo --keep` leaves behind."""
    folder = tmp_path_factory.mktemp("demo")
    assert len(list(perform(folder))) == 3
    return folder


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_shown_does_what_is_shown(document: Path, tmp_path: Path, demo: Path) -> None:
    """Whoever follows a document to the letter sees what it says."""
    shown = calls(document)
    results = run(shown, tmp_path, demo) if shown else []
    assert len(results) == len(shown), "the shell ended early"
    for call, (code, printed) in zip(shown, results, strict=True):
        assert code == 0, f"{call.place}: {call.command}: {printed}"
        assert not call.shown or agrees(call.shown, printed), f"{call.place}: {call.command}\n{printed}"


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_every_other_command_would_be_taken(block: Block) -> None:
    """What needs root, systemd or a network calls commands and options that exist."""
    check_shell(block.text)


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_every_piece_of_configuration_loads(block: Block, tmp_path: Path) -> None:
    """It can be pasted as it is."""
    source = (
        "" if "[[sources]]" in block.text else '\n[[sources]]\nid = "a"\nlisting = "https://a.example/"\n'
    )
    (tmp_path / "config.toml").write_text(block.text + source, encoding="utf-8")
    load_config(tmp_path / "config.toml")


def test_second_topic_is_the_one_that_is_tried() -> None:
    """docs/topics.md shows the file its commands read."""
    example = (ROOT / "docs/examples/wohnen.toml").read_text(encoding="utf-8")
    assert example in [block.text for block in blocks("toml")]


@pytest.mark.parametrize("block", blocks("sql"), ids=str)
def test_every_question_has_the_answer_shown(block: Block, demo: Path) -> None:
    """SQL runs on a real store, and the table below it is what comes out."""
    with contextlib.closing(sqlite3.connect(f"file:{demo / 'monitor.db'}?mode=ro", uri=True)) as db:
        cursor = db.execute(block.text)
        rows = [["" if cell is None else str(cell) for cell in row] for row in cursor]
    names = [column[0] for column in cursor.description]
    found = [names, ["---"] * len(names), *rows]
    table = "".join(f"| {' | '.join(row)} |\n" for row in found)
    assert agrees(block.table, table), table


def test_every_block_is_in_a_language_that_is_tried() -> None:
    """No block escapes; what no test can try is plain text, a unit, or Prometheus' YAML, which must parse."""
    assert {block.language for block in blocks()} <= {*TRIED, "text", "ini", "yaml"}
    for block in blocks("yaml"):
        assert yaml.safe_load(block.text)
    for block in blocks("ini"):
        configparser.ConfigParser(strict=False, interpolation=None).read_string(block.text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    """Every relative link names a file or folder of the repository, and a heading that is there."""
    text = document.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"(?:\]\(|src=\")(?!http)([^)#\"]*)(?:#([^)]+))?[)\"]", text):
        path = (document.parent / target) if target else document
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            assert anchor in slugs, f"{target}#{anchor}"


def test_every_option_is_in_the_reference() -> None:
    """Command by command, no option missing and none invented."""
    section = REFERENCE.split("## Commands\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)[^`]*` \| ([^|]*)\|", section, re.MULTILINE)
    context = click.Context(main.pressewacht)
    options = {}
    for name in main._COMMANDS:
        command = main.pressewacht.get_command(context, name)
        assert command
        options[name] = {one.opts[0] for one in command.params if isinstance(one, click.Option)}
    assert {name: set(re.findall(r"--[\w-]+", named)) for name, named in rows} == options


@pytest.mark.parametrize(("heading", "table"), TABLES_OF_REFERENCE.items())
def test_every_key_is_in_the_reference_with_its_default(heading: str, table: type[BaseModel]) -> None:
    """The tables of the reference are those of the schema: no key missing, none invented."""
    section = REFERENCE.split(f"### {heading}\n")[1].split("\n#")[0]
    shown = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", section, re.MULTILINE))
    keys = {field.alias or name: _default(field) for name, field in table.model_fields.items()}
    if table is ChannelTable:
        keys["kind"] = "required"
    elif issubclass(table, ChannelTable):
        keys = {key: keys[key] for key in keys.keys() - ChannelTable.model_fields.keys() - {"kind"}}
    assert shown == keys


def _default(field: FieldInfo) -> str:
    """A default as TOML would write it; «–» where nothing is there unless somebody says so."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or isinstance(value, BaseModel) or value in ((), {}, ""):
        return "–"
    plain = list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value
    return f"`{json.dumps(plain)}`"


def test_every_metric_is_in_the_reference() -> None:
    """No metric missing, and none invented."""
    lines = as_metrics(Health((), (), None)).splitlines()
    assert set(re.findall(r"`pressewacht_(\w+)`", REFERENCE)) == {
        line.split()[2].removeprefix("pressewacht_") for line in lines if line.startswith("# HELP")
    }


def test_every_message_to_look_up_is_one_of_ours() -> None:
    """The words of the troubleshooting table stand in the program."""
    rows = re.findall(r"^\| `([^`]+)` \|", RUNNING.split("## Troubleshooting")[1], re.MULTILINE)
    assert len(rows) > 15
    program = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "worker").rglob("*.py")))
    for row in rows:
        for part in re.sub(r"answered \d+", "answered …", row).split("…"):
            assert part.strip() in program, row


def test_every_step_of_the_way_is_a_function() -> None:
    """The drawing in docs/inside.md names what is there."""
    program = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "worker").rglob("*.py")))
    (drawing,) = (block.text for block in blocks("text") if block.document.name == "inside.md")
    steps = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b(?!\.py)", drawing))
    assert len(steps) > 10
    for step in steps:
        assert f"def {step}(" in program, step


def test_report_of_check_online_is_the_one_shown(tmp_path: Path) -> None:
    """docs/sources.md shows what an operator sees of the demo's ministry."""
    (shown,) = (block.text for block in blocks("text") if block.text.startswith("demo-ministerium: http"))
    with demo_portal(datetime.now(UTC)) as portal:
        config = _CONFIG.format(listing=portal.listing_url, feed=portal.feed_url)
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        ran = pressewacht("check", "--online", folder=tmp_path)
    assert agrees(shown, ran.out.split("\n\n")[1]), ran.out


def test_receiver_shown_verifies_and_prints_what_is_shown(world: World, tmp_path: Path) -> None:
    """The receiver of docs/reference.md, as it stands there, gets a test, an edit and an alert."""
    (code,) = (block.text for block in blocks("python") if block.document.name == "reference.md")
    secrets = {"PRESSEWACHT_WEBHOOK_SECRET": "whsec_" + base64.b64encode(b"k" * 32).decode()}
    port = free_port()
    environment = secrets | {"PRESSEWACHT_WEBHOOK_URL": f"http://127.0.0.1:{port}/"}
    (webhook,) = (block.text for block in blocks("toml") if block.document.name == "reference.md")
    world.configure('[alerts]\nchannels = ["redaktion"]\n' + webhook)
    receiver = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment | {"PORT": str(port)},
    )
    try:
        wait_for(lambda: _answers(port), "the receiver does not answer")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            _send_one_of_each(world)
    finally:
        receiver.terminate()
        printed, _ = receiver.communicate()
    messages = [json.loads(one) for one in re.split(r"^(?=\{)", printed, flags=re.MULTILINE)[1:]]
    shown = [json.loads(block.text) for block in blocks("json") if block.document.name == "reference.md"]
    assert len(shown) == 3
    for one in shown:
        assert any(fits(one, message) for message in messages), one


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _send_one_of_each(world: World) -> None:
    build_transport(world.runtime.config.channels[0], world.runtime.client).check()
    release = world.publish("Neue Sprachkurse", lead="Das Land gibt 14,5 Millionen Euro.")
    world.poll()
    world.deliver()
    world.portal.edit_silently(release.slug, lead="Das Land gibt 11,8 Millionen Euro.")
    world.recheck()
    world.deliver()
    world.portal.answer(world.portal.listing_url, status=404)
    world.later(hours=1)
    world.poll()
    assert world.deliver()["redaktion"].error is None


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


def test_changelog_keeps_its_form() -> None:
    """As keepachangelog.com says: what is to come, then versions with their day, each in known parts."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *versions = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert first == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", version) for version in versions)
    parts = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert parts <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_lock_names_everything_with_its_hash() -> None:
    """Nothing is installed that was not pinned and hashed, and the lock names no registry."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    asked = {re.split(r"[<>=\[]", one)[0] for one in project["dependencies"]}
    assert asked <= pinned
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "://" not in lock
