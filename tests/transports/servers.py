"""Receivers on loopback: a real mail server, a scripted one, and a webhook receiver."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What a mail server took, and how it answers at each step."""

    at_sender: str = "250 OK"
    at_recipient: str = "250 OK"
    at_end: str = "250 OK queued"
    mails: list[tuple[str | None, list[str], bytes]] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse the sender."""
        envelope.mail_from = address
        return self.at_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse the recipient."""
        envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take or refuse the mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, content))
        return self.at_end


def accept_only(user: str, password: str) -> Callable[..., AuthResult]:
    """A login check; `handled=False` lets the server answer 535 instead of hanging up."""

    def check(server: object, session: object, envelope: object, mechanism: str, login: object) -> AuthResult:
        assert isinstance(login, LoginPassword)
        matches = (login.login, login.password) == (user.encode(), password.encode())
        return AuthResult(success=matches, handled=matches)

    return check


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A real SMTP server; gives its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


Script = Callable[[socket.socket], object]


@contextmanager
def raw_server(script: Script) -> Iterator[int]:
    """A TCP server that lets `script` talk to the first caller, then hangs up; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                script(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def smtp_script(*answers: bytes, until_dot: bool = True) -> Script:
    """A server that greets, answers line by line, and takes a whole mail after a 354."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        for answer in answers:
            received = connection.recv(65_536)
            if until_dot and answer == b"":
                while received and not received.endswith(b"\r\n.\r\n"):
                    received += connection.recv(65_536)
                return
            connection.sendall(answer + b"\r\n")

    return talk


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A webhook receiver: answers with `status` and `headers`, after `delay` seconds.

    `on_moment` hears of `received` and of `answered`.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    body: bytes = b"{}"
    requests: list[Received] = field(default_factory=list)
    url: str = ""
    on_moment: Callable[[str], object] = str


@contextmanager
def webhook_receiver(receiver: Receiver) -> Iterator[Receiver]:
    """A real HTTP server on loopback that answers as `receiver` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(Received(self.path, headers, body))
            receiver.on_moment("received")
            time.sleep(receiver.delay)
            with suppress(OSError):
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)
                receiver.on_moment("answered")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=CANARY-path"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """A server's TLS settings for a certificate made by trustme."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context
