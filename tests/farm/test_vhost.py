"""With names instead of ports: one port, the Host header selects, unknown names are refused."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fixtures.farm import Farm


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """Two hosts and the alias behind one port."""
    with Farm("tiny", ("trs-a", "trs-b", "alias-a"), tmp_path_factory.mktemp("v"), vhost=True) as running:
        yield running


def ask(farm: Farm, client: httpx.Client, host: str, path: str, name: str | None = None) -> httpx.Response:
    """Ask 127.0.0.1 under the name of a host, as a client does that maps the names."""
    address = farm.base_url(host).removeprefix("http://")
    port = address.rsplit(":", 1)[1]
    return client.get(f"http://127.0.0.1:{port}{path}", headers={"host": name or address})


def test_the_name_selects_the_host(farm: Farm, client: httpx.Client) -> None:
    assert len({farm.base_url(key).rsplit(":", 1)[1] for key in ("trs-a", "trs-b", "alias-a")}) == 1
    assert farm.base_url("alias-a").startswith("http://m.trs-a.farm.test:")
    assert "澄湾区" in ask(farm, client, "trs-a", "/").text
    assert "镕山县" in ask(farm, client, "trs-b", "/").content.decode("gb18030")
    assert "澄湾区" in ask(farm, client, "alias-a", "/").text
    assert [entry["host"] for entry in farm.log()] == ["trs-a", "trs-b", "alias-a"]


def test_an_unknown_name_is_misdirected(farm: Farm, client: httpx.Client) -> None:
    assert ask(farm, client, "trs-a", "/", "elsewhere.farm.test").status_code == 421


def test_the_portals_file_carries_names(farm: Farm) -> None:
    portals = tomllib.loads(farm.portals_file.read_text(encoding="utf-8"))
    assert portals["portal"][0]["start"][0].startswith("http://trs-a.farm.test:")
    assert len(portals["network"]["allow_private_hosts"]) == 3


def test_a_taken_port_is_an_error_and_nothing_stays_open(tmp_path: Path) -> None:
    base = 20_000 + os.getpid() % 10_000
    with Farm("tiny", ("trs-a",), tmp_path / "one", base=base), pytest.raises(OSError, match=str(base)):
        Farm("tiny", ("trs-a",), tmp_path / "two", base=base).start()


def test_the_command_prints_one_line_and_ends_when_told(tmp_path: Path, client: httpx.Client) -> None:
    command = [
        sys.executable,
        "-m",
        "fixtures.farm",
        "--profile",
        "tiny",
        "--families",
        "trs",
        "--hosts",
        "trs-a",
    ]
    with subprocess.Popen(
        [*command, "--folder", str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        control = line.split('"control": "')[1].split('"')[0]
        assert client.get(control + "/state").json()["hosts"][0]["key"] == "trs-a"
        process.terminate()
        assert process.wait(timeout=5) == 0
        assert process.stdout.read() == ""
