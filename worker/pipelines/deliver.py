"""One channel's way out of the outbox. Floor 3.

    take_over what a dead process left ▶ compose_due ▶ due_messages ▶ claim ▶ send ▶ settle

The claim is on disk before a socket is opened, and only the sender that holds it may settle: a crash
means the same bytes again under the same id, never silence. It never polls anything.
"""

from __future__ import annotations

import logging
import random
import uuid
from datetime import datetime, timedelta

from worker.backoff import MESSAGE_ATTEMPTS, message_wait
from worker.config.schema import Channel
from worker.errors import DeliveryError, StoreError
from worker.models.event import Outgoing
from worker.models.report import ChannelReport
from worker.pipelines.alerts import compose_alerts
from worker.pipelines.compose import compose_due, recipients
from worker.pipelines.runtime import Runtime
from worker.store.channels import ChannelState, disable_channel, load_channels
from worker.store.connection import Database, working, write
from worker.store.outbox import (
    QueuedMessage,
    claim,
    count_states,
    due_messages,
    settle_failed,
    settle_retry,
    settle_sent,
    take_over,
)
from worker.store.troubles import begin_trouble, end_trouble, mark_channel
from worker.transports.base import Transport

_AMBIGUOUS_WAIT = timedelta(minutes=10)

log = logging.getLogger(__name__)


def deliver_channel(
    runtime: Runtime, channel: Channel, now: datetime, *, at_once: bool = False
) -> ChannelReport:
    """Compose and send what is due for one channel, one attempt each. Raises StoreError only.

    `at_once` ignores the channel's schedule and the waiting times of retries. The caller holds the
    lock of the store and has registered the channel.
    """
    with working(runtime.config.store.path) as db:
        take_over(db, channel.id, now + message_wait(1, random.Random()), MESSAGE_ATTEMPTS)  # noqa: S311 - jitter, no secret
        state = load_channels(db)[channel.id]
        if state.disabled_at:
            return _report(
                db, channel, 0, f"disabled: put it back with `pressewacht retry --channel {channel.id}`"
            )
        composing = None
        try:
            compose_alerts(db, runtime.config, channel, state, now)
            compose_due(db, runtime.config, channel, state, now, at_once=at_once)
        except StoreError:
            raise
        except Exception as error:  # a digest that cannot be composed must not stop what is already frozen
            log.exception("%s: the digest cannot be composed", channel.id)
            composing = f"the digest cannot be composed: {error!r}"
        sent, refused = _send_due(runtime, db, channel, now, at_once=at_once)
        problem = composing or refused
        _note_trouble(db, channel, state, sent, problem, now)
        return _report(db, channel, sent, problem)


def _send_due(
    runtime: Runtime, db: Database, channel: Channel, now: datetime, *, at_once: bool
) -> tuple[int, str | None]:
    """Send every due message once; how many were taken, and the first thing that went wrong."""
    messages = due_messages(db, channel.id, now, ignore_waits=at_once)
    if not messages:
        return 0, None
    from worker.transports.build import build_transport  # not loaded by a run that has nothing to send

    transport = build_transport(channel, runtime.client)
    sent, problem = 0, None
    for message in messages:
        lease = uuid.uuid4().hex
        if not claim(db, message.id, lease):
            continue
        error = _attempt(db, channel, transport, message, lease, now)
        sent += error is None
        problem = problem or (str(error) if error else None)
        if error is not None and (error.disables or error.silent or error.retry_after is not None):
            break  # the receiver wants no more, or no more now, or would keep every other channel waiting
    return sent, problem


def _attempt(
    db: Database, channel: Channel, transport: Transport, message: QueuedMessage, lease: str, now: datetime
) -> DeliveryError | None:
    """Send one claimed message and settle it; the error if it was not taken."""
    address = recipients(channel)[message.recipient]
    try:
        transport.send(Outgoing(message.id, message.uid, channel.id, message.body, address))
    except DeliveryError as error:
        _settle_refused(db, channel, message, lease, error, now)
        return error
    except Exception as error:  # a poison message must die, not the service
        log.exception("%s: digest %d: unexpected error", channel.id, message.id)
        # Only its kind is stored: its text may name a receiver.
        refusal = DeliveryError(channel.id, f"unexpected error: {type(error).__name__}; see the log")
        _settle_refused(db, channel, message, lease, refusal, now)
        return refusal
    settle_sent(db, message.id, channel.id, lease, now)
    log.info("%s: digest %d sent", channel.id, message.id)
    return None


def _settle_refused(
    db: Database, channel: Channel, message: QueuedMessage, lease: str, error: DeliveryError, now: datetime
) -> None:
    attempts = message.attempts + 1
    log.warning("%s (digest %d, attempt %d)", error, message.id, attempts)
    if error.permanent or attempts >= MESSAGE_ATTEMPTS:
        settle_failed(db, message.id, lease, error.reason)
    else:
        wait = message_wait(attempts, random.Random())  # noqa: S311 - jitter, no secret
        if error.ambiguous:  # it may have arrived: give the receiver time to say so (RFC 5321 §4.5.3.2.6)
            wait = max(wait, _AMBIGUOUS_WAIT)
        settle_retry(db, message.id, lease, error.reason, now + (error.retry_after or wait))
    if error.disables:
        with write(db):
            disable_channel(db, channel.id, now)


def _note_trouble(
    db: Database, channel: Channel, state: ChannelState, sent: int, problem: str | None, now: datetime
) -> None:
    """Trouble begins with the first refusal and ends with the next pass in which all is taken."""
    if problem and not state.is_in_trouble:
        with write(db):
            begin_trouble(db, "channel", channel.id, problem, now)
            mark_channel(db, channel.id, in_trouble=True)
    elif sent and not problem and state.is_in_trouble:
        with write(db):
            end_trouble(db, "channel", channel.id, "messages are accepted again", now)
            mark_channel(db, channel.id, in_trouble=False)


def _report(db: Database, channel: Channel, sent: int, problem: str | None) -> ChannelReport:
    states = count_states(db).get(channel.id, {})
    return ChannelReport(
        channel.id,
        sent,
        states.get("pending", 0) + states.get("sending", 0),
        states.get("failed", 0),
        problem,
    )
