import re
from collections.abc import Iterable

import pytest

from scraper.addresses import address_key, domain_of, host_of, is_home, origin_of, resolve_link, site_of
from scraper.attachments import find_attachments
from scraper.families import FAMILIES, detect, marks_of
from scraper.families.base import EndReason, ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.dates import read_date
from scraper.families.rows import read_rows
from scraper.families.tree import links_of, tree_of
from scraper.families.trs import ARTICLE, page_address, page_count, walk
from scraper.metadata import article_title

BASE = "http://portal.example/zwgk/xxgknb/"


def row(number: int, title: str = "") -> str:
    name = title or f"测试区第{number}局2024年政府信息公开工作年度报告"
    link = f'<a href="./202501/t20250117_{number}.html" title="{name}">{name[:8]}…</a>'
    return f"<li>{link}<span>2025-01-17</span></li>"


def list_page(numbers: Iterable[int], script: str = "") -> str:
    rows = "".join(row(number) for number in numbers)
    return (
        f"<html><head><title>年报</title></head><body><ul>{rows}</ul>{script}{'<!-- -->' * 60}</body></html>"
    )


class Site:
    """Scripted list pages by path; keeps what was asked."""

    def __init__(self, pages: dict[str, str], refuse: frozenset[str] = frozenset()) -> None:
        self.pages, self.refuse, self.asked = pages, refuse, list[str]()

    def ask(self, request: ListRequest) -> ListPage:
        path = request.url.removeprefix("http://portal.example")
        self.asked.append(path)
        if path in self.refuse:
            return ListPage(request.url, "", "waf_block", "http_403", 20)
        if path not in self.pages:
            return ListPage(request.url, "", "gone", "http_404", 20)
        text = self.pages[path]
        return ListPage(request.url, text, "ok", None, len(text))

    def walk(self, start: str = BASE, stop: EndReason | None = None) -> tuple[list[RowPage], list[ListEnd]]:
        items = list(walk(Start(start, self.ask, lambda page: stop, frozenset({"portal.example"}))))
        return [i for i in items if isinstance(i, RowPage)], [i for i in items if isinstance(i, ListEnd)]


def call(pages: int, extension: str = "html") -> str:
    return f'<script>createPageHTML({pages}, 0, "index", "{extension}");</script>'


@pytest.mark.parametrize("pages", [1, 2, 3, 7])
def test_four_arguments_count_from_zero(pages: int) -> None:
    path = "/zwgk/xxgknb/"
    site = Site({path: list_page([1], call(pages))})
    for number in range(2, pages + 1):
        site.pages[f"{path}index_{number - 1}.html"] = list_page([number], call(pages))
    found, ends = site.walk()
    assert site.asked == [path, *(f"{path}index_{number}.html" for number in range(1, pages))]
    assert [page.number for page in found] == list(range(1, pages + 1))
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", pages)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('createPageHTML(7, 0, "index", "html");', (7, "index", "html")),
        ("createPageHTML(3,0,'list','shtml')", (3, "list", "shtml")),
        ('function createPageHTML(_nPageCount, _nCurrIndex){} createPageHTML(2, 0, "index", "htm")',
         (2, "index", "htm")),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", None),
        ("createPageHTML('page_div', 9, 1, 'xxgk_list', 'shtml', 172);", None),
        ("var currentPage = 0; var countPage = 12 //", (12, "index", None)),
        ("pagination_script_config = {total: 12, size: 20}", (12, "index", None)),
        ("Pager({size:12, current:0, prefix:'index', suffix:'html'})", (12, "index", "html")),
        ("<!-- createPageHTML(9, 0, 'index', 'html') -->", None),
    ],
)  # fmt: skip
def test_every_carrier_of_the_page_count(script: str, expected: tuple[int, str, str | None] | None) -> None:
    assert page_count(f"<script>{script}</script>") == expected


def test_addresses_of_pages() -> None:
    assert page_address(BASE, 1, "index", "html") == BASE + "index.html"
    assert page_address(BASE + "index.htm", 3, "index", "htm") == BASE + "index_2.htm"


