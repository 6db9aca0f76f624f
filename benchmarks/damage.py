"""How often a damaged page gives a wrong field without a warning.

In go the releases of `fixtures/` with their reviewed records, out come figures per field and per kind
of damage. Each page is damaged at one random place (seeded) and read again. A field is *lost* when it
differs from the reviewed record although all of its words are still on the page, and *replaced* when
its words are gone and others are told in their place. Either is silent when no warning names the
field or the words; a refusal is never wrong. What the damage itself changed is no fault: the order of
swapped neighbours, a cut-off rest, a removed entry of a list.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.page import Page
from worker.record import to_record
from worker.text import clean

FIELDS = ("kicker", "title", "published", "lead", "body", "images", "links", "related")
_FIXTURES = Path(__file__).parent.parent / "fixtures"
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
# The words of one value with the names of its parts.
_Value = tuple[tuple[str, str], ...]
_RAW = frozenset({"script", "style"})


@dataclass(eq=False)
class Element:
    """An element of a page that can be damaged."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def markup(self) -> str:
        """Return the element as HTML."""
        inner = "".join(
            child.markup()
            if isinstance(child, Element)
            else child
            if self.tag in _RAW
            else html.escape(child, quote=False)
            for child in self.children
        )
        if not self.tag:
            return inner
        names = "".join(
            f' {name}="{html.escape(value)}"' if value is not None else f" {name}"
            for name, value in self.attributes.items()
        )
        return f"<{self.tag}{names}>" + ("" if self.tag in _VOID else f"{inner}</{self.tag}>")

    def places(self) -> Iterator[tuple[Element, int]]:
        """Yield each element inside as its parent and its position there."""
        for position, child in enumerate(self.children):
            if isinstance(child, Element):
                yield self, position
                yield from child.places()


