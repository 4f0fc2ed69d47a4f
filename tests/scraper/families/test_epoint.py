import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.families.base import ListRequest
from scraper.families.epoint import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import Answer, Site, html, items, paths, title

SHELL = "/dynamic/zwgk/govInfoPub.html?categorynum=003001001"
SETTINGS = "/js/webBuilderCommon.js"
SERVICE = "POST /EWB-FRONT/rest/lightfrontaction/getgovinfolist"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


@pytest.fixture(scope="module", params=["epoint-a", "epoint-b"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host(request.param, tmp_path_factory.mktemp("epoint")) as running:
        yield running


def test_both_dialects_are_found_out_by_asking_for_0_and_1(host: FarmHost, data_dir: Path) -> None:
    questions = 2 if host.key == "epoint-a" else 4
    assert_exact(host, data_dir, [SHELL, SETTINGS, *[SERVICE] * questions])


def test_every_page_is_asked_for_once(tmp_path: Path, data_dir: Path) -> None:
    with farm_host("epoint-a", tmp_path, "full") as host:
        report = host.run(data_dir, years=(1999, 1999))
        assert report.rows_valid == host.truth["lists"][0]["rows"]
        assert host.lists() == [SHELL, SETTINGS, *[SERVICE] * host.pages()]
        fault = host.farm.add_fault("epoint-a", "total_moves", "1")
        report = host.run(data_dir / "moving", years=(1999, 1999))
        host.farm.faults.remove(fault)
        assert report.rows_valid == host.truth["lists"][0]["rows"]


def test_an_address_that_does_not_exist_is_no_report(host: FarmHost, data_dir: Path) -> None:
    first = next(iter(host.titles))
    fault = host.farm.add_fault(host.key, "soft404", "title", path="/" + first.split("/", 3)[3])
    report = host.run(data_dir)
    host.farm.faults.remove(fault)
    assert report.failed == {"soft_404": 1}
    assert set(found_in(data_dir)) == set(host.titles) - {first}


class Service:
    """A service that counts from `base`, wraps or not, and keeps the questions it was asked."""

    def __init__(self, count: int, base: int, *, wrapped: bool = False, low: bool = False) -> None:
        self.count, self.base, self.wrapped, self.low = count, base, wrapped, low
        self.asked: list[int] = []
        self.shell: Answer = html(f'<script src="{SETTINGS}"></script><ul></ul>')
        self.settings: Answer = f'var siteInfo={{"siteGuid":"{GUID}","projectName":"/EWB-FRONT"}};'

    def __call__(self, request: ListRequest) -> Answer | None:
        if request.method == "GET":
            return self.shell if "govInfoPub" in request.url else self.settings
        body = json.loads(request.content or b"")
        question: dict[str, Any] = body.get("params", {}) if self.wrapped else body
        if question.get("siteGuid") != GUID or question.get("categorynum") != "003001001":
            return ("api_error", "json_error") if self.wrapped else '{"custom":{"total":0,"data":[]}}'
        self.asked.append(question["pageIndex"])
        place = question["pageIndex"] - self.base
        place = max(place, 0) if self.low else place
        numbers = range(place * 10, min(place * 10 + 10, self.count)) if place >= 0 else []
        data = [{"title": "云溪区…", "realtitle": title(n), "infourl": f"/x/20250117/{n:032x}.html",
                 "infodate": "2025-01-17"} for n in numbers]  # fmt: skip
        return json.dumps({"custom": json.dumps({"total": self.count, "data": data})})


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        (Service(24, 0), [0, 1, 2]),
        (Service(24, 1), [0, 1, 2, 3]),
        (Service(24, 1, low=True), [0, 1, 2, 3]),
        (Service(24, 1, wrapped=True), [0, 1, 2, 3]),
        (Service(4, 0), [0, 1]),
        (Service(4, 1), [0, 1]),
        (Service(20, 0, wrapped=True), [0, 1]),
    ],
)
def test_pages_are_collected_up_to_the_total(service: Service, asked: list[int]) -> None:
    pages, ends = Site(service).walk(walk, SHELL)
    assert service.asked == asked
    assert paths(pages) == [f"/x/20250117/{number:032x}.html" for number in range(service.count)]
    assert pages[0].rows[0][1:4] == (title(0), "2025-01-17", "2025-01-17")
    assert [end.reason for end in ends] == ["end_of_list"]


