"""A cheap press site on loopback for `polling.py`: N sources with listings, releases, robots.txt and ETags.

Source `i` has its listing at `/s/i/presse/` on 127.0.0.1, or with `--own-hosts` on an address of its own,
and slugs of its own: to us host and slug are one release. One of the releases it begins with is on the
topic, so that a first look stays cheap, and each that is published later. Started as a process, it prints
the addresses of its listings as one JSON line. Then each line on standard input is an order, answered with
what was asked of the site since the last one; `publish` adds a release to every source.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from portal_pages import Release, head, listing_page, release_page, sentences

_PER_PAGE = 20
_AT_FIRST = 2 * _PER_PAGE
_DAYS_APART = 4  # of the releases a source begins with, the last of which is of today
_SENTENCES = 3  # in a paragraph
_PARAGRAPHS = 8
_NEWS = 12  # teasers below a release
_OTHER = "Die Strecke am See wird in diesem Sommer erneuert; Züge halten von Montag an an allen Bahnhöfen. "
_TARGET = re.compile(r"/s/(\d+)/presse/(?:pid/meldung-\d+-(\d+))?(?:\?page=(\d+))?")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, ETag if any, and how the body is made if it is wanted."""

    status: int
    etag: str | None
    body: Callable[[], bytes]


class Site:
    """What is published, and what was asked for."""

    def __init__(self) -> None:
        self.published = _AT_FIRST
        self.counts: Counter[str] = Counter()

    def order(self, line: str) -> str:
        """Obey one line of standard input; the counts since the last one, as JSON."""
        if line.strip() == "publish":
            self.published += 1
        counts, self.counts = self.counts, Counter()
        return json.dumps({name: counts[name] for name in ("requests", "bytes", "connections")})

    def answer(self, target: str) -> Answer:
        """The answer to a GET."""
        if target == "/robots.txt":
            return Answer(200, None, lambda: b"User-agent: *\nDisallow: /typo3/\n")
        if not (found := _TARGET.fullmatch(target)):
            return Answer(404, None, bytes)
        source = int(found[1])
        if found[2]:
            return Answer(200, f'"{target}"', lambda: self._release(source, int(found[2])))
        page = int(found[3] or 1)
        return Answer(200, f'"{source}-{page}-{self.published}"', lambda: self._listing(source, page))

    def _listing(self, source: int, page: int) -> bytes:
        newest = self.published - 1 - (page - 1) * _PER_PAGE
        numbers = range(newest, max(newest - _PER_PAGE, -1), -1)
        following = f"?page={page + 1}" if newest >= _PER_PAGE else None
        return listing_page([_release(source, number) for number in numbers], following)

    def _release(self, source: int, number: int) -> bytes:
        news = [_release(source, other) for other in range(number, max(number - _NEWS, 0), -1)]
        return release_page(_release(source, number), news)


def _release(source: int, number: int) -> Release:
    """The same each time, and like no other: releases that share their words would be told as one."""
    chosen = random.Random(source << 20 | number).sample(sentences(), _SENTENCES * _PARAGRAPHS)
    paragraphs = tuple(" ".join(chosen[start::_PARAGRAPHS]) for start in range(_PARAGRAPHS))
    is_on_topic = number >= _AT_FIRST - 1
    age = max(0, _AT_FIRST - 1 - number) * _DAYS_APART
    return Release(
        number=number,
        slug=f"meldung-{source}-{number}",
        kicker="Integration" if is_on_topic else "Verkehr",
        title=f"{head(source + number) if is_on_topic else 'Ausbau der Bahnstrecke'} ({source}/{number})",
        day=(date.today() - timedelta(days=age)).isoformat(),  # noqa: DTZ011 - the site's own day
        paragraphs=paragraphs if is_on_topic else (_OTHER * 2, *paragraphs),
    )


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as well-behaved clients need it: GET, keep-alive, If-None-Match."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._site.counts["connections"] += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            self._respond(request.decode("latin-1"))

    def _respond(self, request: str) -> None:
        first, *lines = request.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        answer = self._site.answer(first.split(" ")[1])
        is_known = answer.etag is not None and answer.etag in headers.get("if-none-match", "")
        status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus(answer.status)
        body = b"" if is_known else answer.body()
        is_last = headers.get("connection", "").lower() == "close"
        fields = [f"HTTP/1.1 {status.value} {status.phrase}", "Content-Type: text/html; charset=utf-8"]
        fields += [] if is_known else [f"Content-Length: {len(body)}"]
        fields += [f"ETag: {answer.etag}", "Cache-Control: max-age=0"] if answer.etag else []
        fields += ["Connection: close"] if is_last else []
        sent = "\r\n".join([*fields, "", ""]).encode() + body
        self._site.counts["requests"] += 1
        self._site.counts["bytes"] += len(sent)
        self._transport.write(sent)
        if is_last:
            self._transport.close()


def _listen(sources: int, *, own_hosts: bool) -> list[socket.socket]:
    """Sockets on one port; loopback addresses only."""
    hosts = [f"127.0.{i // 250}.{i % 250 + 1}" for i in range(sources if own_hosts else 1)]
    port, sockets = 0, []
    for host in hosts:
        sockets.append(socket.create_server((host, port), backlog=1024))
        port = sockets[0].getsockname()[1]
    return sockets


async def _serve(sources: int, *, own_hosts: bool) -> None:
    site, loop = Site(), asyncio.get_running_loop()
    sockets = _listen(sources, own_hosts=own_hosts)
    for one in sockets:
        await loop.create_server(lambda: _Connection(site), sock=one)
    names = ["{}:{}".format(*one.getsockname()) for one in sockets]
    print(json.dumps([f"http://{names[i % len(names)]}/s/{i}/presse/" for i in range(sources)]), flush=True)
    ended = asyncio.Event()

    def obey() -> None:
        line = sys.stdin.readline()
        if line:
            print(site.order(line), flush=True)
        else:
            ended.set()

    loop.add_reader(sys.stdin, obey)
    await ended.wait()


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="Serve N press sources on loopback.")
    parser.add_argument("--sources", type=int, default=1)
    parser.add_argument("--own-hosts", action="store_true", help="a loopback address for each source")
    options = parser.parse_args()
    asyncio.run(_serve(options.sources, own_hosts=options.own_hosts))
    sys.stdout.flush()
    os._exit(0)  # a thousand listening sockets need no farewell


if __name__ == "__main__":
    main()
