from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.families import detect
from scraper.families.base import ListRequest
from scraper.families.lonsun import NOTHING, walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import HOST, Site, html, paths, title

START = "/public/column/6596001?type=3&action=list"
LABEL = "/site/label/8888"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("lonsun-a", tmp_path_factory.mktemp("lonsun")) as running:
        yield running


def article(number: int) -> str:
    return f"/public/6596001/{8120000 + number}.html"


def line(number: int) -> str:
    link = f'<a href="{HOST}{article(number)}" title="{title(number)}">{title(number)[:9]}...</a>'
    return f'<li>{link}<span class="date">2025-01-17</span></li>'


def shell(counts: str = "pageSize:15, pageCount:3,total:34") -> str:
    script = f"var siteId=6780001; var organId=6596001; load('{LABEL}', {{{counts}}});"
    return html(f'<div id="xxgk_list"></div><script>{script}</script>')


def labelled(page: str, total: int, size: int = 15) -> Site:
    def answer(request: ListRequest) -> str:
        if LABEL not in request.url:
            return page
        number = int(parse_qs(urlsplit(request.url).query)["pageIndex"][0])
        lines = [line(n) for n in range((number - 1) * size, min(number * size, total))]
        return f'<ul class="clearfix xxgk_nav_list">{"".join(lines)}</ul>' if lines else NOTHING

    return Site(answer)


def indices(site: Site) -> list[str]:
    return [parse_qs(urlsplit(target).query)["pageIndex"][0] for target in site.asked if LABEL in target]


def test_every_page_of_the_label_is_read(host: FarmHost, data_dir: Path) -> None:
    host.run(data_dir / "first")
    shell_page, *labels = host.lists()
    queries = [parse_qs(urlsplit(target).query, keep_blank_values=True) for target in labels]
    assert [query["pageIndex"][0] for query in queries] == [str(n) for n in range(1, host.pages() + 1)]
    expected = {"type": ["3"], "labelName": ["publicInfoList"], "result": [NOTHING], "length": ["50"],
                "file": ["/xxgk/publicInfoList_newest2020"]}  # fmt: skip
    assert all(expected.items() <= query.items() for query in queries)
    assert_exact(host, data_dir, [shell_page, *labels])


def test_a_host_that_wants_to_know_the_page_is_told(host: FarmHost, data_dir: Path) -> None:
    host.farm.add_fault("lonsun-a", "need_referer")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert not report.is_failed
    assert found_in(data_dir) == host.titles


def test_thirty_four_records_take_three_pages() -> None:
    site = labelled(shell(), 34)
    found, ends = site.walk(walk, START)
    assert indices(site) == ["1", "2", "3"]
    assert [len(page.rows) for page in found] == [15, 15, 4]
    assert (found[0].rows[0].title, found[0].rows[0].date) == (title(0), "2025-01-17")
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]


@pytest.mark.parametrize("counts", ["", "pageSize:15, pageCount:0,total:0"])
def test_without_counts_the_empty_answer_is_the_end(counts: str) -> None:
    site = labelled(shell(counts), 30)
    found, ends = site.walk(walk, START)
    assert indices(site) == ["1", "2", "3"]
    assert len(set(paths(found))) == 30
    assert ends[0].reason == "end_of_list"


def test_a_label_that_ends_before_its_count_is_said() -> None:
    site = labelled(shell(), 20)
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "20 of 34 rows")]


def test_an_empty_column_is_no_failure() -> None:
    found, ends = labelled(shell(""), 0).walk(walk, START)
    assert found == []
    assert [end.reason for end in ends] == ["end_of_list"]
    assert detect(NOTHING, f"{HOST}{LABEL}?IsAjax=1").family == "lonsun"


def test_an_answer_that_is_no_list_fails() -> None:
    site = Site(lambda request: shell() if LABEL not in request.url else "<html><p>x</p></html>")
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: not the answer of a list")]


def test_title_and_date_may_stand_in_lines_of_their_own() -> None:
    lines = "".join(
        f'<div class="xxgk_navli"><ul><li class="title"><a href="{article(n)}">{title(n)}</a></li>'
        f'<li class="date">2025-01-{n:02}</li></ul></div>'
        for n in (17, 18)
    )
    pager = '<a href="javascript:;">下一页</a><a href="?pageIndex=2">2</a><a href="?a=1">年报 2024-01-01</a>'
    site = Site(lambda request: shell("pageCount:1,total:2") if LABEL not in request.url else lines + pager)
    found, ends = site.walk(walk, START)
    assert [(row.title, row.date) for row in found[0].rows] == [(title(n), f"2025-01-{n}") for n in (17, 18)]
    assert [row.reason for row in found[0].skipped] == ["navigation"]
    assert ends[0].reason == "end_of_list"


def test_links_may_stand_without_lines_around_them() -> None:
    text = "".join(f'<a href="{article(n)}">{title(n)}</a> 2025-01-{n}<br>' for n in (17, 18))
    site = Site(
        lambda request: shell("pageCount:1,total:2") if LABEL not in request.url else f"<div>{text}</div>"
    )
    found, _ = site.walk(walk, START)
    assert [(row.title, row.date) for row in found[0].rows] == [(title(n), f"2025-01-{n}") for n in (17, 18)]


def test_anchors_without_a_link_and_what_a_script_says_are_no_rows_and_no_dates() -> None:
    link = f'<a href="{article(17)}">{title(17)}</a><script>var day = "2020-01-01"</script>'
    text = f'<a name="x"><p>{link}</p></a>'
    site = Site(lambda request: shell("pageCount:1,total:1") if LABEL not in request.url else text)
    found, _ = site.walk(walk, START)
    assert [(row.title, row.date) for row in found[0].rows] == [(title(17), None)]


def test_the_label_has_the_prefix_and_values_the_page_names() -> None:
    page = html(
        "<script>var siteId = '678'; $.get('/zwgk/site/label/8888?labelName=publicInfoList',"
        " {file: '/xxgk/list_2024', pageSize: 20})</script>"
    )
    site = Site(lambda request: page if "label" not in request.url else NOTHING)
    site.walk(walk, "/public/column/6596001?type=4&catId=77")
    (asked,) = site.asked[1:]
    query = parse_qs(urlsplit(asked).query)
    assert asked.startswith("/zwgk/site/label/8888?")
    names = ("siteId", "organId", "type", "catId", "pageSize", "file")
    assert [query[name][0] for name in names] == ["678", "6596001", "4", "77", "20", "/xxgk/list_2024"]


def test_a_page_that_does_not_say_whose_list_it_is_fails() -> None:
    _, ends = Site({START: html("<p>none</p>")}).walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "the page names no site or organ")]
