"""The servers: conditional requests, keep-alive, compression, the log, the control port, determinism."""

import json
import os
import tomllib
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from fixtures.farm import Farm, FarmError
from fixtures.farm.clock import CHINA, ClockError, FarmClock
from tests.farm.conftest import host_truth


def any_report(farm: Farm) -> str:
    """Return the address of a report that can be seen."""
    url: str = next(r for r in host_truth(farm, "trs-a")["reports"] if r["state"] == "live")["url"]
    return url


def test_both_validators_of_a_static_page_are_honoured(farm: Farm, client: httpx.Client) -> None:
    first = client.get(any_report(farm))
    for name, header in (("if-none-match", "etag"), ("if-modified-since", "last-modified")):
        again = client.get(any_report(farm), headers={name: first.headers[header]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
    stale = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
    assert client.get(any_report(farm), headers=stale).status_code == 200


def test_pages_are_compressed_when_asked_and_not_otherwise(farm: Farm, client: httpx.Client) -> None:
    squeezed = client.get(any_report(farm), headers={"accept-encoding": "gzip"})
    plain = client.get(any_report(farm), headers={"accept-encoding": "identity"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "</html>" in squeezed.text
    assert "</html>" in plain.text


def test_the_date_header_is_the_fake_instant(farm: Farm, client: httpx.Client) -> None:
    assert client.get(any_report(farm)).headers["date"] == "Mon, 05 Jan 2026 00:00:00 GMT"


def test_the_log_tells_what_arrived(farm: Farm, client: httpx.Client) -> None:
    farm.clear_log()
    with httpx.Client(trust_env=False) as keeping:
        keeping.get(any_report(farm), params={"a": "1"}, headers={"user-agent": "tester/1", "x-secret": "no"})
        keeping.post(farm.base_url("trs-a") + "/nothing/中.jsp", data={"page": "2"})
    first, second = farm.log("trs-a")
    assert first["seq"] < second["seq"]
    assert first["conn"] == second["conn"], "keep-alive"
    assert (first["method"], first["status"], first["query"]) == ("GET", 200, "a=1")
    assert first["headers"]["user-agent"] == "tester/1"
    assert "x-secret" not in first["headers"]
    assert first["t1"] >= first["t0"] >= 0
    assert first["in_flight"] == 1
    assert first["bytes"] > 1000
    assert first["fault"] is None
    assert (second["path"], second["form"], second["status"]) == ("/nothing/中.jsp", {"page": "2"}, 404)
    assert farm.log("trs-a", since=first["seq"]) == [second]
    assert farm.log("trs-b") == []


def test_the_control_port_moves_the_clock_and_shows_the_truth(client: httpx.Client, tmp_path: Path) -> None:
    with Farm("tiny", ("trs-a",), tmp_path) as farm:
        control = farm.announcement()["control"]
        state = client.get(control + "/state").json()
        assert state["hosts"][0]["key"] == "trs-a"
        assert state["now"] == "2026-01-05T08:00:00+08:00"
        hidden = [r for r in farm.truth()["hosts"][0]["reports"] if r["state"] == "hidden"]
        assert {r["fiscal_year"] for r in hidden} == {2025}
        assert client.get(hidden[0]["url"]).status_code == 404
        moved = client.post(control + "/clock", json={"now": "2026-04-01T08:00:00+08:00"})
        assert moved.json() == {"now": "2026-04-01T08:00:00+08:00"}
        assert client.get(hidden[0]["url"]).status_code == 200
        assert client.post(control + "/clock", json={"advance_days": -1}).status_code == 400
        assert client.post(control + "/clock", json={}).status_code == 400
        assert client.get(control + "/unknown").status_code == 404
        truth = client.get(control + "/truth").json()
        assert truth == json.loads(farm.truth_file.read_text(encoding="utf-8"))
        assert all(r["state"] == "live" for r in truth["hosts"][0]["reports"])


def test_faults_are_added_listed_and_removed_over_the_control_port(farm: Farm, client: httpx.Client) -> None:
    control = farm.announcement()["control"]
    wrong = client.post(control + "/fault", json={"host": "trs-a", "switch": "gremlins"})
    assert wrong.status_code == 400
    assert "gremlins" in wrong.json()["error"]
    asked = {"host": "trs-a", "path": "/zwgk/*", "switch": "noise", "value": "off", "times": 2}
    number = client.post(control + "/fault", json=asked).json()["id"]
    (listed,) = client.get(control + "/fault").json()
    assert (listed["id"], listed["path"], listed["times"]) == (number, "/zwgk/*", 2)
    assert client.delete(f"{control}/fault/{number}").status_code == 200
    assert client.delete(f"{control}/fault/{number}").status_code == 404
    assert client.get(control + "/fault").json() == []


def test_the_same_inputs_give_the_same_bytes(client: httpx.Client, tmp_path: Path) -> None:
    seen = []
    base = 20_200 + os.getpid() % 10_000
    for folder in (tmp_path / "one", tmp_path / "two"):
        with Farm("demo", ("trs-b", "trs-a"), folder, base=base) as farm:
            truth = farm.truth_file.read_bytes()
            url = any_report(farm)
            pages = [
                client.get(url).content,
                client.get(farm.base_url("trs-b") + "/zfxxgk/xxgknb/index_1.htm").content,
            ]
            seen.append((truth, farm.portals_file.read_bytes(), pages))
    assert seen[0] == seen[1]


def test_the_portals_file_names_every_host_and_allows_exactly_its_addresses(farm: Farm) -> None:
    portals = tomllib.loads(farm.portals_file.read_text(encoding="utf-8"))
    assert [portal["id"] for portal in portals["portal"]] == ["trs-a", "trs-b", "trs-c"]
    addresses = {farm.base_url(key).removeprefix("http://") for key in ("trs-a", "trs-b", "trs-c")}
    assert set(portals["network"]["allow_private_hosts"]) == addresses
    assert {portal["region_code"] for portal in portals["portal"]} == {"990101", "990102", "990103"}


def test_unknown_hosts_and_profiles_are_refused() -> None:
    with pytest.raises(FarmError, match="no-such-host"):
        Farm("demo", ("no-such-host",))
    with pytest.raises(FarmError, match="huge"):
        Farm("huge")


def test_the_clock_never_goes_back() -> None:
    clock = FarmClock()
    assert clock.advance(2) == datetime(2026, 1, 7, 8, 0, tzinfo=CHINA)
    with pytest.raises(ClockError, match="cannot go back"):
        clock.set(datetime(2026, 1, 6, 8, 0, tzinfo=CHINA))
    with pytest.raises(ClockError, match="time zone"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001
