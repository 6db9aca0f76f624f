"""The transport of a channel. Floor 2; the one place that knows them all."""

from __future__ import annotations

import httpx

from worker.config.schema import AtomChannel, Channel, EmailChannel, FilesChannel
from worker.transports.atom import AtomTransport
from worker.transports.base import Transport
from worker.transports.email import EmailTransport
from worker.transports.files import FilesTransport
from worker.transports.webhook import WebhookTransport


def build_transport(channel: Channel, client: httpx.Client) -> Transport:
    """The way out for `channel`; `client` is the process's guarded one, used by webhooks only."""
    if isinstance(channel, EmailChannel):
        return EmailTransport(channel)
    if isinstance(channel, FilesChannel):
        return FilesTransport(channel)
    if isinstance(channel, AtomChannel):
        return AtomTransport(channel)
    return WebhookTransport(channel, client)
