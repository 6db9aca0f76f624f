"""Webhooks over real HTTP: signatures, every kind of answer, slow and hostile receivers."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from worker.config.schema import Http, WebhookChannel
from worker.errors import DeliveryError
from worker.fetching.client import open_client
from worker.models.event import Outgoing
from worker.transports.webhook import WebhookTransport

from .servers import Receiver, free_port, raw_server, webhook_receiver

SECRET = "whsec_Q0FOQVJZLXNlY3JldC1vZi0yNC1ieXRlcyE="
BODY = '{"type":"digest","data":{"title":"Förderung <ä>"}}'.encode()
MESSAGE = Outgoing(1, "d17-4f2a9c", "chat", BODY)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """The process's own client, allowed to reach loopback."""
    with open_client(Http(allow_private_addresses=True)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signing secret in the environment."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)


def channel(url: str | None, **settings: object) -> WebhookChannel:
    """A signed channel to `url`."""
    return WebhookChannel.model_validate(
        {"id": "chat", "kind": "webhook", "url": url, "secret_env": "HOOK_SECRET"} | settings
    )


def failure(
    client: httpx.Client, url: str | None, *, seconds: float = 2.0, **settings: object
) -> DeliveryError:
    """The error of one attempt that fails; it shows no address and no secret."""
    with pytest.raises(DeliveryError) as caught:
        WebhookTransport(channel(url, **settings), client, seconds=seconds).send(MESSAGE)
    for error in (caught.value, caught.value.__cause__):
        assert "CANARY" not in repr(error)
        assert "Q0FOQVJZ" not in repr(error)
    assert caught.value.__cause__ is None
    return caught.value


def test_a_message_arrives_signed_and_unchanged(client: httpx.Client) -> None:
    """The stored bytes, and headers that the reference library accepts."""
    with webhook_receiver(Receiver(status=204, body=b"")) as receiver:
        WebhookTransport(channel(receiver.url), client).send(MESSAGE)
    (request,) = receiver.requests
    assert request.body == BODY
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "d17-4f2a9c"
    assert Webhook(SECRET).verify(request.body, request.headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace("Förderung".encode(), b"Kuerzung"), request.headers)


def test_a_retry_keeps_its_id_and_gets_a_new_time(client: httpx.Client) -> None:
    """Same id and body, so the receiver can tell a repeat; the signature is fresh."""
    with webhook_receiver(Receiver()) as receiver:
        transport = WebhookTransport(channel(receiver.url), client)
        transport.send(MESSAGE)
        time.sleep(1.05)
        transport.send(MESSAGE)
    first, second = receiver.requests
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    Webhook(SECRET).verify(second.body, second.headers)


def test_chat_services_get_no_signature(client: httpx.Client) -> None:
    """They have no use for it, and the secret is not even read."""
    with webhook_receiver(Receiver()) as receiver:
        chat = channel(receiver.url, format="slack", secret_env="NOT_SET")
        WebhookTransport(chat, client).send(MESSAGE)
    assert not any(name.startswith("webhook-") for name in receiver.requests[0].headers)


def test_without_a_secret_a_message_goes_unsigned(client: httpx.Client) -> None:
    """The id is there all the same."""
    with webhook_receiver(Receiver()) as receiver:
        WebhookTransport(channel(receiver.url, secret_env=None), client).send(MESSAGE)
    headers = receiver.requests[0].headers
    assert headers["webhook-id"] == "d17-4f2a9c"
    assert "webhook-signature" not in headers


@pytest.mark.parametrize(
    ("status", "permanent", "disables"),
    [
        (302, False, False),
        (400, True, False),
        (401, True, False),
        (404, True, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_answers_say_whether_to_try_again(
    client: httpx.Client, status: int, permanent: bool, disables: bool
) -> None:
    """4xx is for good, 410 ends the channel, the rest may pass; a redirect is never followed."""
    with webhook_receiver(
        Receiver(status=status, headers={"Location": "/CANARY"}, body=b"CANARY")
    ) as receiver:
        error = failure(client, receiver.url)
    assert (error.permanent, error.disables, error.ambiguous) == (permanent, disables, False)
    assert str(status) in error.reason
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("1000000000", timedelta(hours=24)),
        ("-5", None),
        ("bald", None),
        (format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True), timedelta(0)),
        (format_datetime(datetime(2199, 1, 1, tzinfo=UTC), usegmt=True), timedelta(hours=24)),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_receivers_wish_to_wait_is_heard(
    client: httpx.Client, status: int, value: str, wait: timedelta | None
) -> None:
    """Seconds or a date, kept within a day."""
    with webhook_receiver(Receiver(status=status, headers={"Retry-After": value})) as receiver:
        assert failure(client, receiver.url).retry_after == wait


def test_a_wish_to_wait_counts_only_where_it_belongs(client: httpx.Client) -> None:
    """Not with a 500."""
    with webhook_receiver(Receiver(status=500, headers={"Retry-After": "5"})) as receiver:
        assert failure(client, receiver.url).retry_after is None


def test_a_slow_answer_is_ambiguous(client: httpx.Client) -> None:
    """The body was sent, so the message may have arrived."""
    with webhook_receiver(Receiver(delay=1.0)) as receiver:
        error = failure(client, receiver.url, seconds=0.3)
    assert (error.ambiguous, error.permanent) == (True, False)
    assert len(receiver.requests) == 1


def test_a_dripping_answer_meets_the_deadline(client: httpx.Client) -> None:
    """One byte at a time does not keep us: the deadline is for everything together."""
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65_536)
        with suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: x\r\n" * 50:
                connection.sendall(bytes([byte]))
                if stop.wait(0.05):
                    return

    with raw_server(drip) as port:
        error = failure(client, f"http://127.0.0.1:{port}/CANARY", seconds=0.5)
        stop.set()
    assert error.ambiguous


def test_an_endless_answer_is_not_read(client: httpx.Client) -> None:
    """After 2xx a little of the body is taken and the rest left; that is success."""

    def pour(connection: socket.socket) -> None:
        connection.recv(65_536)
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while True:
                connection.sendall(b"x" * 65_536)

    with raw_server(pour) as port:
        WebhookTransport(channel(f"http://127.0.0.1:{port}/"), client).send(MESSAGE)


def test_a_success_whose_body_breaks_off_is_a_success(client: httpx.Client) -> None:
    """The status line decides."""

    def cut(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")

    with raw_server(cut) as port:
        WebhookTransport(channel(f"http://127.0.0.1:{port}/"), client).send(MESSAGE)


def test_a_connection_cut_before_the_answer_is_ambiguous(client: httpx.Client) -> None:
    """Read, then hung up: it may have been taken."""
    with raw_server(lambda connection: connection.recv(65_536)) as port:
        assert failure(client, f"http://127.0.0.1:{port}/CANARY").ambiguous


def test_nobody_at_the_port_can_be_tried_again(client: httpx.Client) -> None:
    """Nothing was sent."""
    error = failure(client, f"http://127.0.0.1:{free_port()}/CANARY")
    assert (error.permanent, error.ambiguous) == (False, False)
    assert error.reason == "the receiver cannot be reached"


def test_a_private_address_needs_permission() -> None:
    """The guard's refusal is explained with the key to set."""
    with open_client(Http()) as guarded, webhook_receiver(Receiver()) as receiver:
        error = failure(guarded, receiver.url)
    assert "http.allow_private_addresses" in error.reason
    assert receiver.requests == []


def test_an_address_from_environment_or_file(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the address is a secret itself."""
    with webhook_receiver(Receiver()) as receiver:
        monkeypatch.setenv("HOOK_URL", receiver.url)
        (tmp_path / "url").write_text(f"{receiver.url}\n")
        WebhookTransport(channel(None, url_env="HOOK_URL"), client).send(MESSAGE)
        WebhookTransport(channel(None, url_file=tmp_path / "url"), client).send(MESSAGE)
    assert [request.path for request in receiver.requests] == ["/hook?token=CANARY-path"] * 2


@pytest.mark.parametrize("value", ["file:///CANARY", "CANARY", "http://", "https://CANARY\x7f/"])
def test_a_secret_that_is_no_address(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """The error names the kind of mistake, never the value."""
    monkeypatch.setenv("HOOK_URL", value)
    error = failure(client, None, url_env="HOOK_URL")
    assert "address" in error.reason
    assert not error.permanent


def test_a_missing_address_names_its_variable(client: httpx.Client) -> None:
    """As with every secret."""
    assert "HOOK_URL_NOT_SET" in failure(client, None, url_env="HOOK_URL_NOT_SET").reason


@pytest.mark.parametrize("value", ["whsec_", "whsec_CANARY=ü", "x"])
def test_a_secret_that_cannot_sign(client: httpx.Client, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Nothing is sent unsigned by accident, and the secret is not shown."""
    monkeypatch.setenv("HOOK_SECRET", value)
    with webhook_receiver(Receiver()) as receiver:
        error = failure(client, receiver.url)
    assert "secret_env" in error.reason
    assert receiver.requests == []


@pytest.mark.parametrize("form", ["standard", "slack", "mattermost", "teams"])
def test_checking_sends_a_test_message(client: httpx.Client, form: str) -> None:
    """In the format of the channel, signed where the others are, and recognisable as a test."""
    with webhook_receiver(Receiver()) as receiver:
        line = WebhookTransport(channel(receiver.url, format=form), client).check()
    (request,) = receiver.requests
    body = json.loads(request.body)
    assert line == f"the receiver took a test message ({form})"
    assert "Testnachricht" in request.body.decode()
    if form == "standard":
        assert body["type"] == "test"
        Webhook(SECRET).verify(request.body, request.headers)
