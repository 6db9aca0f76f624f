"""Messages for Slack, Mattermost and Teams."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.config.schema import WebhookChannel
from worker.digests.compose import compose, compose_alert

from .samples import COURSES, STANDARD, TROUBLE, WITHDRAWN, digest, entry


def channel(form: str) -> WebhookChannel:
    """A chat channel."""
    return STANDARD.model_copy(update={"format": form})


def text_of(form: str, title: str) -> str:
    """The text of a message about one release of that title."""
    body = json.loads(compose(channel(form), digest(entry(replace(COURSES, title=title)))))
    assert body.keys() == {"text"}
    text = body["text"]
    assert isinstance(text, str)
    return text


def test_slack_gets_a_headline_and_linked_titles() -> None:
    """One line per release, new ones first."""
    body = json.loads(compose(channel("slack"), digest()))
    lines = body["text"].split("\n")
    assert lines[0] == "*1 neue, 1 geänderte und 1 zurückgezogene Mitteilung*"
    assert lines[1].startswith(f"• Neu: <{COURSES.url}|Land fördert Sprachkurse")
    assert lines[3].startswith("• Zurückgezogen: Neue Beratungsstelle")


def test_mattermost_uses_its_own_bold() -> None:
    """Two asterisks instead of one."""
    assert json.loads(compose(channel("mattermost"), digest(entry())))["text"].startswith(
        "**1 neue Mitteilung**"
    )


@pytest.mark.parametrize("form", ["slack", "mattermost"])
@given(
    title=st.text(max_size=60)
    | st.sampled_from(["<!channel> @all", "<https://evil.example|x>", "&lt;!here&gt;"])
)
def test_no_title_can_link_or_mention(form: str, title: str) -> None:
    """The only angle brackets are those of our own link, and no @ stands before a name."""
    text = text_of(form, title)
    assert text.count("<") == text.count(">") == 1
    assert text.count("|") == 1 or form == "mattermost"
    assert "@" not in text.replace("@\u2060", "")


@pytest.mark.parametrize("form", ["slack", "mattermost", "teams"])
def test_a_title_is_no_link_by_itself(form: str) -> None:
    """What looks like an address stays text, and nothing is filled in for the reader."""
    title = "https://evil.example www.evil.example {{DATE(2020-01-01T00:00:00Z)}}"
    body = compose(channel(form), digest(entry(replace(COURSES, title=title, kicker=title)))).decode()
    assert "evil.example" in body
    assert not re.search(r"://(\w+\.)?evil|www\.evil|\{\{", body)


@pytest.mark.parametrize("form", ["slack", "mattermost"])
def test_an_address_cannot_end_its_link(form: str) -> None:
    """Mattermost makes `<address|title>` into `[title](address)`."""
    url = "https://example.org/a)[Anmelden](https://evil.example/|x"
    text = json.loads(compose(channel(form), digest(replace(entry(), url=url))))["text"]
    (address,) = re.findall(r"<([^|>]+)\|", text)
    assert not set(address) & set("()|<>")


def test_an_alert_keeps_its_addresses() -> None:
    """An operator wants to open the page that cannot be read."""
    trouble = replace(TROUBLE, text="https://ministerium.example/liste: @channel")
    for form in ("slack", "mattermost", "teams"):
        body = compose_alert(channel(form), trouble).decode()
        assert "https://ministerium.example/liste" in body
        assert "@channel" not in body


def test_a_title_cannot_format() -> None:
    """Signs that would make text bold lose their place or are escaped."""
    assert "\\*fett\\*" in text_of("mattermost", "*fett*")
    assert "*fett*" not in text_of("slack", "*fett*")


def test_an_entry_without_a_link_is_told_all_the_same() -> None:
    """A withdrawn release without a stored copy has no link to click."""
    assert (
        "<"
        not in json.loads(compose(channel("slack"), digest(entry(WITHDRAWN, digest().entries[0].kind))))[
            "text"
        ]
    )


@pytest.mark.parametrize(("form", "limit"), [("slack", 40_000), ("mattermost", 16_383), ("teams", 28_000)])
def test_a_flood_fits_into_one_message(form: str, limit: int) -> None:
    """As many are listed as the service surely takes, the rest is counted."""
    body = compose(channel(form), digest(*(entry(replace(COURSES, title="Titel " * 60)) for _ in range(50))))
    assert len(body) < limit
    assert re.search("… und [123]0 weitere", body.decode())


def test_teams_gets_an_adaptive_card_without_markdown() -> None:
    """Titles are text runs, which Teams shows as they are, with an action that opens the page."""
    body = json.loads(
        compose(channel("teams"), digest(entry(replace(COURSES, title="[x](javascript:1) **y**"))))
    )
    (attachment,) = body["attachments"]
    assert (body["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    blocks = attachment["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    run = blocks[1]["inlines"][1]
    assert run["text"] == "[x](javascript:1) **y**"
    assert run["selectAction"] == {"type": "Action.OpenUrl", "url": COURSES.url}


@pytest.mark.parametrize("form", ["slack", "mattermost", "teams"])
def test_an_alert_says_what_is_wrong(form: str) -> None:
    """The state, the source and the text are in the message."""
    body = compose_alert(channel(form), TROUBLE).decode()
    assert "Störung: Quelle bw-sozialministerium" in body
    assert "seit drei Abrufen nicht lesbar" in body
