"""Files a user lays beside the archive: what they do, and what their mistakes say."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from output.dataset import open_dataset
from output.errors import ReferenceDataError
from output.reference import FOLDER, load_reference
from tests.output.doubles import Case, Made, make_dataset

HEADS = {
    "population.csv": "region_code,year,population,source",
    "predecessors.csv": "predecessor,successor,first_year,type,evidence",
    "aliases.csv": "region_code,printed,name,seen",
    "expected.csv": "region_code,agency,first_year,last_year,government,seen",
}
RECEIVED = "requests.received.total"
IN_FORCE = "documents.normative_document.in_force"
REPEALED = "documents.normative_document.repealed"


def supply(data_dir: Path, name: str, text: str) -> None:
    folder = data_dir / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def panel(made: Made) -> pd.DataFrame:
    return made.frame("panel").set_index(["agency", "fiscal_year"])


def area(year: int, **figures: float) -> Case:
    identity = {"scope": "government_aggregate", "agency_kind": "government"}
    return Case("黄石港区人民政府", year, {RECEIVED: 53, **figures}, identity=identity)


def test_nothing_supplied_is_fine(tmp_path: Path) -> None:
    reference = load_reference(tmp_path)
    assert (reference.aliases, reference.predecessors, reference.expected, reference.population) == (
        {}, (), (), {},
    )  # fmt: skip


def test_population_gives_requests_per_10k_for_areas_only(tmp_path: Path) -> None:
    supply(tmp_path, "population.csv", 'region_code,year,population,source\n420202,2024,"412,000",年鉴\n')
    rows = panel(Made(tmp_path, [area(2024), area(2023), Case("黄石港区财政局", 2024, {RECEIVED: 53})]))
    row: Any = rows.loc["黄石港区人民政府", 2024]
    assert row["requests_per_10k"] == pytest.approx(53 / 412_000 * 10_000)
    assert (row["requests_per_10k_numerator"], row["requests_per_10k_denominator"]) == (53, 412_000)
    cell = "reference.population.persons"
    assert (
        rows.loc[("黄石港区人民政府", 2023), "requests_per_10k_flag"] == f"not_reported:{cell}=not_supplied"
    )
    assert rows.loc[("黄石港区财政局", 2024), "requests_per_10k_flag"] == f"not_reported:{cell}=not_an_area"


def test_fees_per_head_are_in_yuan(tmp_path: Path) -> None:
    supply(tmp_path, "population.csv", "region_code,year,population,source\n420202,2024,1000,年鉴\n")
    rows = panel(Made(tmp_path, [area(2024, **{"fees.admin_fee.amount_wan_yuan": 12.5})]))
    assert rows.iloc[0]["fee_income_per_head"] == pytest.approx(125)


def test_an_alias_makes_two_names_one_agency(tmp_path: Path) -> None:
    supply(
        tmp_path, "aliases.csv", "region_code,printed,name,seen\n420202,区发改局,黄石港区发展和改革局,列表\n"
    )
    rows = panel(Made(tmp_path, [Case("区发改局", 2023), Case("黄石港区发展和改革局", 2024)]))
    assert set(rows["agency_id"]) == {"420202-发展和改革局"}


def test_a_rename_continues_the_series(tmp_path: Path) -> None:
    head = "predecessor,successor,first_year,type,evidence\n"
    supply(tmp_path, "predecessors.csv", head + "甲区农业局,甲区农业农村局,2024,rename,机构改革方案\n")
    cases = [Case("甲区农业局", 2023, {RECEIVED: 40}), Case("甲区农业农村局", 2024, {RECEIVED: 50})]
    made = Made(tmp_path, cases)
    rows = panel(made)
    assert rows.loc[("甲区农业农村局", 2024), "requests_received_change"] == pytest.approx(0.25)
    agencies = made.frame("agencies").set_index("agency")
    assert agencies.loc["甲区农业农村局", "predecessors"] == "rename 2024 420202-甲区农业局"
    assert agencies.loc["甲区农业局", "successors"] == "rename 2024 420202-甲区农业农村局"


@pytest.mark.parametrize(("kind", "change"), [("merge", 0.25), ("split", None)])
def test_a_merger_is_compared_with_the_sum_a_split_with_nothing(
    tmp_path: Path, kind: str, change: float | None
) -> None:
    head = "predecessor,successor,first_year,type,evidence\n"
    lines = "".join(f"{name},甲区文化和旅游局,2024,{kind},\n" for name in ("甲区文化局", "甲区旅游局"))
    supply(tmp_path, "predecessors.csv", head + lines)
    cases = [
        Case("甲区文化局", 2023, {RECEIVED: 30, IN_FORCE: 20}),
        Case("甲区旅游局", 2023, {RECEIVED: 10, IN_FORCE: 12}),
        Case("甲区文化和旅游局", 2024, {RECEIVED: 50, REPEALED: 8}),
    ]
    row: Any = panel(Made(tmp_path, cases)).loc[("甲区文化和旅游局", 2024)]
    found = row["requests_received_change"], row["normative_document_repeal_ratio"]
    assert found == pytest.approx((change, 8 / 32)) if change is not None else all(map(pd.isna, found))


def test_names_that_fit_no_agency_are_named_in_the_manifest(tmp_path: Path) -> None:
    head = "predecessor,successor,first_year,type,evidence\n"
    supply(tmp_path, "predecessors.csv", head + "乙区无此局,甲局,2024,rename,\n")
    make_dataset(tmp_path, [Case("甲局", 2024)])
    assert open_dataset(tmp_path).manifest()["counts"]["unmatched_names"] == ["乙区无此局"]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("population.csv", None, "line 1: no column region_code"),
        ("population.csv", "42x,2024,1,a", "line 2, column region_code"),
        ("population.csv", "42,24,1,a", "line 2, column year"),
        ("population.csv", "42,2024,-1,a", "line 2, column population"),
        ("predecessors.csv", "a,b,2020,join,", "line 2, column type"),
        ("aliases.csv", "42,,b,c", "line 2, column printed: is empty"),
        ("expected.csv", "42,甲,x,,,", "line 2, column first_year"),
    ],
)
def test_mistakes_are_named_with_file_line_and_column(
    tmp_path: Path, name: str, line: str | None, said: str
) -> None:
    supply(tmp_path, name, f"{HEADS[name]}\n{line}\n" if line else "a,b\n")
    with pytest.raises(ReferenceDataError, match=said) as error:
        load_reference(tmp_path)
    assert name in str(error.value)


def test_a_file_that_is_no_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "aliases.csv").write_bytes(
        "region_code,printed,name,seen\n42,甲,乙,\n".encode("gb18030")
    )
    with pytest.raises(ReferenceDataError, match="UTF-8"):
        load_reference(tmp_path)
