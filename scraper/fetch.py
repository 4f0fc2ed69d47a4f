"""One request, one answer: the only module that speaks HTTP.

Nothing is followed, retried or judged here. A proxy of the environment is not used: a request through
a proxy connects to the proxy's address, and the address check would check the wrong machine.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

import httpcore
import httpx

from scraper.coding import CutBodyError, decode_body
from scraper.failures import failures
from scraper.guard import (
    AddressPolicy,
    GuardedBackend,
    TooLargeError,
    Wire,
)
from scraper.portals import Portal

LEGACY_SERVER_CONNECT: Final = 0x4
"""OP_LEGACY_SERVER_CONNECT, which has no name in Python 3.11."""


class Limits(NamedTuple):
    """Bounds of one request: seconds to connect, between bytes and in total; bytes after decompression."""

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 120.0
    body_bytes: int = 32 * 2**20


DEFAULT_LIMITS: Final = Limits()
LARGEST_COOKIES: Final = 8_000
"""Characters of all cookies of a host; servers take headers of about this size."""


class Exchange(NamedTuple):
    """One request and what came back; `failure` is (outcome, detail) when no usable answer came."""

    url: str
    method: str
    request: bytes
    """The request as sent: head and body."""
    wire: bytes
    """The answer as received: status line, headers and body with their codings."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """The body without transfer and content codings."""
    seconds: float
    failure: tuple[str, str] | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == wanted), None)


def user_agent(contact: str | None) -> str:
    """Return the honest name the crawler gives: program, version, whom to ask."""
    try:
        number = version("gongkai")
    except PackageNotFoundError:
        number = "0"
    return f"gongkai/{number} (annual disclosure reports; contact: {contact or 'operator of this address'})"


def tls_context(portal: Portal) -> ssl.SSLContext:
    """Return the TLS settings of a portal: always verifying, old protocols only with `tls = "legacy"`."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if portal.extra_ca:
        context.load_verify_locations(cafile=portal.extra_ca)
    if portal.tls == "legacy":
        context.options |= LEGACY_SERVER_CONNECT
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


class _Transport(httpx.BaseTransport):
    """httpx over a connection pool of one connection whose network is guarded."""

    def __init__(self, context: ssl.SSLContext, policy: AddressPolicy, wire: Wire) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(policy, wire),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Fetcher:
    """Requests to one host of one portal: one connection, one cookie jar, one thread at a time."""

    def __init__(
        self,
        portal: Portal,
        policy: AddressPolicy,
        *,
        agent: str,
        limits: Limits = DEFAULT_LIMITS,
        transport: httpx.BaseTransport | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire, self._limits, self._timer = Wire(timer), limits, timer
        self._transport = transport or _Transport(tls_context(portal), policy, self._wire)
        self._cookies = httpx.Cookies()
        self._headers = {
            "Connection": "keep-alive", "User-Agent": agent, "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        }  # fmt: skip
        timeout = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds)
        self._extensions = {"timeout": timeout.as_dict()}

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> Exchange:
        """Send one request and read the answer within the limits; never raises for what a portal does."""
        self._wire.begin(self._limits.total_seconds, self._limits.body_bytes + 2**20)
        started = self._timer()
        status, raw = 0, b""
        answer_headers: tuple[tuple[str, str], ...] = ()
        response: httpx.Response | None = None
        with failures() as caught:
            response = self._send(method, url, headers, content)
            status = response.status_code
            answer_headers = tuple(
                (key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw
            )
            try:
                raw = self._read(response)
            finally:
                response.close()
        failure = caught[0] if caught else None
        seconds = self._timer() - started
        exchange = Exchange(
            url, method, bytes(self._wire.sent), bytes(self._wire.received), status, answer_headers, b"",
            seconds, failure,
        )  # fmt: skip
        if failure is None and response is not None:
            exchange = self._finish(exchange, response, raw)
        return exchange

    def _send(
        self, method: str, url: str, headers: dict[str, str] | None, content: bytes | None
    ) -> httpx.Response:
        """Send without httpx's client: it would only follow, retry and take apart what is kept whole here."""
        given = {**self._headers, **(headers or {})}
        request = httpx.Request(
            method, url, headers=[(name.encode(), _header_bytes(value)) for name, value in given.items()],
            content=content, cookies=self._cookies or None, extensions=self._extensions,
        )  # fmt: skip
        response = self._transport.handle_request(request)
        response.request = request
        if "set-cookie" in response.headers:
            self._take_cookies(response)
        return response

    def _take_cookies(self, response: httpx.Response) -> None:
        """Keep what a host wants to be told again; one that wants too much is told nothing."""
        self._cookies.extract_cookies(response)
        if sum(len(one.name) + len(one.value or "") for one in self._cookies.jar) > LARGEST_COOKIES:
            self._cookies.clear()

    def _read(self, response: httpx.Response) -> bytes:
        parts, size = [], 0
        assert isinstance(response.stream, httpx.SyncByteStream)
        for part in response.stream:
            size += len(part)
            if size > self._limits.body_bytes:
                raise TooLargeError(f"more than {self._limits.body_bytes} bytes")
            parts.append(part)
        return b"".join(parts)

    def _finish(self, exchange: Exchange, response: httpx.Response, raw: bytes) -> Exchange:
        if not exchange.wire:  # a transport of the caller's: its answer is written out as it stands
            exchange = exchange._replace(
                request=_request_bytes(response.request), wire=_response_bytes(exchange, raw)
            )
        try:
            body = decode_body(
                raw,
                exchange.header("content-encoding"),
                exchange.header("content-type"),
                self._limits.body_bytes,
            )
        except TooLargeError as error:
            return exchange._replace(failure=("too_large", str(error)))
        except CutBodyError as error:
            return exchange._replace(failure=("bad_body", str(error)))
        return exchange._replace(body=body)


def _header_bytes(value: str) -> bytes:
    """Return a header as it goes over the wire: what came as bytes (an ETag) goes back as the same bytes."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _request_bytes(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [key + b": " + value for key, value in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.read()


def _response_bytes(exchange: Exchange, raw: bytes) -> bytes:
    lines = [f"HTTP/1.1 {exchange.status} "]
    lines += [f"{key}: {value}" for key, value in exchange.headers if key.casefold() != "transfer-encoding"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + raw
