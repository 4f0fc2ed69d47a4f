"""Reports with a fate: what lists, addresses and the truth say before and after the day it comes."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from fixtures.farm import Farm
from fixtures.farm.articles import Content
from fixtures.farm.profiles import PROFILES
from tests.farm.conftest import host_truth

HOST = "generic-a"


@pytest.fixture(scope="module")
def farm() -> Iterator[Farm]:
    """A host with all special items, at the clock's start."""
    with Farm("full", (HOST,)) as running:
        yield running


@pytest.fixture
def later() -> Iterator[Farm]:
    """The same host, for tests that move its clock."""
    with Farm("full", (HOST,)) as running:
        yield running


def by_kind(farm: Farm) -> dict[str, dict[str, Any]]:
    """Return one report of each kind."""
    return {report["kind"]: report for report in host_truth(farm, HOST)["reports"]}


def listed(farm: Farm, client: httpx.Client) -> list[list[str]]:
    """Return the addresses on each page of the list."""
    pages, address = [], farm.base_url(HOST) + "/news/list1.html"
    while True:
        text = client.get(address).text
        rows = re.findall(r'<li><a href="([^"]+)">[^<]*</a> [\d-]+</li>', text)
        pages.append([urljoin(address, row) for row in rows])
        following = re.search(r'<a href="(list\d+\.html)">下一页', text)
        if not following:
            return pages
        address = urljoin(address, following[1])


def test_every_kind_of_special_item_is_somewhere(farm: Farm) -> None:
    wanted = {
        "removed", "soft_removed", "moved", "moved_home", "twice", "recycled", "late", "backdated", "pinned",
        "no_year_title", "han_year_title", "wrong_year_title", "attachment_only", "normal",
    }  # fmt: skip
    assert wanted <= set(by_kind(farm))
    assert len(PROFILES["full"].special_hosts) >= 2


def test_before_its_day_nothing_has_happened(farm: Farm, client: httpx.Client) -> None:
    for kind in ("removed", "soft_removed", "moved", "moved_home"):
        report = by_kind(farm)[kind]
        assert (report["state"], report["expect"]["fetch"]) == ("live", "ok")
        assert report["title"] in client.get(report["url"]).text


def test_after_forty_days_reports_are_gone_moved_or_softly_missing(later: Farm, client: httpx.Client) -> None:
    before = by_kind(later)
    etag = client.get(later.base_url(HOST) + "/news/list2.html").headers["etag"]
    later.set_clock(advance_days=41)
    after = by_kind(later)
    rows = {row for page in listed(later, client) for row in page}
    answers = {
        kind: client.get(before[kind]["url"]) for kind in ("removed", "soft_removed", "moved", "moved_home")
    }
    assert answers["removed"].status_code == 404
    assert before["removed"]["url"] not in rows
    assert answers["soft_removed"].status_code == 200
    assert "您访问的页面不存在" in answers["soft_removed"].text
    assert answers["moved"].status_code == 301
    target = later.base_url(HOST) + answers["moved"].headers["location"]
    assert target == after["moved"]["url"]
    assert after["moved"]["aliases"] == [before["moved"]["url"]]
    assert after["moved"]["title"] in client.get(target).text
    assert target in rows
    assert answers["moved_home"].headers["location"] == "/"
    fetches = {kind: after[kind]["expect"]["fetch"] for kind in answers}
    assert fetches == {
        "removed": "gone",
        "soft_removed": "soft_404",
        "moved": "redirected",
        "moved_home": "soft_404",
    }
    assert client.get(later.base_url(HOST) + "/news/list2.html").headers["etag"] != etag


def test_late_and_backdated_reports_appear_where_they_are_dated(later: Farm, client: httpx.Client) -> None:
    kinds = by_kind(later)
    assert kinds["late"]["state"] == kinds["backdated"]["state"] == "hidden"
    assert client.get(kinds["late"]["url"]).status_code == 404
    later.set_clock(advance_days=26)
    kinds = by_kind(later)
    assert kinds["late"]["state"] == kinds["backdated"]["state"] == "live"
    assert kinds["late"]["published_on"] == "2026-01-20"
    assert kinds["backdated"]["published_on"] == "2026-01-08"
    pages = listed(later, client)
    assert kinds["backdated"]["url"] not in pages[0]
    assert any(kinds["backdated"]["url"] in page for page in pages[1:])


def test_a_pinned_row_stands_on_every_page(farm: Farm, client: httpx.Client) -> None:
    pinned = by_kind(farm)["pinned"]["url"]
    pages = listed(farm, client)
    assert len(pages) > 3
    assert all(page[0] == pinned for page in pages)


def test_a_report_shown_twice_has_an_alias_in_the_same_words(farm: Farm, client: httpx.Client) -> None:
    report = by_kind(farm)["twice"]
    (alias,) = report["aliases"]
    assert alias != report["url"]
    assert report["title"] in client.get(alias).text
    rows = [row for page in listed(farm, client) for row in page]
    assert {alias, report["url"]} <= set(rows)


def test_one_address_shows_the_newest_report_of_the_park(later: Farm, client: httpx.Client) -> None:
    park = [r for r in host_truth(later, HOST)["reports"] if r["kind"] == "recycled"]
    assert len({report["url"] for report in park}) == 1
    assert [r["fiscal_year"] for r in park if r["state"] == "live"] == [2024]
    assert "2024年12月31日" in client.get(park[0]["url"]).text
    later.set_clock(advance_days=40)
    assert "2025年12月31日" in client.get(park[0]["url"]).text


def test_odd_titles(farm: Farm) -> None:
    kinds = by_kind(farm)
    assert "二〇二四年" in kinds["han_year_title"]["title"]
    assert not re.search(r"\d{4}", kinds["no_year_title"]["title"])
    assert str(kinds["wrong_year_title"]["fiscal_year"] - 1) in kinds["wrong_year_title"]["title"]


def test_the_truth_says_which_year_the_page_states() -> None:
    reports = Content(PROFILES["full"], "trs-a").reports
    edited = [a for a in reports if a.edit and a.edit.period_of_last_year]
    assert edited
    for article in edited:
        assert article.stated_year == article.year - 1
        assert f"{article.year - 1}年12月31日" in article.versions[0].text.preface[0]
        assert {"S-04"} <= set(article.versions[0].findings)
    odd = next(a for a in reports if a.special.kind == "wrong_year_title")
    assert odd.stated_year == odd.year
    assert "S-04" in odd.versions[0].findings
