from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from scraper.families.aspnet import onward, total, walk
from scraper.families.base import ListPage, ListRequest
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import HOST, Answer, Site, html, items, paths

GET = "/InfoPublic.aspx?cid=1001&pid=900&page=1"
POSTBACK = "/List.aspx"


@pytest.fixture(scope="module", params=["asp-a", "asp-b"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host(request.param, tmp_path_factory.mktemp("aspnet")) as running:
        yield running


def test_every_report_is_found_page_by_page(host: FarmHost, data_dir: Path) -> None:
    further = range(2, host.pages() + 1)
    assert len(further) == 2
    by_address = [GET, *(f"/InfoPublic.aspx?cid=1001&pid=900&page={number}&kw=" for number in further)]
    by_form = [POSTBACK, *(f"POST {POSTBACK}" for _ in further)]
    expected = by_address if host.key == "asp-a" else by_form
    if host.key == "asp-a":
        assert_exact(host, data_dir, expected)
        return
    for family in (None, "auto"):
        report = host.run(data_dir / str(family), family)
        assert (report.is_failed, found_in(data_dir / str(family))) == (False, host.titles)
        assert host.lists() == expected
        assert host.run(data_dir / str(family), family).new == 0
        assert not any("Show" in target for target in host.asked())


def test_postbacks_are_archived_apart_and_each_state_is_sent_once(tmp_path: Path, data_dir: Path) -> None:
    with farm_host("asp-b", tmp_path) as host:
        host.run(data_dir)
        forms = [entry["form"] for entry in host.farm.log("asp-b") if entry["method"] == "POST"]
        assert [form["__EVENTARGUMENT"] for form in forms] == ["2", "3"]
        assert [form["AspNetPager1_input"] for form in forms] == ["2", "3"]
        assert len({form["__VIEWSTATE"] for form in forms}) == 2
        posts = [entry for entry in host.farm.log("asp-b") if entry["path"] == POSTBACK]
        assert len({entry["conn"] for entry in posts}) == 1
        assert max(entry["in_flight"] for entry in posts) == 1


def test_a_broken_chain_is_begun_anew_once(tmp_path: Path, data_dir: Path) -> None:
    with farm_host("asp-b", tmp_path) as host:
        host.farm.add_fault("asp-b", "status", "500", path=POSTBACK, probability=1.0, times=0)
        fault = host.farm.add_fault("asp-b", "reset", "", path=POSTBACK, times=1)
        report = host.run(data_dir)
        host.farm.faults.remove(fault)
        assert not report.failed_lists
        assert found_in(data_dir) == host.titles


def test_a_chain_that_breaks_for_good_is_an_incomplete_list(tmp_path: Path, data_dir: Path) -> None:
    site = Site(lambda request: ("server_error", "http_500") if request.method == "POST" else forms(1, 3))
    pages, ends = site.walk(walk, POSTBACK)
    assert site.asked == [POSTBACK, f"POST {POSTBACK}", POSTBACK, f"POST {POSTBACK}"]
    assert [request.is_fresh for request in site.requests] == [False, False, True, False]
    assert [end.reason for end in ends] == ["failed"]
    assert {page.number for page in pages} == {1}


def row(number: int) -> str:
    return items({f"Show.aspx?id={number}": number})


def link(name: str, target: str, argument: str) -> str:
    return f"<a href=\"javascript:__doPostBack('{target}','{argument}')\">{name}</a>"


def forms(number: int, count: int, extra: str = "", pager: str | None = None) -> str:
    numbers = "".join(link(str(n), "AspNetPager1", str(n)) for n in range(1, count + 1) if n != number)
    hidden = f'<input type="hidden" name="__VIEWSTATE" value="/wE+P{number}=" />'
    return html(
        f'<form method="post" action="List.aspx">{hidden}<input name="AspNetPager1_input" value="{number}"/>'
        f'<input type="submit" name="go" value="查询"/>{row(number)}'
        f"{numbers if pager is None else pager}{extra}</form>"
    )


def chain(count: int, make: Callable[[int, int], str] = forms) -> Callable[[ListRequest], Answer | None]:
    def answer(request: ListRequest) -> Answer | None:
        if request.method == "GET":
            return make(1, count)
        sent = {name: values[0] for name, values in parse_qs((request.content or b"").decode()).items()}
        number = int(sent["__EVENTARGUMENT"])
        if sent["__VIEWSTATE"] != f"/wE+P{number - 1}=":
            return ("server_error", "http_500")
        return make(number, count)

    return answer


def test_the_fields_of_each_answer_belong_to_the_next_request() -> None:
    site = Site(chain(4))
    pages, ends = site.walk(walk, POSTBACK)
    assert site.asked == [POSTBACK, *[f"POST {POSTBACK}"] * 3]
    assert paths(pages) == [f"/Show.aspx?id={number}" for number in (1, 2, 3, 4)]
    sent = parse_qs((site.requests[1].content or b"").decode())
    assert sent == {
        "__VIEWSTATE": ["/wE+P1="], "AspNetPager1_input": ["2"], "__EVENTTARGET": ["AspNetPager1"],
        "__EVENTARGUMENT": ["2"],
    }  # fmt: skip
    assert [end.reason for end in ends] == ["end_of_list"]


def test_a_window_of_numbers_with_the_total_in_words_is_read_to_the_end() -> None:
    def make(number: int, count: int) -> str:
        shown = [n for n in (number - 1, number + 1) if 1 <= n <= count]
        pager = "".join(link(str(n), "MoreInfoList1$Pager", str(n)) for n in shown)
        return forms(number, count, f'<td id="MoreInfoList1_Pager">总页数：<font>{count}</font></td>', pager)

    pages, ends = Site(chain(4, make)).walk(walk, POSTBACK)
    assert len(paths(pages)) == 4
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 4)]


