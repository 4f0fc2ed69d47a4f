import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from scraper.families import detect
from scraper.families.base import ListPage, ListRequest
from scraper.families.shtml import Pager, page_address, read_pager, walk
from scraper.ledger import Ledger
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host
from tests.scraper.families.scripted import HOST, Site, html, items, paths, title

FOLDER = "/xxgk/zfxxgknb/"
LIST = FOLDER + "xxgk_list.shtml"
SERVICE = "/szinf/interfacesWebManu/loadDataByChannelIdAndDeptIdBackSort"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("shtml-a", tmp_path_factory.mktemp("shtml")) as running:
        yield running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("shtml-b", tmp_path_factory.mktemp("shtml")) as running:
        yield running


def article(number: int) -> str:
    return f"/x/xxgk/202501/{number:032x}.shtml"


def listing(numbers: range, script: str) -> str:
    return html(items({article(n): n for n in numbers}) + f"<script>{script}</script>")


def call(pages: int, current: int, total: int) -> str:
    return f"createPageHTML('page_div', {pages}, {current}, 'xxgk_list', 'shtml', {total});"


def test_the_shell_its_list_and_every_page_are_read(printed: FarmHost, data_dir: Path) -> None:
    pages = [f"{FOLDER}xxgk_list_{number}.shtml" for number in range(2, printed.pages() + 1)]
    assert len(pages) == 2
    assert_exact(printed, data_dir, ["/xxgk/xxgk_lists.shtml", LIST, *pages])


def test_a_total_that_moves_is_read_again_once(printed: FarmHost, data_dir: Path) -> None:
    fault = printed.farm.add_fault("shtml-a", "total_moves", "1")
    report = printed.run(data_dir)
    printed.farm.faults.remove(fault)
    assert not report.is_failed
    assert [target.rpartition("/")[2] for target in printed.lists()] == [
        "xxgk_lists.shtml", "xxgk_list.shtml", "xxgk_list_2.shtml",
        "xxgk_list.shtml", "xxgk_list_2.shtml", "xxgk_list_3.shtml",
    ]  # fmt: skip


def test_the_service_is_posted_to_page_by_page(served: FarmHost, data_dir: Path) -> None:
    assert_exact(served, data_dir, [LIST, *[f"POST {SERVICE}"] * served.pages()])
    served.run(data_dir / "anew")
    forms = [entry["form"] for entry in served.farm.log("shtml-b") if entry["method"] == "POST"]
    assert [form["pageIndex"] for form in forms] == [str(n) for n in range(1, served.pages() + 1)]


def test_posted_answers_are_told_apart_and_an_unchanged_one_is_a_revisit(
    served: FarmHost, data_dir: Path
) -> None:
    served.run(data_dir)
    served.run(data_dir)
    ledger = Ledger(data_dir, read_only=True)
    known = [row["url"] for row in ledger.all("SELECT url FROM list_pages WHERE url LIKE '% POST %'")]
    kinds = [row["record"] for row in ledger.all(f"SELECT record FROM fetches WHERE url LIKE '%{SERVICE}'")]
    ledger.close()
    assert len(set(known)) == served.pages()
    assert all(SERVICE in key and len(key.rpartition(" ")[2]) == 64 for key in known)
    assert kinds == ["response"] * served.pages() + ["revisit"] * 2  # two known pages in a row end a list


@pytest.mark.parametrize("pages", [1, 2, 3, 7])
def test_six_arguments_count_from_one(pages: int) -> None:
    total = pages * 2 - 1
    site = Site({LIST: listing(range(min(2, total)), call(pages, 1, total))})
    for number in range(2, pages + 1):
        rows = range(2 * number - 2, min(2 * number, total))
        site._pages[f"{FOLDER}xxgk_list_{number}.shtml"] = listing(rows, call(pages, number, total))  # type: ignore[index]
    found, ends = site.walk(walk, LIST)
    assert site.asked == [LIST, *(f"{FOLDER}xxgk_list_{number}.shtml" for number in range(2, pages + 1))]
    assert paths(found) == [article(n) for n in range(total)]
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", pages)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (call(9, 1, 172), Pager(9, "xxgk_list", "shtml", 172)),
        ('createPageHTML("d",4,1,"index","html","70")', Pager(4, "index", "html", 70)),
        ("function createPageHTML(id, _nPageCount, _nCurrIndex, _sName, _sExt, _nTotal){}", None),
        ('createPageHTML(4, 0, "index", "shtml");', None),
        (f"<!-- {call(9, 1, 172)} -->", None),
        (f"function createPageHTML(a,b,c,d,e,f){{}} {call(1, 1, 0)}", Pager(1, "xxgk_list", "shtml", 0)),
        ("nsetpage(1, 172, 20, 'x')", Pager(9, "xxgk_list", "shtml", 172)),
    ],
)
def test_what_the_pager_says(script: str, expected: Pager | None) -> None:
    assert read_pager(ListPage(HOST + LIST, script, "ok", None, 1000)) == expected


def test_addresses_of_pages() -> None:
    pager = Pager(4, "index", "shtml", 70)
    assert page_address(HOST + FOLDER, 1, pager) == HOST + FOLDER
    assert page_address(HOST + LIST, 4, pager) == HOST + FOLDER + "index_4.shtml"


def test_rows_that_are_missing_are_said() -> None:
    site = Site({
        LIST: listing(range(3), call(2, 1, 8)),
        f"{FOLDER}xxgk_list_2.shtml": listing(range(3, 6), call(2, 2, 8)),
    })  # fmt: skip
    _, ends = site.walk(walk, LIST)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "6 of 8 rows")]


