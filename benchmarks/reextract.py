"""How long reading the whole archive again takes, on all cores, and how long a million pages would.

In goes how many releases (`--pages`), each with the page of one of some hundred different releases as large
as a portal serves them; out come pages per second and the memory of the process that stores.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from portal_pages import portal_pages

from worker.bootstrap import open_runtime
from worker.config.load import load_config
from worker.extraction import extract_release
from worker.models.page import Page
from worker.pipelines.reextract import reextract
from worker.record import to_record
from worker.store.connection import working, write

_DIFFERENT = 300
_SITE = "https://presse.example.org/pid"
_NOW = datetime(2024, 1, 1, tzinfo=UTC)
_CONFIG = '[[sources]]\nid = "portal"\nlisting = "https://presse.example.org/"\n'
_KINDS = {
    "as stored": "select 1",
    "by a newer extractor": "update revisions set record = json_replace(record, '$.extractor.version', '0')",
    "all fields new": "update revisions set record = json_replace(record, '$.kicker', null)",
}


def main() -> None:
    """Read the archive as it is, as after an upgrade that changes nothing, and after one that changes all."""
    parser = argparse.ArgumentParser(description="Time reextract.")
    parser.add_argument("--pages", type=int, default=2_000)
    count = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_text(_CONFIG, encoding="utf-8")
        config = load_config(Path(folder) / "config.toml")
        _fill(config.store.path, count)
        with open_runtime(config) as runtime:
            for kind, sql in _KINDS.items():
                with working(config.store.path) as db, write(db):
                    db.execute(sql)
                began, worked = time.perf_counter(), _processor_seconds()
                changed = sum(1 for _ in reextract(runtime, config.sources[0], None, _NOW, dry_run=False))
                seconds, worked = time.perf_counter() - began, _processor_seconds() - worked
                print(f"{kind:<22} {count / seconds:6.0f} pages/s, {changed} changed; ", end="")
                print(f"{worked / count * 1000:.1f} ms of a processor a page, ", end="")
                print(f"a million in {worked / count * 1e6 / 2 / 60:.0f} min on two", flush=True)
    print(
        f"memory of the storing process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def _processor_seconds() -> float:
    """Of this process and those that have ended: on a busy machine the only honest figure."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _fill(store: Path, count: int) -> None:
    pages = [
        Page(f"{_SITE}/meldung-{n}", body, "text/html", _NOW)
        for n, body in enumerate(portal_pages(_DIFFERENT))
    ]
    read = [(page, extract_release(page)) for page in pages]
    records = [json.dumps(to_record(release, "portal"), ensure_ascii=False) for _, release in read]
    names = [sha256(page.body).hexdigest() for page in pages]
    with working(store) as db, write(db):
        db.execute("insert into sources (id) values ('portal')")
        db.conn.executemany(
            "insert into pages (sha256, url, content_type, fetched_at, body)"
            " values (?, ?, 'text/html', '2024-01-01T00:00:00Z', ?)",
            [(name, page.url, zlib.compress(page.body)) for name, page in zip(names, pages, strict=True)],
        )
        for number in range(count):
            url, which = f"{_SITE}/nummer-{number}", number % _DIFFERENT
            release = read[which][1]
            db.conn.execute(
                "insert into items (url, identity, link, source, title, first_seen_at, last_seen_at, state)"
                " values (?, ?, ?, 'portal', ?, '', '', 'fetched')",
                [url, url, f"{_SITE}/meldung-{which}", release.title],
            )
            db.conn.execute(
                "insert into releases (url, id, source, title, text, revision, state, content_sha256,"
                " first_seen_at, changed_at) values (?, ?, 'portal', ?, '', 1, 'live', '', '', '')",
                [url, number + 1, release.title],
            )
            db.conn.execute(
                "insert into revisions values (?, 1, '', ?, null, '', '', ?, '1', ?)",
                [url, release.title, records[which], names[which]],
            )


if __name__ == "__main__":
    main()
