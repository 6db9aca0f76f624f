"""A frozen body → one signed POST (Standard Webhooks). Floor 2.

The bytes go out as stored; id, time and signature are headers made per attempt. No redirect is
followed, an answer is read a little and never quoted, and neither address nor secret can reach an
error: both are secrets here.
"""

from __future__ import annotations

import binascii
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from worker.config.schema import WebhookChannel
from worker.config.secrets import read_secret
from worker.errors import DeliveryError
from worker.fetching.guard import PrivateAddress, deadline
from worker.models.event import Outgoing
from worker.retry_after import parse_retry_after
from worker.transports.probe import probe_body

_SECONDS = 30.0  # for everything: connecting, sending, the answer
_ANSWER_BYTES = 65_536
_BODY_SENT = ("http11.send_request_body.complete", "http2.send_request_body.complete")


class WebhookTransport:
    """Posts to the receiver of one channel through the process's guarded client."""

    def __init__(self, channel: WebhookChannel, client: httpx.Client, *, seconds: float = _SECONDS) -> None:
        self._channel = channel
        self._client = client
        self._seconds = seconds

    def send(self, message: Outgoing) -> None:
        """POST the body; any 2xx is success, everything else a DeliveryError as contract §6 says."""
        url = self._url()
        headers = self._headers(message.uid, message.body, datetime.now(UTC))
        attempt = _Attempt()
        with self._explained(attempt), deadline(self._seconds):
            request = self._client.build_request(
                "POST",
                url,
                content=message.body,
                headers=headers,
                timeout=self._seconds,
                extensions={"trace": attempt.note},
            )
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                self._judge(response)
                _read_a_little(response)
            finally:
                response.close()

    def check(self) -> str:
        """Send a test message (`"type": "test"`), signed like the others."""
        now = datetime.now(UTC)
        body = probe_body(self._channel.id, self._channel.format, now)
        self.send(Outgoing(0, f"test-{secrets.token_hex(8)}", self._channel.id, body))
        return f"the receiver took a test message ({self._channel.format})"

    def _error(self, reason: str, *, ambiguous: bool = False, silent: bool = False) -> DeliveryError:
        return DeliveryError(self._channel.id, reason, ambiguous=ambiguous, silent=silent)

    def _url(self) -> httpx.URL:
        channel = self._channel
        given = channel.url or read_secret(channel.url_env, channel.url_file, channel=channel.id)
        try:
            url = httpx.URL(given or "")
        except (httpx.InvalidURL, ValueError, TypeError):
            raise self._error("the webhook's address is malformed; check url, url_env or url_file") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise self._error("the webhook's address must begin with https:// (or http://) and name a host")
        return url

    def _headers(self, uid: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers of Standard Webhooks; unsigned if no secret is configured, bare for chat services."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self._channel.format != "standard":
            return headers
        headers |= {"webhook-id": uid, "webhook-timestamp": str(int(now.timestamp()))}
        secret = read_secret(self._channel.secret_env, self._channel.secret_file, channel=self._channel.id)
        if secret is not None:
            headers["webhook-signature"] = self._signer(secret).sign(uid, now, body.decode("utf-8"))
        return headers

    def _signer(self, secret: str) -> Webhook:
        try:
            return Webhook(secret)
        except (binascii.Error, ValueError, EmptyWebhookSecretError):
            reason = "the webhook secret is not whsec_ and base64; check secret_env or secret_file"
            raise self._error(reason) from None

    def _judge(self, response: httpx.Response) -> None:
        """Raises unless the status is 2xx (Standard Webhooks, «responses»)."""
        status = response.status_code
        if 200 <= status < 300:
            return
        wait = None
        if status in (429, 503):
            wait = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
        raise DeliveryError(
            self._channel.id,
            _REASONS.get(status) or f"the receiver answered {status}{_hint(status)}",
            permanent=400 <= status < 500 and status != 429,
            disables=status == 410,
            retry_after=wait,
        )

    @contextmanager
    def _explained(self, attempt: _Attempt) -> Iterator[None]:
        """httpx's failures as ours; `from None`, because their requests carry the address."""
        try:
            yield
        except httpx.HTTPError as error:
            reason, silent = _why(error, self._seconds), isinstance(error, httpx.TimeoutException)
            if attempt.body_was_sent:
                reason = f"{reason} after the message was sent; it may have arrived"
            raise self._error(reason, ambiguous=attempt.body_was_sent, silent=silent) from None


class _Attempt:
    """How far one request came, told by httpcore while it happens."""

    def __init__(self) -> None:
        self.body_was_sent = False

    def note(self, event: str, _: object) -> None:
        if event in _BODY_SENT:
            self.body_was_sent = True


_REASONS = {
    410: "the receiver wants no more messages (410); the channel is switched off",
    429: "the receiver asks us to slow down (429)",
}


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return ", a redirect, which is never followed; configure the final address"
    if status in (401, 403):
        return "; check the address and the secret"
    return ""


def _why(error: httpx.HTTPError, seconds: float) -> str:
    """What went wrong, in words without the address."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, PrivateAddress):
            hint = "set http.allow_private_addresses for receivers in your own network"
            return f"the receiver's address is not on the open internet; {hint}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return f"the receiver did not answer within {seconds:g} s"
    if isinstance(error, httpx.ConnectError):
        return "the receiver cannot be reached"
    return f"the connection to the receiver broke ({type(error).__name__})"


def _read_a_little(response: httpx.Response) -> None:
    """Take the answer's first 64 KiB so that a polite receiver can finish; its content does not matter."""
    received = 0
    with suppress(httpx.HTTPError):
        for chunk in response.iter_raw():
            received += len(chunk)
            if received >= _ANSWER_BYTES:
                return
