import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.families.base import ListRequest
from scraper.families.gkmlpt import categories, walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import Site, html, paths, title

INDEX = "/gkmlpt/index"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("gkmlpt-a", tmp_path_factory.mktemp("gkmlpt")) as running:
        yield running


def test_every_article_of_the_hidden_category_is_found(host: FarmHost, data_dir: Path) -> None:
    api = host.truth["lists"][0]["url"].removeprefix(host.farm.base_url("gkmlpt-a"))
    pages = [api.replace("page=1", f"page={number}") for number in range(1, host.pages() + 1)]
    assert len(pages) == 2
    assert_exact(host, data_dir, [INDEX, *pages])


def test_a_second_page_that_is_missing_is_said_with_counts(host: FarmHost, data_dir: Path) -> None:
    fault = host.farm.add_fault("gkmlpt-a", "page2_404")
    report = host.run(data_dir)
    host.farm.faults.remove(fault)
    rows = host.truth["lists"][0]["rows"]
    (reason,) = report.failed_lists.values()
    assert reason.startswith(f"page 2 of 2: gone http_404; 10 of {rows} rows")
    assert report.coverage == "incomplete"
    assert 0 < len(found_in(data_dir)) < len(host.titles)
    assert host.run(data_dir).coverage == "complete"
    assert found_in(data_dir) == host.titles


@pytest.mark.parametrize("moved", ["1", "9"])
def test_a_total_that_moves_is_read_again_once(host: FarmHost, data_dir: Path, moved: str) -> None:
    fault = host.farm.add_fault("gkmlpt-a", "total_moves", moved)
    host.run(data_dir)
    host.farm.faults.remove(fault)
    assert found_in(data_dir) == host.titles
    asked = [target for target in host.lists() if "page=" in target]
    assert [target.split("page=")[1][0] for target in asked] == ["1", "2", "1", "2"]


def test_a_host_that_wants_a_browser_is_recorded_and_not_deceived(host: FarmHost, data_dir: Path) -> None:
    fault = host.farm.add_fault("gkmlpt-a", "ua_reset", "Mozilla")
    report = host.run(data_dir)
    host.farm.faults.remove(fault)
    assert "connection_error" in next(iter(report.failed_lists.values()))
    agents = {entry["headers"]["user-agent"] for entry in host.farm.log("gkmlpt-a")}
    assert all("Mozilla" not in agent and "gongkai" in agent for agent in agents)


def config(tree: list[dict[str, Any]], sid: str = "759001") -> str:
    text = json.dumps(tree, ensure_ascii=False)
    return html(f"<script>window._CONFIG = {{SID:'{sid}', TREE:{text}, SERVICE_AREA_ID: 1}};</script>")


def node(number: int, name: str, count: int = 0, jump: str = "", *children: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "post_count": count, "jump_url": jump, "children": list(children)}


@pytest.mark.parametrize(
    ("tree", "url", "expected"),
    [
        ([node(7, "法定主动公开", 0, "", node(8, "政府信息公开年报", 3))], INDEX, [8]),
        ([node(7, "年度报告", 5, "", node(8, "2024年", 3), node(9, "2023年", 2))], INDEX, [7]),
        ([node(7, "年报", 0, "", node(8, "2024年", 3), node(9, "2023年", 2))], INDEX, [8, 9]),
        ([node(7, "政府信息公开年度报告", 2, "/abc/gkmlpt/annualreport#2601")], INDEX, [2601]),
        ([node(6, "法治政府建设年度报告", 4), node(7, "信息公开年报", 2)], INDEX, [7]),
        ([node(6, "机构职能", 4)], INDEX, []),
        ([node(6, "机构职能", 4)], "/gkmlpt/annualreport#55", [55]),
    ],
)
def test_the_catalogue_tells_the_category(tree: list[Any], url: str, expected: list[int]) -> None:
    found, elsewhere = categories(config(tree), "http://portal.example" + url)
    assert ([category.id for category in found], elsewhere) == (expected, [])


def article(number: int, **more: Any) -> dict[str, Any]:
    known = {"id": number, "title": title(number), "url": "", "display_publish_time": 1737043200}
    return {**known, **more}


def service(articles: list[dict[str, Any]], size: int = 2) -> Any:
    def answer(request: ListRequest) -> str | None:
        if "/gkmlpt/api/" not in request.url:
            return config([node(8, "政府信息公开年报", 3)])
        page = int(request.url.split("page=")[1].split("&")[0])
        part = articles[(page - 1) * size : page * size]
        return json.dumps({"classify": {"post_count": len(articles)}, "articles": part})

    return answer


def test_articles_become_rows_on_the_own_host_with_day_and_files() -> None:
    away = "http://www.other.example/abc/gkmlpt/content/9/9100/post_9100002.html"
    file = {"name": "年报.docx", "url": "/attachment/0/1/2.docx"}
    entries = [
        article(9100001, attachment=[file]),
        article(9100002, url=away, title="<b>云溪区&amp;</b>2023年政府信息公开年报"),
        article(9100003, url="https://mp.weixin.qq.com/s/x"),
    ]
    site = Site(service(entries))
    pages, ends = site.walk(walk, "/abc/gkmlpt/index")
    assert site.asked[1:] == [f"/abc/gkmlpt/api/all/8?page={number}&sid=759001" for number in (1, 2)]
    assert paths(pages) == [f"/abc/gkmlpt/content/9/9100/post_910000{number}.html" for number in (1, 2)]
    first, second = pages[0].rows
    assert (first.date, first.files) == (
        "2025-01-17",
        (("http://portal.example/attachment/0/1/2.docx", "年报.docx"),),
    )
    assert second.title == "云溪区&2023年政府信息公开年报"
    assert [row.reason for page in pages for row in page.skipped] == ["off_site"]
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 2)]


def test_a_fragment_never_reaches_the_server_and_names_the_category() -> None:
    site = Site(service([article(1)]))
    pages, _ = site.walk(walk, "/gkmlpt/annualreport#77")
    assert site.asked[1:] == ["/gkmlpt/api/all/77?page=1&sid=759001"]
    assert len(pages) == 1


def test_without_a_node_everything_is_asked_for() -> None:
    site = Site(lambda request: config([]) if "api" not in request.url else '{"total":0,"articles":[]}')
    site.walk(walk, INDEX)
    assert site.asked[1:] == ["/gkmlpt/api/all/0?page=1&sid=759001"]


@pytest.mark.parametrize(
    ("page", "detail"),
    [
        (html("nothing here"), "names no SID"),
        (config([node(8, "年报", 3, "http://www.portal.example/zwgk/nb/")]), "configure it as a start"),
        (config([node(8, "年报", 3, "http://x.example/gkmlpt/annualreport#9")]), "configure it as a start"),
        (("waf_block", "http_403"), "first page: waf_block http_403"),
    ],
)
def test_a_platform_that_cannot_be_read_is_said(page: Any, detail: str) -> None:
    pages, ends = Site({INDEX: page}).walk(walk, INDEX)
    assert pages == []
    assert [end.reason for end in ends] == ["failed"]
    assert detail in (ends[0].detail or "")


def test_an_answer_that_is_no_list_is_said() -> None:
    site = Site(lambda request: "<html>login</html>" if "api" in request.url else config([node(8, "年报")]))
    _, ends = site.walk(walk, INDEX)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: not the answer of a list")]
