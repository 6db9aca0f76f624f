"""The record as JSON: its order, its fields, and the way back."""

from __future__ import annotations

import json

import pytest

from tests.test_golden import FIXTURES, load_page
from worker.extraction import extract_release
from worker.record import from_record, to_record


def test_key_order_and_text() -> None:
    """The keys stand in the published order, and `text` is lead and body with blank lines between."""
    release = extract_release(load_page(FIXTURES / "bw-sozialministerium" / "seed-2017-markup")[0])
    record = to_record(release, "bw-sozialministerium")
    assert list(record) == [
        *("url", "source", "kicker", "title", "published", "lead", "body", "text", "images", "links"),
        *("related", "quotes", "amounts", "extractor"),
    ]
    assert record["source"] == "bw-sozialministerium"
    assert record["text"] == "\n\n".join([release.lead or "", *(block.text for block in release.body)])
    assert from_record(json.loads(json.dumps(record))) == release


def test_what_is_no_record_is_refused() -> None:
    """A mapping that is no record raises ValueError."""
    with pytest.raises(ValueError, match="title"):
        from_record({"url": None})
