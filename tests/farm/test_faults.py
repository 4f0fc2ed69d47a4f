"""Each fault switch does to the wire what the hazard of its name does."""

import asyncio
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from fixtures.farm import Farm
from fixtures.farm.faults import NUMBERS, SWITCHES, VALUES, FaultBook, FaultError
from fixtures.farm.refusals import REFUSALS
from tests.farm.conftest import host_truth


@pytest.fixture
def page(farm: Farm) -> Iterator[str]:
    """The address of a report; all faults are off again afterwards."""
    report = next(r for r in host_truth(farm, "trs-a")["reports"] if r["state"] == "live")
    yield report["url"]
    farm.clear_faults()


def list_page(farm: Farm) -> str:
    """The address of a list with more than one page."""
    url: str = next(x for x in host_truth(farm, "trs-a")["lists"] if x["pages"] > 1)["url"]
    return url


@pytest.mark.parametrize(
    ("switch", "value", "status", "mark"),
    [
        ("status", "502", 502, "502"),
        ("maintenance", "200", 200, "维护"),
        ("maintenance", "503", 503, "维护"),
        ("fence", "403", 403, "403"),
        ("fence", "404", 404, "404"),
        ("jsl", "always", 521, "document.cookie"),
        ("rs", "412", 412, "$_ts"),
        ("rs", "202", 202, "$_ts"),
        ("cookie_bounce", "script", 200, "C3VK="),
        ("cookie_bounce", "loop", 302, ""),
        ("waf", "200", 200, "防火墙"),
        ("waf", "405", 405, "防火墙"),
        ("soft404", "title", 200, "您访问的页面不存在"),
        ("soft404", "home", 200, "政府信息公开年报"),
        ("soft404", "redirect_home", 301, ""),
        ("soft404", "json", 200, '"ok":false'),
    ],
)
def test_a_refusal_comes_instead_of_the_page(
    farm: Farm, client: httpx.Client, page: str, switch: str, value: str, status: int, mark: str
) -> None:
    number = farm.add_fault("trs-a", switch, value)
    farm.clear_log()
    answer = client.get(page)
    assert answer.status_code == status
    assert mark in answer.text
    assert "一、总体情况" not in answer.text
    assert farm.log("trs-a")[0]["fault"] == number


def test_every_refusal_is_a_switch() -> None:
    assert set(REFUSALS) <= SWITCHES


def test_a_fence_leaves_the_home_page_open(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "fence", "403")
    assert client.get(farm.base_url("trs-a") + "/").status_code == 200
    assert client.get(page).status_code == 403


def test_the_first_hit_of_an_address_is_challenged_and_the_second_is_not(
    farm: Farm, client: httpx.Client, page: str
) -> None:
    farm.add_fault("trs-a", "jsl", "first_hit")
    with httpx.Client(trust_env=False) as fresh:
        assert [fresh.get(page).status_code for _ in range(3)] == [521, 200, 200]


def test_the_second_challenge_holds_the_task(farm: Farm, page: str) -> None:
    farm.add_fault("trs-a", "jsl", "always")
    with httpx.Client(trust_env=False) as fresh:
        first, second = fresh.get(page), fresh.get(page)
    assert "x-via-jsl" in first.headers
    assert 'go({"bts":' in second.text


def test_a_redirect_to_itself_ends_for_clients_with_cookies(farm: Farm, page: str) -> None:
    farm.add_fault("trs-a", "cookie_bounce", "redirect")
    with httpx.Client(trust_env=False) as fresh:
        assert fresh.get(page).headers["location"] in page
        assert fresh.get(page).status_code == 200


