from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.families.nfcms import walk
from tests.scraper.families.farmed import FarmHost, assert_exact, farm_host, found_in
from tests.scraper.families.scripted import Site, html, items, paths

FOLDER = "/zwgk/xxgkndbg/"
START = FOLDER + "index.html"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with farm_host("nfcms-a", tmp_path_factory.mktemp("nfcms")) as running:
        yield running


def test_every_report_is_found_along_the_printed_links(host: FarmHost, data_dir: Path) -> None:
    further = [f"{FOLDER}index_{number}.html" for number in range(2, host.pages() + 1)]
    assert len(further) == 2
    assert_exact(host, data_dir, [START, *further])


def test_the_other_numbering_is_followed_too_and_rows_off_the_site_are_counted(
    host: FarmHost, data_dir: Path
) -> None:
    fault = host.farm.add_fault("nfcms-a", "index_base", "1")
    report = host.run(data_dir)
    host.farm.faults.remove(fault)
    assert host.lists() == [START, *(f"{FOLDER}index_{number}.html" for number in range(1, host.pages()))]
    assert found_in(data_dir) == host.titles
    assert report.rows_skipped["off_site"] == 2
    assert not any("/mpost_" in target for target in host.asked())


def rows(*numbers: int) -> str:
    return items({f"{FOLDER}content/post_{number}.html": number for number in numbers})


def articles(*numbers: int) -> list[str]:
    return [f"{FOLDER}content/post_{number}.html" for number in numbers]


def call(arguments: str) -> str:
    return f"<script>createPageHTML({arguments});</script>"


@pytest.mark.parametrize(
    ("arguments", "further"),
    [
        ("3, 0, 'index', 'html'", ["index_1.html", "index_2.html"]),
        ("'page_div', 3, 1, 'index', 'html', 9", ["index_2.html", "index_3.html"]),
    ],
)
def test_the_call_of_the_pager_decides_how_pages_are_counted(arguments: str, further: list[str]) -> None:
    pages = {START: html(rows(1) + call(arguments))}
    pages |= {FOLDER + name: html(rows(n) + call(arguments)) for n, name in enumerate(further, start=2)}
    site = Site(dict(pages))
    found, ends = site.walk(walk, START)
    assert site.asked == [START, *(FOLDER + name for name in further)]
    assert paths(found) == articles(1, 2, 3)
    assert [(end.reason, end.announced) for end in ends] == [("end_of_list", 3)]


@pytest.mark.parametrize(
    ("further", "asked", "numbers"),
    [
        ({2: 2, 3: 3}, [2, 3, 4, 1], [1, 2, 3]),
        ({1: 2, 2: 3}, [2, 3, 1], [1, 3, 2]),
        ({1: 2}, [2, 1], [1, 2]),
        ({1: 1, 2: 2}, [2, 3, 1], [1, 2]),
        ({}, [2, 1], [1]),
    ],
)
def test_without_a_pager_both_numberings_are_tried(
    further: dict[int, int], asked: list[int], numbers: list[int]
) -> None:
    pages = {START: html(rows(1))} | {f"{FOLDER}index_{n}.html": html(rows(m)) for n, m in further.items()}
    site = Site(dict(pages))
    found, ends = site.walk(walk, START)
    assert site.asked == [START, *(f"{FOLDER}index_{number}.html" for number in asked)]
    assert paths(found) == articles(*numbers)
    assert [end.reason for end in ends] == ["end_of_list"]


def test_an_empty_pager_says_that_there_is_one_page() -> None:
    site = Site({START: html(rows(1) + '<div class="page"></div>')})
    _, ends = site.walk(walk, START)
    assert site.asked == [START]
    assert [end.reason for end in ends] == ["end_of_list"]


def test_a_trial_that_is_refused_is_a_failure_and_a_stop_rule_ends_it() -> None:
    site = Site({START: html(rows(1)), FOLDER + "index_2.html": ("waf_block", "http_403")})
    _, ends = site.walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "page 2 of unknown: waf_block http_403")]
    _, ends = Site({START: html(rows(1))}).walk(walk, START, stop="all_known")
    assert [end.reason for end in ends] == ["all_known"]
    _, ends = Site({START: ("timeout", "read")}).walk(walk, START)
    assert [(end.reason, end.detail) for end in ends] == [("failed", "first page: timeout read")]


def test_the_mobile_page_of_an_article_is_left_out_beside_the_ordinary_one() -> None:
    links = {f"{FOLDER}content/mpost_1.html": 1, f"{FOLDER}content/post_1.html": 1,
             f"{FOLDER}content/mpost_2.html": 2}  # fmt: skip
    found, _ = Site({START: html(items(links) + '<div class="page"></div>')}).walk(walk, START)
    assert paths(found) == [f"{FOLDER}content/post_1.html", f"{FOLDER}content/mpost_2.html"]
