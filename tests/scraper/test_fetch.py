import gzip
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from scraper.coding import CutBodyError, decode_body
from scraper.fetch import Fetcher, Limits, tls_context, user_agent
from scraper.guard import AddressPolicy, TooLargeError
from tests.scraper.conftest import SMALL, Reply, Script, Server, page, portal_of

Serve = Callable[[Script], Server]


@contextmanager
def fetcher(server: Server, limits: Limits = SMALL) -> Iterator[Fetcher]:
    fetch = Fetcher(
        portal_of(server), AddressPolicy([server.host]), agent=user_agent("me@example"), limits=limits
    )
    yield fetch
    fetch.close()


def test_the_answer_is_kept_byte_for_byte_and_read_decoded(serve: Serve) -> None:
    body = gzip.compress(page("政府信息公开"))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    raw = (
        b"HTTP/1.1 200 OK\r\nX-Odd:  a \r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunked
    )
    server = serve(lambda path, headers: Reply(raw=raw))
    with fetcher(server) as fetch:
        exchange = fetch(server.url("/x?a=1"))
    assert exchange.wire == raw
    assert exchange.body == page("政府信息公开")
    assert exchange.request.startswith(b"GET /x?a=1 HTTP/1.1\r\n")
    assert exchange.request.endswith(b"\r\n\r\n")


def test_the_crawler_says_who_it_is(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(b"x"))
    with fetcher(server) as fetch:
        fetch(server.url("/"))
    agent = server.log[0].headers["user-agent"]
    assert agent.startswith("gongkai/")
    assert "me@example" in agent
    assert "Mozilla" not in agent


def test_a_header_goes_back_as_it_came_whatever_bytes_it_has(serve: Serve) -> None:
    tag = b'"\xb9\xab-1"'
    raw = b"HTTP/1.1 200 OK\r\nETag: %s\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx" % tag
    server = serve(lambda path, headers: Reply(raw=raw))
    with fetcher(server) as fetch:
        given = fetch(server.url("/")).header("etag") or ""
        exchange = fetch(server.url("/"), headers={"If-None-Match": given, "X-Title": "年报"})
    assert exchange.failure is None
    assert b"If-None-Match: " + tag in exchange.request
    assert "X-Title: 年报".encode() in exchange.request


def test_a_host_that_sets_cookies_without_end_gets_back_no_more_than_a_server_takes(serve: Serve) -> None:
    many = iter(range(1000))
    server = serve(
        lambda path, headers: Reply(
            b"x", headers=tuple(("Set-Cookie", f"c{next(many)}={'x' * 500}") for _ in range(8))
        )
    )
    with fetcher(server) as fetch:
        for _ in range(8):
            assert fetch(server.url("/")).failure is None
    lengths = [len(asked.headers.get("cookie", "")) for asked in server.log]
    assert 4000 < max(lengths) < 9000


def test_cookies_stay_with_their_host(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(b"x", headers=(("Set-Cookie", "a=1; Path=/"),)))
    with fetcher(server) as fetch:
        fetch(server.url("/"))
        fetch(server.url("/"))
    assert "cookie" not in server.log[0].headers
    assert server.log[1].headers["cookie"] == "a=1"


def test_redirects_are_not_followed_here(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(status=302, headers=(("Location", "http://10.0.0.8/"),)))
    with fetcher(server) as fetch:
        exchange = fetch(server.url("/"))
    assert (exchange.status, exchange.header("location"), len(server.log)) == (302, "http://10.0.0.8/", 1)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (
            Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"),
            ("connection_error", "short_body"),
        ),
        (Reply(raw=b""), ("connection_error", "protocol: Server disconnected without sending a response.")),
        (Reply(b"x", wait=0.9), ("timeout", "read")),
        (Reply(endless=True), ("too_large", "more than 200000 bytes")),
        (Reply(b"y" * 200_001), ("too_large", "more than 200000 bytes")),
        (
            Reply(gzip.compress(b"0" * 2_000_000), headers=(("Content-Encoding", "gzip"),)),
            ("too_large", "more than 200000 bytes after decompression"),
        ),
        (
            Reply(gzip.compress(page("x" * 500))[:-20], headers=(("Content-Encoding", "gzip"),)),
            ("bad_body", "the compressed body ends too early"),
        ),
        (
            Reply(b"\x1b\x00", headers=(("Content-Encoding", "br"),)),
            ("bad_body", "coding br was not asked for"),
        ),
    ],
)
def test_what_goes_wrong_is_named(serve: Serve, reply: Reply, failure: tuple[str, str]) -> None:
    server = serve(lambda path, headers: reply)
    with fetcher(server) as fetch:
        exchange = fetch(server.url("/"))
    assert exchange.failure == failure
    assert len(exchange.wire) < 200_000 + 2**21


