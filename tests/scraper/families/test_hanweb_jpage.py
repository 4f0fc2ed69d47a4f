from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.hanweb import article_address
from scraper.families.hanweb_jpage import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import HOST, Site, html, paths, title

COLUMN = "/col/col61001/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
PER_PAGE, GROUP = 15, 3
Server = Callable[[dict[str, int]], range]


def article(number: int) -> str:
    return f"/art/2025/1/7/art_61001_{number}.html"


def record(number: int) -> str:
    link = f'<a href="{HOST}{article(number)}" title="{title(number)}"><span>{title(number)[:9]}</span></a>'
    return f"<record><![CDATA[<li>{link}<i>2025-01-07</i></li>]]></record>"


def store(numbers: range, total: int | None = None, link: str = "") -> str:
    head = (
        f"<totalrecord>{total}</totalrecord><totalpage>{-(-total // PER_PAGE)}</totalpage>" if total else ""
    )
    group = f"<nextgroup><![CDATA[{link}]]></nextgroup>"
    return f"<datastore>{head}{group}<recordset>{''.join(map(record, numbers))}</recordset></datastore>"


def column_page(numbers: range) -> str:
    link = (
        f'<a href="{PROXY}?page=1&appid=1&webid=39&path=/&columnid=61001&unitid=247001&webname=云溪区"></a>'
    )
    call = f"perPage:{PER_PAGE}, groupSize:{GROUP}, proxyUrl:'{PROXY}', ajaxParam:{{columnid:61001}}"
    return html(
        '<div id="247001" class="default_pgContainer"></div><script type="text/xml">'
        f"{store(numbers, link=link)}</script><script>$('#247001').jpage({{{call}}});</script>"
    )


def page_from_1(asked: dict[str, int]) -> range:
    size = min(300, asked.get("perpage", PER_PAGE))
    return range((asked["page"] - 1) * size, asked["page"] * size)


def page_from_next(asked: dict[str, int]) -> range:
    return range(asked["page"] * PER_PAGE * GROUP, (asked["page"] + 1) * PER_PAGE * GROUP)


def record_window(asked: dict[str, int]) -> range:
    return range(asked["startrecord"] - 1, asked["endrecord"])


def page_of_its_own_size(asked: dict[str, int]) -> range:
    """Counts blocks of 15, whatever is asked for, and nothing at all beside a window."""
    if "startrecord" in asked:
        return range(0)
    return range((asked["page"] - 1) * PER_PAGE, asked["page"] * PER_PAGE)


def small_windows(asked: dict[str, int]) -> range:
    """Knows windows only, and no larger ones than the page's own groups."""
    first, last = asked.get("startrecord", 1), asked.get("endrecord", 0)
    return range(first - 1, last) if last - first < PER_PAGE * GROUP else range(0)


def served(server: Server, total: int) -> Site:
    def answer(request: ListRequest) -> str | None:
        parts = urlsplit(request.url)
        if parts.path == COLUMN:
            return column_page(range(min(total, PER_PAGE * GROUP)))
        query = parse_qs(parts.query)
        if (
            query.get("unitid") != ["247001"]
            or query.get("webid") != ["39"]
            or query.get("webname") != ["云溪区"]
        ):
            return store(range(0), 0)
        asked = {
            key: int(query[key][0]) for key in ("page", "startrecord", "endrecord", "perpage") if key in query
        }
        wanted = server(asked)
        return store(range(wanted.start, max(wanted.start, min(wanted.stop, total))), total)

    return Site(answer)


def windows(site: Site) -> list[tuple[str, ...]]:
    """What the service was asked for: page, first and last record, size; empty where not said."""
    names = ("page", "startrecord", "endrecord", "perpage")
    queries = [parse_qs(urlsplit(target).query) for target in site.asked if target.startswith(PROXY)]
    return [tuple(query.get(name, [""])[0] for name in names) for query in queries]


