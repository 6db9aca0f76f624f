"""The JSON a webhook gets."""

from __future__ import annotations

import json
from dataclasses import replace

from worker.digests.compose import compose, compose_alert
from worker.digests.payload import to_json

from .samples import COURSES, STANDARD, TROUBLE, changed_entry, digest, entry


def test_a_digest_is_the_json_of_the_contract() -> None:
    """Type, time, channel, id, and for each event kind, record and diff."""
    body = json.loads(compose(STANDARD, digest(entry(), changed_entry())))
    assert body.keys() == {"type", "timestamp", "data"}
    assert (body["type"], body["timestamp"]) == ("digest", "2026-11-23T06:00:00Z")
    assert (body["data"]["channel"], body["data"]["digest_id"]) == ("redaktion", 17)
    assert [event["kind"] for event in body["data"]["events"]] == ["new", "changed"]


def test_the_record_names_its_source_and_leaves_out_other_news() -> None:
    """`related` is the portal's furniture and never sent."""
    (event,) = json.loads(compose(STANDARD, digest(entry())))["data"]["events"]
    assert event["release"]["source"] == "bw-sozialministerium"
    assert event["release"]["title"] == COURSES.title
    assert "related" not in event["release"]
    assert event["diff"] == []


def test_a_machine_gets_the_whole_diff() -> None:
    """Nothing is shortened: equal and inserted runs are the new title."""
    (event,) = json.loads(compose(STANDARD, digest(changed_entry())))["data"]["events"]
    title = [run for run in event["diff"] if run["field"] == "title"]
    assert "".join(run["text"] for run in title if run["op"] != "delete") == event["release"]["title"]
    assert {run["op"] for run in title} == {"equal", "insert", "delete"}


def test_an_alert_names_what_is_in_trouble() -> None:
    """A source or a channel, under that key."""
    body = json.loads(compose_alert(STANDARD, TROUBLE))
    assert body["type"] == "alert"
    assert body["data"] == {"state": "trouble", "source": "bw-sozialministerium", "text": TROUBLE.text}
    channel = replace(TROUBLE, subject_kind="channel", state="recovered")
    assert json.loads(compose_alert(STANDARD, channel))["data"]["channel"] == "bw-sozialministerium"


def test_what_is_no_character_does_not_stop_a_message() -> None:
    """A lone surrogate becomes a question mark instead of an error."""
    assert json.loads(to_json({"text": "a\ud800ü"})) == {"text": "a?ü"}
