"""Comparing agencies over years: selection, figures with their base, marks, and the four renderings."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from output.chart import axis_ticks, chart, spread
from output.compare import Comparison, area_digits, compare
from output.compare_page import as_html
from output.compare_text import as_csv, as_json, as_table, words
from output.errors import NoDatasetError, UnknownAgencyError, UnknownIndicatorError
from output.measures import Lang
from tests.output.doubles import Case, error, make_dataset


def figures(received: float, concluded: float, granted: float) -> dict[str, float | str]:
    return {
        "requests.received.total": received,
        "requests.concluded.total": concluded,
        "requests.granted.total": granted,
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    cases = [
        Case("甲局", 2018, {"statistics.s3_received.value": 30}, era="stat2014"),
        Case("甲局", 2019, figures(40, 50, 20), era="fmt2019"),
        Case("甲局", 2020, figures(44, 55, 24), era="fmt2019", findings=(error("requests.concluded.total"),)),
        Case("甲局", 2022, figures(53, 12, 3)),
        Case("乙区财政局", 2022, figures(1234567, 100, 50), identity={"region_code": "430102"}),
        Case(
            "乙区财政局",
            2023,
            {**figures(9, 100, 50), "requests.granted.total": "blank"},
            identity={"region_code": "430102"},
        ),
    ]
    make_dataset(folder, cases)
    return folder


def points(comparison: Comparison) -> dict[tuple[str, int], float | None]:
    return {
        (line.agency, year): point.value for line in comparison.lines for year, point in line.points.items()
    }


def test_an_indicator_by_code_and_by_id(data: Path) -> None:
    by_code, by_id = compare(data, "full_disclosure_rate"), compare(data, "M-04")
    assert by_code == by_id
    assert points(by_code) == {
        ("甲局", 2018): None,
        ("甲局", 2019): 0.4,
        ("甲局", 2020): 24 / 55,
        ("甲局", 2022): 0.25,
        ("乙区财政局", 2022): 0.5,
        ("乙区财政局", 2023): None,
    }


def test_a_cell(data: Path) -> None:
    comparison = compare(data, "requests.received.total")
    assert points(comparison)["乙区财政局", 2022] == 1234567
    line = next(line for line in comparison.lines if line.agency == "甲局")
    assert line.points[2018].reason == "not_in_form"
    assert 2021 not in line.points
    assert comparison.years == (2018, 2019, 2020, 2021, 2022, 2023)
    assert comparison.unit == "件"


def test_a_cell_of_which_copies_disagree(tmp_path: Path) -> None:
    make_dataset(tmp_path, [Case(figures=figures(1, 2, 3)), Case(figures=figures(1, 2, 4))])
    (line,) = compare(tmp_path, "requests.granted.total").lines
    assert (line.points[2024].value, line.points[2024].reason) == (None, "copies_disagree")


def test_selecting(data: Path) -> None:
    assert {line.agency for line in compare(data, "M-01", agencies=["财政"]).lines} == {"乙区财政局"}
    assert {line.agency for line in compare(data, "M-01", agencies=["财政", "甲"]).lines} == {
        "甲局",
        "乙区财政局",
    }
    assert {line.agency for line in compare(data, "M-01", region="43").lines} == {"乙区财政局"}
    assert {line.agency for line in compare(data, "M-01", region="430100").lines} == {"乙区财政局"}
    assert compare(data, "M-01", years=(2019, 2021)).years == (2019, 2020, 2021)
    assert compare(data, "M-01", region="99").lines == ()


@pytest.mark.parametrize(
    ("region", "digits"),
    [
        ("42", "42"),
        ("420000", "42"),
        ("420200", "4202"),
        ("420202", "420202"),
        ("500000", "50"),  # Chongqing, not all provinces that begin with 5
        ("130110", "130110"),  # a district, not its neighbour 130111
        ("1301", "1301"),
        ("4202", "4202"),
        ("420202001", "420202001"),
    ],
)
def test_a_region_is_cut_between_its_pairs_of_digits(region: str, digits: str) -> None:
    assert area_digits(region) == digits


def test_indicators_that_are_no_formula_over_cells_are_compared_too(data: Path) -> None:
    late = compare(data, "M-22")
    assert late.code == "days_late"
    assert points(late)["甲局", 2020] == (date(2025, 1, 20) - date(2021, 1, 31)).days
    change = compare(data, "requests_received_change")
    assert points(change) == {
        ("甲局", 2018): None,
        ("甲局", 2019): None,
        ("甲局", 2020): pytest.approx(0.1),
        ("甲局", 2022): None,
        ("乙区财政局", 2022): None,
        ("乙区财政局", 2023): pytest.approx(9 / 1234567 - 1),
    }
    assert "10.0%" in as_table(change)
    assert "no figure of the year before that may be compared" in as_table(change)
    assert points(compare(data, "findings_error"))["甲局", 2020] == 1
    assert points(compare(data, "disclosure_rate_robust_z"))["甲局", 2020] is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("M-07a", 8),
        ("M-07b", 8),
        ("M-17", 6),
        ("M-18", 4),
        ("M-23", 3),
    ],
)
def test_an_identifier_of_several_indicators_names_them(data: Path, name: str, codes: int) -> None:
    with pytest.raises(UnknownIndicatorError) as error:
        compare(data, name)
    assert len(error.value.close) == codes
    for code in error.value.close:
        assert compare(data, code).code == code


def test_a_printed_cell_nobody_has_is_unknown(data: Path) -> None:
    with pytest.raises(UnknownIndicatorError):
        compare(data, "requests.x_row_9_9.total")


@pytest.mark.parametrize(
    ("name", "close"),
    [("disclosure_rat", "disclosure_rate"), ("requests.recieved.total", "requests.received.total")],
)
def test_unknown_indicators_name_close_ones(data: Path, name: str, close: str) -> None:
    with pytest.raises(UnknownIndicatorError, match=re.escape(close)):
        compare(data, name)


def test_unknown_agencies_name_close_ones(data: Path) -> None:
    with pytest.raises(UnknownAgencyError, match="乙区财政局"):
        compare(data, "M-01", agencies=["乙区财务局"])


def test_namesakes_are_told_apart(tmp_path: Path) -> None:
    cases = [Case("财政局", 2024, identity={"region_code": code}) for code in ("420202", "430102", None)]
    cases += [Case("甲局", 2024)]
    make_dataset(tmp_path, cases)
    names = {line.agency for line in compare(tmp_path, "M-01").lines}
    assert names == {"财政局 (420202)", "财政局 (430102)", "财政局 (huangshan-财政局)", "甲局"}


def test_without_a_dataset(tmp_path: Path) -> None:
    with pytest.raises(NoDatasetError):
        compare(tmp_path, "M-01")


def test_the_table_aligns_chinese_and_says_what_to_mind(data: Path) -> None:
    text = as_table(compare(data, "full_disclosure_rate"))
    lines = text.splitlines()
    assert "25.0%* (3/12)" in text
    assert "43.6%! (24/55)" in text
    assert "T3-01: Sum and total differ." in text
    assert "the meaning moves noticeably between 2018 and 2019" in text
    assert (
        "no report of this year in the dataset (甲局 2021, 2023; 乙区财政局 2018, 2019, 2020, 2021)" in text
    )
    assert "requests.granted.total (the cell is blank)" in text
    rows = [line for line in lines if line.startswith(("Agency", "甲局", "乙区财政局"))]
    widths = {sum(2 if ord(char) > 0x2E80 else 1 for char in row) for row in rows}
    assert len(rows) == 3
    assert len(widths) == 1


def test_the_table_in_chinese(data: Path) -> None:
    text = as_table(compare(data, "full_disclosure_rate", lang="zh"))
    assert text.startswith("全部公开率")
    assert "合计不符" in text
    assert "单元格空白" in text


def test_both_languages_have_the_same_words() -> None:
    def keys(entry: dict[str, object]) -> set[str]:
        return {
            f"{key}.{inner}"
            for key, value in entry.items()
            for inner in (value if isinstance(value, dict) else [""])
        }

    assert keys(words("en")) == keys(words("zh"))


def test_csv_is_long_and_keeps_numerator_and_denominator(data: Path) -> None:
    content = as_csv(compare(data, "full_disclosure_rate", agencies=["甲局"]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["fiscal_year"] for row in rows] == ["2018", "2019", "2020", "2022"]
    assert rows[0]["value"] == ""
    assert rows[0]["reason"] == "no_base"
    assert (rows[1]["value"], rows[1]["numerator"], rows[1]["denominator"]) == ("0.4", "20", "50")
    assert rows[2]["findings"] == "T3-01"
    assert rows[1]["source_url"] == "http://www.example.gov.cn/1.htm"


def test_json_holds_everything(data: Path) -> None:
    content = json.loads(as_json(compare(data, "full_disclosure_rate", agencies=["甲局"])))
    assert content["breaks"] == [{"after": 2018, "size": "medium"}]
    (line,) = content["lines"]
    assert [point["fiscal_year"] for point in line["points"]] == [2018, 2019, 2020, 2022]
    assert line["points"][2]["findings"] == [{"rule": "T3-01", "message": "Sum and total differ."}]
    assert line["points"][3]["flags"] == ["small_base"]


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_the_page_is_whole_and_links_every_figure(data: Path) -> None:
    page = Page(as_html(compare(data, "full_disclosure_rate")))
    assert not page.all("script")
    assert not page.all("img")
    assert not page.all("link")
    assert not [tag for tag, attributes in page.tags if "style" in attributes or "onload" in attributes]
    assert len(page.all("a")) == 4
    assert {link["href"] for link in page.all("a")} == {
        f"http://www.example.gov.cn/{n}.htm" for n in (1, 2, 3, 4)
    }
    assert "24/55" in page.text
    assert "T3-01: Sum and total differ." in page.text
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_the_style_is_the_one_the_policy_allows(data: Path) -> None:
    import base64
    import hashlib

    html = as_html(compare(data, "M-01"))
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" in html.split("<style>")[0].replace("&#43;", "+")


def test_lines_are_never_drawn_over_gaps_and_breaks(data: Path) -> None:
    drawn = chart(compare(data, "M-01", agencies=["甲局"]))
    assert re.findall(r'points="([^"]*)"', drawn) != []
    runs = [run.split() for run in re.findall(r'points="([^"]*)"', drawn)]
    assert [len(run) for run in runs] == [2]
    assert drawn.count('class="break"') == 1
    assert drawn.count('class="axis"') == 1


def test_small_bases_are_hollow(data: Path) -> None:
    drawn = chart(compare(data, "full_disclosure_rate", agencies=["甲局"], years=(2022, 2022)))
    assert 'fill="#ffffff"' in drawn


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0.0), (0, 1), (0, 0.436), (0, 1234567), (-5, 60), (0, 3), (0, 1e-9)]
)
def test_axes_start_at_zero_and_enclose_the_figures(low: float, high: float) -> None:
    ticks = axis_ticks(low, high)
    assert 0 in ticks
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 2 <= len(ticks) <= 8


def test_names_beside_the_chart_do_not_overlap_or_leave_it() -> None:
    assert spread([10, 12, 100], 15, 400) == [10, 25, 100]
    assert spread([390, 395, 399], 15, 400) == [370, 385, 400]
    assert spread([], 15, 400) == []


def test_hostile_names_and_addresses_stay_text(tmp_path: Path) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>局'
    message = error("requests.received.total")
    cases = [
        Case(evil, 2023, findings=(message,), document={"url": "javascript:alert(1)"}),
        Case(evil, 2024, document={"url": 'http://x/"onmouseover="alert(1)'}),
        Case("\x1b[31m\u202e局", 2024, document={"url": "http://["}),
    ]
    make_dataset(tmp_path, cases)
    for lang in ("en", "zh"):
        comparison = compare(tmp_path, "M-01", lang=lang)  # type: ignore[arg-type]
        page = Page(as_html(comparison))
        assert not page.all("script")
        assert not page.all("img")
        assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
        assert [link["href"] for link in page.all("a")] == ['http://x/"onmouseover="alert(1)']
        assert "\x1b" not in as_table(comparison)
        assert "\u202e" not in as_table(comparison)


def test_an_empty_selection_is_a_page_too(data: Path) -> None:
    comparison = compare(data, "M-01", region="99")
    assert words("en")["empty"] in as_html(comparison)
    assert words("en")["empty"] in as_table(comparison)
    assert as_csv(comparison).count(b"\n") == 1


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "(the whole government, the agency alone)"), ("zh", "（政府汇总, 本机关）")]
)
def test_what_figures_cover_is_said_in_words(data: Path, lang: Lang, said: str) -> None:
    found = compare(data, "requests_received", lang=lang)
    first, *others = found.lines
    mixed = replace(found, lines=(replace(first, scope="government_aggregate"), *others))
    assert said in as_table(mixed)
    assert said not in as_table(found)
