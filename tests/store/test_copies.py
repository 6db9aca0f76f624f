"""Backups and exports: whole, readable elsewhere, and harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.samples import page, release, sighting
from tests.store.conftest import add_release
from worker.errors import StoreError
from worker.store import export
from worker.store.backup import back_up
from worker.store.connection import reading, working, write
from worker.store.export import write_csv, write_jsonl, write_warc


def test_a_backup_is_a_store(store: Path, db: Database, tmp_path: Path) -> None:
    """It opens, holds what the store held, and nothing unfinished lies beside it."""
    add_release(db)
    target = tmp_path / "kopien/heute.db"

    assert back_up(store, target) == 1

    with reading(target) as copy:
        assert list(copy.query("select url from releases")) == list(db.query("select url from releases"))
    assert [path.name for path in target.parent.iterdir()] == ["heute.db"]


def test_a_backup_while_writing_is_whole(store: Path, db: Database, tmp_path: Path) -> None:
    """Every copy holds whole transactions: rows that belong together, or none of them."""
    stop = threading.Event()

    def keep_writing() -> None:
        with working(store) as own:
            number = 0
            while not stop.is_set():
                number += 1
                with write(own):
                    own.table("sources").insert_all({"id": f"s{number}-{k}"} for k in range(10))
                stop.wait(0.01)

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        for number in range(5):
            back_up(store, tmp_path / f"{number}.db")
    finally:
        stop.set()
        thread.join()

    for number in range(5):
        with reading(tmp_path / f"{number}.db") as copy:
            assert copy.execute("select count(*) from sources").fetchone()[0] % 10 == 1


def test_a_backup_replaces_the_one_before(store: Path, db: Database, tmp_path: Path) -> None:
    """A nightly copy under one name is always the latest whole one."""
    target = tmp_path / "kopie.db"
    back_up(store, target)
    add_release(db)

    assert back_up(store, target) == 1


def test_the_store_is_not_its_own_backup(store: Path, db: Database) -> None:
    """A slip of the hand must not swap the file under a running worker."""
    inode = store.stat().st_ino

    with pytest.raises(StoreError, match="this is the store itself"):
        back_up(store, store.parent / "." / store.name)

    assert store.stat().st_ino == inode


def test_a_backup_nobody_can_write_says_where(store: Path, db: Database, tmp_path: Path) -> None:
    """The message names the copy, not the store."""
    (tmp_path / "datei").touch()
    target = tmp_path / "datei/kopie.db"

    with pytest.raises(StoreError) as caught:
        back_up(store, target)

    assert str(caught.value).startswith(f"{target}: ")


def test_a_backup_that_fails_leaves_the_one_before(store: Path, db: Database, tmp_path: Path) -> None:
    """A damaged store gives no copy and takes none away."""
    target = tmp_path / "kopie.db"
    back_up(store, target)
    before = target.read_bytes()
    db.conn.close()
    store.write_bytes(store.read_bytes()[:9000])

    with pytest.raises(StoreError):
        back_up(store, target)

    assert target.read_bytes() == before


def test_jsonl_is_one_record_a_line(db: Database, tmp_path: Path) -> None:
    """The current revision of each release as `extract` prints it, oldest first, an undated one when seen."""
    add_release(db, "a", sighting(release("Zeile\u2028um", published=None)))
    add_release(db, "b")

    assert write_jsonl(db, tmp_path / "x.jsonl") == 2

    records = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").split("\n") if line]
    assert [record["title"] for record in records] == ["Ein Titel", "Zeile\u2028um"]
    assert records[0]["source"] == "ministerium"
    assert records[0]["quotes"][0]["speaker"] == "Dr. Ute Leidig"


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "＝1+1", "＠x"],
)
def test_no_cell_is_a_formula(db: Database, tmp_path: Path, title: str) -> None:
    """A title that a spreadsheet would calculate is shown with an apostrophe instead."""
    add_release(db, "a", sighting(release(title)))

    assert write_csv(db, tmp_path / "x.csv") == 1

    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == f"'{title}"


@pytest.mark.parametrize("title", ["x;=1+1", 'x";"=1+1;"', "a;-b;@c", ";=1"])
def test_no_part_of_a_cell_is_a_formula(db: Database, tmp_path: Path, title: str) -> None:
    """Neither where a spreadsheet parts cells at semicolons, as a German one does, nor on a further line."""
    add_release(db, "a", sighting(release(title, body=("Eins", "=1+1"))))
    write_csv(db, tmp_path / "x.csv")

    for delimiter in ",;":
        with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))]


def test_an_ordinary_table_reads_as_it_is(db: Database, tmp_path: Path) -> None:
    """German letters, quotation marks, semicolons and blank lines survive."""
    add_release(db, "a", sighting(release('Straße; „gut“, "so"', body=("Eins", "Zwei"))))
    write_csv(db, tmp_path / "x.csv")

    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == 'Straße; „gut“, "so"'
    assert row["text"] == "Ein kurzer Text.\n\nEins\n\nZwei"
    assert (row["revision"], row["duplicate_of"]) == ("1", "")


def test_an_export_that_fails_leaves_the_one_before(db: Database, tmp_path: Path) -> None:
    """Half an export never stands under its name, and nothing unfinished beside it."""
    add_release(db)
    write_jsonl(db, tmp_path / "x.jsonl")
    before = (tmp_path / "x.jsonl").read_bytes()
    db.execute("alter table revisions rename to weg")

    with pytest.raises(sqlite3.OperationalError):
        write_jsonl(db, tmp_path / "x.jsonl")

    assert (tmp_path / "x.jsonl").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("x*")) == ["x.jsonl"]


@pytest.mark.parametrize("write_all", [write_jsonl, write_csv])
def test_an_export_of_many_holds_each_once(
    db: Database, tmp_path: Path, write_all: Callable[[Database, Path], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read a few at a time, between which others may write; days shared by several releases or unknown."""
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    for number in range(7):
        published = date(2026, 3, 10 + number // 3) if number % 3 else None
        add_release(db, f"nummer-{number}", sighting(release(f"Nummer {number}", published=published)))

    assert write_all(db, tmp_path / "x") == 7

    text = (tmp_path / "x").read_text("utf-8-sig")
    assert [text.count(f'"Nummer {number}"') for number in range(7)] == [1] * 7


def test_the_archive_is_readable_elsewhere(db: Database, tmp_path: Path) -> None:
    """The raw pages as WARC: byte for byte, with status, time and the headers that were kept."""
    warcio = pytest.importorskip("warcio.archiveiterator", reason="needs the extra `archive`")
    body = b"<html>\xfc\x00</html>"
    for slug, shown in (("a", page(body)), ("b", page(body)), ("c", page(b"2", etag=None))):
        add_release(db, slug, replace(sighting(), page=shown))

    assert write_warc(db, tmp_path / "x.warc.gz") == 2

    with (tmp_path / "x.warc.gz").open("rb") as file:
        iterator = warcio.ArchiveIterator(file, check_digests="raise")
        info, first, second = [(one, one.content_stream().read()) for one in iterator]
    assert info[0].rec_type == "warcinfo"
    assert first[1] == body
    assert first[0].rec_headers.get_header("WARC-Target-URI") == "https://presse.test/pid/ein-titel"
    assert first[0].rec_headers.get_header("WARC-Date") == "2026-03-21T08:00:00Z"
    assert first[0].http_headers.get_statuscode() == "200"
    assert dict(first[0].http_headers.headers) == {
        "Content-Type": "text/html", "Content-Length": str(len(body)), "ETag": '"1"'
    }  # fmt: skip
    digest = base64.b32encode(hashlib.sha1(body).digest()).decode()
    assert first[0].rec_headers.get_header("WARC-Payload-Digest") == f"sha1:{digest}"
    assert (second[0].rec_type, second[1]) == ("response", b"2")
