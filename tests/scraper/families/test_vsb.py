from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.families.vsb import page_address, walk
from tests.scraper.families.farmed import FarmHost, assert_exact, documents, farm_host, found_in
from tests.scraper.families.scripted import Site, html, items, paths

START = "/zwgk/xxgknb.htm"
DYNAMIC = "/zwgk/mlxxlb.jsp?urltype=tree.TreeTempUrl&wbtreeid=1034"


@pytest.fixture(scope="module", params=["vsb-a", "vsb-b"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host(request.param, tmp_path_factory.mktemp("vsb")) as running:
        yield running


def test_every_report_is_found_page_by_page(host: FarmHost, data_dir: Path) -> None:
    count = host.pages()
    assert count == 3
    static = [f"/zwgk/xxgknb/{count - number + 1}.htm" for number in range(2, count + 1)]
    dynamic = [DYNAMIC.replace("?", f"?totalpage={count}&PAGENUM={n}&") for n in range(2, count + 1)]
    assert_exact(host, data_dir, [START, *static] if host.key == "vsb-a" else [DYNAMIC, *dynamic])


def test_files_behind_the_download_servlet_are_fetched_under_their_human_name(
    host: FarmHost, data_dir: Path
) -> None:
    host.run(data_dir)
    expected = {entry["url"]: (entry["name"], entry["sha256"])
                for report in host.truth["reports"] if report["state"] == "live"
                for entry in report["attachments"]}  # fmt: skip
    files = [file for document in documents(data_dir) for file in document.attachments]
    assert expected
    assert {file.url: (file.name, file.sha256) for file in files} == expected


def test_pinned_rows_and_odd_titles_do_not_disturb_the_list(tmp_path: Path, data_dir: Path) -> None:
    with farm_host("vsb-a", tmp_path, "full") as host:
        report = host.run(data_dir, years=(2018, 2019))
        assert report.coverage == "complete"
        assert len(host.lists()) == len(set(host.lists()))
        years = {entry["url"] for entry in host.truth["reports"]
                 if entry["state"] == "live" and entry["fiscal_year"] in (2018, 2019)}  # fmt: skip
        assert years <= set(found_in(data_dir))


@pytest.mark.parametrize(
    ("url", "number", "announced", "expected"),
    [
        ("http://a.example/zbgg.htm", 2, 11, "http://a.example/zbgg/10.htm"),
        ("http://a.example/x/zbgg/2.htm", 11, 11, "http://a.example/x/zbgg/1.htm"),
        ("http://a.example/x/zbgg/10.htm", 3, 11, "http://a.example/x/zbgg/9.htm"),
        ("http://a.example/l.jsp?wbtreeid=1&urltype=t", 2, 3,
         "http://a.example/l.jsp?wbtreeid=1&urltype=t&totalpage=3&PAGENUM=2"),
        ("http://a.example/l.jsp?wbtreeid=1&totalpage=3&PAGENUM=2", 3, 3,
         "http://a.example/l.jsp?wbtreeid=1&totalpage=3&PAGENUM=3"),
        ("http://a.example/list.jsp?a200001t=3", 2, 3, None),
    ],
)  # fmt: skip
def test_addresses_are_counted_from_the_end(
    url: str, number: int, announced: int, expected: str | None
) -> None:
    assert page_address(url, number, announced) == expected


def page(number: int, count: int, link: str = "") -> str:
    further = f'<span class="p_next p_fun"><a href="{link}">下页</a></span>' if link else ""
    pager = f'<div>{further}<span class="p_t">{number}/{count}</span></div>'
    return html(items({f"/info/1034/{number}.htm": number}) + pager)


def test_links_of_further_pages_count_from_their_folder() -> None:
    site = Site(
        {"/x/nb.htm": page(1, 3, "nb/2.htm"), "/x/nb/2.htm": page(2, 3, "1.htm"), "/x/nb/1.htm": page(3, 3)}
    )
    pages, ends = site.walk(walk, "/x/nb.htm")
    assert site.asked == ["/x/nb.htm", "/x/nb/2.htm", "/x/nb/1.htm"]
    assert paths(pages) == [f"/info/1034/{number}.htm" for number in (1, 2, 3)]
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]


def test_without_a_printed_link_the_arithmetic_leads_on() -> None:
    site = Site({"/x/nb.htm": page(1, 3), "/x/nb/2.htm": page(2, 3), "/x/nb/1.htm": page(3, 3)})
    pages, ends = site.walk(walk, "/x/nb.htm")
    assert len(paths(pages)) == 3
    assert [end.reason for end in ends] == ["end_of_list"]


def test_component_parameters_are_followed_as_printed() -> None:
    start, second = "/l.jsp?wbtreeid=1", "/l.jsp?a200001t=2&a200001p=2&a200001c=10&wbtreeid=1"
    site = Site({start: page(1, 2, second.replace("&", "&amp;")), second: page(2, 2)})
    pages, _ = site.walk(walk, start)
    assert site.asked == [start, second]
    assert len(paths(pages)) == 2


def test_a_list_that_grows_while_it_is_read_is_read_again_once() -> None:
    pages = {
        "/x/nb.htm": [page(1, 2, "nb/1.htm"), page(1, 3, "nb/2.htm")],
        "/x/nb/2.htm": [page(2, 3, "1.htm")],
        "/x/nb/1.htm": [page(3, 3), page(3, 3)],
    }
    site = Site(lambda request: pages[request.url.removeprefix("http://portal.example")].pop(0))
    found, ends = site.walk(walk, "/x/nb.htm")
    assert site.asked == ["/x/nb.htm", "/x/nb/1.htm", "/x/nb.htm", "/x/nb/2.htm", "/x/nb/1.htm"]
    assert [request.is_fresh for request in site.requests] == [False, False, True, False, False]
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]
    assert len(set(paths(found))) == 3


def test_a_page_that_is_missing_before_the_end_is_a_failure() -> None:
    _, ends = Site({"/x/nb.htm": page(1, 3, "nb/2.htm")}).walk(walk, "/x/nb.htm")
    assert [(end.reason, end.detail) for end in ends] == [("failed", "page 2 of 3: gone http_404")]
