"""Trouble → alerts in the outbox of the channels that hear of it. Floor 3."""

from __future__ import annotations

import uuid
from datetime import datetime

from worker.config.schema import Channel, Config
from worker.models.event import Alert
from worker.pipelines.compose import recipients
from worker.store.channels import ChannelState
from worker.store.connection import Database, write
from worker.store.outbox import enqueue, next_digest_id
from worker.store.troubles import Trouble, pass_troubles, troubles_after


def compose_alerts(
    db: Database, config: Config, channel: Channel, state: ChannelState, now: datetime
) -> None:
    """Put what happened since into the outbox, one message for each; schedules do not hold alerts back.

    A channel hears nothing of its own trouble. One that hears of none moves on silently, so that
    switching alerts on does not tell history.
    """
    troubles = troubles_after(db, state.after_trouble)
    if not troubles:
        return
    is_told = channel.id in config.alerts.channels
    with write(db):
        for trouble in troubles:
            if is_told and not (trouble.subject == "channel" and trouble.subject_id == channel.id):
                _enqueue(db, config, channel, trouble, now)
        pass_troubles(db, channel.id, troubles[-1].id)


def _enqueue(db: Database, config: Config, channel: Channel, trouble: Trouble, now: datetime) -> None:
    from worker.digests.compose import compose_alert  # not loaded by a run that has nothing to tell

    for recipient in recipients(channel):
        alert = Alert(
            uid=f"msg_{uuid.uuid4().hex}",
            channel=channel.id,
            language=config.digest.language,
            composed_at=now,
            state=trouble.state,
            subject_kind=trouble.subject,
            subject_id=trouble.subject_id,
            text=trouble.text,
        )
        enqueue(
            db,
            digest_id=next_digest_id(db),
            channel=channel.id,
            recipient=recipient,
            uid=alert.uid,
            body=compose_alert(channel, alert),
            event_ids=(),
            now=now,
            kind="alert",
        )
