from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.families.base import ListPage
from scraper.families.generic import walk
from scraper.families.printed import page_total
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host
from tests.scraper.families.scripted import Site, html, items, paths, title

START = "/news/list1.html"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("generic-a", tmp_path_factory.mktemp("generic")) as running:
        yield running


def test_the_list_in_the_frame_is_read_to_its_end(host: FarmHost, data_dir: Path) -> None:
    lists = [f"/news/list{number}.html" for number in range(1, host.pages() + 1)]
    assert len(lists) == 3
    assert_exact(host, data_dir, ["/news/index.html", *lists])


def page(number: int, further: str = "") -> str:
    return html(items({f"{1000 + number}.html": number}) + further)


@pytest.mark.parametrize(
    "further",
    [
        '<a href="list2.html">下一页</a>',
        '共2页 <a href="list2.html">下页&gt;&gt;</a>',
        '<a href="list2.html">&gt;</a>',
        '<a rel="next" href="list2.html">older</a>',
        '<link rel="next" href="list2.html">',
        '<a href="list2.html" title="下一页"><i></i></a>',
        '<a href="list2.html"><img src="n.gif" alt="下一页"></a>',
    ],
)
def test_every_way_on_that_a_page_prints(further: str) -> None:
    site = Site({START: page(1, further), "/news/list2.html": page(2, "<a href='list2.html'>下一页</a>")})
    found, ends = site.walk(walk, START)
    assert site.asked == [START, "/news/list2.html"]
    assert paths(found) == ["/news/1001.html", "/news/1002.html"]
    assert [end.reason for end in ends] == ["end_of_list"]


@pytest.mark.parametrize(
    "further",
    [
        '<a href="javascript:go(2)">下一页</a>',
        "共3页",
        '<a href="http://other.example/list2.html">下一页</a>',
    ],
)
def test_a_list_without_a_way_on_says_that_only_the_first_screen_was_read(further: str) -> None:
    found, ends = Site({START: page(1, further)}).walk(walk, START)
    assert len(found) == 1
    assert [(end.reason, end.detail) for end in ends] == [
        ("failed", "first screen only: no way on from page 1")
    ]


@pytest.mark.parametrize(
    ("second", "reason", "detail"),
    [
        (("gone", "http_404"), "failed", "page 2 of unknown: gone http_404"),
        (("waf_block", "创宇盾"), "failed", "page 2 of unknown: waf_block 创宇盾"),
        (html("nothing"), "end_of_list", None),
    ],
)
def test_a_page_that_a_list_links_to_must_be_there(second: str, reason: str, detail: str | None) -> None:
    site = Site({START: page(1, '<a href="list2.html">下一页</a>'), "/news/list2.html": second})
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [(reason, detail)]


def test_links_beyond_the_announced_end_are_followed_and_may_lead_nowhere() -> None:
    site = Site({START: page(1, '共1页 <a href="list2.html">下一页</a>')})
    _, ends = site.walk(walk, START)
    assert site.asked == [START, "/news/list2.html"]
    assert [(end.reason, end.detail) for end in ends] == [("end_of_list", None)]


def test_a_pager_that_leads_back_ends() -> None:
    site = Site({START: page(1, '<a href="list2.html">下一页</a>'),
                 "/news/list2.html": page(2, '<a href="list1.html">下一页</a>')})  # fmt: skip
    _, ends = site.walk(walk, START)
    assert site.asked == [START, "/news/list2.html"]
    assert [end.reason for end in ends] == ["end_of_list"]


def test_links_without_a_date_count_by_title_or_by_place() -> None:
    body = f"""<div class="nav"><ul><li><a href="/news/zn.html">政府信息公开指南与目录</a></li></ul></div>
    <a href="/other/9.html">{title(1)}</a>
    <ul><li><a href="12.html">云溪区关于公开工作情况的说明</a></li><li><a href="13.html">更多</a></li>
    <li><a href="/elsewhere/14.html">云溪区关于其他工作情况的说明</a></li>
    <li><a href="2023/">云溪区2023年政府信息公开年报汇总</a></li></ul>"""
    found, _ = Site({START: html(body)}).walk(walk, START)
    assert paths(found) == ["/other/9.html", "/news/12.html"]


def test_a_counter_or_login_frame_is_not_the_list() -> None:
    frames = '<iframe src="/count.jsp"></iframe><iframe src="http://other.example/l.html"></iframe>'
    site = Site({"/x/index.html": html(f'{frames}<iframe src="l.html"></iframe>'), "/x/l.html": page(1)})
    found, _ = site.walk(walk, "/x/index.html")
    assert site.asked == ["/x/index.html", "/x/l.html"]
    assert paths(found) == ["/x/1001.html"]


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("共 12 页", 1, 12),
        ("总页数：<font>34</font>", 2, 34),
        ("<span>1/11</span>", 1, 11),
        ("<span>2/11</span>", 2, 11),
        ("<span>2/11</span>", 1, None),
        ("<span>3/12</span>", 2, 12),
        ("2025/1/15", 1, None),
        ("[01/15]", 1, None),
        ("1/3 1/4", 1, None),
        ("4/3", 4, None),
        ("<script>var x = 1/3</script>", 1, None),
        ("共0页", 1, None),
    ],
)
def test_the_printed_number_of_pages(text: str, number: int, expected: int | None) -> None:
    assert page_total(ListPage("http://a/", text, "ok", None, 0), number) == expected
