"""What a terminal is shown: columns, colours, marked words, progress. A pipe gets plain text. Floor 5.

Whatever comes from outside passes `printable` here; colours are put on last, so that nothing else can.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import length_hint
from types import TracebackType
from typing import Self, TypeVar

import click

from worker.cli.options import has_colours
from worker.text import printable

_MARKED = re.compile("«([^«»]*)»")
_GOOD, _ODD, _BAD = "green", "yellow", "red"
_STATES = {
    **dict.fromkeys(("ok", "unchanged", "found", "relevant"), _GOOD),
    **dict.fromkeys(("drift", "holding", "never polled", "absent", "warning", "uncertain"), _ODD),
    **dict.fromkeys(("failed", "failing", "disabled"), _BAD),
}
_NARROWEST = 12  # columns that a name keeps, however narrow the terminal
_QUIET_SECONDS = 2.0  # what takes no longer needs no progress
_REDRAW_SECONDS = 0.2

One = TypeVar("One")


def span(seconds: float) -> str:
    """A length of time in its largest whole unit: `4 min`."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds) // size} {unit}"
    return f"{int(seconds)} s"


def counted(number: int, noun: str) -> str:
    """`1 source`, `3 sources`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def align(rows: Sequence[Sequence[str]], *, has_head: bool = False) -> list[str]:
    """Rows as lines of columns as wide as need be; where the terminal is narrower the first one gives way."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
    excess = sum(widths) + 2 * (len(widths) - 1) - _room()
    widths[0] -= max(0, min(excess, widths[0] - _NARROWEST))
    lines = ["  ".join(map(_cell, row, widths)).rstrip() for row in cells]
    return [
        click.style(line, bold=True) if has_head and not number else line for number, line in enumerate(lines)
    ]


def paragraph(text: str, first: str = "") -> str:
    """`text` set in behind `first`, in lines as wide as the terminal, «marked» words lit."""
    indent = " " * _columns(first)
    lines = textwrap.wrap(
        first + text, _room(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(map(lit, lines))


def coloured(state: str, text: str | None = None) -> str:
    """`text` (the word itself if there is none) in the colour of a state such as `ok` or `failed`."""
    text = state if text is None else text
    return click.style(text, fg=_STATES[state]) if state in _STATES else text


def mark(text: str, words: Iterable[str]) -> str:
    """`text` with «» around each of these words where they stand, the longest first."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return text
    pattern = "|".join(r"\s+".join(map(re.escape, word.split())) for word in wanted)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda found: f"«{found[0]}»", text)


def lit(line: str) -> str:
    """`line` fit for a terminal, on which the marks give way to a colour."""
    line = printable(line)
    return (
        _MARKED.sub(lambda found: click.style(found[1], fg=_ODD, bold=True), line) if has_colours() else line
    )


def _room() -> int:
    """The columns of the terminal; a pipe has room for any line."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1_000_000


def _cell(text: str, width: int) -> str:
    """`text` in exactly so many columns, shortened or filled up."""
    shown = text
    while _columns(shown) > width:
        shown = shown.removesuffix("…")[:-1] + "…"
    return coloured(text, shown) + " " * (width - _columns(shown))


def _columns(text: str) -> int:
    """The columns `text` takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF") for one in text
    )


class Progress:
    """How far a long task is, with rate and time left: on standard error if that is a terminal, after two
    seconds. Called with what is to be worked off, by any thread, it hands it on one by one.

    The cursor is left at the beginning of the line, so that a log line writes over it.
    """

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._lock = threading.Lock()
        self._began = self._drawn = time.monotonic()
        self._done = self._known = 0
        self._is_drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hide()

    def __call__(self, ones: Iterable[One], /) -> Iterator[One]:
        """Each of `ones`, counted as done when the next one is asked for."""
        self._note(known=length_hint(ones))
        for one in ones:
            yield one
            self._note(done=1)

    def hide(self) -> None:
        """Free the line for results that share the terminal."""
        with self._lock:
            if self._is_drawn:
                self._is_drawn = False
                click.echo("\033[K", nl=False, err=True)

    def _note(self, *, known: int = 0, done: int = 0) -> None:
        with self._lock:
            self._known, self._done = self._known + known, self._done + done
            now = time.monotonic()
            if self._is_shown and now - self._began > _QUIET_SECONDS and now - self._drawn > _REDRAW_SECONDS:
                self._drawn, self._is_drawn = now, True
                click.echo(f"{self._line(now - self._began)}\033[K\r", nl=False, err=True)

    def _line(self, seconds: float) -> str:
        rate = self._done / seconds
        line = f"  {self._done} of {self._known}" if self._known else f"  {self._done}"
        line += f"  {rate:.1f}/s"
        left = self._known - self._done
        return f"{line}  {span(left / rate)} left" if left > 0 and rate else line
