"""Digests as files, and the Atom file: whole or not at all."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from worker.config.schema import AtomChannel, Channel, EmailChannel, FilesChannel, WebhookChannel
from worker.errors import DeliveryError
from worker.models.event import Outgoing
from worker.transports.atom import AtomTransport
from worker.transports.build import build_transport
from worker.transports.email import EmailTransport
from worker.transports.files import FilesTransport
from worker.transports.webhook import WebhookTransport

MAIL = (
    b'Subject: Test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="=_1"\r\n\r\n'
    b"--=_1\r\nContent-Type: text/plain\r\n\r\nText\r\n--=_1\r\n"
    b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"<p>=C3=A4</p>\r\n--=_1--\r\n"
)
MESSAGE = Outgoing(17, "d17-4f", "archiv", MAIL)


def files(path: Path) -> FilesTransport:
    """A transport into `path`."""
    return FilesTransport(FilesChannel(id="archiv", kind="files", path=path))


def test_a_digest_becomes_two_files(tmp_path: Path) -> None:
    """The mail as it is and its HTML side; the folder is made, no draft stays behind."""
    folder = tmp_path / "var" / "digests"
    files(folder).send(MESSAGE)
    assert sorted(path.name for path in folder.iterdir()) == ["17.eml", "17.html"]
    assert (folder / "17.eml").read_bytes() == MAIL
    assert (folder / "17.html").read_text(encoding="utf-8") == "<p>ä</p>"
    assert message_from_bytes((folder / "17.eml").read_bytes(), policy=policy.default)["Subject"] == "Test"


def test_sending_again_changes_nothing(tmp_path: Path) -> None:
    """The same digest has the same names, so a repeat is no second message."""
    files(tmp_path).send(MESSAGE)
    files(tmp_path).send(MESSAGE)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_message_without_a_number_is_named_by_its_id(tmp_path: Path) -> None:
    """And its name stays inside the folder."""
    files(tmp_path).send(Outgoing(0, "../a/b", "archiv", b"Subject: x\r\n\r\nText\r\n"))
    assert [path.name for path in tmp_path.iterdir()] == ["---a-b.eml"]


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path: Path) -> None:
    """What a name pointed to stays as it was."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    folder = tmp_path / "digests"
    folder.mkdir()
    (folder / "17.eml").symlink_to(victim)
    files(folder).send(MESSAGE)
    assert victim.read_text() == "mine"
    assert not (folder / "17.eml").is_symlink()


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Path, reason and what to do; it may pass once somebody has acted."""
    (tmp_path / "digests").write_text("a file in the way")
    with pytest.raises(DeliveryError) as caught:
        files(tmp_path / "digests").send(MESSAGE)
    assert str(tmp_path / "digests" / "17.html") in caught.value.reason
    assert "a folder this user may write to" in caught.value.reason
    assert not caught.value.permanent


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that fails half-way is no half a file, and no draft stays behind."""
    feed = AtomChannel(id="atom", kind="atom", path=tmp_path / "feed.atom")
    AtomTransport(feed).send(Outgoing(1, "a", "atom", b"old"))
    blocked = AtomChannel(id="atom", kind="atom", path=Path("/dev/full/feed.atom"))
    with pytest.raises(DeliveryError):
        AtomTransport(blocked).send(Outgoing(2, "b", "atom", b"new"))
    assert [path.name for path in tmp_path.iterdir()] == ["feed.atom"]
    assert (tmp_path / "feed.atom").read_bytes() == b"old"


def test_the_draft_of_a_killed_process_goes_with_the_next_attempt(tmp_path: Path) -> None:
    """And if somebody put a link in its place, what that points to stays as it was."""
    (tmp_path / ".17.eml.tmp").write_bytes(b"Subject: Te")
    (tmp_path / "victim").write_text("mine")
    (tmp_path / ".17.html.tmp").symlink_to(tmp_path / "victim")
    files(tmp_path).send(MESSAGE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["17.eml", "17.html", "victim"]
    assert (tmp_path / "victim").read_text() == "mine"


def test_the_feed_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The new content stands under the old name; others may read it."""
    channel = AtomChannel(id="atom", kind="atom", path=tmp_path / "web" / "integration.atom")
    for content in (b"one", b"two"):
        AtomTransport(channel).send(Outgoing(1, "a", "atom", content))
    assert channel.path.read_bytes() == b"two"
    assert len(list(channel.path.parent.iterdir())) == 1
    assert channel.path.stat().st_mode & 0o044 == 0o044 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    """One line, and the folder is as it was."""
    assert files(tmp_path).check() == f"{tmp_path} can be written"
    atom = AtomTransport(AtomChannel(id="atom", kind="atom", path=tmp_path / "x.atom"))
    assert atom.check() == f"{tmp_path} can be written"
    assert list(tmp_path.iterdir()) == []


def test_each_kind_of_channel_has_its_transport(tmp_path: Path) -> None:
    """The four kinds, picked in one place."""
    mail = EmailChannel(id="a", kind="email", to=("a@example.org",), sender="b@example.org", smtp_host="x")
    pairs: list[tuple[Channel, type]] = [
        (mail, EmailTransport),
        (WebhookChannel(id="b", kind="webhook", url="https://example.org/"), WebhookTransport),
        (FilesChannel(id="c", kind="files", path=tmp_path), FilesTransport),
        (AtomChannel(id="d", kind="atom", path=tmp_path / "x"), AtomTransport),
    ]
    with httpx.Client() as client:
        assert [type(build_transport(channel, client)) for channel, _ in pairs] == [kind for _, kind in pairs]
