"""Where in a TOML text a key stands: no TOML library keeps positions. Floor 1, pure."""

from __future__ import annotations

import re
from collections import Counter

Path = tuple[int | str, ...]

_NAME = r'(?:"[^"]*"|\'[^\']*\'|[\w-]+)'
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_PART = re.compile(_NAME)


def line_of(text: str, loc: Path) -> int | None:
    """The 1-based line of the key or table at `loc` (`("sources", 0, "listing")`), None if not found.

    A key that is missing is placed at the header of the table it should stand in.
    """
    places = _places(text)
    prefixes = (loc[:length] for length in range(len(loc), 0, -1))
    return next((places[prefix] for prefix in prefixes if prefix in places), None)


def as_written(loc: Path) -> Path:
    """`loc` without the kind that pydantic puts in: ("channels", 0, "email", "to")."""
    return loc[:2] + loc[3:] if loc[:1] == ("channels",) else loc


def _places(text: str) -> dict[Path, int]:
    places: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _table_path(_parts(header[2]), header[1] == "[[", counts)
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault((*table, *_parts(key[1])), number)
    return places


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def _table_path(parts: list[str], is_array: bool, counts: Counter[Path]) -> Path:
    """`[[sources]]` → ("sources", 0), ("sources", 1), …; `[sources.selectors]` belongs to the last one."""
    path: Path = ()
    for number, part in enumerate(parts, start=1):
        path = (*path, part)
        if is_array and number == len(parts):
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path