@pytest.fixture(scope="module", params=["jpage-a", "jpage-b", "jpage-c"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host(request.param, tmp_path_factory.mktemp("jpage")) as running:
        yield running


def test_every_kind_of_server_gives_all_its_rows(host: FarmHost, data_dir: Path) -> None:
    (column,) = (url.removeprefix(host.farm.base_url(host.key)) for url in host.truth["start"])
    host.run(data_dir / "first")
    (asked,) = host.lists()[1:]
    assert parse_qs(urlsplit(asked).query)["perpage"] == ["100"]
    assert_exact(host, data_dir, [column, asked])


def test_an_overworked_host_is_asked_once_more(host: FarmHost, data_dir: Path) -> None:
    host.farm.add_fault(host.key, "empty54", times=1, path="*dataproxy.jsp")
    report = host.run(data_dir)
    host.farm.clear_faults()
    first, second = host.lists()[1:]
    assert first == second
    assert report.coverage == "complete"
    assert found_in(data_dir) == host.titles


def test_a_host_that_stays_empty_is_no_empty_list(host: FarmHost, data_dir: Path) -> None:
    host.farm.add_fault(host.key, "empty54")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert len(host.lists()) == 3
    assert report.outcomes["empty_shell"] == 2
    assert "block 1: empty_shell" in next(iter(report.failed_lists.values()))
    assert report.coverage == "incomplete"


BLOCKS = [("1", "1", "100", "100"), ("2", "101", "200", "100")]
OWN_PAGES = [(str(page), "", "", "15") for page in range(1, 13)]
GROUPS = [("", str(first), str(first + 44), "15") for first in (1, 46, 91, 136)]


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (page_from_1, BLOCKS),
        (page_from_next, [*BLOCKS, ("3", "201", "300", "100")]),
        (record_window, BLOCKS),
        (page_of_its_own_size, [*BLOCKS, *OWN_PAGES]),
        (small_windows, [*BLOCKS, *OWN_PAGES[:2], *GROUPS]),
    ],
)
def test_three_passes_bring_all_178(server: Server, expected: list[tuple[str, ...]]) -> None:
    site = served(server, 178)
    found, ends = site.walk(walk, COLUMN)
    assert windows(site) == expected
    assert sorted(set(paths(found))) == sorted(article(n) for n in range(178))
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 12)]
    headers = dict(site.requests[1].headers)
    assert headers == {"X-Requested-With": "XMLHttpRequest", "Referer": HOST + COLUMN}


def test_what_no_pass_brings_is_said() -> None:
    site = served(lambda asked: range(0), 178)
    _, ends = site.walk(walk, COLUMN)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "45 of 178 rows")]
    assert len(windows(site)) == 6


def test_a_list_that_grows_while_it_is_read_is_read_again_once() -> None:
    totals = iter((178, 179))
    size = [178]

    def answer(request: ListRequest) -> str | None:
        if urlsplit(request.url).path == COLUMN:
            return column_page(range(45))
        size[0] = next(totals, size[0])
        query = parse_qs(urlsplit(request.url).query)
        first, last = int(query["startrecord"][0]), int(query["endrecord"][0])
        return store(range(first - 1, min(last, size[0])), size[0])

    site = Site(answer)
    found, ends = site.walk(walk, COLUMN)
    assert [target.split("?")[0] for target in site.asked] == [COLUMN, PROXY, PROXY, COLUMN, PROXY, PROXY]
    assert len(set(paths(found))) == 179
    assert [end.reason for end in ends] == ["end_of_list"]


@pytest.mark.parametrize(
    ("inner", "url", "date"),
    [
        (f"<li><a href='{HOST}/art/2026/1/23/art_1_2.html' title='全名'>x</a>[2026-01-23]</li>",
         "/art/2026/1/23/art_1_2.html", "2026-01-23"),
        ("<li style=<br/><li><a href='/art/2026/1/23/art_1_2.html' title='全名'>x</a> 2026-\n01-\n23</li>",
         "/art/2026/1/23/art_1_2.html", "2026-01-23"),
        ("<li><a href=\"/art%2F2026/1/3/art_1_2.html?a=1&b=2\" title=\"全名\">x</a></li>",
         "/art/2026/1/3/art_1_2.html", "2026-01-03"),
        (f"<li><a href=\"/art/2026/art_{'0a' * 16}.html\">全名<i>2026-01-23</i></a></li>",
         f"/art/2026/art_{'0a' * 16}.html", "2026-01-23"),
        ("<tr><td><a href=\"#\">›</a><a href=\"/art/2026/1/3/art_1_2.html\">全名</a></td></tr>",
         "/art/2026/1/3/art_1_2.html", "2026-01-03"),
    ],
)  # fmt: skip
def test_records_are_read_whatever_surrounds_them(inner: str, url: str, date: str) -> None:
    records = f"<recordset><record><![CDATA[{inner}]]></record></recordset>"
    text = f"<datastore><totalrecord>1</totalrecord>{records}</datastore>"
    site = Site({COLUMN: html(f'<script type="text/xml">{text}</script>')})
    found, ends = site.walk(walk, COLUMN)
    (row,) = found[0].rows
    assert (row.url.removeprefix(HOST), row.title.split(" ")[0], row.date) == (url, "全名", date)
    assert site.asked == [COLUMN]
    assert ends[0].reason == "end_of_list"


