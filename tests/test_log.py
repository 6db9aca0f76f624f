"""Log lines: on standard error, one each, and nothing that drives a terminal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from worker.log import set_up_logging


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_a_title_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Newlines and escape sequences in what a page says become visible marks."""
    set_up_logging(verbose=False, as_json=False)

    logging.getLogger("worker").warning("%s", "Titel\nERROR gefälscht\x1b[2J\u202e")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert (
        captured.err
        == "WARNING Titel\N{REPLACEMENT CHARACTER}ERROR gefälscht"
        + "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}\n"
    )


def test_verbose_shows_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Without it only what went wrong is said."""
    for verbose in (False, True):
        set_up_logging(verbose=verbose, as_json=False)
        logging.getLogger("worker.x").info("verbose=%s", verbose)

    assert capsys.readouterr().err == "INFO verbose=True\n"


@pytest.mark.parametrize("name", ["httpx", "httpcore.connection", "apscheduler"])
def test_libraries_do_not_tell_addresses(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """httpx logs whole addresses, and that of a webhook is a secret."""
    set_up_logging(verbose=True, as_json=False)

    logging.getLogger(name).info("https://hooks.test/geheim")

    assert capsys.readouterr().err == ""


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """German letters stay readable, the trace of an error is inside."""
    set_up_logging(verbose=True, as_json=True)
    _fail("Ärger\nüberall")

    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert (record["levelname"], record["name"], record["message"]) == ("ERROR", "worker", "Ärger\nüberall")
    assert "Ä" in line
    assert "kaputt" in record["exc_info"]


def test_a_traceback_cannot_forge_a_line_either(capsys: pytest.CaptureFixture[str]) -> None:
    """What an exception says is set in, and its escape sequences are gone."""
    set_up_logging(verbose=True, as_json=False)
    _fail("Ärger", "\x1b[2J\nERROR gefälscht\x9b")

    first, *trace = capsys.readouterr().err.splitlines()
    assert first == "ERROR Ärger"
    assert all(line.startswith("    ") and line.isprintable() for line in trace)


def test_json_drives_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Every character arrives, but none as it is that a terminal would obey or a reader cannot see."""
    set_up_logging(verbose=True, as_json=True)
    _fail("\x1b[2J\x7f\x9b\u202e\u2028", "\x9b2J")

    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert json.loads(line)["message"] == "\x1b[2J\x7f\x9b\u202e\u2028"


@pytest.mark.parametrize("as_json", [False, True])
def test_without_verbose_no_traceback_is_shown(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """An unexpected error is one line; who wants to see where it came from says so."""
    set_up_logging(verbose=False, as_json=as_json)
    _fail("Ärger")

    assert "Traceback" not in capsys.readouterr().err


def _fail(message: str, reason: str = "kaputt") -> None:
    try:
        raise ValueError(reason)
    except ValueError:
        logging.getLogger("worker").exception(message)