class _TreeBuilder(HTMLParser):
    """Builds elements from markup whose tags are all closed; `root` holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(markup: str) -> Element:
    """Return the elements of a page; the doctype is not kept."""
    builder = _TreeBuilder()
    builder.feed(markup)
    builder.close()
    return builder.root


def remove(parent: Element, at: int, _: random.Random) -> None:
    """Take an element away with all that is in it."""
    del parent.children[at]


def unwrap(parent: Element, at: int, _: random.Random) -> None:
    """Put what is in an element in its place."""
    element = parent.children[at]
    assert isinstance(element, Element)
    parent.children[at : at + 1] = element.children


def retag(parent: Element, at: int, chance: random.Random) -> None:
    """Give an element another tag: one without meaning, or one of a web component."""
    element = parent.children[at]
    assert isinstance(element, Element)
    element.tag = chance.choice(("div", "span", "x-teil"))


def reclass(parent: Element, at: int, _: random.Random) -> None:
    """Give an element a class without meaning, as a redesign would."""
    element = parent.children[at]
    assert isinstance(element, Element)
    element.attributes["class"] = "c-7f3a"


def strip(parent: Element, at: int, _: random.Random) -> None:
    """Drop all attributes of an element."""
    element = parent.children[at]
    assert isinstance(element, Element)
    element.attributes = {}


def swap(parent: Element, at: int, _: random.Random) -> None:
    """Let an element change places with what stands behind it."""
    if at + 1 < len(parent.children):
        children = parent.children
        children[at], children[at + 1] = children[at + 1], children[at]


def duplicate(parent: Element, at: int, _: random.Random) -> None:
    """Tell an element twice."""
    parent.children.insert(at, parent.children[at])


def empty(parent: Element, at: int, _: random.Random) -> None:
    """Take away what is in an element."""
    element = parent.children[at]
    assert isinstance(element, Element)
    element.children = []


def wrap(parent: Element, at: int, _: random.Random) -> None:
    """Put an element into a box of its own."""
    element = parent.children[at]
    parent.children[at] = Element("div", {"class": "c-7f3a"}, [element])


_TO_ELEMENTS: tuple[Callable[[Element, int, random.Random], None], ...] = (
    *(remove, unwrap, retag, reclass, strip, swap, duplicate, empty, wrap),
)


def damage_markup(markup: str, chance: random.Random) -> tuple[str, str]:
    """Return the kind of one random damage, and the page after it."""
    if chance.random() < 0.1:
        return "cut", markup[: chance.randrange(len(markup) // 4, len(markup))]
    root = parse(markup)
    places = [place for place in root.places() if _tag(place) not in ("html", "body", "head")]
    kind = chance.choice(_TO_ELEMENTS)
    kind(*chance.choice(places), chance)
    return kind.__name__, "<!DOCTYPE html>" + root.markup()


def _tag(place: tuple[Element, int]) -> str:
    child = place[0].children[place[1]]
    return child.tag if isinstance(child, Element) else ""


def damage_lines(text: str, chance: random.Random) -> tuple[str, str]:
    """Return the kind of one random damage to a text rendering, and the text after it."""
    lines = text.splitlines()
    at = chance.randrange(len(lines) - 1)
    kind = chance.choice(("remove", "swap", "duplicate", "join", "part", "cut"))
    if kind == "remove":
        del lines[at]
    elif kind == "swap":
        lines[at : at + 2] = lines[at + 1], lines[at]
    elif kind == "duplicate":
        lines.insert(at, lines[at])
    elif kind == "join":
        blank = chance.choice([number for number, line in enumerate(lines) if not line.strip()])
        del lines[blank]
    elif kind == "part":
        lines.insert(at, "")
    else:
        del lines[max(at, len(lines) // 4) :]
    return kind, "\n".join(lines)


@dataclass
class Tally:
    """Counts of fields: judged, wrong with a warning, wrong without one."""

    judged: int = 0
    told: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Fault:
    """One field that is wrong and that no warning names."""

    case: str
    seed: int
    damage: str
    field: str
    expected: object
    found: object


def try_case(case: Path, seed: int, tallies: dict[str, Tally]) -> list[Fault]:
    """Damage the page of one case once, read it and judge each field."""
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    source = next(case.glob("page.*"))
    original = source.read_text("utf-8")
    chance = random.Random(f"{case.name} {seed}")
    kind, damaged = (damage_lines if source.suffix == ".txt" else damage_markup)(original, chance)
    try:
        record = _read(damaged, meta)
    except ParseError:
        return []
    before, after = _squeezed(html.unescape(original)), _squeezed(html.unescape(damaged))
    faults: list[Fault] = []
    for name in FIELDS:
        verdict = _judge(name, expected, record, (before, after), kind)
        for key in (name, kind):
            tally = tallies.setdefault(key, Tally())
            tally.judged += 1
            tally.told += verdict == "told"
            tally.silent += verdict == "silent"
        if verdict == "silent":
            faults.append(Fault(case.name, seed, kind, name, expected[name], record[name]))
    return faults


def _read(markup: str, meta: dict[str, Any]) -> dict[str, Any]:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    page = Page(meta["url"], markup.encode(), meta["content_type"].partition(";")[0] + "; charset=utf-8", at)
    record: dict[str, Any] = json.loads(json.dumps(to_record(extract_release(page), None)))
    return record


def _squeezed(text: str) -> str:
    """Return all that a page says, its attributes included, without spaces."""
    return "".join(clean(text).split())


def _judge(
    name: str, expected: dict[str, Any], record: dict[str, Any], pages: tuple[str, str], kind: str
) -> str:
    """Return «right», «told» or «silent» for one field; `pages` are the words before and after."""
    wanted, found = _values(expected, name), _values(record, name)
    whole = (_text(expected), _text(record))
    if kind == "swap":
        wanted, found = sorted(wanted), sorted(found)
        whole = (sorted(whole[0]), sorted(whole[1]))
    if _fits(wanted, found, pages, name) or (
        name in ("lead", "body") and _is_same_text(expected, whole, pages, kind)
    ):
        return "right"
    words = {text for value in (*wanted, *found) for _, text in value}
    named = any(
        warning.startswith(f"{name}:") or any(text[:40] in warning for text in words)
        for warning in record["extractor"]["warnings"]
    )
    return "told" if named else "silent"


def _values(record: dict[str, Any], name: str) -> list[_Value]:
    """Return a field as a list of values, each the words it consists of; addresses are left aside."""
    value = record[name]
    if value is None:
        return []
    if isinstance(value, str):
        return [(("text", value),)]
    left_out = ("src", "url", "kind")
    return [
        tuple((key, text) for key, text in entry.items() if text and key not in left_out) for entry in value
    ]


def _text(record: dict[str, Any]) -> list[_Value]:
    """Return lead and body together."""
    return [*_values(record, "lead"), *_values(record, "body")]


def _fits(wanted: list[_Value], found: list[_Value], pages: tuple[str, str], name: str = "") -> bool:
    """True when `found` is what was wanted, apart from words that the damage took off the page."""
    waiting = list(found)
    for value in wanted:
        sure = {(key, text) for key, text in value if _is_left(text, pages, name)}
        if waiting and sure <= set(waiting[0]) <= set(value):
            waiting.pop(0)
        elif sure:
            return False
    return not waiting


def _is_left(text: str, pages: tuple[str, str], name: str = "") -> bool:
    """True when the page still says `text` as often as before."""
    spellings = {_squeezed(text)}
    if name == "published":
        spellings |= {f"{text[8:10]}.{text[5:7]}.{text[:4]}", f"{text[8:10]}.{text[5:7]}.{text[2:4]}"}
    before, after = (sum(page.count(words) for words in spellings) for page in pages)
    return after >= before


def _is_same_text(
    expected: dict[str, Any], whole: tuple[list[_Value], list[_Value]], pages: tuple[str, str], kind: str
) -> bool:
    """True when lead and body together are right, and the lead was only the first of the paragraphs.

    Where it is gone or has changed places, the next paragraph is the lead by the same rule.
    """
    by_place = expected["extractor"]["witness"].get("lead") == "first paragraph"
    moved = kind in ("swap", "cut") or not _is_left(expected["lead"] or "", pages)
    moved = moved or len(whole[1]) == 1
    return by_place and moved and _fits(*whole, pages)


def cases() -> list[Path]:
    """Return the releases among the fixtures that read the same once their tags are closed, in UTF-8."""
    return [path.parent for path in sorted(_FIXTURES.glob("*/*/expected.json")) if _is_whole(path.parent)]


def _is_whole(case: Path) -> bool:
    source = next(case.glob("page.*"))
    try:
        text = source.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    record = _read(text if source.suffix == ".txt" else parse(text).markup(), meta)
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    return all(_values(expected, name) == _values(record, name) for name in FIELDS)


def main() -> int:
    """Print how many fields were wrong with and without a warning; `--verbose` shows each silent one."""
    parser = argparse.ArgumentParser(description="Damage the fixtures at random and read them.")
    parser.add_argument("--rounds", type=int, default=40, help="damages per page")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    tallies: dict[str, Tally] = {}
    faults = [
        fault for case in cases() for seed in range(options.rounds) for fault in try_case(case, seed, tallies)
    ]
    for name, tally in tallies.items():
        print(f"{name:<10} {tally.judged:6} judged, wrong: {tally.told:4} told, {tally.silent:4} silent")
    if options.verbose:
        for fault in faults:
            print(f"\n{fault.case} {fault.seed} {fault.damage} {fault.field}")
            print(f"   expected {str(fault.expected)[:300]}\n   found    {str(fault.found)[:300]}")
        print(Counter((fault.damage, fault.field) for fault in faults).most_common())
    return 0


if __name__ == "__main__":
    sys.exit(main())