def test_the_rate_limit_says_when_to_come_back(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "rate", "n=2 period=60 retry_after=7")
    answers = [client.get(page) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "7"
    farm.clear_faults()
    farm.add_fault("trs-a", "rate", "n=1 period=60 mode=index200")
    assert [len(client.get(page).content) for _ in range(2)][1] < 3000


def test_faults_on_the_connection(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "reset", times=1)
    farm.clear_log()
    with pytest.raises(httpx.TransportError):
        client.get(page)
    assert farm.log("trs-a")[0]["status"] == 0
    assert client.get(page).status_code == 200
    farm.add_fault("trs-a", "short_body", "100", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(page)
    farm.clear_faults()
    farm.add_fault("trs-a", "ua_reset", "Mozilla")
    with pytest.raises(httpx.TransportError):
        client.get(page)
    assert client.get(page, headers={"user-agent": "Mozilla/5.0"}).status_code == 200


def test_a_slow_host_delays_nobody_else(farm: Farm, page: str) -> None:
    farm.add_fault("trs-a", "latency", "0.6")
    farm.clear_log()
    with httpx.Client(trust_env=False) as one, httpx.Client(trust_env=False) as other:
        with pytest.raises(httpx.ReadTimeout):
            one.get(page, timeout=0.2)
        assert other.get(farm.base_url("trs-b") + "/zfxxgk/xxgknb/index.htm").status_code == 200
    assert farm.log("trs-b")[0]["status"] == 200


def test_many_connections_are_served_side_by_side(farm: Farm, page: str) -> None:
    farm.add_fault("trs-a", "latency", "0.3")
    farm.clear_log()

    async def ask_all() -> list[int]:
        limits = httpx.Limits(max_connections=80)
        async with httpx.AsyncClient(trust_env=False, timeout=30, limits=limits) as client:
            return [
                answer.status_code
                for answer in await asyncio.gather(*(client.get(page + "?many") for _ in range(80)))
            ]

    # In a thread of its own: a browser test of the same process may have left an event loop running here.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(ask_all())).result() == [200] * 80
    log = [entry for entry in farm.log("trs-a") if entry["query"] == "many"]
    assert len(log) == 80
    assert max(entry["in_flight"] for entry in log) > 1


def test_a_dripping_page_arrives_whole(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "drip", "40000")
    answer = client.get(page)
    assert answer.text.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    ("value", "bits", "name"),
    [("force_gzip", 31, "gzip"), ("deflate_raw", -15, "deflate"), ("deflate_zlib", 15, "deflate")],
)
def test_the_coding_is_changed_whatever_was_asked(
    farm: Farm, client: httpx.Client, page: str, value: str, bits: int, name: str
) -> None:
    farm.add_fault("trs-a", "encoding", value)
    with client.stream("GET", page, headers={"accept-encoding": "identity"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == name
    assert "一、总体情况" in zlib.decompress(raw, bits).decode()


def test_a_bomb_is_small_on_the_wire_and_huge_after(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "encoding", "bomb")
    with client.stream("GET", page) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 400_000
    opened = zlib.decompressobj(31)
    assert len(opened.decompress(raw, 5_000_000)) == 5_000_000


@pytest.mark.parametrize(
    ("value", "status", "mark"),
    [("deny", 200, "Disallow: /\n"), ("404", 404, ""), ("500", 500, ""), ("html", 200, "<html>"),
     ("delay 3", 200, "Crawl-delay: 3"), ("allow", 200, "Disallow:\n")],
)  # fmt: skip
def test_robots(farm: Farm, client: httpx.Client, page: str, value: str, status: int, mark: str) -> None:
    farm.add_fault("trs-a", "robots", value)
    answer = client.get(farm.base_url("trs-a") + "/robots.txt")
    assert answer.status_code == status
    assert mark in answer.text


def test_a_big_robots_file_is_bigger_than_half_a_megabyte(
    farm: Farm, client: httpx.Client, page: str
) -> None:
    farm.add_fault("trs-a", "robots", "big")
    assert len(client.get(farm.base_url("trs-a") + "/robots.txt").content) > 512_000


def test_validators_can_lie_or_be_weak(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "weak_etag")
    assert client.get(page).headers["etag"].startswith('W/"')
    farm.add_fault("trs-a", "always_304")
    assert client.get(page, headers={"if-none-match": '"never seen"'}).status_code == 304
    assert client.get(page).status_code == 200


def test_the_header_may_claim_another_charset(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "charset_header", "gbk")
    answer = client.get(page)
    assert answer.headers["content-type"] == "text/html; charset=GBK"
    assert "一、总体情况" in answer.content.decode("utf-8")


@pytest.mark.parametrize(
    ("mode", "status", "rows"),
    [("repeat_last", 200, 3), ("first", 200, 5), ("empty", 200, 0), ("404", 404, 0)],
)
def test_beyond_the_last_page(
    farm: Farm, client: httpx.Client, page: str, mode: str, status: int, rows: int
) -> None:
    farm.add_fault("trs-a", "overrun", mode)
    answer = client.get(list_page(farm).replace("index.html", "index_9.html"))
    assert answer.status_code == status
    assert answer.text.count('target="_blank"') == rows


def test_lists_can_hold_links_that_lead_elsewhere(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "links", "private")
    text = client.get(list_page(farm)).text
    assert "http://10.0.0.8/" in text
    assert "http://169.254.10.20/" in text


def test_a_relaunch_changes_markup_or_folders(farm: Farm, client: httpx.Client, page: str) -> None:
    farm.add_fault("trs-a", "template", "2")
    text = client.get(list_page(farm)).text
    assert "<li>" not in text
    assert text.count('target="_blank"') == 5
    assert "news_list" not in text.replace("nv-news_list", "")
    farm.clear_faults()
    farm.add_fault("trs-a", "site_version", "2")
    lists = [entry["url"] for entry in host_truth(farm, "trs-a")["lists"]]
    answers = [client.get(url) for url in lists]
    assert {answer.status_code for answer in answers} == {301, 404}
    moved = next(answer for answer in answers if answer.status_code == 301)
    assert moved.headers["location"].startswith("/new/")
    assert client.get(farm.base_url("trs-a") + moved.headers["location"]).status_code == 200
    home = client.get(farm.base_url("trs-a") + "/").text
    assert 'href="/new/zwgk/xxgknb/"' in home


def test_probability_is_drawn_and_repeats() -> None:
    draws = []
    for _ in range(2):
        book = FaultBook(1, ("h",))
        book.add("h", "waf", "403", probability=0.3)
        draws.append([bool(book.matching("h", "/x", count)) for count in range(200)])
    assert draws[0] == draws[1]
    assert 30 <= sum(draws[0]) <= 90


def test_wrong_faults_are_refused() -> None:
    book = FaultBook(1, ("h",))
    with pytest.raises(FaultError, match="no such host"):
        book.add("x", "waf")
    with pytest.raises(FaultError, match="probability"):
        book.add("h", "waf", "403", probability=2)
    with pytest.raises(FaultError, match="may be 200, 403, 405"):
        book.add("h", "waf", "404")
    with pytest.raises(FaultError, match="takes a number"):
        book.add("h", "latency", "slow")
    assert set(VALUES) | NUMBERS <= SWITCHES
