"""What `check --online` posts: a message that says it is only a test. Floor 2, without I/O."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Literal

from worker.instants import to_text

_TEXT = "Pressewacht: Testnachricht, bitte nicht beachten. / Test message, please ignore."


def probe_body(
    channel: str, form: Literal["standard", "slack", "mattermost", "teams"], now: datetime
) -> bytes:
    """The body in the channel's format; `"type": "test"` for machines (contract §6)."""
    if form == "standard":
        content: dict[str, object] = {"channel": channel, "text": _TEXT}
        body: dict[str, object] = {"type": "test", "timestamp": to_text(now), "data": content}
    elif form == "teams":
        body = {"type": "message", "attachments": [_card()]}
    else:
        body = {"text": _TEXT}
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def _card() -> dict[str, object]:
    content = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": _TEXT}]}
    return {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
