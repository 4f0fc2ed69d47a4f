"""One body under several names: joined where a credit code proves it, never where it might be a default."""

from pathlib import Path
from typing import Any

import pandas as pd

from output.dataset import Dataset, open_dataset
from tests.output.doubles import Case, Made, make_dataset

CODE = "11420202123456788D"
OTHER = "114202020000000000"


def case(name: str, year: int, code: str | None = None, **identity: Any) -> Case:
    return Case(name, year, identity={"credit_code": code, **identity})


def ids(made: Made | Dataset) -> dict[tuple[str, int], str]:
    reports = made.frame("reports")
    return {(row.agency, row.fiscal_year): row.agency_id for row in reports.itertuples()}


def apart(data_dir: Path, *cases: Case) -> Made:
    """Return tables in which no name is another's; where one is, files are written again."""
    return Made(data_dir, cases)


def test_a_new_name_with_the_old_code_is_the_old_agency_everywhere(tmp_path: Path) -> None:
    cases = [
        case("甲区国土资源局", 2022, CODE),
        case("甲区自然资源局", 2023, CODE),
        case("甲区自然资源局", 2024),
    ]
    make_dataset(tmp_path, cases)
    dataset = open_dataset(tmp_path)
    assert set(ids(dataset).values()) == {"420202-甲区国土资源局"}
    for name in ("facts", "sections", "panel", "coverage", "agencies"):
        assert set(dataset.frame(name)["agency_id"]) == {"420202-甲区国土资源局"}, name
    agency = dataset.frame("agencies").iloc[0]
    assert agency["agency"] == "甲区自然资源局"
    assert agency["names"] == "甲区国土资源局\n甲区自然资源局"
    assert (agency["credit_code"], agency["is_linked"], agency["years"]) == (CODE, True, 3)
    assert dataset.frame("panel")["requests_received_difference"].tolist()[1:] == [0, 0]


def test_rows_of_facts_keep_their_order_and_figures_when_an_agency_is_renamed(tmp_path: Path) -> None:
    cases = [case("甲区国土资源局", 2022, CODE), case("甲区自然资源局", 2023, CODE)]
    make_dataset(tmp_path, cases)
    linked = open_dataset(tmp_path).frame("facts")
    alone = apart(tmp_path, *(case(one.agency or "", one.year or 0) for one in cases)).frame("facts")
    assert set(linked["agency_id"]) < set(alone["agency_id"])
    pd.testing.assert_frame_equal(linked.drop(columns="agency_id"), alone.drop(columns="agency_id"))


def test_a_code_that_stands_on_pages_of_several_bodies_joins_none(tmp_path: Path) -> None:
    cases = [case("甲区财政局", 2023, CODE), case("甲区教育局", 2023, CODE), case("甲区教育局", 2024)]
    found = ids(apart(tmp_path, *cases))
    assert len(set(found.values())) == 2


def test_a_code_seen_once_each_on_bodies_that_go_on_side_by_side_joins_none(tmp_path: Path) -> None:
    cases = [case("甲区财政局", 2022, CODE), case("甲区财政局", 2024), case("甲区教育局", 2023, CODE)]
    assert len(set(ids(apart(tmp_path, *cases)).values())) == 2


def test_a_code_does_not_join_over_prefectures(tmp_path: Path) -> None:
    cases = [case("甲局", 2022, CODE, region_code="420202"), case("乙局", 2023, CODE, region_code="430102")]
    assert len(set(ids(apart(tmp_path, *cases)).values())) == 2


def test_places_of_the_name_do_not_split_an_agency(tmp_path: Path) -> None:
    cases = [case("黄石港区财政局", 2022), case("黄石市黄石港区财政局", 2023), case("区财政局", 2024)]
    found = ids(apart(tmp_path, *cases))
    assert set(found.values()) == {"420202-财政局"}


def test_a_bureau_of_the_city_is_not_the_bureau_of_the_district(tmp_path: Path) -> None:
    found = ids(apart(tmp_path, case("黄石港区财政局", 2024), case("黄石市财政局", 2024)))
    assert len(set(found.values())) == 2


def test_regions_have_names(tmp_path: Path) -> None:
    made = apart(tmp_path, case("黄石港区财政局", 2024), case("北京市财政局", 2024, region_code="110000"))
    for name in ("reports", "panel", "coverage", "agencies"):
        rows = made.frame(name).set_index("region_code")
        named = rows[["region_name", "prefecture_name", "province_name"]]
        assert named.loc["420202"].tolist() == ["黄石港区", "黄石市", "湖北省"], name
        assert named.loc["110000"].isna().tolist() == [False, True, False], name
