"""The fenced blocks of the documents, and how each language is tried.

    console   `$ ` lines are run, one after the other, in a shell of the document's own; what is shown
              below a command is compared with what it prints
    sh        needs root, systemd or a network: its syntax is checked, and every call of `pressewacht` or
              `make` in it against the real program
    toml      loads as a configuration, with a source added where there is none
    sql       runs on the store of the demo; the table below it is compared with what it finds
    python    runs in a test of its own
    json      is compared with what the program sends, in a test of its own

In what is shown, `…` stands for anything in a line, and alone for any number of lines. Days, times, ages
and ports are never compared.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from worker.cli.main import pressewacht

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

TRIED = {"console", "sh", "toml", "sql", "python", "json"}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$\n*((?:^\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_CHANGING = (
    (r"(Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch", "WEEKDAY"),
    (rf"\d{{1,2}}\. ({_MONTHS}) \d{{4}}", "DAY"),
    (r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?", "DAY"),
    (r"\d\d:\d\d Uhr", "TIME"),
    (r"\d+ (s|min|h|d)( ago)?\b", "SPAN"),
    (r"127\.0\.0\.1:\d+", "HOST"),
    (r"\S*/pressewacht-demo-\w+", "FOLDER"),
    (r"[ \t]+", " "),
)
_MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, its line in the document, and the table that follows it."""

    document: Path
    line: int
    language: str
    text: str
    table: str

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Call:
    """A command of a console block, and what is shown below it."""

    place: str
    command: str
    shown: str


def blocks(language: str | None = None) -> list[Block]:
    """All blocks of all documents, or those in one language."""
    found = [
        Block(path, text[: match.start()].count("\n") + 1, match[1], match[2], match[3])
        for path in DOCUMENTS
        for text in [path.read_text(encoding="utf-8")]
        for match in _BLOCK.finditer(text)
    ]
    return [one for one in found if language in (None, one.language)]


def calls(document: Path) -> list[Call]:
    """The commands of a document's console blocks, in order."""
    found: list[Call] = []
    for block in blocks("console"):
        if block.document == document:
            for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                found.append(Call(str(block), command, shown))
    return found


def run(calls: list[Call], folder: Path, demo: Path) -> list[tuple[int, str]]:
    """Exit code and output of each command, run in one shell in `folder`, a stand-in for a clone.

    `pressewacht demo --keep` hands out `demo`, which was played before; `make demo` plays.
    """
    for name in ("docs", "seeds", "fixtures", "deploy", "datasette", "Makefile", "config.toml"):
        (folder / name).symlink_to(ROOT / name)
    tools = folder / ".tools"
    tools.mkdir()
    played = f'[ "$1 $2" = "demo --keep" ] && exec cp -r {shlex.quote(str(demo))} "$3"'
    _tool(tools / "pressewacht", f'{played}\nexec {shlex.quote(sys.executable)} -m worker "$@"')
    make = f"make -s -C {shlex.quote(str(ROOT))} -o .venv/.ready BIN={shlex.quote(str(tools))}"
    _tool(tools / "make", f'PATH={shlex.quote(os.environ["PATH"])} exec {make} "$@"')
    script = "".join(f"{call.command}\nprintf '{_MARK}%d{_MARK}' $?\n" for call in calls)
    environment = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),
        "HOME": str(folder),
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=50,
        env=environment,
        check=False,
    )
    parts = done.stdout.split(_MARK)
    return [(int(code), output) for output, code in zip(parts[0::2], parts[1::2], strict=False)]


def _tool(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


def agrees(shown: str, printed: str) -> bool:
    """Whether what is shown is what was printed, but for what changes from day to day."""
    pattern = ""
    for line in _steady(shown).splitlines():
        pattern += r"(?:.*\n)*?" if line in ("…", "| … |") else re.escape(line).replace("…", ".*") + r"\n"
    return re.fullmatch(pattern, _steady(printed)) is not None


def fits(shown: object, found: object) -> bool:
    """Whether JSON is as shown; a key or an element `…` stands for any others."""
    if isinstance(shown, dict) and isinstance(found, dict):
        named = shown.keys() - {"…"}
        whole = named == found.keys() or "…" in shown
        return whole and all(key in found and fits(shown[key], found[key]) for key in named)
    if isinstance(shown, list) and isinstance(found, list):
        named_first = shown[: shown.index("…")] if "…" in shown else shown
        whole = len(named_first) == len(found) or "…" in shown
        return whole and all(map(fits, named_first, found))
    return agrees(str(shown), str(found))


def _steady(text: str) -> str:
    for pattern, word in _CHANGING:
        text = re.sub(pattern, word, text)
    return "".join(f"{line.strip()}\n" for line in text.strip().splitlines())


def check_shell(text: str) -> None:
    """Fails unless bash can read `text` and our own programs would take what it calls them with."""
    subprocess.run(["bash", "-n"], input=text, text=True, check=True, capture_output=True)
    for line in text.replace("\\\n", " ").splitlines():
        words: list[str] = []
        for word in [*shlex.shlex(line, posix=True, punctuation_chars=True), ";"]:
            if set(word) <= set("();<>|&"):
                _check_call(words)
                words = []
            else:
                words.append(word)


def _check_call(words: list[str]) -> None:
    for number, word in enumerate(words):
        if Path(word).name == "pressewacht" and (number == 0 or "bin/" in word or words[number - 1] == "run"):
            check_arguments(words[number + 1 :])
            return
    if words[:1] == ["make"]:
        subprocess.run(
            ["make", "-n", "-C", str(ROOT), "-o", ".venv/.ready", *words[1:]], check=True, capture_output=True
        )


def check_arguments(arguments: list[str]) -> None:
    """Fails unless the program has this command and these options."""
    context = pressewacht.make_context("pressewacht", list(arguments), resilient_parsing=False)
    rest = [*context._protected_args, *context.args]
    if rest:
        command = pressewacht.get_command(context, rest[0])
        assert isinstance(command, click.Command), f"there is no command {rest[0]}"
        command.make_context(rest[0], rest[1:], parent=context)