def test_the_choices_of_a_form_are_sent_as_they_stand() -> None:
    years = '<select name="year"><option value="0">全部</option><option selected>2024</option></select>'
    kinds = '<select name="kind"><option value="a">甲</option></select><input type="checkbox" name="c"/>'
    choices = years + kinds
    request = onward(ListPage(HOST + POSTBACK, forms(1, 2, choices), "ok", None, 0), 1, None)
    assert request is not None
    sent = parse_qs((request.content or b"").decode())
    assert (sent["year"], sent["kind"]) == (["2024"], ["a"])
    assert not {"c", "go"} & set(sent)


def test_a_calendar_is_no_pager_and_a_grid_is_one() -> None:
    calendar = forms(1, 1, link("17", "Calendar1", "8767"), "")
    assert onward(ListPage(HOST + POSTBACK, calendar, "ok", None, 0), 1, None) is None
    grid = forms(1, 1, link("2", "GridView1", "Page$2"), "")
    request = onward(ListPage(HOST + POSTBACK, grid, "ok", None, 0), 1, None)
    assert request is not None
    assert parse_qs((request.content or b"").decode())["__EVENTARGUMENT"] == ["Page$2"]
    button = forms(1, 1, link("下一页", "lnkNext", ""), "")
    request = onward(ListPage(HOST + POSTBACK, button, "ok", None, 0), 1, None)
    assert request is not None
    assert parse_qs((request.content or b"").decode())["__EVENTTARGET"] == ["lnkNext"]


def test_a_stored_first_page_is_asked_for_afresh_before_its_form_is_sent() -> None:
    first = True

    def answer(request: ListRequest) -> Answer | None:
        return chain(2)(request)

    site = Site(answer)
    asked = site.ask

    def ask(request: ListRequest) -> ListPage:
        nonlocal first
        page = asked(request)
        outcome, first = ("not_modified" if first else "ok"), False
        return page._replace(outcome=outcome)

    site.ask = ask  # type: ignore[method-assign]
    site.walk(walk, POSTBACK)
    assert [request.is_fresh for request in site.requests] == [False, True, False]


def numbered(number: int, shown: list[int], last: int | None = None) -> str:
    links = "".join(f'<a href="?cid=1&pid=9&page={n}&kw=">{n}</a>' for n in shown)
    end = f'<a href="?cid=1&pid=9&page={last}&kw=">末页</a>' if last else ""
    return html(f'{row(number)}<div class="pages">{links}{end}</div><a href="Other.aspx?page=2">2</a>')


@pytest.mark.parametrize("shown", [[1, 2, 3], [2], []])
def test_numbers_in_addresses_lead_to_the_last_page(shown: list[int]) -> None:
    pages = {f"/I.aspx?cid=1&pid=9&page={n}&kw=": numbered(n, shown, 3) for n in (2, 3)}
    site = Site({"/I.aspx?cid=1&pid=9": numbered(1, shown, 3), **pages})
    found, ends = site.walk(walk, "/I.aspx?cid=1&pid=9")
    assert len(paths(found)) == 3
    assert len(site.asked) == 3
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]


def test_other_parameters_must_not_change() -> None:
    page = html(f'{row(1)}<a href="?cid=2&page=2">2</a><a href="?cid=1&page=x">2</a>')
    assert onward(ListPage(HOST + "/I.aspx?cid=1", page, "ok", None, 0), 1, None) is None
    assert total(ListPage(HOST + "/I.aspx?cid=1", page, "ok", None, 0), 1) is None


def test_the_form_is_never_sent_to_another_site() -> None:
    page = forms(1, 2).replace('action="List.aspx"', 'action="http://other.example/List.aspx"')
    site = Site({POSTBACK: page})
    _, ends = site.walk(walk, POSTBACK)
    assert site.asked == [POSTBACK]
    assert ends[0].detail == "first screen only: no way on from page 1"
