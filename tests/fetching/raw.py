"""A server that says on the wire exactly what a test wants, right or wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Self

Speak = Callable[[socket.socket, threading.Event], None]


class RawServer:
    """Reads the head of each request, keeps it in `heads`, and lets `speak` do what it likes."""

    def __init__(self, speak: Speak) -> None:
        self.heads: list[bytes] = []
        self._speak = speak
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        while self._threads:
            self._threads.pop().join(5)
        self._listener.close()

    def _run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                received = connection.recv(65_536)
                if not received:
                    return
                head += received
            self.heads.append(head)
            self._speak(connection, self._stop)


def saying(answer: bytes) -> Speak:
    """Send these bytes and hang up."""
    return lambda connection, stop: connection.sendall(answer)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer that ends with its connection."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def dripping(start: bytes, piece: bytes, pause: float = 0.05) -> Speak:
    """Send `start`, then `piece` again and again with a pause between, until the client has had enough."""

    def speak(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(start)
        while not stop.wait(pause):
            connection.sendall(piece)

    return speak
