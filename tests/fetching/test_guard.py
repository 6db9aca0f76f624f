"""The address guard: what resolves into a private network is never connected to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import httpcore
import pytest

from tests.fetching.conftest import MakeFetcher
from tests.fetching.raw import RawServer, answer, saying
from worker.errors import RefusedError
from worker.fetching.guard import Guard, PrivateAddress, is_public

_PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.0.170", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2002:a00:1::1",
    "2001::1", "2001:db8::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "100::1", "4000::1",
]  # fmt: skip
_PUBLIC = ["141.31.0.1", "8.8.8.8", "192.0.1.1", "100.63.255.255", "2a00:1450::1", "2001:4860::8888"]


@pytest.mark.parametrize("address", _PRIVATE)
def test_private_addresses_are_known(address: str) -> None:
    """Every range that leads into a private network, also those that translate IPv4 into IPv6."""
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [*_PUBLIC, "::ffff:8.8.8.8"])
def test_public_addresses_are_known(address: str) -> None:
    """Ordinary hosts on the open internet, also next to a private range."""
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "::1", "0"],
)
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    """What the resolver understands is judged by where it leads, not by how it looks."""
    with pytest.raises(PrivateAddress, match="non-public"):
        Guard(allow_private=False).connect_tcp(host, 80, timeout=1)


def test_one_private_answer_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several addresses must be public in all of them, whichever comes first."""
    _resolve_to(monkeypatch, "141.31.0.1", "10.0.0.1")

    with pytest.raises(PrivateAddress, match=r"10\.0\.0\.1"):
        Guard(allow_private=False).connect_tcp("presse.test", 80, timeout=1)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fe80::1%eth0"])
def test_a_source_that_moves_into_a_private_network_is_refused(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """It is final, says which address and which key would allow it, and costs one attempt."""
    _resolve_to(monkeypatch, address)
    fetcher = fetcher_for("http://presse.test", allow_private_addresses=False)

    with pytest.raises(RefusedError, match="allow_private_addresses") as caught:
        fetcher.fetch("http://presse.test/")

    assert caught.value.permanent
    assert address.partition("%")[0] in str(caught.value)
    assert fetcher.requests == 1


def test_a_name_is_resolved_once_for_each_connection(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checked address is the one connected to: there is no second answer to rebind with."""
    answers: Iterator[str] = iter(["127.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host: str, *args: object, **keys: object) -> object:
        where = next(answers) if host == "presse.test" else host
        return real(where, *args, **keys)  # type: ignore[arg-type]

    with RawServer(saying(answer(b"da"))) as server:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        url = f"http://presse.test:{server.port}"

        page = fetcher_for(url, respect_robots=False).fetch(url + "/")

    assert page is not None
    assert f"Host: presse.test:{server.port}".encode().lower() in server.heads[0].lower()


def test_the_next_address_is_tried(portal_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that refuses connections does not hide one that answers."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: object, **keys: object) -> list[object]:
        hosts = ["127.0.0.3", "127.0.0.1"] if host == "presse.test" else [host]
        return [found for one in hosts for found in real(one, *args, **keys)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    Guard(allow_private=True).connect_tcp("presse.test", portal_port, timeout=2).close()


def test_socket_files_are_never_opened() -> None:
    """Nothing we watch or notify lives behind one."""
    with pytest.raises(httpcore.ConnectError):
        Guard(allow_private=True).connect_unix_socket("/run/docker.sock")


@pytest.fixture
def portal_port() -> Iterator[int]:
    """A port on 127.0.0.1 at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these addresses."""

    def resolve(host: str, port: int, *args: object, **keys: object) -> list[object]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
