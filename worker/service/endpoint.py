"""`/healthz` and `/metrics` for machines that watch the service. Floor 4."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from worker.config.schema import Config
from worker.errors import UsageError, WorkerError
from worker.pipelines.health import Health, as_json, health_of
from worker.service.metrics import as_metrics
from worker.store.connection import reading


@contextlib.contextmanager
def health_served(config: Config) -> Iterator[None]:
    """Answer on the configured address while inside; nothing if there is none. Raises UsageError."""
    if config.service.http is None:
        yield
        return
    host, _, port = config.service.http.rpartition(":")
    try:
        server = ThreadingHTTPServer((host, int(port)), _handler(config))
    except OSError as error:
        raise UsageError(f"service.http: {config.service.http} cannot be used: {error.strerror}") from None
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(config: Config) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # a client that connects and says nothing

        def do_GET(self) -> None:
            if self.path not in ("/healthz", "/metrics"):
                self._answer(404, "text/plain", "there are /healthz and /metrics\n")
                return
            try:
                health = _health(config)
            except WorkerError as error:
                self._answer(503, "text/plain", f"{error}\n")
                return
            if self.path == "/healthz":
                self._answer(200 if health.is_healthy else 503, "application/json", as_json(health) + "\n")
            else:
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", as_metrics(health))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            return

        def _answer(self, status: int, content_type: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _health(config: Config) -> Health:
    with reading(config.store.path) as db:
        return health_of(db, config, datetime.now(UTC))
