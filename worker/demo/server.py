"""A small threaded HTTP/1.1 server on loopback that asks a function for each answer.

Keeps connections alive, can be stopped and started again on the same port, and leaves no thread
and no socket behind. Knows nothing of press releases.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from worker.demo.answers import Answer, SeenRequest

log = logging.getLogger(__name__)

Respond = Callable[[SeenRequest], Answer]
DRIP_BYTES = 512
JOIN_SECONDS = 5.0


class LoopbackServer:
    """In: a function from request to answer. `start` binds and serves, `stop` ends everything."""

    def __init__(self, respond: Respond, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._respond = respond
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Scheme, host and port, the same after `stop` and `start`. RuntimeError before the first start."""
        if not self._port:
            raise RuntimeError("the portal has no address before it is started")
        return f"http://{self._host}:{self._port}"

    def start(self) -> None:
        """Bind and serve in the background; no effect if already serving."""
        if self._server is not None:
            return
        self._server = _Server((self._host, self._port), self._respond)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="portal", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and end all connections, also those waiting in a fault; idempotent."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join(JOIN_SECONDS)
        self._server.hang_up()
        self._server.server_close()
        self._server = self._thread = None


class _Server(HTTPServer):
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], respond: Respond) -> None:
        self.respond = respond
        self.closing = threading.Event()
        self._guard = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.serve_connection, args=(request, client_address), name="portal", daemon=True
        )
        with self._guard:
            self._connections[request] = thread
        thread.start()

    def serve_connection(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:  # a client that hangs up is everyday
            log.debug("connection from %s broke", client_address, exc_info=True)
        finally:
            self.shutdown_request(request)
            with self._guard:
                self._connections.pop(request, None)

    def hang_up(self) -> None:
        self.closing.set()
        with self._guard:
            connections = dict(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                log.debug("connection was already closed")
        for thread in connections.values():
            thread.join(JOIN_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    wbufsize = -1  # head and body leave in one packet; two would wait for a delayed ACK
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = SeenRequest(self.command, self.path, headers, datetime.now(UTC))
        try:
            answer = self.server.respond(request)
        except Exception:
            log.exception("the demo portal failed on %s", self.path)
            answer = Answer(
                500, b"the demo portal itself failed; see its log", {"Content-Type": "text/plain"}
            )
        self.server.closing.wait(answer.delay_seconds)
        if answer.status and not self.server.closing.is_set():
            self._send(answer)
        else:
            self.close_connection = True

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the parent's name
        log.debug(format, *args)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status, _phrase(answer.status))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        has_body = answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if has_body and not any(name.lower() == "content-length" for name in answer.headers):
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.truncate is not None:
            self.close_connection = True
        self.end_headers()
        if has_body and self.command != "HEAD":
            self._send_body(answer.body[: answer.truncate], answer.drip_seconds)

    def _send_body(self, body: bytes, drip_seconds: float) -> None:
        if not drip_seconds:
            self.wfile.write(body)
            return
        for start in range(0, len(body), DRIP_BYTES):
            self.wfile.write(body[start : start + DRIP_BYTES])
            self.wfile.flush()
            if self.server.closing.wait(drip_seconds):
                return


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a fault may use a status nobody has defined
        return "Unknown"
