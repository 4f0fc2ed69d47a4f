"""TRS hosts: tree and list pages, the arithmetic of the pager, what stands in bytes and headers."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html

from fixtures.farm import Farm
from fixtures.farm.families.visit import relative
from tests.farm.conftest import host_truth


def links(page: str, base: str) -> list[str]:
    """Return the absolute addresses of the anchors in the main block of a page."""
    found = html.fromstring(page).xpath("//div[@class='wrap']//a/@href")
    return [urljoin(base, link) for link in found]


def live(truth: dict[str, Any]) -> set[str]:
    """Return the addresses of everything a list shows."""
    reports = {report["url"] for report in truth["reports"] if report["state"] == "live"}
    return reports | {row["url"] for row in truth["noise"]}


def test_walking_column_year_level_and_pages_finds_everything_once(farm: Farm, client: httpx.Client) -> None:
    truth = host_truth(farm, "trs-a")
    start = truth["start"][0]
    found: list[str] = []
    for year in links(client.get(start).text, start):
        for level in links(client.get(year).text, year):
            first = client.get(level).text
            call = re.search(r'createPageHTML\((\d+), (\d+), "index", "html"\)', first)
            assert call is not None
            assert call[2] == "0"
            pages = [first]
            for number in range(1, int(call[1])):
                page = client.get(f"{level}index_{number}.html").text
                assert f"createPageHTML({call[1]}, {number}," in page
                pages.append(page)
            for page in pages:
                rows = links(page, level)
                assert 0 < len(rows) <= 5
                found += rows
            assert client.get(f"{level}index_{call[1]}.html").status_code == 404
    assert sorted(found) == sorted(live(truth))
    assert len(found) == 50


def test_the_lists_of_the_truth_have_the_rows_and_pages_they_claim(farm: Farm, client: httpx.Client) -> None:
    for entry in host_truth(farm, "trs-a")["lists"]:
        stem = entry["url"].removesuffix(".html")
        urls = [entry["url"], *(f"{stem}_{number}.html" for number in range(1, entry["pages"]))]
        assert sum(len(links(client.get(url).text, url)) for url in urls) == entry["rows"]


def test_rows_stand_newest_first_with_a_full_title(farm: Farm, client: httpx.Client) -> None:
    truth = host_truth(farm, "trs-b")
    page = html.fromstring(client.get(truth["start"][0]).content.decode("gb18030"))
    dates = page.xpath("//ul[@class='news_list']/li/span/text()")
    assert dates == sorted(dates, reverse=True)
    titles = {report["title"] for report in truth["reports"]} | {row["title"] for row in truth["noise"]}
    assert set(page.xpath("//ul[@class='news_list']/li/a/@title")) <= titles


def test_the_flat_host_states_its_pages_in_a_variable_and_forbids_the_folder(
    farm: Farm, client: httpx.Client
) -> None:
    truth = host_truth(farm, "trs-b")
    (entry,) = truth["lists"]
    folder = truth["start"][0].removesuffix("index.htm")
    assert client.get(folder).status_code == 403
    first = client.get(truth["start"][0]).content.decode("gb18030")
    assert f"var countPage = {entry['pages']};" in first
    assert "createPageHTML" not in first
    found = links(first, folder)
    for number in range(1, entry["pages"]):
        found += links(client.get(f"{folder}index_{number}.htm").content.decode("gb18030"), folder)
    assert sorted(found) == sorted(live(truth))


def test_bytes_that_claim_gb2312_are_gb18030_and_nothing_less(farm: Farm, client: httpx.Client) -> None:
    truth = host_truth(farm, "trs-b")
    report = next(r for r in truth["reports"] if "䶮" in r["agency"] and r["state"] == "live")
    answer = client.get(report["url"])
    assert answer.headers["content-type"] == "text/html"
    assert b"charset=gb2312" in answer.content
    for narrower in ("gb2312", "gbk", "utf-8"):
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode(narrower)
    text = answer.content.decode("gb18030")
    assert "䶮溪镇" in text
    assert "镕山县" in text


def test_rows_written_by_script_hold_address_and_title(farm: Farm, client: httpx.Client) -> None:
    truth = host_truth(farm, "trs-c")
    folder, pages = truth["start"][0], truth["lists"][0]["pages"]
    found = []
    for number in range(pages):
        page = client.get(folder + ("index.shtml" if number == 0 else f"index_{number}.shtml")).text
        found += re.findall(r'var url="([^"]+)"|jumpToDetail\(\'([^\']+)\'\)', page)
        assert re.search(r"\[\d\d-\d\d\]", page)
    assert sorted(urljoin(folder, one or two) for one, two in found) == sorted(live(truth))
    beyond = client.get(f"{folder}index_{pages}.shtml")
    assert beyond.status_code == 200
    assert len(beyond.content) < 600


def test_detail_pages_look_like_the_pages_of_a_content_system(farm: Farm, client: httpx.Client) -> None:
    report = next(r for r in host_truth(farm, "trs-a")["reports"] if r["state"] == "live")
    text = client.get(report["url"]).text
    page = html.fromstring(text)
    tags = {tag.get("name"): tag.get("content") for tag in page.xpath("//meta[@name]")}
    assert tags["ArticleTitle"] == report["title"]
    assert tags["PubDate"].startswith(report["published_on"])
    assert tags["SiteIDCode"].startswith(report["region_code"])
    assert page.xpath("//div[contains(@class, 'trs_editor_view')]")
    assert "公网安备" in text
    assert "分享到" in text


def test_noise_changes_with_each_request_and_can_be_switched_off(farm: Farm, client: httpx.Client) -> None:
    url = next(r for r in host_truth(farm, "trs-a")["reports"] if r["state"] == "live")["url"]
    assert client.get(url).content != client.get(url).content
    farm.add_fault("trs-a", "noise", "off")
    try:
        assert client.get(url).content == client.get(url).content
    finally:
        farm.clear_faults()


def test_relative_links_climb_only_as_far_as_needed() -> None:
    assert relative("/a/b/", "/a/b/202501/t1.html") == "./202501/t1.html"
    assert relative("/a/b/", "/a/c/t1.html") == "../c/t1.html"
    assert relative("/a/b/c/", "/x/y.html") == "../../../x/y.html"


def test_the_corrected_report_changes_one_cell_at_its_old_address(client: httpx.Client) -> None:
    with Farm("demo", ("trs-a",)) as farm:
        report = next(r for r in host_truth(farm, "trs-a")["reports"] if r["kind"] == "corrected")
        before = client.get(report["url"])
        farm.set_clock(advance_days=21)
        after = client.get(report["url"])
        old, new = (version["figures"] for version in report["versions"])
        changed = [left["row"] for left, right in zip(old, new, strict=True) if left != right]
        assert changed == ["granted"]
        assert before.headers["last-modified"] != after.headers["last-modified"]
        assert before.headers["etag"] != after.headers["etag"]
        since = datetime.fromisoformat(report["versions"][1]["from"])
        assert client.get(report["url"], headers={"if-none-match": before.headers["etag"]}).status_code == 200
        assert since <= farm.clock.now
