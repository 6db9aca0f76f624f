"""From a digest to final bytes, for every kind of channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from worker.config.schema import Channel
from worker.digests.compose import compose, compose_alert
from worker.errors import UsageError

from .samples import ATOM, COURSES, EMAIL, FILES, STANDARD, TROUBLE, digest, entry


@pytest.mark.parametrize("channel", [EMAIL, FILES, ATOM, STANDARD])
def test_composing_is_pure(channel: Channel) -> None:
    """The same digest gives the same bytes on every machine and at any time."""
    assert compose(channel, digest()) == compose(channel, digest())


def test_an_empty_digest_is_never_composed() -> None:
    """Nothing to tell sends nothing."""
    with pytest.raises(ValueError, match="without entries"):
        compose(EMAIL, replace(digest(), entries=()))


@pytest.mark.parametrize(("count", "is_all_named"), [(1, True), (40, True), (300, True), (3000, False)])
def test_a_long_digest_is_not_cut_by_mail_programs(count: int, is_all_named: bool) -> None:
    """Gmail shows 102 KB: the newest releases are told whole, the others named, never more than fit."""
    day = COURSES.published
    assert day
    releases = [
        replace(
            COURSES, title=f"Mitteilung {n}", url=f"{COURSES.url}-{n}", published=day - timedelta(days=n // 9)
        )
        for n in range(count)
    ]
    mail = message_from_bytes(compose(EMAIL, digest(*map(entry, releases))), policy=policy.default)
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert html
    assert len(html.get_content().encode()) < 102_000
    assert html.get_content().count(COURSES.quotes[0].text) >= 1 or not is_all_named
    for text in (plain.get_content(), html.get_content()):
        missing = [one.url for one in releases if f"{one.url}" not in text]
        assert not missing or not is_all_named
        assert ("weitere" in text) is not is_all_named
        assert "Mitteilung 0" in text


def test_an_alert_is_a_short_mail() -> None:
    """Subject, text and when, in both parts; from nobody for a folder."""
    for channel in (EMAIL, FILES):
        mail = message_from_bytes(compose_alert(channel, TROUBLE), policy=policy.default)
        assert mail["Subject"] == "Störung: Quelle bw-sozialministerium"
        for kind in ("plain", "html"):
            body = mail.get_body((kind,))
            assert body is not None
            assert "seit drei Abrufen nicht lesbar" in " ".join(body.get_content().split())


def test_a_recovery_in_english() -> None:
    """The other state, kind and language."""
    alert = replace(TROUBLE, state="recovered", subject_kind="channel", subject_id="chat", language="en")
    mail = message_from_bytes(compose_alert(EMAIL, alert), policy=policy.default)
    assert mail["Subject"] == "Recovered: channel chat"


def test_an_atom_file_carries_no_alerts() -> None:
    """The error names the key to correct."""
    with pytest.raises(UsageError, match=r"alerts\.channels.*'atom'"):
        compose_alert(ATOM, TROUBLE)
