import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.families.base import ListRequest
from scraper.families.jpaas import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host
from tests.scraper.families.scripted import HOST, Site, html, paths, title

START = "/zwgk/xxgknb/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("jpaas-a", tmp_path_factory.mktemp("jpaas")) as running:
        yield running


def article(number: int) -> str:
    return f"/zwgk/art/2025/art_{number:032x}.html"


def unit(tag: str = "分页列表", page: str = "p1") -> str:
    data = f"{{'parseType':'bulidstatic','webId':'w1','tagId':'{tag}','editType':'null','pageId':'{page}'}}"
    return f'<script url="{UNIT}" queryData="{data}"></script>'


def rows(numbers: range) -> str:
    lines = (f'<li class="clearfix"><a href="{article(n)}" title="{title(n)}">x</a></li>' for n in numbers)
    return f'<div class="page-content"><ul>{"".join(lines)}</ul></div>'


def answer_of(fragment: str) -> str:
    return json.dumps({"success": True, "message": "", "data": {"html": fragment}})


def asked_page(request: ListRequest) -> int:
    query = parse_qs(urlsplit(request.url).query)
    return int(json.loads(query["paramJson"][0])["pageNo"]) if "paramJson" in query else 1


def published(total: int, size: int, pager: str) -> Site:
    def answer(request: ListRequest) -> str:
        if UNIT not in request.url:
            return html(unit())
        number = asked_page(request)
        return answer_of(rows(range((number - 1) * size, min(number * size, total))) + pager)

    return Site(answer)


def test_every_page_is_asked_with_param_json(host: FarmHost, data_dir: Path) -> None:
    host.run(data_dir / "first")
    shell, *units = host.lists()
    given = [parse_qs(urlsplit(target).query).get("paramJson", [None])[0] for target in units]
    assert given == [None, '{"pageNo":2,"pageSize":"5"}', '{"pageNo":3,"pageSize":"5"}']
    assert all(parse_qs(urlsplit(target).query)["parseType"] == ["bulidstatic"] for target in units)
    assert_exact(host, data_dir, [shell, *units])


def test_a_total_that_moves_is_read_again_once(host: FarmHost, data_dir: Path) -> None:
    host.farm.add_fault("jpaas-a", "total_moves", "1")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert not report.is_failed
    queries = [parse_qs(urlsplit(target).query) for target in host.lists()[1:]]
    numbers = [json.loads(query.get("paramJson", ['{"pageNo":1}'])[0])["pageNo"] for query in queries]
    assert numbers == [1, 2, 1, 2, 3]


def test_forty_eight_records_take_four_pages() -> None:
    site = published(48, 15, '<div class="pagination" rows="15" count="48" pageNo="1"></div>')
    found, ends = site.walk(walk, START)
    assert [asked_page(request) for request in site.requests[1:]] == [1, 2, 3, 4]
    assert len(set(paths(found))) == 48
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 4)]


def test_a_pager_nobody_understands_is_followed_until_nothing_new_comes() -> None:
    site = published(33, 20, "<div id=\"autUDB_pagination\" queryData=\"{'rows':'20','count':'1'}\"></div>")
    found, ends = site.walk(walk, START)
    assert [asked_page(request) for request in site.requests[1:]] == [1, 2, 3]
    assert len(set(paths(found))) == 33
    assert ends[0].reason == "end_of_list"


def test_a_service_that_ignores_the_page_number_is_noticed() -> None:
    pager = '<div class="pagination" rows="2" count="6"></div>'
    site = Site(
        lambda request: html(unit()) if UNIT not in request.url else answer_of(rows(range(2)) + pager)
    )
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "2 of 6 rows")]
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    "text", ['{"success": true, "data": null}', '{"success": true, "data": {"html": null}}', "<html>", "[1]"]
)
def test_an_answer_that_is_no_list_fails(text: str) -> None:
    site = Site(lambda request: html(unit()) if UNIT not in request.url else text)
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: not the answer of a list")]


def test_of_several_units_the_one_that_turns_pages_is_the_list() -> None:
    page = html(unit("面包屑", "p0") + unit("分页列表", "p1") + unit("信息列表", "p2"))
    site = Site(lambda request: page if UNIT not in request.url else answer_of(rows(range(1))))
    site.walk(walk, START)
    units = {parse_qs(urlsplit(target).query)["pageId"][0] for target in site.asked if UNIT in target}
    assert units == {"p1"}


def test_a_page_that_shows_a_few_rows_of_each_column_leads_to_the_columns() -> None:
    more = "".join(f'<a class="xxgk_more" href="/zwgk/c{n}/index.html">更多</a>' for n in (1, 2))
    pages = {
        START: html(unit(page="all")),
        **{f"/zwgk/c{n}/index.html": html(unit(page=f"c{n}")) for n in (1, 2)},
    }

    def answer(request: ListRequest) -> str | None:
        if UNIT not in request.url:
            return pages.get(request.url.removeprefix(HOST))
        page = parse_qs(urlsplit(request.url).query)["pageId"][0]
        pager = '<div class="pagination" rows="5" count="1"></div>'
        if page == "all":
            return answer_of(rows(range(1)) + more + pager)
        return answer_of(rows(range(int(page[1]), int(page[1]) + 1)) + pager)

    site = Site(answer)
    found, ends = site.walk(walk, START)
    assert paths(found) == [article(0), article(1), article(2)]
    assert [end.list_url.removeprefix(HOST) for end in ends] == list(pages)


def test_a_page_without_a_unit_fails_and_a_page_of_columns_does_not() -> None:
    _, ends = Site({START: html("<p>none</p>")}).walk(walk, START)
    assert ends[0].reason == "failed"
    site = Site(
        {START: html('<a href="2024n/index.html">2024</a>'), "/zwgk/xxgknb/2024n/index.html": html(unit())}
    )
    _, ends = site.walk(walk, START)
    assert (ends[0].reason, ends[0].children) == ("end_of_list", 1)
