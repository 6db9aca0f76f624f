"""Mails over real SMTP: plain, STARTTLS, TLS, logins, refusals and lost answers."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from worker.config.schema import EmailChannel
from worker.errors import DeliveryError
from worker.models.event import Outgoing
from worker.transports.email import EmailTransport

from .servers import Mailbox, accept_only, free_port, mail_server, raw_server, server_tls, smtp_script

BODY = (
    b"Subject: Test\r\nMessage-ID: <d1@example.net>\r\nContent-Type: text/plain\r\n\r\n"
    b"Zeile\r\n.Punkt am Anfang\r\n.\r\nMAIL FROM:<evil@example.org>\r\nEnde\r\n"
)
MESSAGE = Outgoing(1, "d1", "redaktion", BODY, recipient="leserin@example.org")
FAST = 2.0  # seconds; long enough for loopback
PASSWORD = "CANARY-Pass wört"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority nobody trusts by default."""
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """The server's side of it, for 127.0.0.1."""
    return server_tls(authority.issue_cert("127.0.0.1"))


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    """The authority's certificate as a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def channel(port: int, **settings: object) -> EmailChannel:
    """A channel to a server on loopback."""
    given: dict[str, object] = {"smtp_security": "none", "sender": "presse@example.net", **settings}
    return EmailChannel.model_validate(
        {
            "id": "redaktion",
            "kind": "email",
            "to": ["leserin@example.org"],
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
        }
        | given
    )


def send(port: int, message: Outgoing = MESSAGE, **settings: Any) -> None:
    """One attempt."""
    EmailTransport(channel(port, **settings), timeout=FAST).send(message)


def refusal(port: int, message: Outgoing = MESSAGE, **settings: Any) -> DeliveryError:
    """The error of one attempt that fails; it names no address and no secret."""
    with pytest.raises(DeliveryError) as caught:
        send(port, message, **settings)
    assert "example.org" not in str(caught.value)
    assert "CANARY" not in str(caught.value)
    return caught.value


def test_a_mail_arrives_as_it_was_stored() -> None:
    """From and To stand in front, the stored bytes follow unchanged, dots and all."""
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        send(port)
    ((sender, recipients, content),) = mailbox.mails
    assert (sender, recipients) == ("presse@example.net", ["leserin@example.org"])
    assert content == b"From: Pressewacht <presse@example.net>\r\nTo: leserin@example.org\r\n" + BODY


def test_every_attempt_is_the_same_mail() -> None:
    """A retry after a refusal sends byte-identical content."""
    mailbox = Mailbox(at_end="451 later")
    with mail_server(mailbox) as port:
        refusal(port)
        mailbox.at_end = "250 OK"
        send(port)
    assert mailbox.mails[0] == mailbox.mails[1]


def test_a_sender_name_with_umlauts_is_encoded() -> None:
    """The From line is ASCII, and a line break in the name adds no header."""
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        send(port, sender_name="Büro\r\nBcc: evil@example.org", sender="presse@bücher.example")
    first = mailbox.mails[0][2].split(b"\r\n")[0]
    assert first.startswith(b"From: =?utf-8?b?")
    assert first.endswith(b"<presse@xn--bcher-kva.example>")


def test_an_address_that_needs_smtputf8_is_refused_for_good() -> None:
    """No half-sent mail to an address this sender cannot write."""
    error = refusal(free_port(), Outgoing(1, "d1", "redaktion", BODY, recipient="jürgen@example.org"))
    assert error.permanent
    assert refusal(free_port(), Outgoing(1, "d1", "redaktion", BODY)).permanent


def test_starttls_with_a_login(tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is secured, then the password is sent, then the mail; umlauts in it are no obstacle."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    mailbox = Mailbox()
    login = {"authenticator": accept_only("presse", PASSWORD), "auth_required": True}
    with mail_server(mailbox, tls_context=tls, require_starttls=True, **login) as port:
        settings: dict[str, Any] = {
            "smtp_security": "starttls",
            "smtp_user": "presse",
            "smtp_password_env": "MAIL_PASSWORD",
        }
        send(port, smtp_ca_file=ca_file, **settings)
        checked = EmailTransport(channel(port, smtp_ca_file=ca_file, **settings)).check()
    assert len(mailbox.mails) == 1
    assert checked == f"127.0.0.1:{port} answers, STARTTLS works, logged in as presse"


def test_tls_from_the_start(tls: ssl.SSLContext, ca_file: Path, tmp_path: Path) -> None:
    """Port 465's way, with a password from a file."""
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    mailbox = Mailbox()
    options = {"authenticator": accept_only("presse", "geheim"), "auth_require_tls": False}
    with mail_server(mailbox, ssl_context=tls, **options) as port:
        send(port, smtp_security="tls", smtp_ca_file=ca_file, smtp_user="presse", smtp_password_file=secret)
    assert len(mailbox.mails) == 1