def test_a_relative_link_to_the_service_means_the_usual_one() -> None:
    link = '<a href="./dataproxy.jsp?page=5&columnid=7&unitid=8&webid=9"></a>'
    page = html(f'<script type="text/xml">{store(range(3), link=link)}</script>')
    site = Site(lambda request: page if request.url.endswith(COLUMN) else store(range(3), 3))
    site.walk(walk, COLUMN)
    (asked,) = site.asked[1:]
    query = parse_qs(urlsplit(asked).query)
    assert asked.startswith(PROXY + "?page=1&")
    assert (query["columnid"], query["unitid"], query["webid"]) == (["7"], ["8"], ["9"])


def test_two_lists_on_one_page_are_two_lists() -> None:
    stores = "".join(
        f'<script type="text/xml">{store(range(first, first + 2), 2, f"<a href=x?unitid={unit}>")}</script>'
        for first, unit in ((0, 11), (5, 12))
    )
    calls = "".join(f"$('#{u}').jpage({{perPage:15, ajaxParam:{{unitid:'{u}'}}}});" for u in (11, 12))
    site = Site({COLUMN: html(f"{stores}<script>{calls}</script>")})
    found, ends = site.walk(walk, COLUMN)
    assert paths(found) == [article(n) for n in (0, 1, 5, 6)]
    assert [end.list_url for end in ends] == [HOST + COLUMN, f"{HOST}{COLUMN}#12"]


def test_a_column_page_that_is_the_report_itself_is_its_own_row() -> None:
    head = f'<meta name="ArticleTitle" content="{title(1)}"><meta name="PubDate" content="2025-01-17 10:00">'
    site = Site({COLUMN: html(head + "<h1>x</h1>")})
    found, ends = site.walk(walk, COLUMN)
    (row,) = found[0].rows
    assert (row.url, row.title, row.date) == (HOST + COLUMN, title(1), "2025-01-17")
    assert ends[0].reason == "end_of_list"


def test_rows_without_a_service_are_a_first_screen_only() -> None:
    site = Site({COLUMN: html(f'<ul><li><a href="{article(1)}">{title(1)}</a></li></ul>')})
    found, ends = site.walk(walk, COLUMN)
    assert paths(found) == [article(1)]
    assert (ends[0].reason, ends[0].detail) == ("failed", "first screen only: the page names no data service")
    _, ends = Site({COLUMN: html("<p>none</p>")}).walk(walk, COLUMN)
    assert ends[0].reason == "failed"


def test_a_stop_rule_ends_a_list_between_two_blocks() -> None:
    site = served(page_from_1, 178)
    read: list[RowPage] = []
    start = Start(HOST + COLUMN, site.ask, lambda page: "all_known" if page.number == 2 else None,
                  frozenset({"portal.example"}))  # fmt: skip
    ends = []
    for item in walk(start):
        if isinstance(item, ListEnd):
            ends.append(item.reason)
        else:
            read.append(item)
    assert (len(read), len(windows(site)), ends) == (2, 1, ["all_known"])


def test_a_refused_service_ends_the_list_with_what_the_page_held() -> None:
    def ask(request: ListRequest) -> ListPage:
        if request.url.endswith(COLUMN):
            return ListPage(request.url, column_page(range(45)), "ok", None, 9000)
        return ListPage(request.url, "", "waf_block", "http_403", 20)

    start = Start(HOST + COLUMN, ask, lambda page: None, frozenset({"portal.example"}))
    *pages, end = walk(start)
    assert len(pages) == 1
    assert isinstance(end, ListEnd)
    assert end.detail == "block 1: waf_block http_403; 45 of unknown rows"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a/art%2f2025/1/7/art_1_2.html", "http://a/art/2025/1/7/art_1_2.html"),
        ("http://a/art/2025/1/7/art_1_2.html?a=1", "http://a/art/2025/1/7/art_1_2.html"),
        ("http://a/show.jsp?id=1&f=a%2Fb", "http://a/show.jsp?id=1&f=a%2Fb"),
    ],
)
def test_addresses_of_articles(url: str, expected: str) -> None:
    assert article_address(url) == expected
