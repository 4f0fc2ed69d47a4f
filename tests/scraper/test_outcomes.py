import gzip

import pytest

from scraper.fetch import Exchange
from scraper.likeness import signature
from scraper.outcomes import Expected, HostMemory, classify, marks
from tests.scraper.conftest import page

REPORT = page("一、总体情况 本年度 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况")
LONG = page("本区各部门动态信息" * 30)


def answer(
    body: bytes = REPORT, status: int = 200, failure: tuple[str, str] | None = None, **headers: str
) -> Exchange:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange("http://p.example/a", "GET", b"", b"x", status, pairs, body, 0.1, failure)


def outcome(
    exchange: Exchange, expected: Expected = "page", host: HostMemory | None = None
) -> tuple[str, str | None]:
    text = (
        "" if exchange.body[:2] in (b"%P", b"PK", b"\xd0\xcf") else exchange.body.decode("utf-8", "replace")
    )
    return classify(exchange, text, expected, host or HostMemory(), is_conditional=exchange.status == 304)


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (answer(), ("ok", None)),
        (answer(LONG), ("ok", None)),
        (answer(failure=("timeout", "read")), ("timeout", "read")),
        (answer(b"", 304), ("not_modified", None)),
        (answer(b"<script>document.cookie='__jsl_clearance=1'</script>", 521), ("js_challenge", "jsl")),
        (answer(b"<html></html>", 521, Set_Cookie="__jsluid_h=abc; path=/"), ("js_challenge", "jsl")),
        (answer(b"<html></html>", 512, X_Via_JSL="a"), ("js_challenge", "jsl")),
        (answer(b"<html></html>", 521), ("server_error", "http_521")),
        (answer(b"<script>$_ts=window['$_ts'];</script>", 412), ("js_challenge", "rs")),
        (answer(b"<script>$_ts={};</script>", 202), ("js_challenge", "rs")),
        (answer(b"<script>$_ts={};</script>", 200), ("js_challenge", "rs")),
        (answer(b"<html>no</html>", 412), ("http_error", "http_412")),
        (answer(b"<script>document.cookie='C3VK=1';location.reload()</script>"), ("cookie_bounce", "script")),
        (answer(page("x", "网站防火墙")), ("waf_block", "网站防火墙")),
        (
            answer(page("您的访问请求可能对网站造成安全威胁")),
            ("waf_block", "您的访问请求可能对网站造成安全威胁"),
        ),
        (answer(page("denied"), 403, Set_Cookie="HWWAFSESID=1"), ("waf_block", "HWWAFSESID")),
        (answer(LONG, 403, X_Protected_By="WebberRASP"), ("waf_block", "x-protected-by: WebberRASP")),
        (answer(LONG, 200, Set_Cookie="yunsuo_session=1"), ("ok", None)),
        (answer(page("no"), 403), ("waf_block", "http_403")),
        (answer(page("no"), 405), ("waf_block", "http_405")),
        (answer(page("slow down"), 429), ("rate_limited", "http_429")),
        (answer(page("styled page" * 50), 404), ("gone", "http_404")),
        (answer(b"", 410), ("gone", "http_410")),
        (answer(b"%PDF-1.7 x" * 100), ("wrong_type", "pdf")),
        (answer(page("x", "您访问的页面不存在")), ("soft_404", "title")),
        (answer(page("抱歉，找不到您要的内容")), ("soft_404", "title")),
        (answer(b'{"ok":false,"code":500}'), ("soft_404", "json_error")),
        (answer(page("很短" + " " * 700)), ("soft_404", "short")),
        (answer(b""), ("empty_shell", "0 bytes")),
        (answer(page("")), ("empty_shell", f"{len(page(''))} bytes")),
        (answer(page('<div id="app">{{ title }}</div>')), ("empty_shell", "client-rendered")),
        (answer(page("系统维护中"), 503), ("maintenance", "http_503")),
        (answer(page("x", "网站维护公告")), ("maintenance", "http_200")),
        (answer(page("bad gateway"), 502), ("server_error", "http_502")),
        (answer(page("no"), 401), ("http_error", "http_401")),
        (answer(page("no"), 204), ("http_error", "http_204")),
    ],
)
def test_each_answer_has_its_word(exchange: Exchange, expected: tuple[str, str | None]) -> None:
    assert outcome(exchange) == expected


def test_a_report_that_speaks_of_firewalls_is_a_report() -> None:
    body = page("一、总体情况 加强网站防火墙建设 系统维护中 二、主动公开政府信息情况", "网站防火墙")
    assert outcome(answer(body)) == ("ok", None)
    assert outcome(answer(body, Set_Cookie="safedog=1")) == ("ok", None)


def test_a_refusal_after_pages_came_is_a_limit() -> None:
    assert outcome(answer(page("no"), 403), host=HostMemory(ok_sections=3)) == ("rate_limited", "http_403")
    marked = answer(page("no", "创宇盾"), 403)
    assert outcome(marked, host=HostMemory(ok_sections=3)) == ("waf_block", "创宇盾")


def test_the_home_page_instead_of_an_article() -> None:
    home = page(
        "首页 访问量 1234 " + "".join(f"栏目{chr(0x4E00 + n)}新闻动态 " for n in range(60)), "某区政府"
    )
    again = home.replace(b"1234", b"99")
    host = HostMemory(signatures={"home": signature(home.decode())})
    assert outcome(answer(again), host=host) == ("soft_404", "home")
    assert outcome(answer(again), "list", host) == ("ok", None)
    assert outcome(answer(home.replace("栏目".encode(), "公告".encode())), host=host) == ("ok", None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"%PDF-1.7", ("ok", None)),
        (b"\xd0\xcf\x11\xe0rest", ("ok", None)),
        (b"plain words", ("ok", None)),
        (REPORT, ("wrong_type", "html")),
        (b'<html xmlns:o="urn:schemas-microsoft-com:office:office">' + REPORT[6:], ("ok", None)),
        (b"", ("empty_shell", "0 bytes")),
    ],
)
def test_files_are_told_by_their_first_bytes(body: bytes, expected: tuple[str, str | None]) -> None:
    assert outcome(answer(body), "file") == expected


def test_lists_and_pages_that_only_carry_files() -> None:
    assert outcome(answer(page("")), "list")[0] == "empty_shell"
    assert outcome(answer(page(" " * 4000)), "list")[0] == "empty_shell"
    assert outcome(answer(b"var siteInfo={};"), "data") == ("ok", None)
    assert outcome(answer(b""), "data") == ("empty_shell", "0 bytes")
    assert outcome(answer(page('<a href="/x">x</a>')), "list") == ("ok", None)
    assert outcome(answer(b'{"success":false}'), "list") == ("api_error", "json_error")
    assert outcome(answer(page('<a href="./P020250117000000000001.pdf">见附件</a>'))) == ("ok", None)
    assert outcome(answer(page('<img src="./W020250117000000000001.png">'))) == ("ok", None)


def test_the_marks_are_data_and_known_to_the_classifier() -> None:
    known = marks()
    assert set(known) == {
        "report", "challenge", "cookie_bounce", "firewall", "missing", "maintenance", "shell", "file_starts"
    }  # fmt: skip
    assert gzip.compress(b"")[:2].hex() not in known["file_starts"]
