"""Mutated pages, listings and feeds through the whole way from bytes to message.

In go the pages of `fixtures/` and of `tests/hostile/corpus/` (inputs that once broke something), out come
figures: inputs, inputs a second, the slowest, the memory, the failures. Each input is a page of the corpus
after one to five random mutations. It is read as what it is, judged, told as new or as a change through one
channel or another, and what was written is read back by another parser. An input may end in a ParseError
or a message; every other exception is a failure, and so is one that takes LIMIT_SECONDS of the processor.
Input `n` of seed `s` is always the same: `--seed s --only n` repeats it, `--keep DIR` saves failures.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers import expat

from worker.config.schema import AtomChannel, Channel, EmailChannel, FilesChannel, WebhookChannel
from worker.diffs import diff_releases
from worker.digests.compose import compose
from worker.errors import ParseError
from worker.extraction import extract_release
from worker.fingerprint import content_sha256
from worker.identity import canonical_url, identity_of, is_address
from worker.models.event import DiffPart, Digest, Entry, EventKind
from worker.models.page import Page
from worker.models.release import Release
from worker.models.verdict import Wording
from worker.reading.feed import parse_feed
from worker.reading.listing import parse_listing
from worker.record import from_record, to_record
from worker.search_terms import search_terms
from worker.topics.matching import match_topic
from worker.topics.topic import build_topic

LIMIT_SECONDS = 5.0
LIMIT_BYTES = 1 << 30  # of addresses, for a run of this program
_ROOT = Path(__file__).parent.parent
_CORPORA = (_ROOT / "fixtures", _ROOT / "tests" / "hostile" / "corpus")
_AT = datetime(2024, 1, 1, tzinfo=UTC)
_TYPES = ("text/html", "text/html; charset=iso-8859-1", "text/html; charset=utf-16", "text/plain", "", "x")
_PIECES = (
    b"<script>alert(1)</script>", b"</title>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"\r\nBcc: x@a.example",
    b"=?utf-8?q?=0ABcc:_x?=", b"{{7*7}}", b"{% raw %}", b"=cmd|' /C calc'!A0", b"'; drop table items; --",
    b'<a href="java\tscript:x">', b'<a href="//[::1">', b'<a href="http://u:p@x/">', b"<base href=x:>",
    b"\x00", b"\x1b]0;x\x07", b"\x9b2J", b"\xff\xfe", b"\xed\xa0\x80", "\u202e\u2066\u200b\ufeff".encode(),
    b"&#0;", b"&#xD800;", b"&#x110000;", b"&lt;script&gt;", b"<time datetime='9999-99-99T99:99'>",
    b"<h1>", b"</h1>", b"<p>", b"</div>", b"<svg><style>", b"<noscript>", b"<template>", b"<plaintext>",
    b"99999999999999999999999 Millionen Euro", b"1.1.0001", b"31.02.2024", "„“»«„".encode(), b"sagte ",
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>', b"&b;", b"<item><title>",
    b'<meta charset="utf-7">', b'<meta name="og:title" content="', b'<script type="application/ld+json">{"',
)  # fmt: skip
_TOPIC = build_topic("integration", None)
_CHANNELS: tuple[Channel, ...] = (
    EmailChannel(
        id="m", kind="email", to=("a@example.org",), sender="b@example.net", smtp_host="mail.example"
    ),
    FilesChannel(id="f", kind="files"),
    AtomChannel(id="a", kind="atom", path=Path("a.atom")),
    *(
        WebhookChannel(id=form, kind="webhook", url="https://example.org/", format=form)
        for form in ("standard", "slack", "mattermost", "teams")
    ),
)


@dataclass(frozen=True)
class Seed:
    """A page of the corpus and what it is: release, listing or feed."""

    name: str
    kind: str
    page: Page


@dataclass
class Figures:
    """What a run found; a failure is the number of its input, the page's name and what was raised."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pace = self.inputs / max(self.seconds, 1e-9)
        ends = ", ".join(f"{count} {end}" for end, count in self.ends.most_common(8))
        return (
            f"{self.inputs} inputs in {self.seconds:.0f} s, {pace:.0f} a second, "
            f"slowest {self.slowest:.2f} s, peak {peak:.0f} MiB, {len(self.failures)} failures; {ends}"
        )


