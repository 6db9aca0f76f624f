"""The one HTTP client of a process: for the portal, its robots.txt and the webhooks. Floor 2."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from worker import __version__
from worker.config.schema import Http
from worker.fetching.guard import Guard


def open_client(http: Http) -> httpx.Client:
    """A client that follows no redirect, keeps no cookie, reads no proxy variable and accepts only gzip.

    gzip alone, because httpx inflates other codings in one piece, whatever its size (measured: 16 kB
    of zstd became 512 MB); the guard and the deadline live below it.
    """
    trusted = httpx.create_ssl_context(trust_env=False)
    transport = httpx.HTTPTransport(verify=trusted, trust_env=False)
    # httpx has no parameter for a network backend, hence the private attribute and the pin below 0.29.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=trusted,
        # More than hosts are asked side by side, or a host would lose its connection while its pace is waited
        # for; not many more, because the pool looks through all of them at each request.
        max_connections=40,
        max_keepalive_connections=40,
        keepalive_expiry=30,
        network_backend=Guard(allow_private=http.allow_private_addresses),
    )
    return httpx.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=http.timeout_seconds,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={
            "User-Agent": http.user_agent.replace("{version}", __version__),
            "Accept-Encoding": "gzip",
            "Accept-Language": "de",
        },
    )