def test_a_folder_that_may_not_be_listed_has_a_named_page() -> None:
    path = "/zwgk/xxgknb/"
    pages = {
        f"{path}index.htm": list_page([1], "<script>var countPage = 2</script>"),
        f"{path}index_1.htm": list_page([2]),
    }
    site = Site(pages, frozenset({path}))
    found, ends = site.walk()
    assert site.asked == [path, f"{path}index.html", f"{path}index.htm", f"{path}index_1.htm"]
    assert [row.url[-7:] for page in found for row in page.rows] == ["_1.html", "_2.html"]
    assert ends[0].reason == "end_of_list"


def test_a_pager_without_an_extension_has_that_of_the_articles() -> None:
    path = "/zwgk/xxgknb/"
    pages = {
        path: list_page([1, 2], "<script>var countPage = 2</script>"),
        f"{path}index_1.shtml": list_page([3]),
    }
    site = Site({name: text.replace(".html", ".shtml") for name, text in pages.items()})
    found, ends = site.walk()
    assert site.asked == [path, f"{path}index_1.shtml"]
    assert [len(page.rows) for page in found] == [2, 1]
    assert ends[0].reason == "end_of_list"


def test_the_tree_below_a_column_is_walked_and_nothing_beside_it() -> None:
    path = "/zwgk/xxgknb/"
    links = '<a href="./2024nb_22001/">2024</a><a href="/zwgk/">up</a><a href="../zcwj/">beside</a>'
    site = Site({
        path: f"<html><body>{links}{'x' * 700}</body></html>",
        f"{path}2024nb_22001/": f'<html><body><a href="2024xzj/index.html">towns</a>{"x" * 700}',
        f"{path}2024nb_22001/2024xzj/index.html": list_page([1], '<a href="../../2024nb_22001/">back</a>'),
    })  # fmt: skip
    found, ends = site.walk()
    assert site.asked == list(site.pages)
    assert [end.children for end in ends] == [1, 1, 0]
    assert sum(len(page.rows) for page in found) == 1


@pytest.mark.parametrize(
    ("third", "reason", "detail"),
    [
        (None, "failed", "page 3 of 3: gone http_404"),
        ("<html><body>stub</body></html>", "failed", "page 3 of 3: stub of 30 bytes"),
        ("<html><body>" + "no link here " * 80 + "</body></html>", "failed", "page 3 of 3: no article link"),
    ],
)
def test_a_list_that_breaks_off_before_its_announced_end_failed(
    third: str | None, reason: str, detail: str
) -> None:
    path = "/zwgk/xxgknb/"
    pages = {path: list_page([1], call(3)), f"{path}index_1.html": list_page([2], call(3))}
    if third is not None:
        pages[f"{path}index_2.html"] = third
    found, ends = Site(pages).walk()
    assert len(found) == 2
    assert (ends[0].reason, ends[0].detail) == (reason, detail)


def test_a_list_without_a_page_count_follows_printed_links() -> None:
    path = "/zwgk/xxgknb/"
    pages = {
        path: list_page([1], '<a href="index_1.html">下一页</a>'),
        f"{path}index_1.html": list_page([2], '<a href="index_2.html">下一页</a>'),
    }
    found, ends = Site(pages).walk()
    assert len(found) == 2
    assert (ends[0].reason, ends[0].announced) == ("end_of_list", None)


def test_a_total_that_moves_while_paging_restarts_the_list_once() -> None:
    path = "/zwgk/xxgknb/"
    site = Site({
        path: list_page([1], call(2)),
        f"{path}index_1.html": list_page([2], call(3)),
        f"{path}index_2.html": list_page([3], call(3)),
    })  # fmt: skip
    found, ends = site.walk()
    first, second, third = path, f"{path}index_1.html", f"{path}index_2.html"
    assert site.asked == [first, second, first, second, third]
    assert (ends[0].reason, ends[0].announced) == ("end_of_list", 3)
    assert {row.url[-7:] for page in found for row in page.rows} == {"_1.html", "_2.html", "_3.html"}


