"""The only door to the network: checked addresses, and one deadline over everything. Floor 2.

httpx times out per read, so a drip of bytes keeps it waiting for ever, and it connects to whatever a
name resolves to (both measured with 0.28.1). This backend sits under its connection pool: it
connects only to addresses it has checked, to exactly those, and lets no operation outlast the
deadline of the request in hand.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
import typing
from collections.abc import Iterable, Iterator

import httpcore

_INTERNET6 = ipaddress.ip_network("2000::/3")  # all of IPv6 that is assigned to the open internet
_PROTOCOLS4 = ipaddress.ip_network("192.0.0.0/24")
_CONNECT_SECONDS = 10.0  # no single address may use up more
_deadline = threading.local()

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything this thread sends or receives inside ends within `seconds`, headers and body together."""
    _deadline.at = time.monotonic() + seconds
    try:
        yield
    finally:
        _deadline.at = None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a host on the open internet can have this address.

    `is_global` alone says yes to NAT64, 6to4, IPv4-compatible and site-local addresses and to
    `192.0.0.0/24`, which lead back into private networks.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address not in _INTERNET6:
            return False
    elif address in _PROTOCOLS4:
        return False
    return address.is_global and not address.is_multicast


class Guard(httpcore.NetworkBackend):
    """A network backend that refuses private addresses unless `allow_private`."""

    def __init__(self, *, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve once, check every answer, connect to what was checked (no second lookup to rebind)."""
        error: Exception | None = None
        addresses = self._checked_addresses(host, port)
        for number, address in enumerate(addresses):
            try:
                # An unroutable IPv6 address must leave time for the IPv4 one.
                share = _left(timeout, httpcore.ConnectTimeout) / (len(addresses) - number)
                left = min(share, _CONNECT_SECONDS)
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
                return _DeadlineStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: nothing we watch or notify lives behind a socket file."""
        raise httpcore.ConnectError("socket files are not used")

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        addresses = list(dict.fromkeys(str(answer[4][0]).split("%")[0] for answer in found))
        if not self._allow_private:
            for address in addresses:
                if not is_public(ipaddress.ip_address(address)):
                    raise PrivateAddress(f"{host} resolves to the non-public address {address}")
        return addresses


class PrivateAddress(httpcore.ConnectError):
    """A name led to an address that is not on the open internet."""


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation ends at the deadline of the request in hand."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> typing.Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None, expired: type[Exception]) -> float:
    """The smaller of `timeout` and what is left until the deadline; raises `expired` when nothing is."""
    at: float | None = getattr(_deadline, "at", None)
    left = float("inf") if at is None else at - time.monotonic()
    if left <= 0:
        raise expired("the time for this request is over")
    return min(left, timeout if timeout is not None else 60.0)