def test_rows_pinned_to_every_page_are_no_missing_rows() -> None:
    site = Site({
        LIST: listing(range(3), call(2, 1, 6)),
        f"{FOLDER}xxgk_list_2.shtml": html(
            items({article(n): n for n in (0, 3, 4)}) + f"<script>{call(2, 2, 6)}</script>"
        ),
    })  # fmt: skip
    found, ends = site.walk(walk, LIST)
    assert ends[0].reason == "end_of_list"
    assert len(set(paths(found))) == 5


def test_a_page_that_repeats_the_first_hides_rows() -> None:
    script = call(3, 1, 6)
    site = Site({
        LIST: listing(range(2), script),
        f"{FOLDER}xxgk_list_2.shtml": listing(range(2), script),
        f"{FOLDER}xxgk_list_3.shtml": listing(range(2), script),
    })  # fmt: skip
    _, ends = site.walk(walk, LIST)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "2 of 6 rows")]
    assert site.asked == [LIST, f"{FOLDER}xxgk_list_2.shtml"]


@pytest.mark.parametrize("answer", [("gone", "http_404"), ("server_error", "http_502")])
def test_a_page_within_the_range_that_fails_is_said(answer: tuple[str, str]) -> None:
    site = Site({LIST: listing(range(2), call(2, 1, 4)), f"{FOLDER}xxgk_list_2.shtml": answer})
    _, ends = site.walk(walk, LIST)
    assert ends[0].reason == "failed"
    assert ends[0].detail == f"page 2 of 2: {answer[0]} {answer[1]}; 2 of 4 rows"


def test_a_shell_leads_to_the_lists_below_it_only() -> None:
    links = f'<a href="{LIST}">年报</a><a href="/other/xxgk_list.shtml">x</a><a href="xxgk_navs.shtml">y</a>'
    site = Site({"/xxgk/xxgk_lists.shtml": html(links), LIST: listing(range(1), call(1, 1, 1))})
    found, ends = site.walk(walk, "/xxgk/xxgk_lists.shtml")
    assert site.asked == ["/xxgk/xxgk_lists.shtml", LIST]
    assert [(end.reason, end.children) for end in ends] == [("end_of_list", 1), ("end_of_list", 0)]
    assert [row.title for page in found for row in page.rows] == [title(0)]


def test_the_dialect_that_counts_records_and_size() -> None:
    script = "nsetpage(1, 5, 2, 'page')"
    site = Site({
        "/nb/index.html": listing(range(2), script),
        "/nb/index_2.html": listing(range(2, 4), script),
        "/nb/index_3.html": listing(range(4, 5), script),
    })  # fmt: skip
    found, ends = site.walk(walk, "/nb/index.html")
    assert list(dict.fromkeys(site.asked)) == ["/nb/index.html", "/nb/index_2.html", "/nb/index_3.html"]
    assert len(paths(found)) == 5
    assert ends[0].reason == "end_of_list"


def test_the_article_service() -> None:
    shell = html(
        "<script>var deptid = '41'; $.post('/articleCommonController/lists.do', {pagesize: 2});</script>"
    )

    def answer(request: ListRequest) -> str:
        if request.method == "GET":
            return shell
        form = parse_qs((request.content or b"").decode())
        assert form["deptid"] == ["41"]
        first = 2 * int(form["page"][0]) - 2
        rows = [
            {"title": title(n), "domain": HOST, "path": article(n), "releaseTime": "2025-01-17 10:00"}
            for n in range(first, min(first + 2, 3))
        ]
        return json.dumps({"value": {"total": 3, "list": rows}})

    site = Site(answer)
    found, ends = site.walk(walk, "/xxgk/index.html")
    assert site.asked == ["/xxgk/index.html", *["POST /articleCommonController/lists.do"] * 2]
    assert paths(found) == [article(n) for n in range(3)]
    assert {row.date for page in found for row in page.rows} == {"2025-01-17"}
    assert ends[0].reason == "end_of_list"


@pytest.mark.parametrize(
    "told",
    ["<script>var pagesize = 2;</script>", "<input id='pagesize' type='hidden' value='2'>"],
)
def test_the_article_service_is_asked_with_the_page_size_of_script_or_form(told: str) -> None:
    shell = html(f"{told}<script>$.post('/articleCommonController/lists.do')</script>")
    asked: list[str] = []

    def answer(request: ListRequest) -> str:
        if request.method == "GET":
            return shell
        asked.extend(parse_qs((request.content or b"").decode())["pagesize"])
        return json.dumps({"value": {"total": 1, "list": [{"title": title(1), "link": article(1)}]}})

    found, _ = Site(answer).walk(walk, "/xxgk/index.html")
    assert (asked, paths(found)) == (["2"], [article(1)])


@pytest.mark.parametrize(
    "page",
    [
        f"var channelId = '80001'; $.post('{SERVICE}', {{channelId: channelId}})",
        "$.post('/articleCommonController/lists.do')",
        "nsetpage(1, 172, 20, 'x')",
    ],
)
def test_the_dialects_are_recognised_before_the_marks_of_others(page: str) -> None:
    assert detect(page, HOST + "/nb/index.html").family == "shtml"


def test_an_answer_that_is_no_list_fails() -> None:
    shell = html(f"<script>$.post('{SERVICE}', {{channelId: 'a1', pageSize: 5}})</script>")
    site = Site(lambda request: shell if request.method == "GET" else '{"code": 0, "data": null}')
    _, ends = site.walk(walk, LIST)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: not the answer of a list")]
