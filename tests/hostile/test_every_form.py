"""Whatever texts and addresses a page holds, a message keeps its form: by parsers that did not write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from selectolax.lexbor import LexborHTMLParser

from tests.digests.samples import ATOM, COURSES, EMAIL, SOURCE_NAME, STANDARD, TROUBLE, digest, entry
from worker.config.schema import Channel
from worker.diffs import diff_releases
from worker.digests.compose import compose, compose_alert
from worker.models.event import Alert, Digest, EventKind
from worker.models.release import Amount, BodyBlock, Link, Quote

from .payloads import NO_LINKS, PAYLOADS, addresses, hostile

HEADERS = {
    *("From", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "MIME-Version", "Content-Type"),
}
ATOM_NAMES = {
    *("feed", "title", "link", "id", "updated", "author", "name", "entry", "published", "summary", "content"),
    *("category", "subtitle"),
}
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3"),
    *(
        "div",
        "span",
        "a",
        "ins",
        "del",
        "blockquote",
        "br",
        "strong",
        "ul",
        "li",
        "-text",
        "-comment",
        "-doctype",
        "!doctype",
    ),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "style", "role", "width", "cellpadding", "cellspacing"),
    *("border", "align", "href"),
}
JOINERS = "\u200c\u200d\u2060"  # real names need the first two, the last is ours


def told(text: str, address: str) -> Digest:
    """A digest of a new and a changed release that say `text` in every field and stand at `address`."""
    release = replace(
        COURSES,
        url=address,
        kicker=text,
        title=text,
        lead=text,
        body=(BodyBlock("paragraph", text), BodyBlock("quote", text)),
        links=(Link(text, address),),
        quotes=(Quote(text, text, text),),
        amounts=(Amount(1, "EUR", text),),
    )
    new = replace(entry(release), source_name=text or SOURCE_NAME, reasons=(text,))
    changed = replace(new, kind=EventKind.CHANGED, revision=2, diff=diff_releases(COURSES, release))
    return digest(new, changed, replace(new, kind=EventKind.WITHDRAWN))


def check_message(channel: Channel, message: bytes) -> None:
    """The promises of a channel's form."""
    if channel.kind == "email":
        check_mail(message)
    elif channel.kind == "atom":
        check_feed(message)
    elif channel.kind == "webhook":
        content = json.loads(message)  # the standard form gives the ministry's words as they are
        assert channel.format == "standard" or _is_visible("".join(_strings(content)))


def check_mail(message: bytes) -> None:
    """Header lines in the raw bytes, both parts, links and characters."""
    head = message.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert len(names) == len(set(names))
    assert {"Subject", "Date", "Message-ID"} <= set(names) <= HEADERS
    assert b"\r" not in message.replace(b"\r\n", b"")
    assert b"\n" not in message.replace(b"\r\n", b"")
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert read.keys() == names
    assert str(read["Subject"]).isprintable()
    assert "=?" not in str(read["Subject"])
    plain, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert _is_visible(plain.get_content().replace("\r\n", ""))
    check_html(html.get_content())


def check_html(markup: str) -> None:
    """Our elements and attributes only, links to the web only."""
    root = LexborHTMLParser(markup).root
    assert root is not None
    for node in root.traverse():
        assert node.tag in ELEMENTS, node.html
        assert set(node.attributes) <= ATTRIBUTES, node.html
        href = node.attributes.get("href")
        assert href is None or urlsplit(href).scheme in ("http", "https")
        assert href is None or "@" not in urlsplit(href).netloc


def check_feed(message: bytes) -> None:
    """Well-formed for expat, no foreign elements, links to the web, content that is our HTML."""
    for element in ElementTree.fromstring(message).iter():
        namespace, _, name = element.tag.removeprefix("{").partition("}")
        assert namespace == "http://www.w3.org/2005/Atom"
        assert name in ATOM_NAMES
        assert not [key for key in element.attrib if key.endswith("}base")]
        assert element.get("href", "https://").startswith(("https://", "http://")) or not element.get("href")
        if element.get("type") == "html":
            check_html(element.text or "")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *_strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _is_visible(text: str) -> bool:
    return "".join(char for char in text if char not in JOINERS + "\n").isprintable()


CHANNELS: list[Channel] = [EMAIL, ATOM, STANDARD] + [
    STANDARD.model_copy(update={"format": form}) for form in ("slack", "mattermost", "teams")
]


def check_all(text: str, address: str) -> None:
    """Every form, as a digest and as an alert."""
    trouble: Alert = replace(TROUBLE, text=text)
    for channel in CHANNELS:
        check_message(channel, compose(channel, told(text, address)))
        if channel.kind != "atom":
            check_message(channel, compose_alert(channel, trouble))


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_known_attacks(text: str) -> None:
    """Each of what has fooled others."""
    check_all(text, NO_LINKS[len(text) % len(NO_LINKS)])


@settings(max_examples=20, deadline=None)
@given(hostile, addresses)
def test_any_text_and_address(text: str, address: str) -> None:
    """And what nobody has thought of."""
    check_all(text, address)


@pytest.mark.soak
@pytest.mark.timeout(0)
@settings(max_examples=1_000, deadline=None)
@given(hostile, addresses)
def test_any_text_and_address_for_long(text: str, address: str) -> None:
    """The same, many times."""
    check_all(text, address)
