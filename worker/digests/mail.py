"""A message as the frozen bytes of a mail, without From and To. Floor 1, pure.

RFC 5322 with two alternatives, 7-bit clean, CRLF, no line over 998. The header block is written by hand:
`policy.SMTP` turns any long word, such as an unsubscribe address, into an encoded-word (measured with
Python 3.11–3.13), and one-click unsubscribing dies of it. Addresses are added when sending, because
none is ever stored.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime

from worker.config.schema import EmailChannel
from worker.digests.cleaning import clean_header, shorten, web_link

NEUTRAL_DOMAIN = "pressewacht.invalid"  # RFC 2606: can never be anybody's
_SUBJECT = 110  # characters; phones show about 40, desktops about 70
_WORD_BYTES = 39  # 64 characters as an encoded-word: with «Subject: » in front still under 76
_BODY = policy.SMTP.clone(max_line_length=76)  # RFC 2045 §6.7: quoted-printable lines hold 76
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it is put into bytes."""

    uid: str
    composed_at: datetime
    subject: str
    plain: str
    html: str


def write_mail(letter: Letter, channel: EmailChannel) -> bytes:
    """The mail for every recipient of `channel`; From and To are put in front of it when it is sent."""
    domain = _domain(channel.sender)
    headers = [*_identity(letter, domain), ("List-Id", _list_id(channel, domain)), *_unsubscribe(channel)]
    return _assembled(letter, headers)


def write_eml(letter: Letter, channel_id: str) -> bytes:
    """The same mail for a folder, from nobody in particular."""
    sender = ("From", f"Pressewacht <pressewacht@{NEUTRAL_DOMAIN}>")
    list_id = ("List-Id", f"<{channel_id}.{NEUTRAL_DOMAIN}>")
    return _assembled(letter, [sender, *_identity(letter, NEUTRAL_DOMAIN), list_id])


def _identity(letter: Letter, domain: str) -> list[tuple[str, str]]:
    subject = shorten(clean_header(letter.subject), _SUBJECT)
    return [
        ("Subject", _encoded(subject, "Subject")),
        ("Date", format_datetime(letter.composed_at)),
        ("Message-ID", f"<{_NOT_IN_ID.sub('-', letter.uid)}@{domain}>"),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office replies, please
    ]


def _encoded(text: str, name: str) -> str:
    """`text` as it is if it is plain ASCII and short, else as encoded-words (RFC 2047).

    Not by `email.header`: its words can be longer than the 75 characters allowed.
    """
    if text.isascii() and len(name) + len(text) < 76:
        return text
    words = [""]
    for char in text:
        if len((words[-1] + char).encode()) > _WORD_BYTES:
            words.append("")
        words[-1] += char
    coded = (base64.b64encode(word.encode()).decode("ascii") for word in words)
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in coded)


def _list_id(channel: EmailChannel, domain: str) -> str:
    """RFC 2919: `<id.domain>`, so that a reader's filter needs no guess."""
    given = clean_header(channel.list_id or "").encode("ascii", "ignore").decode("ascii")
    if not given:
        return f"<{channel.id}.{domain}>"
    return given if given.endswith(">") else f"<{given}>"


def _unsubscribe(channel: EmailChannel) -> list[tuple[str, str]]:
    url = web_link(channel.unsubscribe_url)
    if url is None or len(url) > 900:
        return []
    headers = [("List-Unsubscribe", f"<{url}>")]
    if url.startswith("https://"):  # RFC 8058 §3.1 allows one-click over https only
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return NEUTRAL_DOMAIN


def _assembled(letter: Letter, headers: list[tuple[str, str]]) -> bytes:
    body = EmailMessage(policy=_BODY)
    body.set_content(letter.plain, cte="quoted-printable")
    body.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # `=_` cannot occur in quoted-printable text, so the boundary may be the same on every rendering.
    body.set_boundary(f"=_{hashlib.sha256(letter.uid.encode()).hexdigest()[:32]}")
    block = "".join(f"{name}: {value}\r\n" for name, value in headers)
    message = block.encode("ascii") + body.as_bytes()
    _check(message, [*(name for name, _ in headers), *body.keys()])
    return message


def _check(message: bytes, names: list[str]) -> None:
    """Read the mail back: exactly our headers, two parts, no defect, no long or 8-bit line.

    Raises ValueError: then a text got past the cleaning, and the mail must not go out.
    """
    parsed = BytesParser(policy=policy.default).parsebytes(message)
    kinds = [part.get_content_type() for part in parsed.iter_parts()]
    if sorted(parsed.keys()) != sorted(names) or kinds != ["text/plain", "text/html"] or parsed.defects:
        raise ValueError(f"the mail reads back with {parsed.keys()} and {kinds}, meant were {names}")
    lines = message.split(b"\r\n")
    if not message.isascii() or any(len(line) > 998 or b"\r" in line or b"\n" in line for line in lines):
        raise ValueError("the mail has a line that RFC 5322 forbids")