def corpus() -> list[Seed]:
    """Every saved page with its circumstances."""
    return [
        Seed(meta.parent.name, about["kind"], Page(about["url"], body, about["content_type"], _AT))
        for root in _CORPORA
        for meta in sorted(root.glob("**/meta.json"))
        for page in meta.parent.glob("page.*")
        for about, body in [(json.loads(meta.read_text("utf-8")), page.read_bytes())]
    ]


def fuzz(seed: str, *, seconds: float, keep: Path | None = None) -> Figures:
    """Try the pages as they are, then mutations of them for so long."""
    seeds, figures, began = corpus(), Figures(), time.monotonic()
    while (passed := time.monotonic() - began) < seconds or figures.inputs < len(seeds):
        _try(seeds, seed, figures.inputs, figures, keep)
        figures.inputs += 1
    figures.seconds = passed
    return figures


def input_of(seeds: list[Seed], seed: str, number: int) -> tuple[Seed, Page, random.Random]:
    """Input `number`: the pages themselves first, then mutated ones; and the chance it goes on with."""
    chance = random.Random(f"{seed} {number}")
    if number < len(seeds):
        return seeds[number], seeds[number].page, chance
    origin = chance.choice(seeds)
    return origin, mutate(origin.page, seeds, chance), chance


def _try(seeds: list[Seed], seed: str, number: int, figures: Figures, keep: Path | None) -> None:
    origin, page, chance = input_of(seeds, seed, number)
    began = time.process_time()  # not the clock: other work on the machine is no fault of the input
    try:
        end = go_all_the_way(page, origin, chance)
    except ParseError as error:
        end = error.kind
    except Exception as error:  # noqa: BLE001 - to find those is what this is for
        end = f"{type(error).__name__}: {str(error)[:120]}"
        figures.failures.append((number, origin.name, end))
        _save(keep, number, origin, page)
    took = time.process_time() - began
    figures.slowest = max(figures.slowest, took)
    if took > LIMIT_SECONDS:
        figures.failures.append((number, origin.name, f"took {took:.1f} s"))
        _save(keep, number, origin, page)
    figures.ends[end.partition(":")[0]] += 1


def go_all_the_way(page: Page, origin: Seed, chance: random.Random) -> str:
    """Read `page` as what its origin was and tell it; how it ended. Raises what the program would."""
    if origin.kind == "release":
        _tell(extract_release(page), origin, chance)
        return "told"
    listing = parse_feed(page) if origin.kind == "feed" else parse_listing(page)
    for item in listing.items:
        match_topic(_TOPIC, Wording(item.title, item.kicker, item.teaser))
        if is_address(item.url):
            canonical = canonical_url(item.url)
            assert canonical_url(canonical) == canonical, "an address that is not stable"
            identity_of(item.url).encode()
    return "listed"


def _tell(release: Release, origin: Seed, chance: random.Random) -> None:
    record = to_record(release, "quelle")
    assert from_record(json.loads(json.dumps(record))) == release, "the record reads back as another"
    content_sha256(release)
    search_terms(release.text)
    match_topic(_TOPIC, Wording(release.title, release.kicker, release.lead, release.text))
    entry = Entry(EventKind.NEW, release.url or "", "quelle", "Quelle", release, 1, _AT)
    if chance.random() < 0.3:
        entry = replace(entry, kind=chance.choice(list(EventKind)), revision=2, diff=_diff(origin, release))
    channel = chance.choice(_CHANNELS)
    _read_back(channel, compose(channel, Digest(1, "d1", channel.id, "de", _AT, (entry,))))


def _diff(origin: Seed, release: Release) -> tuple[DiffPart, ...]:
    try:
        return diff_releases(extract_release(origin.page), release)
    except ParseError:
        return ()


def _read_back(channel: Channel, message: bytes) -> None:
    """By parsers that have nothing to do with those that wrote; a mail is read back when it is written."""
    if isinstance(channel, AtomChannel):
        expat.ParserCreate().Parse(message, True)
    elif isinstance(channel, WebhookChannel):
        json.loads(message)


