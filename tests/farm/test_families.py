"""Every family lists exactly its articles by the rule the family is known for, and shows each of them."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from lxml import etree, html

from fixtures.farm import Farm
from fixtures.farm.hosts import HOSTS
from tests.farm.conftest import host_truth

Lister = Callable[[httpx.Client, str, str], list[str]]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """All plain hosts with the demo content."""
    plain = [spec.key for spec in HOSTS if not spec.https]
    with Farm("demo", plain, tmp_path_factory.mktemp("every")) as running:
        yield running


def expected(truth: dict[str, Any]) -> set[str]:
    """Return the addresses of all rows."""
    live = {report["url"] for report in truth["reports"] if report["state"] == "live"}
    return live | {row["url"] for row in truth["noise"]}


def hrefs(base: str, markup: str, xpath: str = "//div[@class='wrap']//li//a/@href") -> list[str]:
    """Return absolute addresses found in markup."""
    return [urljoin(base, link) for link in html.fromstring(markup).xpath(xpath)]


def shtml_a(client: httpx.Client, base: str, start: str) -> list[str]:
    (first,) = hrefs(start, client.get(start).text)
    page = client.get(first).text
    call = re.search(r"createPageHTML\('page_div', (\d+), 1, 'xxgk_list', 'shtml', (\d+)\)", page)
    assert call is not None
    found = hrefs(first, page)
    for number in range(2, int(call[1]) + 1):
        address = first.replace("xxgk_list.shtml", f"xxgk_list_{number}.shtml")
        page = client.get(address).text
        assert f"createPageHTML('page_div', {call[1]}, {number}," in page
        found += hrefs(address, page)
    assert client.get(first.replace("list.", "list_1.")).status_code == 404
    assert len(found) == int(call[2])
    return found


def shtml_b(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    found = re.search(r'\$\.post\("([^"]+)", \{channelId: "(\w+)"', page)
    assert found is not None
    rows: list[str] = []
    for index in (1, 2, 3, 4, 5):
        form = {"channelId": found[2], "deptCode": "", "pageSize": "5", "pageIndex": str(index)}
        data = client.post(base + found[1], data=form).json()["data"]
        rows += [base + row["URL_COMMP"] for row in data["list"]]
    assert len(rows) == data["allRow"]
    return rows


def jpage(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    link = re.search(r'nextgroup><!\[CDATA\[<a href="([^"]+)"', page)
    proxy = re.search(r"proxyUrl:'([^']+)'", page)
    assert link is not None
    assert proxy is not None
    query = dict(pair.split("=", 1) for pair in link[1].split("?")[1].split("&"))
    pattern = r"<a href=[\"']([^\"'?]+)"
    rows = re.findall(pattern, page.split("<recordset>")[1])
    for k in range(1, 5):
        asked = {
            **query,
            "page": str(k),
            "startrecord": str((k - 1) * 7 + 1),
            "endrecord": str(k * 7),
            "perpage": "7",
        }
        answer = client.post(base + proxy[1], params=asked, headers={"referer": start})
        rows += re.findall(pattern, answer.text)
    total = re.search(r"<totalrecord>(\d+)<", answer.text)
    assert total is not None
    found = {row.replace("%2F", "/") for row in rows}
    assert len(found) == int(total[1])
    return sorted(found)


def xxgk(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    assert "dataproxy" not in page
    service = re.search(r"loadDynamic\('(/module/xxgk/search.jsp)\?divid=div(\d+)", page)
    assert service is not None
    first = client.post(base + service[1], data={"currpage": "1", "area": ""})
    count = re.search(r"共(\d+)页", first.text)
    assert count is not None
    rows: list[str] = []
    for number in range(1, int(count[1]) + 1):
        answer = client.post(base + service[1], data={"currpage": str(number)})
        rows += hrefs(base, answer.text, "//a[@class='bt_link']/@href")
    beyond = client.post(base + service[1], data={"currpage": str(int(count[1]) + 1)})
    assert beyond.text == answer.text
    own = [row for row in rows if f"art_{service[2]}_" in row]
    assert len(own) < len(rows)
    for row in set(rows) - set(own):
        assert client.get(row).status_code == 200
    return own


def jpaas(client: httpx.Client, base: str, start: str) -> list[str]:
    found = re.search(r'<script url="([^"]+)" queryData="([^"]+)"', client.get(start).text)
    assert found is not None
    query = json.loads(found[2].replace("'", '"'))
    rows: list[str] = []
    for number in (1, 2, 3, 4):
        given = {**query, "paramJson": f'{{"pageNo":{number},"pageSize":"5"}}'} if number > 1 else query
        fragment = client.get(base + found[1], params=given).json()["data"]["html"]
        rows += hrefs(base, fragment, "//li/a/@href")
    bare = client.get(base + found[1], params={**query, "pageNo": "2"}).json()["data"]["html"]
    assert hrefs(base, bare, "//li/a/@href") == rows[:5]
    wrong = client.get(base + found[1], params={**query, "pageId": "0"})
    assert (wrong.status_code, wrong.json()["success"]) == (200, False)
    return rows


def gkmlpt(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    sid = re.search(r"SID:'(\d+)'", page)
    node = re.search(r"/gkmlpt/annualreport#(\d+)", page)
    assert sid is not None
    assert node is not None
    rows: list[str] = []
    for number in (1, 2, 3):
        data = client.get(f"{base}/gkmlpt/api/all/{node[1]}", params={"page": number, "sid": sid[1]}).json()
        rows += [row["url"] for row in data["articles"]]
        assert all(isinstance(row["relation"], str) for row in data["articles"])
    assert data["articles"] == []
    assert data["total"] == len(rows)
    wrong = client.get(f"{base}/gkmlpt/api/all/{node[1]}", params={"page": 1, "sid": "1"}).json()
    assert wrong == {"classify": {}, "articles": []}
    return rows


def nfcms(client: httpx.Client, base: str, start: str) -> list[str]:
    address, rows = start, []
    while True:
        page = client.get(address).text
        rows += hrefs(address, page)
        following = hrefs(address, page, "//a[@class='next']/@href")
        if not following:
            break
        address = following[0]
    assert sum("weixin" in row for row in rows) == 2
    return [row for row in rows if "weixin" not in row]


def lonsun(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    values = dict(re.findall(r"(siteId|organId|pageCount|total)[=:](\d+)", page))
    rows: list[str] = []
    for number in range(1, int(values["pageCount"]) + 2):
        asked = {"labelName": "publicInfoList", "siteId": values["siteId"], "organId": values["organId"],
                 "pageSize": "5", "pageIndex": str(number), "type": "3", "result": "空"}  # fmt: skip
        answer = client.get(base + "/site/label/8888", params=asked).text
        rows += hrefs(base, answer, "//li/a/@href") if "<ul" in answer else []
    assert answer == "空"
    assert len(rows) == int(values["total"])
    return rows


def ucap(client: httpx.Client, base: str, start: str) -> list[str]:
    channel = html.fromstring(client.get(start).text).xpath("//meta[@name='channelid']/@content")[0]
    rows: list[str] = []
    for number in (1, 2, 3):
        asked = {"_isJson": "true", "_pageSize": "8", "page": str(number)}
        data = client.get(f"{base}/searchList/{channel}", params=asked).json()["data"]
        for row in data["results"]:
            assert row["url"].startswith("//")
            rows.append("http:" + row["url"])
    assert data["total"] == len(rows)
    return rows


def epoint(client: httpx.Client, base: str, start: str) -> list[str]:
    settings = re.search(r"var siteInfo=(\{.*?\});", client.get(base + "/js/webBuilderCommon.js").text)
    assert settings is not None
    site = json.loads(settings[1])

    def ask(index: int, wrapped: bool) -> list[str]:
        given = {"deptcode": "", "categorynum": start.split("=")[1], "pageIndex": index, "pageSize": 5,
                 "siteGuid": site["siteGuid"]}  # fmt: skip
        path = site["projectName"] + "/rest/lightfrontaction/getgovinfolist"
        custom = client.post(base + path, json={"params": given} if wrapped else given).json()["custom"]
        data = json.loads(custom) if isinstance(custom, str) else custom
        return [base + row["infourl"] for row in data["data"]]

    wrapped = not ask(1, False)
    first = 1 if wrapped else 0
    assert bool(ask(0, wrapped)) != wrapped
    rows = [row for index in range(first, first + 4) for row in ask(index, wrapped)]
    assert ask(first + 4, wrapped) == []
    assert "您访问的页面不存在" in client.get(base + "/no/such/page.html").text
    assert client.options(base + "/").status_code == 404
    return rows


def vsb_a(client: httpx.Client, base: str, start: str) -> list[str]:
    address, rows, names = start, [], []
    while True:
        page = client.get(address).text
        rows += hrefs(address, page)
        following = hrefs(address, page, "//span[@class='p_next p_fun']/a/@href")
        if not following:
            break
        address = following[0]
        names.append(address.rsplit("/", 1)[1])
    assert names == [f"{number}.htm" for number in range(len(names), 0, -1)]
    assert client.get(start.replace(".htm", f"/{len(names) + 1}.htm")).status_code == 404
    return rows


def vsb_b(client: httpx.Client, base: str, start: str) -> list[str]:
    address, rows = start, []
    while True:
        page = client.get(address).text
        rows += hrefs(address, page)
        following = hrefs(address, page, "//a[@class='Next']/@href")
        if not following:
            return rows
        address = following[0]


def asp_a(client: httpx.Client, base: str, start: str) -> list[str]:
    page = client.get(start).text
    pages = hrefs(start, page, "//div[@class='pages']/a/@href")
    rows = [
        row
        for url in pages[:-1]
        for row in hrefs(url, client.get(url).text, "//div[@class='info-list']//a/@href")
    ]
    assert pages[-1] == pages[-2]
    return rows


def asp_b(client: httpx.Client, base: str, start: str) -> list[str]:
    page = html.fromstring(client.get(start).text)
    rows: list[str] = []
    count = len(page.xpath("//div[@class='pages']/a"))
    for number in range(2, count + 2):
        rows += [urljoin(start, link) for link in page.xpath("//div[@class='info-list']//a/@href")]
        form = {field.get("name"): field.get("value") for field in page.xpath("//input[@type='hidden']")}
        form.update({"__EVENTTARGET": "AspNetPager1", "__EVENTARGUMENT": str(number)})
        answer = client.post(start, data=form)
        assert answer.status_code == 200
        assert client.post(start, data=form).status_code == 500, "a state may be used once"
        page = html.fromstring(answer.text)
    return rows


def generic(client: httpx.Client, base: str, start: str) -> list[str]:
    (address,) = hrefs(start, client.get(start).text, "//iframe/@src")
    rows: list[str] = []
    while True:
        page = client.get(address).text
        rows += hrefs(address, page)
        following = hrefs(address, page, "//a[text()='下一页']/@href")
        if not following:
            return rows
        address = following[0]


LISTERS: dict[str, Lister] = {
    "shtml-a": shtml_a, "shtml-b": shtml_b, "jpage-a": jpage, "jpage-b": jpage, "jpage-c": jpage,
    "xxgk-a": xxgk, "jpaas-a": jpaas, "gkmlpt-a": gkmlpt, "nfcms-a": nfcms, "lonsun-a": lonsun,
    "ucap-a": ucap, "epoint-a": epoint, "epoint-b": epoint, "vsb-a": vsb_a, "vsb-b": vsb_b, "asp-a":
    asp_a, "asp-b": asp_b, "generic-a": generic,
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(LISTERS))
def test_a_family_lists_its_articles_by_its_own_rule_and_shows_them(
    every: Farm, client: httpx.Client, key: str
) -> None:
    truth = host_truth(every, key)
    found = LISTERS[key](client, truth["base_url"], truth["start"][0])
    assert len(found) == len(set(found))
    assert set(found) == expected(truth)
    titles = {report["url"]: report["title"] for report in truth["reports"]}
    for url in found:
        answer = client.get(url)
        assert answer.status_code == 200
        if url in titles:
            assert titles[url] in answer.text
            assert "三、收到和处理政府信息公开申请情况" in answer.text
        assert ("etag" in answer.headers) != ("set-cookie" in answer.headers)


def test_every_host_without_https_is_started_and_tested(every: Farm) -> None:
    keys = {site.key for site in every.sites}
    assert keys == {*LISTERS, "trs-a", "trs-b", "trs-c", "alias-a", "trap-a"}


def test_the_alias_shows_what_its_twin_shows(every: Farm, client: httpx.Client) -> None:
    original, alias = host_truth(every, "trs-a"), host_truth(every, "alias-a")
    texts = []
    for host in (original, alias):
        every.add_fault(host["key"], "noise", "off")
        page = client.get(host["reports"][0]["url"]).text
        texts.append(page.replace(host["base_url"].removeprefix("http://"), "HOST"))
    every.clear_faults()
    assert texts[0] == texts[1]
    assert len(original["reports"]) == len(alias["reports"])


def test_the_mobile_twin_is_the_same_article(every: Farm, client: httpx.Client) -> None:
    report = next(r for r in host_truth(every, "nfcms-a")["reports"] if r["state"] == "live")
    (twin,) = report["aliases"]
    assert "mpost_" in twin
    assert report["title"] in client.get(twin).text


def test_the_index_base_of_nfcms_can_be_switched(every: Farm, client: httpx.Client) -> None:
    start = host_truth(every, "nfcms-a")["start"][0]
    every.add_fault("nfcms-a", "index_base", "1")
    assert "index_1.html" in client.get(start).text
    assert client.get(start.replace("index.html", "index_1.html")).status_code == 200
    every.clear_faults()
    assert client.get(start.replace("index.html", "index_1.html")).status_code == 404


def test_the_yearly_address_is_the_report_or_a_fragment(every: Farm, client: httpx.Client) -> None:
    truth = host_truth(every, "xxgk-a")
    tree = client.get(truth["base_url"] + "/module/xxgk/tree.jsp?area=002480001").text
    address = hrefs(truth["base_url"], tree, "//a/@href")[0] + "&fbtime=2024"
    assert "一、总体情况" in client.get(address).text
    every.add_fault("xxgk-a", "annual_jsp", "fragment")
    assert client.get(address).text.startswith("<ul>")
    every.clear_faults()


def test_an_attached_report_is_a_word_file_with_all_cells(every: Farm, client: httpx.Client) -> None:
    for key in ("ucap-a", "vsb-b"):
        reports = host_truth(every, key)["reports"]
        report = next(
            r for r in reports if r["attachments"] and r["state"] == "live" and r["era"] == "fmt2021"
        )
        answer = client.get(report["attachments"][0]["url"])
        assert answer.content[:2] == b"PK"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            root = etree.fromstring(archive.read("word/document.xml"))
        space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
        assert len(root.xpath("//w:tbl[2]/w:tblGrid/w:gridCol", namespaces=space)) == 10
        for row in root.xpath("//w:tbl[2]/w:tr", namespaces=space):
            spans = [
                int(found[0]) if (found := cell.xpath("./w:tcPr/w:gridSpan/@w:val", namespaces=space)) else 1
                for cell in row.xpath("./w:tc", namespaces=space)
            ]
            assert sum(spans) == 10
        assert report["title"] in "".join(root.itertext())


def test_names_of_downloads_come_as_raw_gbk(every: Farm, client: httpx.Client) -> None:
    report = next(
        r for r in host_truth(every, "vsb-b")["reports"] if r["attachments"] and r["state"] == "live"
    )
    raw = dict(client.get(report["attachments"][0]["url"]).headers.raw)[b"Content-Disposition"]
    assert "政府信息公开" in raw.decode("gb18030")


def test_services_without_their_parameters_answer_empty(every: Farm, client: httpx.Client) -> None:
    base = every.base_url("jpage-a")
    empty = client.get(base + "/module/web/jpage/dataproxy.jsp", params={"page": "1"})
    assert empty.status_code == 200
    assert "<record>" not in empty.text
    bare = client.get(every.base_url("jpage-b") + "/module/jpage/dataproxy.jsp", params={"page": "1"})
    assert bare.status_code == 404, "this host wants a Referer"


def test_an_overworked_host_answers_fifty_four_bytes(every: Farm, client: httpx.Client) -> None:
    every.add_fault("jpage-a", "empty54")
    answer = client.get(every.base_url("jpage-a") + "/module/web/jpage/dataproxy.jsp", params={"page": "1"})
    every.clear_faults()
    assert (answer.status_code, len(answer.content)) == (200, 54)


def test_the_trap_never_ends_and_leads_to_private_addresses(every: Farm, client: httpx.Client) -> None:
    base = every.base_url("trap-a")
    assert "list2001.html" in client.get(base + "/news/list2000.html").text
    targets = {client.get(f"{base}/trap/redirect{number}.html").headers["location"] for number in range(4)}
    assert any("10.0.0.8" in target for target in targets)
    with client.stream("GET", base + "/trap/huge.html") as answer:
        pieces = answer.iter_raw()
        assert sum(len(next(pieces)) for _ in range(20)) > 100_000


def test_one_row_leads_to_the_twin_host_when_it_runs(every: Farm, client: httpx.Client) -> None:
    truth = host_truth(every, "trs-a")
    pages = [client.get(entry["url"].replace("index.html", name)).text for entry in truth["lists"]
             for name in ("index.html", "index_1.html")]  # fmt: skip
    led_away = [
        row for page in pages for row in hrefs(truth["base_url"], page) if every.base_url("alias-a") in row
    ]
    assert len(led_away) == 1
    assert client.get(led_away[0]).status_code == 200


def test_a_link_to_a_file_may_stand_only_in_a_script(every: Farm, client: httpx.Client) -> None:
    report = next(
        r for r in host_truth(every, "trs-c")["reports"] if r["attachments"] and r["state"] == "live"
    )
    text = client.get(report["url"]).text
    found = re.search(r"var file_appendix='<a href=\"([^\"]+)\"", text)
    assert found is not None
    assert urljoin(report["url"], found[1]) == report["attachments"][0]["url"]
    assert client.get(report["attachments"][0]["url"]).content[:2] == b"PK"


def test_page_tags_have_the_oddity_of_their_host(every: Farm, client: httpx.Client) -> None:
    texts = {}
    for key in ("trs-a", "trs-b", "trs-c", "shtml-a", "shtml-b", "jpage-a", "jpage-b"):
        report = next(r for r in host_truth(every, key)["reports"] if r["state"] == "live")
        texts[key] = client.get(report["url"]).content.decode("gb18030" if key == "trs-b" else "utf-8")
    assert '<meta name="ArticleTitle" content="' in texts["trs-a"]
    assert "<meta name='ArticleTitle' content='" in texts["trs-b"]
    assert re.search(r'<meta content="\d{4}-\d\d-\d\d" name="PubDate">', texts["trs-c"])
    assert '<meta name="publishdate"' in texts["shtml-a"]
    assert '<meta name="SiteName" content="网站名称">' in texts["shtml-b"]
    assert re.search(r'name="PubDate" content="[\d-]+ \d\d:\d\d:\d\d"', texts["jpage-a"])
    assert '<meta name="ContentSource" content="本站">' in texts["jpage-b"]


def test_pictures_that_pages_show_are_there(every: Farm, client: httpx.Client) -> None:
    page = next(
        row["url"] for key in LISTERS for row in host_truth(every, key)["noise"] if "图解" in row["title"]
    )
    (address,) = hrefs(page, client.get(page).text, "//img/@src")
    assert client.get(address).content.startswith(b"\x89PNG")
