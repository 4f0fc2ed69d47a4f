"""The https hosts fail for a client in exactly the way of their name."""

import ssl
from collections.abc import Iterator

import httpx
import pytest

from fixtures.farm import Farm
from fixtures.farm.certificates import openssl_command

KEYS = ("tls-good", "tls-self", "tls-expired", "tls-name", "tls-legacy", "tls-refuse")


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """The https hosts; without the openssl command they cannot be served."""
    if openssl_command() is None:
        pytest.fail("the https hosts of the farm need the openssl command on the PATH; install openssl")
    with Farm("tiny", KEYS, tmp_path_factory.mktemp("tls")) as running:
        yield running


def fetch(farm: Farm, key: str, *, trusted: bool = True, level: int = 2) -> int:
    """Ask for the home page with a verifying client and return the status."""
    context = ssl.create_default_context(cafile=str(farm.ca_file) if trusted else None)
    context.set_ciphers(f"DEFAULT:@SECLEVEL={level}")
    with httpx.Client(verify=context, trust_env=False, timeout=10) as client:
        return client.get(farm.base_url(key) + "/").status_code


def test_the_good_host_needs_the_private_root(farm: Farm) -> None:
    assert fetch(farm, "tls-good") == 200
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        fetch(farm, "tls-good", trusted=False)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("tls-self", "self.signed certificate"),
        ("tls-expired", "certificate has expired"),
        ("tls-name", "IP address mismatch"),
        ("tls-legacy", "key too (weak|small)"),
    ],
)
def test_a_flaw_is_named_by_the_client(farm: Farm, key: str, reason: str) -> None:
    with pytest.raises(httpx.ConnectError, match=reason):
        fetch(farm, key)


def test_an_old_security_level_reaches_the_legacy_host(farm: Farm) -> None:
    assert fetch(farm, "tls-legacy", level=1) == 200


def test_the_refusing_host_has_a_closed_port(farm: Farm) -> None:
    with pytest.raises(httpx.ConnectError):
        fetch(farm, "tls-refuse")


def test_the_portals_file_trusts_the_root_where_it_helps(farm: Farm) -> None:
    text = farm.portals_file.read_text(encoding="utf-8")
    assert text.count("extra_ca") == len(KEYS) - 1
    assert text.count('tls = "legacy"') == 1
    assert text.count("https://127.0.0.1:") == len(KEYS)
