"""The bytes of a mail: headers nobody can add to, two parts, no forbidden line."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.digests.cleaning import clean_line, clean_text
from worker.digests.compose import compose
from worker.digests.mail import Letter, _assembled, write_eml, write_mail

from .samples import COMPOSED, COURSES, EMAIL, FILES, digest, entry

HEADERS = [
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
]
LETTER = Letter("d1-ab", COMPOSED, "1 neue Mitteilung: Titel", "Text\n", "<p>Text</p>\n")

hostile = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "=?utf-8?q?x=0D=0ABcc:_evil@example.org?=",
        "a\r\nBcc: evil@example.org",
        "a\nBcc: x\n\n<script>alert(1)</script>",
        "a\u2028Bcc: x\x85Cc: y\x0bTo: z\x00\ud800",
        "ä" * 400,
        "=?utf-8?b?" + "QUFB" * 60 + "?=",
        "x" * 3000,
        "\r\n.\r\nMAIL FROM:<x@example.org>",
    ]
)


def parsed(message: bytes) -> EmailMessage:
    """The message as a modern reader sees it."""
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: bytes, kind: str) -> str:
    """The text of one part."""
    found = parsed(message).get_body((kind,))
    assert found is not None
    content = found.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_mail_has_its_headers_and_no_addresses() -> None:
    """From and To are not there: no address is ever stored."""
    message = compose(EMAIL, digest())
    assert parsed(message).keys() == HEADERS
    assert b"leserin" not in message


def test_the_fixed_headers_are_as_configured() -> None:
    """Message-ID, date, list headers and the automatic mark come from digest and channel."""
    read = parsed(compose(EMAIL, digest()))
    assert read["Message-ID"] == "<d17-4f2a9c@example.net>"
    assert read["Date"] == "Mon, 23 Nov 2026 06:00:00 +0000"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Id"] == "<redaktion.example.net>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_unsubscribe_address_stays_one_readable_line() -> None:
    """The address is not turned into an encoded-word, however long it is."""
    assert f"\r\nList-Unsubscribe: <{EMAIL.unsubscribe_url}>\r\n".encode() in compose(EMAIL, digest())


def test_one_click_is_offered_over_https_only() -> None:
    """RFC 8058 wants https; without an address there is no header at all."""
    plain = EMAIL.model_copy(update={"unsubscribe_url": "http://example.net/weg"})
    none = EMAIL.model_copy(update={"unsubscribe_url": None})
    assert "List-Unsubscribe-Post" not in parsed(write_mail(LETTER, plain))
    assert "List-Unsubscribe" not in parsed(write_mail(LETTER, none))


@pytest.mark.parametrize(
    ("given_id", "written"),
    [("presse.example.net", "<presse.example.net>"), ("Presse <p.example.net>", "Presse <p.example.net>")],
)
def test_a_configured_list_id_is_used(given_id: str, written: str) -> None:
    """With or without its angle brackets."""
    channel = EMAIL.model_copy(update={"list_id": given_id})
    assert parsed(write_mail(LETTER, channel))["List-Id"] == written


def test_a_sender_domain_with_umlauts_is_written_in_ascii() -> None:
    """The Message-ID's right side is a host name."""
    channel = EMAIL.model_copy(update={"sender": "presse@bücher.example"})
    assert parsed(write_mail(LETTER, channel))["Message-ID"] == "<d1-ab@xn--bcher-kva.example>"
    broken = EMAIL.model_copy(update={"sender": "presse@" + "ü" * 80})
    assert parsed(write_mail(LETTER, broken))["Message-ID"] == "<d1-ab@pressewacht.invalid>"


def test_the_same_digest_is_the_same_bytes() -> None:
    """Rendering twice gives one message: nothing is taken from clock or chance."""
    assert compose(EMAIL, digest()) == compose(EMAIL, digest())


def test_the_subject_counts_and_names_the_first_title() -> None:
    """New releases come first in the subject too."""
    subject = parsed(compose(EMAIL, digest()))["Subject"]
    assert subject.startswith("1 neue, 1 geänderte, 1 zurückgezogene: Land fördert Sprachkurse")
    assert len(subject) <= 111


@given(hostile)
def test_no_title_can_add_a_header(title: str) -> None:
    """Whatever a title says, the mail has the headers it is meant to have, and one-line values."""
    message = compose(EMAIL, digest(entry(replace(COURSES, title=title, kicker=title, lead=title))))
    read = parsed(message)
    assert read.keys() == HEADERS
    assert not read.defects
    assert all(len(str(value).splitlines()) == 1 for value in read.values())
    assert "evil" not in (read["Bcc"] or "")


@given(hostile)
def test_lines_are_short_and_seven_bit(title: str) -> None:
    """CRLF only, at most 998 bytes, ASCII: nothing a server has to repair (RFC 5322 §2.1.1)."""
    message = compose(EMAIL, digest(entry(replace(COURSES, title=title))))
    lines = message.split(b"\r\n")
    assert message.isascii()
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)
    head, _, body = message.partition(b"\r\n\r\n")
    assert all(len(line) <= 78 for line in body.split(b"\r\n"))
    assert all(len(word) <= 75 for word in head.split() if word.startswith(b"=?"))
    assert all(len(line) <= 76 for line in head.split(b"\r\n") if b"=?" in line)


@given(hostile, hostile)
def test_a_mail_reads_back_as_the_text_it_was_made_of(plain: str, html: str) -> None:
    """Encoding loses nothing but the kind of line break."""
    letter = replace(LETTER, plain=clean_text(plain) + "\n", html=clean_text(html) + "\n")
    message = write_mail(letter, EMAIL)
    assert part(message, "plain") == letter.plain
    assert part(message, "html") == letter.html


@given(hostile)
def test_a_subject_reads_back_as_its_clean_text(title: str) -> None:
    """Joined encoded-words give the characters that went in."""
    subject = clean_line(f"ä {title[:60]}").replace("=?", "= ?").replace("\u200c", "").replace("\u200d", "")
    assert parsed(write_mail(replace(LETTER, subject=subject), EMAIL))["Subject"] == subject.strip()


def test_a_text_that_escapes_the_cleaning_stops_the_mail() -> None:
    """The last check: a mail that does not read back as meant is not composed."""
    broken = EMAIL.model_copy(update={"id": "a\r\nBcc: evil@example.org"})
    with pytest.raises(ValueError, match="Bcc"):
        write_mail(LETTER, broken)


@pytest.mark.parametrize("list_id", ["x" * 1200, "a@b>\r\n\r\nText <c"])
def test_a_header_that_would_break_the_mail_stops_it(list_id: str) -> None:
    """Neither a line too long nor a body that starts too early goes out."""
    with pytest.raises(ValueError, match="mail"):
        _assembled(LETTER, [("List-Id", list_id)])


def test_a_folder_gets_the_same_mail_from_nobody() -> None:
    """The file has a neutral From and no list headers that lead somewhere."""
    read = parsed(compose(FILES, digest()))
    assert read["From"] == "Pressewacht <pressewacht@pressewacht.invalid>"
    assert "To" not in read
    assert "List-Unsubscribe" not in read
    assert part(compose(FILES, digest()), "plain").startswith("1 neue")
    assert write_eml(LETTER, "archiv").startswith(b"From: ")
