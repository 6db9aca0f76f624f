"""A site that cannot prove who it is tells us nothing: TLS fails closed, and there is no switch."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
import trustme

from tests.fetching.conftest import MakeFetcher
from worker.errors import FetchError


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A page for whoever trusts us."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ja")

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def _https(certificate: trustme.LeafCert) -> Iterator[str]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def ca(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the client trusts."""
    ca, context = trustme.CA(), httpx.create_ssl_context(trust_env=False)
    ca.configure_trust(context)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: context)
    return ca


def test_certificate_that_is_in_order_is_trusted(ca: trustme.CA, fetcher_for: MakeFetcher) -> None:
    """Else the refusals below would prove nothing."""
    with _https(ca.issue_cert("localhost")) as url:
        assert fetcher_for(url, respect_robots=False).fetch(url).body == b"ja"


@pytest.mark.parametrize("wrong", ["unknown authority", "expired", "other host"])
def test_certificate_that_is_not_in_order_is_refused(
    ca: trustme.CA, fetcher_for: MakeFetcher, wrong: str
) -> None:
    """The reason is named, and whatever is wrong may be mended by the site: it is asked again later."""
    certificate = {
        "unknown authority": lambda: trustme.CA().issue_cert("localhost"),
        "expired": lambda: ca.issue_cert("localhost", not_after=datetime.now(UTC) - timedelta(days=1)),
        "other host": lambda: ca.issue_cert("example.org"),
    }[wrong]()
    with _https(certificate) as url, pytest.raises(FetchError, match="certificate") as caught:
        fetcher_for(url, respect_robots=False).fetch(url)
    assert not caught.value.permanent
