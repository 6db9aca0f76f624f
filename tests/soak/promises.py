"""What must hold after a kill, and what must hold once the program could finish its work."""

from __future__ import annotations

import contextlib
import email
import email.policy
import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.soak.stand import Stand

_READERS = """
    select s.channel, s.recipient, e.kind, r.title from subscribers s
    left join digest_events d using (channel, recipient)
    left join events e on e.id = d.event_id left join releases r using (url)"""


class Promises:
    """Checks a stand after each kill; remembers what may never change from one check to the next."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._bytes: dict[str, str] = {}
        self._sent: set[str] = set()

    def check_after_kill(self) -> None:
        """The store is whole, nothing is in it twice, a message never changes, no file is half."""
        with _copy(self._stand.world.store) as store:
            if not store.execute("select 1 from sqlite_master where name = 'digests'").fetchall():
                return  # it did not come to making the tables
            assert store.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert store.execute("pragma foreign_key_check").fetchall() == []
            store.execute("insert into releases_fts (releases_fts) values ('integrity-check')")
            twice = store.execute("select title from releases group by 1 having count(*) > 1").fetchall()
            assert twice == []
            self._check_outbox(store)
            self._check_files(store)

    def check_after_settling(self) -> None:
        """Every reader was told the truth: each thing once, repeats apart, and nothing waits."""
        stand, rows = self._stand, self._stand.world.rows
        self.check_after_kill()
        assert {row["state"] for row in rows("select distinct state from digests")} <= {"sent"}
        told: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        for row in rows(_READERS):
            heard = told.setdefault((row["channel"], row["recipient"]), Counter())
            if row["kind"]:
                heard[row["kind"], row["title"]] += 1
        assert len(told) == 5
        for reader, heard in told.items():
            assert heard == stand.truth, (reader, stand.truth - heard, heard - stand.truth)
        for channel, received in (("post", _mails(stand)), ("haken", _posts(stand))):
            sent = rows("select message_id from digests where channel = ?", channel)
            assert {uid for uid, _ in received} == {row["message_id"] for row in sent}
        assert self._told_by_webhook() == stand.truth

    def copies(self) -> Counter[str]:
        """How many messages each channel got that were not needed; every copy has the same bytes."""
        extra: Counter[str] = Counter()
        for channel, received in (("post", _mails(self._stand)), ("haken", _posts(self._stand))):
            bodies: dict[str, bytes] = {}
            for uid, body in received:
                assert bodies.setdefault(uid, body) == body
            extra[channel] = len(received) - len(bodies)
        return extra

    def _check_outbox(self, store: sqlite3.Connection) -> None:
        states: dict[str, tuple[str, int]] = {}
        for uid, state, attempts, body in store.execute(
            "select message_id, state, attempts, body from digests"
        ):
            states[uid] = state, attempts
            shown = hashlib.sha256(body).hexdigest()
            assert self._bytes.setdefault(uid, shown) == shown
        assert all(states[uid][0] == "sent" for uid in self._sent)
        self._sent = {uid for uid, (state, _) in states.items() if state == "sent"}
        for uid, _ in [*_mails(self._stand), *_posts(self._stand)]:
            assert states[uid][1] > 0, "it went out before its claim was on disk"

    def _check_files(self, store: sqlite3.Connection) -> None:
        folder = self._stand.world.folder
        for path in (folder / "digests").glob("*.eml"):
            (body,) = store.execute("select body from digests where id = ?", [int(path.stem)]).fetchone()
            assert path.read_bytes() == body
        for path in (folder / "digests").glob("*.html"):
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        if (folder / "news.atom").exists():
            ET.fromstring((folder / "news.atom").read_bytes())
        for drafts in (folder / "digests", folder):
            assert len(list(drafts.glob(".*.tmp"))) <= 1, "drafts of dead processes pile up"

    def _told_by_webhook(self) -> Counter[tuple[str, str]]:
        bodies = dict(_posts(self._stand))
        events = [event for body in bodies.values() for event in json.loads(body)["data"]["events"]]
        return Counter((event["kind"], event["release"]["title"]) for event in events)


def _mails(stand: Stand) -> list[tuple[str, bytes]]:
    return [(_message_id(mail), mail) for _, _, mail in list(stand.mailbox.mails)]


def _message_id(mail: bytes) -> str:
    found = email.message_from_bytes(mail.partition(b"\r\n\r\n")[0], policy=email.policy.default)
    return str(found["Message-ID"]).strip("<>").partition("@")[0]


def _posts(stand: Stand) -> list[tuple[str, bytes]]:
    return [(post.headers["webhook-id"], post.body) for post in list(stand.receiver.requests)]


@contextlib.contextmanager
def _copy(store: Path) -> Iterator[sqlite3.Connection]:
    """A copy of what a dead process left, journal and all: SQLite mends it, the original stays."""
    with tempfile.TemporaryDirectory() as folder:
        for path in _parts(store):
            shutil.copy(path, folder)
        with contextlib.closing(sqlite3.connect(Path(folder) / store.name)) as connection:
            yield connection


def _parts(store: Path) -> Iterable[Path]:
    return [path for path in (store, store.with_name(store.name + "-journal")) if path.exists()]