def test_a_stop_rule_ends_a_list() -> None:
    site = Site({"/zwgk/xxgknb/": list_page([1], call(5))})
    _, ends = site.walk(stop="all_known")
    assert [end.reason for end in ends] == ["all_known"]


def test_a_start_page_that_fails_is_said() -> None:
    _, ends = Site({}, frozenset({"/zwgk/xxgknb/index.html"})).walk(BASE + "index.html")
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: waf_block http_403")]


def rows_of(page: str) -> list[tuple[str, str, str | None]]:
    found = read_rows(page, tree_of(page), BASE, 1, frozenset({"portal.example"}), ARTICLE)
    return [(row.url.removeprefix("http://portal.example"), row.title, row.date) for row in found.rows]


@pytest.mark.parametrize(
    ("markup", "url", "date"),
    [
        ('<li><a href="./202501/t20250117_1.html" title="全名">全…</a><span>2025-01-17</span></li>',
         "/zwgk/xxgknb/202501/t20250117_1.html", "2025-01-17"),
        ('<li><a href="../../zwdt/202501/t20250117_1.html" title="全名">x</a>2025年01月17日</li>',
         "/zwdt/202501/t20250117_1.html", "2025-01-17"),
        ('<li><a href="//portal.example/a/t20250117_1.shtml" title="全名">x</a>[01-17]</li>',
         "/a/t20250117_1.shtml", "2025-01-17"),
        ('<li><a href="javascript:;" onclick="go(\'./202605/t20260501_1.html\')" title="全名">x</a></li>',
         "/zwgk/xxgknb/202605/t20260501_1.html", "2026-05-01"),
        ('<ul><li onclick="open(\'./202605/t20260501_1.html\')"><span>全名</span><i>2026-05-01</i></li></ul>',
         "/zwgk/xxgknb/202605/t20260501_1.html", "2026-05-01"),
        ('<script>var url="./202602/t20260201_1.shtml"; var title="全名";'
         ' document.writeln("<li>"+title+" 2026-02-01</li>")'
         "</script>", "/zwgk/xxgknb/202602/t20260201_1.shtml", "2026-02-01"),
        ('<li><a href=" ./202501/\n t20250117_1.html " title="全名">x</a></li>',
         "/zwgk/xxgknb/202501/t20250117_1.html", "2025-01-17"),
        ('<li><a href="/files/abc.docx">全名</a> 2025-1-7</li>', "/files/abc.docx", "2025-01-07"),
        ('<li><a href="./show.php?id=3&amp;b=1" title="全名">x</a><i>2025/01/17</i></li>',
         "/zwgk/xxgknb/show.php?id=3&b=1", "2025-01-17"),
        ('<tr><td><a href="./t20250117_1.html">全名</a></td><td>2025-⏎01-17</td></tr>'.replace("⏎", "\n"),
         "/zwgk/xxgknb/t20250117_1.html", "2025-01-17"),
    ],
)  # fmt: skip
def test_rows_of_every_shape(markup: str, url: str, date: str) -> None:
    assert rows_of(f"<html><body>{markup}</body></html>") == [(url, "全名", date)]


def test_what_is_no_row_is_skipped_with_its_reason() -> None:
    page = """<html><body><div class="nav"><a href="./202501/t20250117_9.html">年报</a></div>
    <ul><li><a href="https://mp.weixin.qq.com/s/t20250117_1.html">2024年年报</a><i>2025-01-17</i></li>
    <li><a href="javascript:void(0)">2024年年报</a><i>2025-01-17</i></li>
    <li><a href="/about.html">关于我们</a></li><li><a href="../">上级</a> 2025-01-17</li></ul>
    </body></html>"""
    found = read_rows(page, tree_of(page), BASE, 1, frozenset({"portal.example"}), ARTICLE)
    assert found.rows == ()
    assert sorted(row.reason for row in found.skipped) == ["navigation", "no_address", "off_site"]


def test_pager_links_and_links_back_to_the_list_are_no_rows() -> None:
    name = "测试区2024年政府信息公开工作年度报告"
    links = "".join(f'<a href="index_1.html">{text}</a>' for text in ("2", "下一页", "尾页", ">>"))
    page = f"""<html><body><div>2025-01-17 {links}</div><ul><li><a href="?a=1&amp;b=2#top">{name}</a>
    2025-01-17</li></ul></body></html>"""
    assert rows_of(page) == []


