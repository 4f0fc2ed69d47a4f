"""Region codes: names with and without suffix, places of one name, codes that changed."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers.regions
from parsers.regions import is_known, on_one_line, place_at_start, region, trim_code

TABLE = Path(parsers.regions.__file__).with_name("data") / "regions.csv"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("黄石港区文化和旅游局", "420202"),
        ("黄石港工业园区管委会", "420202"),
        ("湖北省黄石市黄石港区文旅局", "420202"),
        ("黄石市黄石港区税务局", "420202"),
        ("国家税务总局黄石市税务局", "420200"),
        ("湖北省教育厅", "420000"),
        ("广西壮族自治区人民政府", "450000"),
        ("恩施州财政局", "422800"),
        ("恩施土家族苗族自治州财政局", "422800"),
        ("天津市和平区发展改革委", "120101"),
        ("北京市朝阳区人民政府", "110105"),
        ("重庆市忠县人民政府", "500233"),
        ("仙桃市人民政府", "429004"),
        ("东莞市人民政府", "441900"),
        ("浦东新区教育局", "310115"),
        ("建水县青龙镇", "532524"),
        ("南充市嘉陵区金凤镇人民政府", "511304"),
        ("三亚市海棠区人民政府办公室", "460202"),
        ("黄石文旅局", "420200"),
        ("黄石道路运输管理局", "420200"),
        ("黄石乡村振兴局", "420200"),
        ("连江县人民政府", "350122"),
        ("财政部湖北监管局", "420000"),
        ("中国人民银行黄石市分行", "420200"),
        ("共青团黄石市委员会", "420200"),
    ],
)
def test_place_words_give_the_code(name: str, code: str) -> None:
    place = place_at_start(name)
    assert place.region is not None
    assert place.region.code == code


@pytest.mark.parametrize(
    "name",
    [
        "和平区财政局",
        "鼓楼区人民政府",
        "青龙镇人民政府",
        "黄石镇人民政府",
        "公安局",
        "区统计局",
        "某某局",
        "",
        "朝阳文旅局",
        "鼓楼街道办事处",
        "桃园开发区管委会",
        "四川北路街道办事处",
        "南京东路街道办事处",
        "太原街街道办事处",
        "鞍山西道街道办事处",
        "中山门街道办事处",
    ],
)
def test_what_is_open_stays_open(name: str) -> None:
    assert place_at_start(name).region is None


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("和平区财政局", "120000", "120101"),
        ("和平区财政局", "210100", "210102"),
        ("鼓楼区人民政府", "320102", None),
        ("鼓楼区人民政府", "3201", "320106"),
        ("阳新文旅局", "420200", "420222"),
        ("阳新文旅局", None, None),
        ("公安局", "421000", None),
        ("黄石镇人民政府", "350300", None),
    ],
)
def test_context_decides_between_places_of_one_name(name: str, within: str | None, code: str | None) -> None:
    found = place_at_start(name, within=within).region
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("钢城区财政局", 2017, "371203"),
        ("钢城区财政局", 2020, "370117"),
        ("莱芜市人民政府", 2016, "371200"),
        ("黔西县财政局", 2015, "520522"),
        ("大同市城区人民政府", 2015, "140202"),
        ("江干区人民政府", 2019, "330104"),
        ("江干区人民政府", 2022, "330104"),
    ],
)
def test_the_code_is_the_one_of_the_year(name: str, year: int, code: str) -> None:
    found = place_at_start(name, year=year).region
    assert found is not None
    assert found.code == code


def test_a_code_may_change_its_name() -> None:
    before, after = region("420600", 2008), region("420600", 2020)
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("襄樊市", "襄阳市")


def test_validity_ends_with_the_year_before_a_change() -> None:
    place = place_at_start("江干区人民政府").region
    assert place is not None
    assert place.valid_at_end_of(2020)
    assert not place.valid_at_end_of(2021)


def test_lines_of_the_code_tree() -> None:
    assert on_one_line(["420202", "4202", "420000", "42"])
    assert not on_one_line(["420202", "420203"])
    assert not on_one_line(["420202", "430102", "42"])
    assert on_one_line([])
    assert trim_code("420200") == "4202"
    assert trim_code("100000") == "10"


def test_known_codes() -> None:
    assert is_known("420202")
    assert is_known("42")
    assert not is_known("100000")
    assert not is_known("999999")
    assert region("999999") is None


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_whole() -> None:
    table = rows()
    codes = {row["code"] for row in table}
    current = [row for row in table if not row["valid_to"] and row["level"] != "zone"]
    assert sum(1 for row in current if row["level"] == "province") == 34
    assert 330 <= sum(1 for row in current if row["level"] == "prefecture") <= 345
    assert 2820 <= sum(1 for row in current if row["level"] == "county") <= 2900
    assert len(table) == len({(row["code"], row["name"]) for row in table})
    for row in table:
        assert len(row["code"]) == 6
        assert row["code"].isdigit()
        assert row["parent"] in codes or (row["level"] == "province" and not row["parent"])
        assert row["source"]
        if row["valid_from"] and row["valid_to"]:
            assert int(row["valid_from"]) <= int(row["valid_to"])


def test_every_full_name_under_its_parents_is_found_again() -> None:
    names = {row["code"]: row["name"] for row in rows() if not row["valid_to"]}
    checked = 0
    for row in rows():
        if row["valid_to"] or row["level"] != "county" or row["parent"] not in names or row["code"] >= "71":
            continue
        province = names[row["code"][:2] + "0000"]
        prefecture = names[row["parent"]] if row["parent"][2:] != "0000" else ""
        found = place_at_start(f"{province}{prefecture}{row['name']}财政局").region
        assert found is not None, row
        assert found.code == row["code"]
        checked += 1
    assert checked > 2800


@given(st.text(max_size=60), st.sampled_from([None, 2010, 2024]), st.sampled_from([None, "42", "420202"]))
def test_any_name_is_read(name: str, year: int | None, within: str | None) -> None:
    place = place_at_start(name, year=year, within=within)
    assert 0 <= place.length <= max(len(name), 0)