@pytest.mark.parametrize(
    ("part", "answer", "detail"),
    [
        ("settings", ("gone", "http_404"), "settings of the service: gone http_404"),
        ("settings", "var x = 1;", "settings of the service: no siteGuid"),
        ("shell", ("waf_block", "http_403"), "first page: waf_block http_403"),
        ("shell", html('<script src="http://other.example/js/webBuilderCommon.js"></script>'),
         "settings of the service: on another site"),
    ],
)  # fmt: skip
def test_what_is_missing_to_ask_the_service_is_said(part: str, answer: Answer, detail: str) -> None:
    service = Service(4, 0)
    setattr(service, part, answer)
    pages, ends = Site(service).walk(walk, SHELL)
    assert pages == []
    assert [(end.reason, end.detail) for end in ends] == [("failed", detail)]
    assert service.asked == []


def test_the_settings_may_stand_in_another_script_and_the_project_may_be_the_root() -> None:
    service = Service(4, 0)
    service.shell = html(
        '<script src="/js/ajaxReq.js"></script><script src="/js/webBuilderCommon.js"></script>'
    )
    shell = "/govInfoPub.html?categoryNum=003001001&deptCode=7"

    def answer(request: ListRequest) -> Answer | None:
        if request.url.endswith("ajaxReq.js"):
            return "var x = 1;"
        if request.url.endswith("webBuilderCommon.js"):
            return f"var siteInfo = {{siteGuid: '{GUID}', projectName: ''}}"
        return service(request)

    site = Site(answer)
    pages, _ = site.walk(walk, shell)
    assert len(paths(pages)) == 4
    posted = [request for request in site.requests if request.method == "POST"]
    assert {request.url for request in posted} == {
        "http://portal.example/rest/lightfrontaction/getgovinfolist"
    }
    assert json.loads(posted[0].content or b"")["deptcode"] == "7"


def test_a_service_without_rows_is_a_failure_and_a_block_is_not_asked_around() -> None:
    _, ends = Site(Service(0, 0)).walk(walk, SHELL)
    assert ends[0].detail == "first page: the service gives no rows, however it is asked"
    service = Service(4, 0)
    site = Site(lambda request: ("waf_block", "x") if request.method == "POST" else service(request))
    _, ends = site.walk(walk, SHELL)
    assert ends[0].detail == "first page: waf_block x"
    assert [request.method for request in site.requests].count("POST") == 1
    site = Site(lambda request: ("soft_404", "title") if request.method == "POST" else service(request))
    _, ends = site.walk(walk, SHELL)
    assert ends[0].detail == "first page: soft_404 title"
    _, ends = Site({"/dynamic/zwgk/govInfoPub.html": html("x")}).walk(walk, "/dynamic/zwgk/govInfoPub.html")
    assert ends[0].detail == "no category in the address and none in the page"


def test_static_lists_are_followed_along_their_links() -> None:
    def page(number: int, further: str = "") -> str:
        return html(items({f"/x/20250117/{number:032x}.html": number}) + further)

    first, second = page(1, '<a href="2.html">下页 &gt;</a>'), page(2)
    site = Site({"/zwgk/nb/index.html": first, "/zwgk/nb/2.html": second})
    pages, ends = site.walk(walk, "/zwgk/nb/index.html")
    assert site.asked == ["/zwgk/nb/index.html", "/zwgk/nb/2.html"]
    assert len(paths(pages)) == 2
    assert [end.reason for end in ends] == ["end_of_list"]