def test_a_refused_password_pauses_the_channel(
    tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """535 is about us, not about the message: not permanent, and told clearly."""
    for password in (PASSWORD, "ascii only"):
        monkeypatch.setenv("MAIL_PASSWORD", password)
        with mail_server(Mailbox(), tls_context=tls, authenticator=accept_only("presse", "anders")) as port:
            error = refusal(
                port,
                smtp_security="starttls",
                smtp_ca_file=ca_file,
                smtp_user="presse",
                smtp_password_env="MAIL_PASSWORD",
            )
        assert (error.permanent, error.ambiguous) == (False, False)
        assert "refused user or password (535)" in error.reason


def test_a_missing_password_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable's name, which is no secret, is all that is told."""
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    with mail_server(Mailbox()) as port:
        error = refusal(port, smtp_user="presse", smtp_password_env="MAIL_PASSWORD")
    assert "MAIL_PASSWORD" in error.reason
    assert not error.permanent


def test_a_server_without_logins_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """AUTH not offered: the password is not sent."""
    monkeypatch.setenv("MAIL_PASSWORD", "geheim")
    with mail_server(Mailbox()) as port:
        error = refusal(port, smtp_user="presse", smtp_password_env="MAIL_PASSWORD")
    assert "offers no login" in error.reason


def test_a_login_that_fails_for_the_moment_is_not_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """454 means the server's directory is down."""
    monkeypatch.setenv("MAIL_PASSWORD", "geheim")
    script = smtp_script(b"250-x\r\n250 AUTH PLAIN", b"454 4.7.0 later")
    with raw_server(script) as port:
        error = refusal(port, smtp_user="presse", smtp_password_env="MAIL_PASSWORD")
    assert "right now (454)" in error.reason


def test_starttls_that_is_not_offered_fails_closed() -> None:
    """An attacker who strips STARTTLS gets no mail."""
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        error = refusal(port, smtp_security="starttls")
    assert "offers no STARTTLS" in error.reason
    assert not error.permanent
    assert mailbox.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_fails_closed(tls: ssl.SSLContext, security: str) -> None:
    """The text says what to set for a private authority."""
    options = {"tls_context": tls} if security == "starttls" else {"ssl_context": tls}
    mailbox = Mailbox()
    with mail_server(mailbox, **options) as port:
        error = refusal(port, smtp_security=security)
    assert "certificate" in error.reason
    assert "smtp_ca_file" in error.reason
    assert mailbox.mails == []


def test_an_unreadable_ca_file_is_named(tls: ssl.SSLContext, tmp_path: Path) -> None:
    """The key and the path."""
    with mail_server(Mailbox(), tls_context=tls) as port:
        error = refusal(port, smtp_security="starttls", smtp_ca_file=tmp_path / "none.pem")
    assert f"smtp_ca_file {tmp_path / 'none.pem'}" in error.reason


def test_tls_with_a_server_that_does_not_speak_it() -> None:
    """The usual mix-up of ports is explained."""
    with mail_server(Mailbox()) as port:
        error = refusal(port, smtp_security="tls")
    assert "check smtp_port and smtp_security" in error.reason


@pytest.mark.parametrize(
    ("settings", "permanent", "shown"),
    [
        ({"at_recipient": "451 4.7.1 <leserin@example.org> greylisted"}, False, "the recipient (451 4.7.1)"),
        ({"at_recipient": "550 5.1.1 <leserin@example.org> unknown"}, True, "the recipient (550 5.1.1)"),
        ({"at_recipient": "530 login first"}, False, "the recipient (530)"),
        ({"at_sender": "553 not yours"}, True, "the sender (553)"),
        ({"at_end": "451 disk full"}, False, "the mail (451)"),
        ({"at_end": "550 5.7.1 spam"}, True, "the mail (550 5.7.1)"),
        ({"at_end": "552 too large"}, True, "the mail (552)"),
    ],
)
def test_refusals_say_whether_to_try_again(settings: dict[str, Any], permanent: bool, shown: str) -> None:
    """4xx may pass, 5xx does not; the server's own words, which repeat the address, are left out."""
    with mail_server(Mailbox(**settings)) as port:
        error = refusal(port)
    assert (error.permanent, error.ambiguous, error.disables) == (permanent, False, False)
    assert error.reason == f"127.0.0.1:{port} refused {shown}"


ANSWERS = (b"250 hello", b"250 OK", b"250 OK", b"354 go on")


def test_an_answer_lost_after_the_final_dot_is_ambiguous() -> None:
    """Dropped after the dot: the mail may have been taken."""
    with raw_server(smtp_script(*ANSWERS, b"")) as port:
        error = refusal(port)
    assert (error.ambiguous, error.permanent) == (True, False)


def test_silence_after_the_final_dot_is_ambiguous() -> None:
    """So is a server that never answers to the dot."""
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        smtp_script(*ANSWERS)(connection)
        done.wait(5)

    with raw_server(talk) as port:
        with pytest.raises(DeliveryError) as caught:
            EmailTransport(channel(port), timeout=0.3).send(MESSAGE)
        done.set()
    assert caught.value.ambiguous


def test_a_connection_lost_before_the_mail_is_not_ambiguous() -> None:
    """Dropped at RCPT: nothing was taken."""
    with raw_server(smtp_script(b"250 hello", b"250 OK")) as port:
        error = refusal(port)
    assert (error.ambiguous, error.permanent) == (False, False)
    assert "broke off" in error.reason


def test_a_failing_farewell_is_success() -> None:
    """250 counts; what happens at QUIT does not."""
    with raw_server(smtp_script(*ANSWERS, b"250 queued")) as port:
        send(port)


def test_a_server_that_never_greets_is_left() -> None:
    """The timeout is ours, as smtplib has none."""
    done = threading.Event()
    with raw_server(lambda connection: done.wait(5)) as port:
        with pytest.raises(DeliveryError, match=r"did not answer within 0\.3 s") as caught:
            EmailTransport(channel(port), timeout=0.3).send(MESSAGE)
        done.set()
    assert not caught.value.ambiguous


def test_a_server_that_drips_is_cut_off() -> None:
    """Each byte is in time, all of them are not: the whole conversation has a limit too."""
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        with suppress(OSError):
            while not done.wait(0.05):
                connection.sendall(b"2")

    with raw_server(drip) as port:
        with pytest.raises(DeliveryError, match="broke off") as caught:
            EmailTransport(channel(port), timeout=2, limit=0.4).send(MESSAGE)
        done.set()
    assert not caught.value.ambiguous


def test_a_greeting_that_refuses_is_not_permanent() -> None:
    """554 at the door may be a block that ends."""
    with raw_server(lambda connection: connection.sendall(b"554 go away\r\n")) as port:
        error = refusal(port)
    assert (error.permanent, error.reason) == (False, f"127.0.0.1:{port} refused the conversation (554)")


def test_nobody_at_the_port() -> None:
    """The error names host, port and the keys to check."""
    error = refusal(free_port())
    assert "cannot be reached" in error.reason
    assert "check smtp_host and smtp_port" in error.reason


def test_checking_without_a_login() -> None:
    """One line on what worked, and no mail."""
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        line = EmailTransport(channel(port)).check()
    assert line == f"127.0.0.1:{port} answers, without encryption, no login configured"
    assert mailbox.mails == []
