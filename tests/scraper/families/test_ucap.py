import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.families.base import ListPage, ListRequest, RowPage, Start
from scraper.families.ucap import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, documents, farm_host
from tests.scraper.families.scripted import Site, html, paths, title

CHANNEL = "0a" * 16
FIRST = "/x/c100028/common_zfxxgknb.shtml"
SHELL = html(f'<meta name="channelid" content="{CHANNEL}"><ul id="list"></ul>')


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("ucap-a", tmp_path_factory.mktemp("ucap")) as running:
        yield running


def entry(number: int, **more: Any) -> dict[str, Any]:
    return {
        "title": title(number), "url": f"//www.portal.example/x/c100028/c{number}/content.shtml",
        "publishedTimeStr": "2025-01-17 10:02:00", "resList": [], **more,
    }  # fmt: skip


def search(entries: list[dict[str, Any]], size: int | None = 2) -> Site:
    def answer(request: ListRequest) -> str | None:
        parts = urlsplit(request.url)
        if parts.path == FIRST:
            return SHELL
        page = int(parse_qs(parts.query)["page"][0])
        step = size or 18
        part = entries[(page - 1) * step : page * step]
        data = {"page": page, "total": len(entries), "results": part}
        return json.dumps({"data": {**data, "rows": size} if size else data})

    return Site(answer)


def test_every_entry_of_the_channel_is_found(host: FarmHost, data_dir: Path) -> None:
    (shell,) = (url.removeprefix(host.farm.base_url("ucap-a")) for url in host.truth["start"])
    host.run(data_dir / "first")
    (asked,) = host.lists()[1:]
    query = parse_qs(urlsplit(asked).query, keep_blank_values=True)
    assert {key: values[0] for key, values in query.items()} == {
        "_isAgg": "true", "_isJson": "true", "_pageSize": "18", "_template": "index", "_rangeTimeGte": "",
        "_channelName": "", "page": "1",
    }  # fmt: skip
    assert_exact(host, data_dir, [shell, asked])


def test_files_that_only_the_search_names_are_fetched(host: FarmHost, data_dir: Path) -> None:
    report = host.run(data_dir)
    expected = {
        entry["url"]: [(file["url"], file["name"], file["sha256"]) for file in entry["attachments"]]
        for entry in host.truth["reports"]
        if entry["state"] == "live"
    }
    found = {
        document.url: [(file.url, file.name, file.sha256) for file in document.attachments]
        for document in documents(data_dir)
    }
    assert found == expected
    assert report.attachments == sum(map(len, expected.values())) > 0
    host.run(data_dir)
    again = {document.url: len(document.attachments) for document in documents(data_dir)}
    assert again == {url: len(files) for url, files in expected.items()}


def test_forty_records_take_three_pages() -> None:
    site = search([entry(n) for n in range(40)], 18)
    found, ends = site.walk(walk, FIRST)
    assert [parse_qs(urlsplit(target).query)["page"] for target in site.asked[1:]] == [["1"], ["2"], ["3"]]
    assert len(set(paths(found))) == 40
    assert [len(page.rows) for page in found] == [18, 18, 4]
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]


def test_addresses_without_scheme_dates_in_milliseconds_and_marked_up_titles() -> None:
    odd = entry(1, title="<em>云溪区</em>2024年&amp;年报", publishedTimeStr=None, publishedTime=1737130000000)
    found, _ = search([odd], None).walk(walk, FIRST)
    (row,) = found[0].rows
    assert row.url == "http://www.portal.example/x/c100028/c1/content.shtml"
    assert (row.title, row.date) == ("云溪区2024年&年报", "2025-01-18")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"name": "年报.docx", "url": "//portal.example/f/1.docx"},
            ("http://portal.example/f/1.docx", "年报.docx"),
        ),
        ({"resName": "年报", "filePath": "/f/2.pdf"}, ("http://portal.example/f/2.pdf", "年报")),
        ({"resUrl": "files/3.pdf"}, ("http://portal.example/x/c100028/files/3.pdf", None)),
    ],
)
def test_attached_files_under_any_name(given: dict[str, str], expected: tuple[str, str | None]) -> None:
    found, _ = search([entry(1, resList=[given, {"size": 3}, "x"])]).walk(walk, FIRST)
    assert found[0].rows[0].files == (expected,)


