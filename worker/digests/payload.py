"""A digest or an alert as the JSON a machine reads (`format = "standard"`). Floor 1, pure.

The words are the ministry's, whole and unchanged: nothing is cleaned or shortened here, and the
signature is made when sending.
"""

from __future__ import annotations

import json
from datetime import datetime

from worker.instants import to_text
from worker.models.event import Alert, Digest, Entry
from worker.record import to_record


def write_digest_json(digest: Digest) -> bytes:
    """`{"type": "digest", …}` of contract §6, for the body of a webhook."""
    content = {
        "channel": digest.channel,
        "digest_id": digest.id,
        "events": [_event(entry) for entry in digest.entries],
    }
    return _enveloped("digest", digest.composed_at, content)


def write_alert_json(alert: Alert) -> bytes:
    """`{"type": "alert", …}` of contract §6."""
    content: dict[str, object] = {
        "state": alert.state,
        alert.subject_kind: alert.subject_id,
        "text": alert.text,
    }
    return _enveloped("alert", alert.composed_at, content)


def to_json(content: object) -> bytes:
    """Compact UTF-8; what is no character (a lone surrogate) becomes «?»."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _enveloped(kind: str, at: datetime, content: dict[str, object]) -> bytes:
    return to_json({"type": kind, "timestamp": to_text(at), "data": content})


def _event(entry: Entry) -> dict[str, object]:
    record = {**to_record(entry.release, entry.source)}
    record.pop("related", None)
    diff = [{"field": part.field, "op": part.op, "text": part.text} for part in entry.diff]
    return {"kind": entry.kind.value, "release": record, "diff": diff}