def test_links_count_from_the_base_of_the_page() -> None:
    page = '<html><head><base href="/other/"></head><body><a href="t20250117_1.html">全名</a></body></html>'
    assert rows_of(page) == [("/other/t20250117_1.html", "全名", "2025-01-17")]


@pytest.mark.parametrize(
    ("text", "url", "expected"),
    [
        ("2025-13-45", "http://a/x", (None, None)),
        ("发布 2025年1月7日", "http://a/x", ("2025-01-07", "2025年1月7日")),
        ("", "http://a/art/2025/1/7/art_1.html", ("2025-01-07", None)),
        ("", "http://a/202501/x.html", (None, None)),
        ("[12-30]", "http://a/202501/t20250117_1.html", ("2025-12-30", "12-30")),
        ("2024年政府信息公开工作年度报告", "http://a/x", (None, None)),
    ],
)
def test_dates(text: str, url: str, expected: tuple[str | None, str | None]) -> None:
    assert read_date(text, url) == expected


@pytest.mark.parametrize(
    ("page", "url", "family"),
    [
        ("window._CONFIG = {SID:'759001', TREE:[]}", BASE, "gkmlpt"),
        ("proxyUrl:'/module/web/jpage/dataproxy.jsp'", BASE, "hanweb_jpage"),
        ('<script type="text/xml"><datastore>', BASE, "hanweb_jpage"),
        ("<iframe src='/module/xxgk/tree.jsp?area=002'></iframe>", BASE, "hanweb_xxgk"),
        ("url='/api-gateway/jpaas-publish-server/front'", BASE, "jpaas"),
        ("/site/label/8888?IsAjax=1", BASE, "lonsun"),
        ('"projectName":"/EWB-FRONT"', BASE, "epoint"),
        ("<html></html>", "http://a/dynamic/zwgk/govInfoPub.html?categorynum=003001001", "epoint"),
        ("NFCMS_SITE_ID='1'", BASE, "nfcms"),
        ('<a href="/zwgk/content/post_123.html">', BASE, "nfcms"),
        ('<meta name="channelid" content="0">', BASE, "ucap"),
        ("createPageHTML('page_div', 9, 1, 'xxgk_list', 'shtml', 172);", BASE, "shtml"),
        ("<html></html>", "http://a/x/xxgk_list.shtml", "shtml"),
        ('createPageHTML(7, 0, "index", "html");', BASE, "trs"),
        ('<a href="./202501/t20250117_1.html">', BASE, "trs"),
        ('<li id="line_u7_0">', BASE, "vsb"),
        ('<input name="__VIEWSTATE">', BASE, "aspnet"),
        ("<a href='1001.html'>x</a>", BASE, "generic"),
        ("window._CONFIG={SID:'1'} NFCMS_SITE_ID", BASE, "gkmlpt"),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", BASE, "generic"),
    ],
)
def test_families_are_recognised_by_their_marks(page: str, url: str, family: str) -> None:
    found = detect(page, url)
    assert found.family == family
    assert (found.mark is None) == (family == "generic")


