"""The floors hold: modules import downwards only, and each risky library has its home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "worker"
MODULES = sorted(ROOT.rglob("*.py"))

# What a module's floor is; the longest name that fits counts.
FLOORS = {
    "worker": 0,  # the version
    "worker.errors": 0,
    "worker.instants": 0,
    "worker.log": 0,
    "worker.models": 0,
    "worker.text": 0,
    "worker.backoff": 1,
    "worker.bundled": 1,
    "worker.changes": 1,
    "worker.config": 1,
    "worker.diffs": 1,
    "worker.digests": 1,
    "worker.drift": 1,
    "worker.extraction": 1,
    "worker.fingerprint": 1,
    "worker.guards": 1,
    "worker.identity": 1,
    "worker.reading": 1,
    "worker.record": 1,
    "worker.retry_after": 1,
    "worker.search_terms": 1,
    "worker.topics": 1,
    "worker.twins": 1,
    "worker.understanding": 1,
    "worker.fetching": 2,
    "worker.lock": 2,
    "worker.store": 2,
    "worker.transports": 2,
    "worker.pipelines": 3,
    "worker.bootstrap": 4,
    "worker.browsing": 4,
    "worker.demo": 4,
    "worker.service": 4,
    "worker.cli": 5,
    "worker.__main__": 6,
}

# Who may use a library that is risky to spread: by the beginning of the module's name.
HOMES = {
    "apscheduler": ("worker.service",),
    "click": ("worker.cli",),
    "datasette": ("worker.browsing",),
    "diff_match_patch": ("worker.diffs",),
    "feedgenerator": ("worker.digests.feed",),
    "feedparser": ("worker.reading.feed",),
    "httpcore": ("worker.fetching", "worker.transports.webhook"),
    "httpx": ("worker.fetching", "worker.transports", "worker.pipelines.runtime", "worker.service.ping"),
    "jinja2": ("worker.digests", "worker.demo"),
    "protego": ("worker.fetching.robots",),
    "pydantic": ("worker.config", "worker.topics", "worker.record", "worker.demo"),
    "selectolax": ("worker.reading",),
    "smtplib": ("worker.transports.email",),
    "sqlite3": ("worker.store", "worker.browsing"),
    "sqlite_utils": ("worker.store",),
    "standardwebhooks": ("worker.transports.webhook",),
    "w3lib": ("worker.reading", "worker.identity"),
}

# What is loaded when it is first needed: a run that finds nothing new, as most do, needs no rules,
# vocabularies and templates (9 MiB and a quarter of its processor time, docs/performance.md).
LATE = {
    "worker.cli.main",
    "worker.diffs",
    "worker.digests.compose",
    "worker.log",
    "worker.reading.feed",
    "worker.reading.listing",
    "worker.reading.page",
    "worker.topics.matching",
    "worker.topics.topic",
    "worker.transports.build",
    "worker.understanding.release",
}


def name_of(path: Path) -> str:
    """`worker/store/items.py` → `worker.store.items`."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int:
    """The floor of a module, by the longest name that fits."""
    fitting = [
        name for name in FLOORS if module == name or (module.startswith(name + ".") and name != "worker")
    ]
    assert fitting, f"{module} has no floor; give it one"
    return FLOORS[max(fitting, key=len)]


def imports_of(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every module a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_import_downwards_only(path: Path) -> None:
    """A module knows its own floor and those below."""
    for imported, _ in imports_of(path):
        if imported.split(".")[0] == "worker":
            assert floor_of(imported) <= floor_of(name_of(path)), f"{name_of(path)} → {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_at_home(path: Path) -> None:
    """Swapping a library is a change in one place."""
    for imported, _ in imports_of(path):
        homes = HOMES.get(imported.split(".")[0])
        assert homes is None or name_of(path).startswith(homes), f"{name_of(path)} uses {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_of_ours_hides_in_a_function(path: Path) -> None:
    """An import inside a function hides a cycle; the few that are there load late on purpose."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("worker"):
                    assert node.module in LATE, f"{name_of(path)} → {node.module}"


def test_poll_and_deliver_do_not_know_each_other() -> None:
    """A dead mail server cannot stop polling: all they share is the store."""
    assert _reached("worker.pipelines.poll").isdisjoint(
        {"worker.pipelines.deliver", "worker.transports.build"}
    )
    assert _reached("worker.pipelines.deliver").isdisjoint(
        {"worker.pipelines.poll", "worker.fetching.fetcher"} - _runtime()
    )


def _runtime() -> set[str]:
    """What both get through the runtime they are given."""
    return _reached("worker.pipelines.runtime")


def _reached(module: str) -> set[str]:
    """All modules of ours that a module imports, directly or not."""
    by_name = {name_of(path): path for path in MODULES}
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        for imported, _ in imports_of(by_name[waiting.pop()]):
            if imported in by_name and imported not in reached:
                reached.add(imported)
                waiting.append(imported)
    return reached


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_house_numbers(path: Path) -> None:
    """Files stay small enough to hold in mind, functions small enough to see at once."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = [
                one
                for one in node.body
                if not isinstance(one, ast.Expr) or not isinstance(one.value, ast.Constant)
            ]
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module opens with what it turns into what."""
    assert path.stat().st_size == 0 or ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
