from collections.abc import Callable

import pytest

from scraper.fetch import Fetcher
from scraper.guard import AddressPolicy, RefusedAddressError, UnknownHostError, is_public
from tests.scraper.conftest import SMALL, Reply, Script, Server, portal_of


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.10.20", "100.64.0.1", "0.0.0.0",
     "255.255.255.255",
     "224.0.0.1", "240.0.0.1", "192.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
     "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:0a00:0008::1", "2001:0:1::1",
     "not an address"],
)  # fmt: skip
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.202.3.4", "2400:3200::1", "::ffff:8.8.8.8"])
def test_open_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_one_inner_answer_refuses_the_whole_name() -> None:
    policy = AddressPolicy(resolver=lambda host, port: ["8.8.8.8", "10.0.0.8"])
    with pytest.raises(RefusedAddressError, match=r"10\.0\.0\.8"):
        policy.addresses("portal.example", 80)


def test_the_allow_list_names_host_and_port() -> None:
    policy = AddressPolicy(["127.0.0.1:8080", "inner.example:80", "[::1]:81"], lambda host, port: [
        "::1" if host == "six.example" else "127.0.0.1" if host != "inner.example" else "10.0.0.8"
    ])  # fmt: skip
    assert policy.addresses("127.0.0.1", 8080) == ["127.0.0.1"]
    assert policy.addresses("INNER.example.", 80) == ["10.0.0.8"]
    assert policy.addresses("six.example", 81) == ["::1"]
    with pytest.raises(RefusedAddressError):
        policy.addresses("127.0.0.1", 8081)


def test_an_unknown_name_is_no_refusal() -> None:
    with pytest.raises(UnknownHostError):
        AddressPolicy(resolver=lambda host, port: []).addresses("none.example", 80)


def test_a_name_that_turns_inward_between_check_and_use_is_not_connected(
    serve: Callable[[Script], Server],
) -> None:
    """The resolver answers with an open address first and an inner one afterwards, as rebinding does."""
    server = serve(lambda path, headers: Reply(b"secret"))
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    policy = AddressPolicy(resolver=lambda host, port: next(answers))
    fetch = Fetcher(portal_of(server), policy, agent="t", limits=SMALL)
    exchange = fetch(f"http://rebound.example:{server.port}/")
    fetch.close()
    assert exchange.failure == ("refused_address", f"rebound.example:{server.port} is 127.0.0.1")
    assert server.log == []


def test_the_connected_address_is_the_checked_one(serve: Callable[[Script], Server]) -> None:
    """Only the first answer of the resolver counts: it is connected by number, not by name."""
    server = serve(lambda path, headers: Reply(b"<html>hello</html>"))
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.8"]

    policy = AddressPolicy([f"named.example:{server.port}"], resolver)
    fetch = Fetcher(portal_of(server), policy, agent="t", limits=SMALL)
    exchange = fetch(f"http://named.example:{server.port}/")
    fetch.close()
    assert exchange.body == b"<html>hello</html>"
    assert asked == ["named.example"]
    assert server.log[0].headers["host"] == f"named.example:{server.port}"
