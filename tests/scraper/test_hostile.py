"""What a portal that means ill, or is broken in an odd way, may send: the run ends and tells."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from scraper.coding import CutBodyError, decode_body
from scraper.crawl import crawl
from scraper.families import FAMILIES
from scraper.families.rows import read_rows
from scraper.families.tree import tree_of
from scraper.guard import TooLargeError
from scraper.metadata import article_title
from scraper.politeness import retry_after_seconds
from scraper.portals import AUTO
from scraper.status import status
from scraper.stored import iter_documents
from tests.scraper.conftest import FAST, NOW, SMALL, Reply, Script, Server, file_of, portal_of
from tests.scraper.test_run_local import COLUMN, link, listing, path, report, run, site, title

Serve = Callable[[Script], Server]

ROWS = [
    "http://[::1",
    "http://portal.example:99999/202501/t20250117_9.html",
    "//",
    "///202501/t20250117_9.html",
    "javascript:alert(1)",
    "data:text/html,x",
    "&#x6a;avascript:alert(1)",
    "http://a:b@10.0.0.8/202501/t20250117_9.html",
    "http://①②⑦.0.0.1/202501/t20250117_9.html",
    "http://2130706433/202501/t20250117_9.html",
    "http://0x7f.1/202501/t20250117_9.html",
    "http://[::ffff:127.0.0.1]/202501/t20250117_9.html",
    "http://169.254.169.254/latest/t20250117_9.html",
    "file:///etc/passwd",
    "../" * 60 + "etc/passwd",
    "%",
    "%zz",
    "\ud800.html",
    "http://portal.example./202501/t20250117_9.html",
]


def test_rows_with_hostile_links_are_told_and_not_asked_for(serve: Serve, data_dir: Path) -> None:
    entries = [(row.encode("utf-8", "replace").decode(), title(9)) for row in ROWS]
    server = serve(site({COLUMN: listing((link(1), title(1)), *entries), path(1): report(1)}))
    summary = run(server, data_dir)
    assert summary.portals[0].error is None
    assert [document.url for document in iter_documents(data_dir)] == [server.url(path(1))]
    assert summary.portals[0].rows_skipped["off_site"] >= 5
    assert [asked for asked in server.paths() if "passwd" in asked or "latest" in asked] in (
        [],
        ["/etc/passwd"],
    )


@pytest.mark.parametrize("family", ["jpaas", "ucap"])
def test_halves_of_characters_in_json_are_written_as_something_else(
    serve: Serve, data_dir: Path, family: str
) -> None:
    odd = {"title": title(1) + "\ud800", "url": "/x/c1/c2\udfff/content.shtml", "publishedTimeStr": "\ud800"}
    fragment = f'<li><a href="/art/2025/art_{"0a" * 16}.html\ud800" title="{title(1)}\ud800">x</a></li>'
    answer = json.dumps(
        {
            "data": {
                "html": fragment,
                "results": [odd, {"title": "\ud800", "url": "http://[\ud800"}],
                "total": 2,
            }
        }
    )
    shell = (
        '<meta name="channelid" content="0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a">'
        '<script url="/api/jpaas-publish-server/front/page/build/unit" '
        """queryData="{'tagId':'列表'}"></script>"""
    )
    server = serve(lambda asked, headers: Reply(shell.encode() if asked == COLUMN else answer.encode()))
    summary = run(server, data_dir, settings={"family": family})
    assert summary.portals[0].error is None
    assert summary.portals[0].rows_seen >= 1


class Broken(httpx.BaseTransport):
    """A transport that fails in a way nobody expects, for one host."""

    def __init__(self, host: str) -> None:
        self._host, self._inner = host, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.netloc.decode() == self._host:
            raise ZeroDivisionError("nobody expects this")
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def test_an_error_of_ours_at_one_portal_keeps_no_other_from_being_read(serve: Serve, data_dir: Path) -> None:
    pages = {COLUMN: listing((link(1), title(1))), path(1): report(1)}
    servers = [serve(site(pages)), serve(site(pages))]
    portals = [portal_of(server, id=f"p{place}") for place, server in enumerate(servers)]
    summary = crawl(file_of(*portals), data_dir, clock=lambda: NOW, pace=FAST, limits=SMALL, most_hosts=1,
                    transport=Broken(servers[0].host))  # fmt: skip
    first, second = summary.portals
    assert (first.group, second.group) == ("failed", "changed")
    assert first.error is not None
    assert first.error.startswith("ZeroDivisionError: nobody expects this (test_hostile.py:")
    assert [portal["error"] for portal in status(data_dir).portals] == [first.error, None]
    assert summary.is_failed
    assert not summary.interrupted


def test_a_row_of_countless_entries_is_looked_at_once() -> None:
    """Looked at for every entry anew, this one would hold the crawl for minutes."""
    entries = "".join(f"<i onclick=\"go('t20240101_{n}.html')\">年报{n}</i>" for n in range(20_000))
    page = f"<html><ul><li>{entries}</li></ul></html>"
    found = read_rows(page, tree_of(page), "http://a.example/nb/", 1, {"a.example"}, re.compile("/t"))
    assert len(found.rows) == 20_000


def test_session_ids_in_links_are_one_address(serve: Serve, data_dir: Path) -> None:
    count = 0

    def script(asked: str, headers: dict[str, str]) -> Reply:
        nonlocal count
        count += 1
        if asked == COLUMN:
            return listing(
                (f"{link(1)};jsessionid={count:032X}", title(1)), (f"{link(1)}?_={count}", title(1))
            )
        return report(1) if asked.startswith(path(1)) else Reply(status=404)

    server = serve(script)
    run(server, data_dir)
    run(server, data_dir)
    assert len([asked for asked in server.paths() if asked.startswith(path(1))]) == 1
    assert len(list(iter_documents(data_dir))) == 1


def test_a_pager_with_ever_new_parameters_ends(serve: Serve, data_dir: Path) -> None:
    count = 0

    def script(asked: str, headers: dict[str, str]) -> Reply:
        nonlocal count
        count += 1
        body = (
            listing((link(1), title(1))).body + f'<a href="?page={count}&r={count * 7}">下一页</a>'.encode()
        )
        return Reply(body) if asked.startswith(COLUMN) and "t2025" not in asked else report(1)

    server = serve(script)
    for family in ("generic", "trs", "aspnet", "vsb"):
        summary = run(server, data_dir / family, settings={"family": family})
        assert len(server.paths()) < 12, family
        assert summary.portals[0].end_reasons == {"no_new_urls": 1}
        server.log.clear()


def test_titles_cannot_steer_a_terminal(serve: Serve, data_dir: Path) -> None:
    steered = title(1) + "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"
    server = serve(site({COLUMN: listing((link(1), steered)), path(1): report(1)}))
    run(server, data_dir)
    (document,) = iter_documents(data_dir)
    assert document.list_title is not None
    assert document.list_title.isprintable()


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://user:pass@10.0.0.8/",
        "http://[64:ff9b::a00:8]/",
        "//10.0.0.8/",
        "\\\\10.0.0.8\\x",
        "gopher://10.0.0.8/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_inside_is_refused_and_nothing_of_it_is_kept(
    serve: Serve, data_dir: Path, target: str
) -> None:
    moved = Reply(status=302, headers=(("Location", target),))
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): moved}))
    summary = run(server, data_dir)
    (outcome,) = summary.portals[0].failed
    assert outcome in ("refused_address", "gone")
    assert list(iter_documents(data_dir)) == []


def test_a_body_of_endless_empty_members_costs_no_time() -> None:
    with pytest.raises(CutBodyError, match="members"):
        decode_body(gzip.compress(b"") * 500_000, "gzip", None, 2**25)


def test_codings_one_upon_the_other_are_undone_within_the_limit() -> None:
    twice = gzip.compress(gzip.compress(b"x" * 1000))
    assert decode_body(twice, "gzip, gzip", "text/html", 2000) == b"x" * 1000
    with pytest.raises(TooLargeError):
        decode_body(gzip.compress(gzip.compress(b"x" * 50_000_000)), "gzip, gzip", "text/html", 2000)
    with pytest.raises(CutBodyError, match="one upon the other"):
        decode_body(b"", "gzip," * 50, "text/html", 2000)


@pytest.mark.parametrize(
    "value", ["\xb2", "9" * 400, "-5", "Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "Mon, 01 Jan 99999"]
)
def test_a_retry_after_that_says_nothing_is_none(value: str) -> None:
    assert retry_after_seconds(value, NOW) is None


def test_headings_without_an_end_are_given_up_at_once() -> None:
    assert article_title("<h1 " * 1_000_000) is None
    assert article_title("<h1>" * 1_000_000) is None


def test_numbers_and_addresses_of_pagers_may_be_anything(serve: Serve, data_dir: Path) -> None:
    tree = json.dumps([{"id": 10**30, "name": "年报", "jump_url": "http://[::1#²", "children": []}])
    odd = (
        f"<script>window._CONFIG = {{SID:'1', TREE:{tree}}};createPageHTML(9, 0, '//10.0.0.8/x', 'html');"
        "createPageHTML('a', 99999999999, 1, 'http://[', 'html', 1);</script>"
        '<a href="?page=²">2</a><a href="?page=' + "9" * 5000 + '">末页</a>'
        '<nextgroup><![CDATA[<a href="http://[::1?a=1"></a>]]></nextgroup><datastore>dataproxy.jsp?columnid=1'
        "loadDynamic('/module/xxgk/search.jsp//[?a=1')"
    )
    body = listing((link(1), title(1))).body + odd.encode()
    server = serve(lambda asked, headers: report(1) if asked.startswith(path(1)) else Reply(body))
    for family in [*FAMILIES, AUTO]:
        summary = run(server, data_dir / family, settings={"family": family})
        assert summary.portals[0].error is None, family


PAGE = "<html><head><title>{}</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (PAGE.format("403 Forbidden", "nginx " * 30), "soft_404"),
        (PAGE.format("502 Bad Gateway", "nginx " * 30), "soft_404"),
        (PAGE.format("Index of /a/", "Parent Directory a.html b.html " * 4), "soft_404"),
        (PAGE.format("Error", "The page you requested was not found on this server. " * 4), "soft_404"),
        (PAGE.format("网站迁移公告", "本网站已迁移至新平台，请更新收藏。" * 8), "soft_404"),
        (PAGE.format("通知", "因业务调整，暂停服务，敬请谅解。" * 8), "maintenance"),
        (PAGE.format("提示", "您的请求疑似攻击行为，事件编号 123456789。" * 6), "waf_block"),
    ],
)
def test_error_pages_sent_as_200_have_their_word(
    serve: Serve, data_dir: Path, body: str, outcome: str
) -> None:
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): Reply(body.encode())}))
    assert run(server, data_dir).portals[0].failed == {outcome: 1}
    assert list(iter_documents(data_dir)) == []


def test_a_page_that_says_nothing_never_replaces_a_report(serve: Serve, data_dir: Path) -> None:
    pages = {COLUMN: listing((link(1), title(1))), path(1): report(1)}
    server = serve(site(pages))
    run(server, data_dir)
    pages[path(1)] = Reply(PAGE.format("用户登录", "请输入用户名和密码后查看内容。" * 20).encode())
    summary = run(server, data_dir, clock=lambda: NOW + timedelta(days=8))
    assert summary.portals[0].failed == {"soft_404": 1}
    (document,) = iter_documents(data_dir)
    assert (document.version, document.is_current, document.removed_at) == (1, True, None)
    pages[path(1)] = report(1, extra="<p>更正</p>")
    assert run(server, data_dir, clock=lambda: NOW + timedelta(days=9)).portals[0].changed == 1
    pages[path(1)] = Reply(PAGE.format("年报", '<a href="a.docx">见附件</a>' + "文字" * 60).encode())
    pages[path(1).rpartition("/")[0] + "/a.docx"] = Reply(b"PK\x03\x04" + b"x" * 300)
    assert run(server, data_dir, clock=lambda: NOW + timedelta(days=17)).portals[0].changed == 1
