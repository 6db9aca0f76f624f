"""A frozen mail → one SMTP transaction for one recipient. Floor 2; the only home of smtplib.

The lines From and To are put in front of the stored bytes here, always the same way, so every attempt
sends the same mail. What a server answers is never quoted: it likes to repeat the address, and an
error is stored.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from email.utils import formataddr

from worker.config.schema import EmailChannel
from worker.config.secrets import read_secret
from worker.errors import DeliveryError
from worker.models.event import Outgoing

_TIMEOUT = 20.0  # seconds for one command; smtplib's own default is for ever
_CONVERSATION = 300.0  # seconds for all of them: a server that drips must not hold the queue
_PAUSING = (530, 534, 535, 538)  # RFC 4954: about us and our login, not about the message
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


class EmailTransport:
    """Sends by the submission server of one channel, with a new connection for each message."""

    def __init__(
        self, channel: EmailChannel, *, timeout: float = _TIMEOUT, limit: float = _CONVERSATION
    ) -> None:
        self._channel = channel
        self._timeout = timeout
        self._limit = limit

    def send(self, message: Outgoing) -> None:
        """Hand the mail to the server; raises DeliveryError.

        4xx may pass, 5xx after RCPT or DATA is permanent; when the answer to the final dot is lost, the
        mail may have been taken: `ambiguous`. A failing QUIT after a 250 is success.
        """
        if message.recipient is None:
            raise self._error("a mail needs a recipient", permanent=True)
        content = self._addressed(message.recipient, message.body)
        sender, recipient = _ascii(self._channel.sender), _ascii(message.recipient)
        with self._session() as smtp:
            self._expect(smtp.mail(sender), "the sender")
            self._expect(smtp.rcpt(recipient), "the recipient")
            self._expect(smtp.docmd("DATA"), "the mail", wanted=3)
            smtp.send(_stuffed(content))
            self._expect(self._final_answer(smtp), "the mail")

    def check(self) -> str:
        """Connect, secure the line and log in; nothing is sent."""
        with self._session() as smtp:
            self._expect(smtp.noop(), "a NOOP")
        login = (
            f"logged in as {self._channel.smtp_user}" if self._channel.smtp_user else "no login configured"
        )
        return f"{self._server} answers, {_SECURITY[self._channel.smtp_security]}, {login}"

    @property
    def _server(self) -> str:
        return f"{self._channel.smtp_host}:{self._channel.smtp_port}"

    def _error(
        self, reason: str, *, permanent: bool = False, ambiguous: bool = False, silent: bool = False
    ) -> DeliveryError:
        return DeliveryError(
            self._channel.id, reason, permanent=permanent, ambiguous=ambiguous, silent=silent
        )

    def _addressed(self, recipient: str, body: bytes) -> bytes:
        name = " ".join(self._channel.sender_name.split())[:60]
        try:
            sender = formataddr((name, _ascii(self._channel.sender)))
            return f"From: {sender}\r\nTo: {_ascii(recipient)}\r\n".encode("ascii") + body
        except UnicodeError:
            reason = "an address has letters outside ASCII before the @, which this sender cannot use"
            raise self._error(reason, permanent=True) from None

    @contextlib.contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A connection that is secured and logged in; every way to fail leaves as a DeliveryError."""
        try:
            smtp = self._connected()
            try:
                with _time_limit(smtp, self._limit):
                    self._secure(smtp)
                    self._log_in(smtp)
                    yield smtp
            finally:
                _leave(smtp)
        except (smtplib.SMTPException, OSError) as error:
            # `from None`: a traceback would quote the server.
            raise self._error(self._explained(error), silent=_is_timeout(error)) from None

    def _connected(self) -> smtplib.SMTP:
        channel, name = self._channel, _own_name()
        if channel.smtp_security == "tls":
            return smtplib.SMTP_SSL(
                channel.smtp_host, channel.smtp_port, name, timeout=self._timeout, context=self._tls()
            )
        return smtplib.SMTP(channel.smtp_host, channel.smtp_port, name, timeout=self._timeout)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        """STARTTLS where configured; a server that does not offer it gets nothing (it may be an attacker)."""
        smtp.ehlo_or_helo_if_needed()
        if self._channel.smtp_security != "starttls":
            return
        if not smtp.has_extn("starttls"):
            raise self._error(f"{self._server} offers no STARTTLS, so nothing was sent; check smtp_security")
        # Without a context smtplib accepts any certificate (measured, Python 3.11–3.13).
        self._expect(smtp.starttls(context=self._tls()), "STARTTLS")
        smtp.ehlo_or_helo_if_needed()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._channel.smtp_ca_file:
            try:
                context.load_verify_locations(self._channel.smtp_ca_file)
            except OSError:
                reason = f"smtp_ca_file {self._channel.smtp_ca_file} cannot be read as a PEM certificate"
                raise self._error(reason) from None
        return context

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        channel = self._channel
        if not channel.smtp_user:
            return
        password = read_secret(channel.smtp_password_env, channel.smtp_password_file, channel=channel.id)
        try:
            _authenticate(smtp, channel.smtp_user, password or "")
        except smtplib.SMTPAuthenticationError as error:
            # `from None`: smtplib's error may carry what was sent.
            raise self._error(self._login_refused(error.smtp_code)) from None
        except smtplib.SMTPNotSupportedError:
            raise self._error(
                f"{self._server} offers no login we know; remove smtp_user or check the port"
            ) from None

    def _login_refused(self, code: int) -> str:
        if 400 <= code < 500:
            return f"{self._server} cannot check the login right now ({code})"
        return f"{self._server} refused user or password ({code}); check smtp_user and the password's source"

    def _final_answer(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """The answer to the final dot; without it the mail may or may not have been taken (RFC 1047)."""
        try:
            return smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            reason = f"{self._server} took the mail but its answer was lost; it may have been accepted"
            raise self._error(reason, ambiguous=True, silent=_is_timeout(error)) from None

    def _expect(self, answer: tuple[int, bytes], subject: str, *, wanted: int = 2) -> None:
        code, text = answer
        if code // 100 == wanted:
            return
        enhanced = _ENHANCED.match(text)
        shown = f"{code} {enhanced[0].decode()}" if enhanced else f"{code}"
        permanent = 500 <= code < 600 and code not in _PAUSING
        raise self._error(f"{self._server} refused {subject} ({shown})", permanent=permanent)

    def _explained(self, error: Exception) -> str:
        """Why there is no session, from our own words and the system's, never the server's."""
        if isinstance(error, ssl.SSLCertVerificationError):
            why = f"the certificate of {self._server} cannot be trusted ({error.verify_message})"
            return f"{why}; for a private authority set smtp_ca_file"
        if isinstance(error, ssl.SSLError):
            return f"no TLS with {self._server} ({error.reason}); check smtp_port and smtp_security"
        if _is_timeout(error):
            return f"{self._server} did not answer within {self._timeout:g} s"
        if isinstance(error, smtplib.SMTPResponseException):
            return f"{self._server} refused the conversation ({error.smtp_code})"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return f"{self._server} broke off the conversation"
        reason = getattr(error, "strerror", None) or type(error).__name__
        return f"{self._server} cannot be reached: {reason}; check smtp_host and smtp_port"


_SECURITY = {"starttls": "STARTTLS works", "tls": "TLS works", "none": "without encryption"}


def _is_timeout(error: Exception) -> bool:
    """Whether nobody answered in time; smtplib hides that behind «disconnected»."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _authenticate(smtp: smtplib.SMTP, user: str, password: str) -> None:
    if (user + password).isascii():
        smtp.login(user, password)
        return
    # smtplib encodes logins as ASCII; RFC 4616 says UTF-8.
    token = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, text = smtp.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, text)


@contextlib.contextmanager
def _time_limit(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the line after `seconds`: whoever waits for an answer then sees the end of the connection."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            # Not SSLSocket.shutdown: it takes the TLS state away from under a waiting read.
            socket.socket.shutdown(smtp.sock, socket.SHUT_RDWR)  # type: ignore[arg-type]

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye if that is still possible: what was accepted stays accepted."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def _stuffed(content: bytes) -> bytes:
    """`content` as it stands on the wire: leading dots doubled, the final dot behind (RFC 5321 §4.5.2)."""
    ending = b"" if content.endswith(b"\r\n") else b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + ending + b".\r\n"


def _ascii(address: str) -> str:
    """The address with its domain in ASCII; raises UnicodeError if the part before the @ is not."""
    local, _, domain = address.rpartition("@")
    local.encode("ascii")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _own_name() -> str:
    """What we call ourselves in EHLO, without asking a name server for it as smtplib would."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