def _save(keep: Path | None, number: int, origin: Seed, page: Page) -> None:
    if keep is not None:
        folder = keep / f"{origin.name}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.html").write_bytes(page.body)
        about = {"kind": origin.kind, "url": page.url, "content_type": page.content_type}
        (folder / "meta.json").write_text(json.dumps(about, indent=2) + "\n")


def mutate(page: Page, seeds: list[Seed], chance: random.Random) -> Page:
    """`page` after one to five mutations, now and then under another content type."""
    body = page.body
    for _ in range(chance.randint(1, 5)):
        body = chance.choice(_MUTATIONS)(body, chance.choice(seeds).page.body, chance)
    content_type = chance.choice(_TYPES) if chance.random() < 0.1 else page.content_type
    return replace(page, body=body, content_type=content_type)


def _place(body: bytes, chance: random.Random) -> int:
    return chance.randint(0, len(body))


def _slice(body: bytes, chance: random.Random, most: int = 2_000) -> bytes:
    start = _place(body, chance)
    return body[start : start + chance.randint(1, most)]


def _insert(body: bytes, piece: bytes, chance: random.Random) -> bytes:
    at = _place(body, chance)
    return body[:at] + piece + body[at:]


def flip(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Change some bytes to any others."""
    damaged = bytearray(body)
    for _ in range(chance.randint(1, 30) if damaged else 0):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Take a piece away."""
    return body.replace(_slice(body, chance), b"", 1)


def splice(body: bytes, other: bytes, chance: random.Random) -> bytes:
    """Put a piece of another page in."""
    return _insert(body, _slice(other, chance), chance)


def repeat(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Tell a piece many times."""
    piece = _slice(body, chance, 300)
    return _insert(body, piece * chance.choice((1, 2, 5, 50, 300)), chance)


def nest(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Open an element again and again, and perhaps close it."""
    tag = chance.choice((b"div", b"p", b"b", b"ul><li", b"table><tr><td", b"select><option", b"svg", b"font"))
    return _insert(body, (b"<" + tag + b">") * chance.choice((1, 20, 900, 5_000)), chance)


def stuff(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Put in what has fooled programs before, in a text, a tag or an attribute."""
    for _ in range(chance.randint(1, 4)):
        body = _insert(body, chance.choice(_PIECES) * chance.choice((1, 1, 1, 40)), chance)
    return body


def stuff_value(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """Put it where a value begins: behind a tag or a quotation mark."""
    places = [place for place, byte in enumerate(body) if byte in b'>"']
    at = chance.choice(places) + 1 if places else 0
    return body[:at] + chance.choice(_PIECES) + body[at:]


def swell(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """One very long word, number, entity chain or line."""
    unit = chance.choice((b"x", b"9", b"&amp;", b"\xc3\xa4", b"\xcc\x81", b"- ", b"&#8203;", b"1.", b"\n"))
    return _insert(body, unit * chance.choice((100, 3_000, 40_000)), chance)


def recode(body: bytes, _: bytes, chance: random.Random) -> bytes:
    """The same characters in another encoding, or the bytes taken for another one."""
    text = body.decode(chance.choice(("utf-8", "cp1252", "utf-16-le")), "replace")
    return text.encode(chance.choice(("utf-8", "cp1252", "utf-16", "utf-7", "iso2022_jp")), "replace")


_MUTATIONS: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    *(flip, cut, splice, splice, repeat, nest, stuff, stuff, stuff_value, stuff_value, swell, recode),
)


def main() -> int:
    """Print the figures and each failure; exit 1 if there was one."""
    parser = argparse.ArgumentParser(description="Fuzz the way from a page's bytes to a message.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default=str(random.randrange(10**6)))
    parser.add_argument("--only", type=int, help="the number of one input to repeat, its error shown")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that fail")
    options = parser.parse_args()
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    if options.only is not None:
        origin, page, chance = input_of(corpus(), options.seed, options.only)
        _save(options.keep, options.only, origin, page)
        print(origin.name, go_all_the_way(page, origin, chance))
        return 0
    figures = fuzz(options.seed, seconds=options.seconds, keep=options.keep)
    print(f"seed {options.seed}: {figures}")
    for number, name, reason in figures.failures[:50]:
        print(f"  {number:8} {name}: {reason}")
    return int(bool(figures.failures))


if __name__ == "__main__":
    sys.exit(main())
