"""Which machines may be reached: the address that is connected is the address that was checked.

Checking a URL or a name proves nothing, since a name may resolve to another address a moment later. So the
check sits in the network backend: it resolves, checks every answer, and connects to the checked number.
"""

import socket
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any, TypeAlias

import httpcore

Address: TypeAlias = IPv4Address | IPv6Address
Resolver: TypeAlias = Callable[[str, int], list[str]]
SocketOption: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)

# Carrier-grade NAT, translation and tunnel prefixes carry other networks inside; some count as global.
_ALSO_PRIVATE = tuple(
    ip_network(text)
    for text in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
                 "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "fec0::/10")
)  # fmt: skip


class RefusedAddressError(Exception):
    """Raised instead of connecting to an address that is not public and not allowed."""


class UnknownHostError(Exception):
    """Raised when a host name does not resolve."""


class TooLargeError(Exception):
    """Raised when more bytes arrive than the limit allows."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the resolver's order; raises `UnknownHostError`."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(str(error)) from error
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def is_public(text: str) -> bool:
    """Return whether an IP address is one of the open internet."""
    try:
        address: Address = ip_address(text.split("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in _ALSO_PRIVATE if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class AddressPolicy:
    """Says which host:port pairs may be connected to at which addresses."""

    def __init__(self, allow: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._allow = frozenset(entry.casefold() for entry in allow)
        self._resolver = resolver

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the checked addresses of a host; raises `RefusedAddressError` when any is not public."""
        bare = host.strip("[]").rstrip(".").casefold()
        answers = self._resolver(bare, port)
        if not answers:
            raise UnknownHostError(f"{host}: no address")
        for answer in answers:
            named, numbered = f"{bare}:{port}", f"{answer.casefold()}:{port}"
            bracketed = f"[{answer.casefold()}]:{port}"
            if not is_public(answer) and not self._allow & {named, numbered, bracketed}:
                raise RefusedAddressError(f"{host}:{port} is {answer}")
        return answers


class Wire:
    """What went over the connection during one request, its limit in bytes and its deadline."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self.sent = bytearray()
        self.received = bytearray()
        self._timer = timer
        self._deadline = float("inf")
        self._limit = 0

    def begin(self, seconds: float, limit: int) -> None:
        """Forget the request before and start the clock of this one."""
        self.sent, self.received = bytearray(), bytearray()
        self._deadline, self._limit = self._timer() + seconds, limit

    def left(self, timeout: float | None) -> float:
        """Return how long the next step may take; raises when the time of the request is used up."""
        left = self._deadline - self._timer()
        if left <= 0:
            raise httpcore.ReadTimeout("total time used up")
        return left if timeout is None else min(timeout, left)

    def take(self, data: bytes) -> bytes:
        """Keep received bytes; raises `TooLargeError` beyond the limit."""
        self.received += data
        if len(self.received) > self._limit:
            raise TooLargeError(f"more than {self._limit} bytes on the wire")
        return data


class _Stream(httpcore.NetworkStream):
    """A connection that keeps a copy of the bytes as they came."""

    def __init__(self, inner: httpcore.NetworkStream, wire: Wire) -> None:
        self._inner, self._wire = inner, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._wire.take(self._inner.read(max_bytes, self._wire.left(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.sent += buffer
        self._inner.write(buffer, self._wire.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._wire.left(timeout))
        return _Stream(inner, self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Network backend that connects to checked addresses only, by number."""

    def __init__(self, policy: AddressPolicy, wire: Wire) -> None:
        self._policy, self._wire = policy, wire
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host}: no address")
        for address in self._policy.addresses(host, port):
            try:
                inner = self._inner.connect_tcp(
                    address, port, self._wire.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner, self._wire)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SocketOption] | None = None
    ) -> httpcore.NetworkStream:
        raise RefusedAddressError("local sockets are not portals")