def test_several_marks_are_all_told() -> None:
    assert marks_of("window._CONFIG={SID:'1'} NFCMS_SITE_ID", BASE) == {"gkmlpt", "nfcms"}
    assert "trs" in FAMILIES


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("./a.html#x", "http://portal.example/zwgk/xxgknb/a.html"),
        ("../../../a b.html", "http://portal.example/a%20b.html"),
        ("\n /annual re\n\tport.pdf\r\n", "http://portal.example/annual%20report.pdf"),
        ("/年报.html", "http://portal.example/%E5%B9%B4%E6%8A%A5.html"),
        ("/%E5%B9%B4.html", "http://portal.example/%E5%B9%B4.html"),
        ("HTTP://Portal.Example:80/A", "http://portal.example/A"),
        ("/a;jsessionid=1F?b=1", "http://portal.example/a?b=1"),
        ("https://x.example:8443", "https://x.example:8443/"),
        ("javascript:void(0)", None),
        ("mailto:a@b", None),
        ("#top", None),
        ("http://[bad", None),
        ("http://a:99999/", None),
        ("ftp://a/", None),
        ("", None),
    ],
)
def test_links_become_addresses(link: str, expected: str | None) -> None:
    assert resolve_link(BASE, link) == expected


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.hunan.gov.cn", "hunan.gov.cn"),
        ("searching.hunan.gov.cn:8443", "hunan.gov.cn"),
        ("a.parked.com.cn", "parked.com.cn"),
        ("www.bureau.cn", "bureau.cn"),
        ("a.b.bureau.org", "bureau.org"),
        ("localhost", "localhost"),
        ("10.0.0.8:80", "10.0.0.8"),
        ("[::1]:80", "::1"),
    ],
)
def test_what_one_owner_has_of_a_host_name(host: str, domain: str) -> None:
    assert domain_of(f"http://{host}/x") == domain


def test_two_addresses_of_one_page_have_one_key() -> None:
    same = [
        "http://www.a.example/x?b=1",
        "https://a.example/x?b=1",
        "http://a.example:80/x?b=1&utm_source=q",
        "http://a.example/x?_=0.5&b=1",
    ]
    assert len({address_key(url) for url in same}) == 1
    assert address_key("http://a.example:8080/x") != address_key("http://a.example/x")
    assert address_key("http://a.example/x?b=2") != address_key(same[0])
    assert (site_of("http://www.a.example/"), host_of("https://a.example/")) == ("a.example", "a.example:443")
    assert (host_of("http://[::1]/"), origin_of("http://[::1]:9/x")) == ("[::1]:80", "http://[::1]:9")
    assert is_home("http://a/")
    assert is_home("http://a/index.html")
    assert not is_home("http://a/x/index.html")


def test_attachments_of_a_report_page() -> None:
    page = r"""<body><p class="insertfileTag"><a href="./P020250117000000000001.docx" title="年报.docx">
    点击下载</a></p>
    <script>var file_appendix='<a href=\"./P020250117000000000002.pdf\">附件二.pdf</a>';</script>
    <a href="/module/download/downfile.jsp?classid=0&amp;filename=0a.pdf">附件三</a>
    <img src="./W020250117000000000003.png" alt="表2"><img src="/images/logo.png">
    <a href="./P020250117000000000001.docx">again</a><a href="/a.html">no</a></body>"""
    found = find_attachments(page, BASE + "202501/t20250117_1.html")
    assert [(url.rpartition("/")[2], name) for url, name in found] == [
        ("P020250117000000000001.docx", "年报.docx"),
        ("P020250117000000000002.pdf", "附件二.pdf"),
        ("downfile.jsp?classid=0&filename=0a.pdf", "附件三"),
        ("W020250117000000000003.png", "表2"),
    ]


def test_the_full_title_of_a_page() -> None:
    assert article_title("<META CONTENT='全 名' Name=\"ArticleTitle\"><h1>x</h1>") == "全 名"
    assert article_title("<h1> 全<br>名 </h1>") == "全名"
    assert article_title("<p>none</p>") is None
    assert article_title("<h1>\x1b[31m红\u202e色&#27;[0m</h1>") == "[31m红 色[0m"
    assert re.fullmatch("x{300}", article_title(f"<meta name=ArticleTitle content={'x' * 900}>") or "")


def test_a_list_page_is_a_tree_whatever_stands_in_it() -> None:
    for text in ("", " ", "<!-- -->", "<?xml version='1.0' encoding='gbk'?>", "\x00", "\ud800", '{"a": 1}'):
        assert list(tree_of(text).iter("a")) == []
    behind = tree_of("<html><body>x</body></html><a href='list2.html'>下一页</a>")
    assert [link for _, link in links_of(behind, BASE)] == [resolve_link(BASE, "list2.html")]
    deep = "<div>" * 100_000 + "<a href=x>y</a>"
    assert len(list(tree_of(deep).iter("div"))) < 100_000
