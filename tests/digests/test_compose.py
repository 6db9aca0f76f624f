"""From a digest to final bytes, for every kind of channel."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from worker.config.schema import Channel
from worker.digests.compose import compose, compose_alert
from worker.errors import UsageError

from .samples import ATOM, EMAIL, FILES, STANDARD, TROUBLE, digest


@pytest.mark.parametrize("channel", [EMAIL, FILES, ATOM, STANDARD])
def test_composing_is_pure(channel: Channel) -> None:
    """The same digest gives the same bytes on every machine and at any time."""
    assert compose(channel, digest()) == compose(channel, digest())


def test_an_empty_digest_is_never_composed() -> None:
    """Nothing to tell sends nothing."""
    with pytest.raises(ValueError, match="without entries"):
        compose(EMAIL, replace(digest(), entries=()))


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