def test_trickling_bytes_end_at_the_total_time(serve: Serve) -> None:
    def trickle(path: str, headers: dict[str, str]) -> Reply:
        return Reply(raw=b"HTTP/1.1 200 OK\r\n", wait=0.0) if path == "/never" else Reply(b"x")

    server = serve(trickle)
    ticks = iter(range(0, 1000, 40))  # the clock of the request jumps 40 seconds at every look
    fetch = Fetcher(
        portal_of(server),
        AddressPolicy([server.host]),
        agent="t",
        limits=Limits(),
        timer=lambda: float(next(ticks)),
    )
    exchange = fetch(server.url("/"))
    fetch.close()
    assert exchange.failure == ("timeout", "total")


def test_a_closed_port_and_a_foreign_scheme(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(b"x"))
    policy = AddressPolicy(["127.0.0.1:1"])
    fetch = Fetcher(portal_of(server), policy, agent="t", limits=SMALL)
    assert fetch("http://127.0.0.1:1/").failure == ("connection_error", "refused")
    refused = fetch("ftp://127.0.0.1/").failure
    fetch.close()
    assert refused is not None
    assert refused[0] == "refused_address"


def test_a_transport_of_the_caller_is_written_out_as_http(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(b"never"))
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, headers={"X-A": "b"}, content=b"hello")
    )
    fetch = Fetcher(portal_of(server), AddressPolicy(), agent="t", transport=transport)
    exchange = fetch("http://portal.example/a")
    fetch.close()
    assert exchange.body == b"hello"
    assert exchange.wire.startswith(b"HTTP/1.1 200 \r\n")
    assert exchange.wire.endswith(b"\r\n\r\nhello")
    assert server.log == []


def test_certificates_are_verified_for_every_portal(serve: Serve) -> None:
    server = serve(lambda path, headers: Reply(b"x"))
    standard, legacy = tls_context(portal_of(server)), tls_context(portal_of(server, tls="legacy"))
    for context in (standard, legacy):
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname
    assert legacy.options & 0x4
    assert not standard.options & 0x4


@pytest.mark.parametrize("coding", ["deflate", "gzip", None])
def test_bodies_that_are_not_what_the_header_says(coding: str | None) -> None:
    text = page("x" * 50)
    assert decode_body(text, coding, "text/html", 1000) == text


def test_deflate_comes_with_and_without_wrapper() -> None:
    machine = zlib.compressobj(wbits=-15)
    bare = machine.compress(b"abc" * 50) + machine.flush()
    assert decode_body(bare, "deflate", None, 1000) == b"abc" * 50
    assert decode_body(zlib.compress(b"abc" * 50), "deflate", None, 1000) == b"abc" * 50
    assert decode_body(gzip.compress(b"abc"), "deflate", None, 1000) == b"abc"


def test_gzip_without_a_header_is_undone_for_pages_only() -> None:
    packed = gzip.compress(b"abc")
    assert decode_body(packed, None, "text/html", 1000) == b"abc"
    assert decode_body(packed, None, "application/octet-stream", 1000) == packed


def test_members_of_gzip_share_one_limit() -> None:
    with pytest.raises(TooLargeError):
        decode_body(gzip.compress(b"a" * 600) * 2, "gzip", None, 1000)
    assert len(decode_body(gzip.compress(b"a" * 500) * 2, "gzip", None, 1000)) == 1000
    with pytest.raises(CutBodyError):
        decode_body(b"\x1f\x8b\x08garbage", "gzip", None, 1000)
