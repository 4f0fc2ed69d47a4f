from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.families.base import OTHER_COLUMN, ListEnd, ListRequest, RowPage, Start
from scraper.families.hanweb_xxgk import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import HOST, Site, html, paths, title

SHELL = "/col/col1500/index.html?number=A0012"
SEARCH = "/module/xxgk/search.jsp"
TREE = "/module/xxgk/tree.jsp"
ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp"
PAGE = html(
    f'<iframe src="{TREE}?area=002480001"></iframe><script>loadDynamic(\'{SEARCH}?divid=div1500'
    "&infotypeId=A0012&jdid=3001&area=002480001&sortfield=createdatetime:0', 'div1500')</script>"
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("xxgk-a", tmp_path_factory.mktemp("xxgk")) as running:
        yield running


def line(number: int, column: int = 1500, name: str | None = None) -> str:
    name = name or title(number)
    url = f"/art/2025/1/7/art_{column}_{number}.html"
    link = f'<a class="bt_link" href="{url}" mc="{name}" rq="2025-01-08">x</a>'
    return f'<tr class="tr_main_value_odd"><td>{number}</td><td>{link}</td></tr>'


def fragment(lines: list[str], pages: int | None) -> str:
    head = f'<tr><td class="tb_title">共<b>{pages}</b>页</td></tr>' if pages else ""
    return f"<table>{head}{''.join(lines)}</table>"


def searched(pages: list[list[str]]) -> Site:
    """The search; beyond the end the last page comes again."""

    def answer(request: ListRequest) -> str | None:
        if request.method == "GET":
            return PAGE if request.url.endswith(SHELL) else None
        form = parse_qs((request.content or b"").decode())
        return fragment(pages[min(int(form["currpage"][0]), len(pages)) - 1], len(pages))

    return Site(answer)


def test_the_whole_area_is_read_and_only_the_column_is_kept(host: FarmHost, data_dir: Path) -> None:
    report = host.run(data_dir / "first")
    assert report.rows_skipped[OTHER_COLUMN] == 5
    shell, *searches = host.lists()
    assert len(searches) == host.pages()
    assert [parse_qs(urlsplit(target).query)["currpage"] for target in searches] == [
        [str(number)] for number in range(1, host.pages() + 1)
    ]
    assert all(target.startswith(f"POST {SEARCH}?") for target in searches)
    assert not any("/art_12294900" in target for target in host.asked()), "a row of another column was asked"
    assert_exact(host, data_dir, [shell, *searches])


def test_the_search_does_not_need_get(host: FarmHost, data_dir: Path) -> None:
    host.farm.add_fault("xxgk-a", "xxgk_get", "405")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert not report.is_failed
    assert found_in(data_dir) == host.titles


@pytest.mark.parametrize("form", ["page", "fragment"])
def test_where_the_search_fails_bodies_and_years_are_asked(host: FarmHost, data_dir: Path, form: str) -> None:
    host.farm.add_fault("xxgk-a", "status", "404", path=SEARCH)
    host.farm.add_fault("xxgk-a", "annual_jsp", form)
    report = host.run(data_dir)
    found = found_in(data_dir)
    host.farm.clear_faults()
    reports = [entry for entry in host.truth["reports"] if entry["state"] == "live"]
    assert "first page: gone" in report.failed_lists[host.truth["start"][0]]
    assert sorted(found.values(), key=str) == sorted(entry["title"] for entry in reports)
    assert (set(found) == set(host.titles)) == (form == "fragment")
    years = {parse_qs(urlsplit(target).query)["fbtime"][0] for target in host.asked() if ANNUAL in target}
    assert {"2022", "2023", "2024", "2025"} <= years


def test_the_form_repeats_what_the_page_says() -> None:
    site = searched([[line(1)]])
    site.walk(walk, SHELL)
    form = {k: v[0] for k, v in parse_qs((site.requests[1].content or b"").decode()).items()}
    expected = {
        "infotypeId": "A0012", "jdid": "3001", "area": "002480001", "divid": "div1500", "currpage": "1",
        "sortfield": "createdatetime:0",
    }  # fmt: skip
    assert expected.items() <= form.items()


def test_full_title_and_date_stand_in_attributes() -> None:
    found, _ = searched([[line(1)]]).walk(walk, SHELL)
    (row,) = found[0].rows
    assert (row.title, row.date) == (title(1), "2025-01-08")


def test_pages_of_other_columns_do_not_end_a_list() -> None:
    other = [line(n, 1499, "关于公示的通知") for n in range(10, 14)]
    site = searched([[line(1), other[0]], other[1:3], [other[3]], [line(2)]])
    found, ends = site.walk(walk, SHELL)
    assert paths(found) == ["/art/2025/1/7/art_1500_1.html", "/art/2025/1/7/art_1500_2.html"]
    assert {row.reason for page in found for row in page.skipped} == {OTHER_COLUMN}
    assert len(site.asked) == 5
    assert ends[0].reason == "end_of_list"


def test_without_a_page_count_a_page_that_comes_again_is_the_end() -> None:
    pages = [[line(1)], [line(2)]]

    def answer(request: ListRequest) -> str | None:
        if request.method == "GET":
            return PAGE
        number = int(parse_qs((request.content or b"").decode())["currpage"][0])
        return fragment(pages[min(number, 2) - 1], None)

    site = Site(answer)
    found, ends = site.walk(walk, SHELL)
    assert len(site.asked) == 4
    assert len(set(paths(found))) == 2
    assert ends[0].reason == "no_new_urls"


def test_parameters_the_page_leaves_out_follow_from_its_address() -> None:
    page = html(f'<iframe src="{TREE}?area=0148"></iframe><script>var jdid = 12; x("/module/xxgk/")</script>')
    site = Site(lambda request: page if request.method == "GET" else fragment([line(1)], 1))
    site.walk(walk, SHELL)
    form = {k: v[0] for k, v in parse_qs((site.requests[1].content or b"").decode()).items()}
    assert (form["infotypeId"], form["jdid"], form["area"], form["divid"]) == (
        "A0012",
        "12",
        "0148",
        "div1500",
    )


def test_a_body_is_asked_back_to_two_years_without_a_report() -> None:
    online = {"2024", "2023", "2021"}

    def answer(request: ListRequest) -> str | None:
        parts = urlsplit(request.url)
        if parts.path == TREE:
            return '<a href="x?area=01">a</a>'
        if parts.path == ANNUAL:
            query = parse_qs(parts.query)
            year = query["fbtime"][0]
            if query["area"] != ["01"] or year not in online:
                return None
            return html(f'<meta name="ArticleTitle" content="云溪区第1局{year}年政府信息公开工作年度报告">')
        return PAGE if request.method == "GET" else None

    site = Site(answer)
    start = Start(HOST + SHELL, site.ask, lambda page: None, frozenset({"portal.example"}), (2008, 2025))
    items = list(walk(start))
    asked = [parse_qs(urlsplit(target).query) for target in site.asked if target.startswith(ANNUAL)]
    assert [query["fbtime"][0] for query in asked if query["area"] == ["01"]] == [
        "2025", "2024", "2023", "2022", "2021", "2020", "2019",
    ]  # fmt: skip
    assert [query["fbtime"][0] for query in asked if query["area"] != ["01"]] == ["2025", "2024"]
    found = [row.url.rpartition("=")[2] for item in items if isinstance(item, RowPage) for row in item.rows]
    assert found == ["2024", "2023", "2021"]
    ends = [(item.reason, item.children) for item in items if isinstance(item, ListEnd)]
    assert ends == [("failed", 2), ("end_of_list", 0), ("end_of_list", 0)]


def test_a_body_whose_newest_report_is_known_is_left_at_that() -> None:
    def answer(request: ListRequest) -> str | None:
        if ANNUAL in request.url:
            return html(f'<meta name="ArticleTitle" content="{title(1)}">')
        return PAGE if request.method == "GET" and TREE not in request.url else None

    site = Site(answer)
    start = Start(
        HOST + SHELL, site.ask, lambda page: "all_known", frozenset({"portal.example"}), (2008, 2024)
    )
    ends = [item for item in walk(start) if isinstance(item, ListEnd)]
    assert sum(ANNUAL in target for target in site.asked) == 1
    assert [end.reason for end in ends] == ["failed", "all_known"]