@pytest.mark.parametrize(
    "answer", ['{"data": {"results": null}}', "<html></html>", '{"data": []}', "[]", "null"]
)
def test_an_answer_that_is_no_list_fails(answer: str) -> None:
    site = Site(lambda request: SHELL if request.url.endswith(FIRST) else answer)
    _, ends = site.walk(walk, FIRST)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: not the answer of a list")]


def test_an_empty_channel_is_no_failure() -> None:
    found, ends = search([]).walk(walk, FIRST)
    assert found == []
    assert ends[0].reason == "end_of_list"


def test_the_address_of_the_search_is_the_one_the_page_names() -> None:
    shell = html(f"<script>var channelId='1'; load('/web/common/search/{CHANNEL}?_isJson=true')</script>")
    site = Site(
        lambda request: shell if request.url.endswith(FIRST) else '{"data": {"total": 0, "results": []}}'
    )
    site.walk(walk, FIRST)
    assert site.asked[1].startswith(f"/web/common/search/{CHANNEL}?")


def test_the_search_of_a_province_is_posted_to() -> None:
    service = "https://api.hunan.gov.cn/search/common/search/"
    shell = html(f'<script>$.post("{service}{CHANNEL}")</script>')
    asked: list[ListRequest] = []

    def answer(request: ListRequest) -> str:
        asked.append(request)
        if request.method == "GET":
            return shell
        return json.dumps(
            {"data": {"total": 1, "rows": 18, "results": [entry(1, url="/x/c1/content.shtml")]}}
        )

    start = Start(
        "http://www.hunan.gov.cn/nb.html",
        lambda request: ListPage(request.url, answer(request), "ok", None, 2000),
        lambda page: None,
        frozenset({"hunan.gov.cn"}),
    )
    rows = [row.url for item in walk(start) if isinstance(item, RowPage) for row in item.rows]
    assert rows == ["http://www.hunan.gov.cn/x/c1/content.shtml"]
    assert asked[1].url == service + CHANNEL
    form = parse_qs((asked[1].content or b"").decode())
    assert (form["datas[1][order]"], form["page"]) == (["desc"], ["1"])


def test_a_search_of_somebody_else_is_not_asked() -> None:
    shell = html(
        f'<script>var channelId="1"; $.get("https://api.elsewhere.example/searchList/{CHANNEL}")</script>'
    )
    site = Site(
        lambda request: shell if request.url.endswith(FIRST) else '{"data": {"total": 0, "results": []}}'
    )
    site.walk(walk, FIRST)
    assert site.asked[1].startswith(f"/searchList/{CHANNEL}?")


def test_the_file_service_of_tax_bureaus() -> None:
    shell = html("<script>var channelId='77'; $.post('/getFileListByCodeId', {codeId: 'c9'})</script>")

    def answer(request: ListRequest) -> str:
        if request.method == "GET":
            return shell
        data = {"total": 1, "results": [entry(1)]}
        return json.dumps({"results": {"data": data}})

    site = Site(answer)
    found, ends = site.walk(walk, FIRST)
    assert site.asked[1:] == ["POST /getFileListByCodeId"]
    assert parse_qs((site.requests[1].content or b"").decode())["codeId"] == ["c9"]
    assert len(found[0].rows) == 1
    assert ends[0].reason == "end_of_list"


def test_a_page_without_a_channel_fails() -> None:
    _, ends = Site({FIRST: html("<p>none</p>")}).walk(walk, FIRST)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "the page names no channel")]
