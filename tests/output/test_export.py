"""Further formats, each read back by another reader."""

import gc
import sqlite3
import warnings
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from lxml import etree

from output.dataset import FOLDER, open_dataset
from output.errors import UnknownFormatError
from output.export import export
from output.schema import tables
from output.writers import WRITERS
from output.writers.stata import LONGEST_NAME, stata_name
from output.writers.xlsx import write_xlsx
from parsers.records import Section
from tests.output.doubles import Case, make_dataset

LONG = "长" * 40_000
CASES = [
    Case(figures={"fees.admin_fee.amount_wan_yuan": 12.35, "requests.received.total": "blank"}),
    Case("=1+1局", 2023, sections=(Section(1, "=1+1", LONG), Section(2, "http://x", "+1"))),
    Case(None, None, outcome="unreadable", era=None),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    make_dataset(folder, CASES)
    return folder


def written(data: Path, name: str, folder: Path) -> dict[str, Path]:
    return {path.name: path for path in export(data, [name], folder)}


@pytest.fixture(scope="module")
def exports(data: Path) -> dict[str, dict[str, Path]]:
    """Every format of the dataset, to be looked at only."""
    return {name: written(data, name, data / "exports" / name) for name in WRITERS}


def test_every_format_is_read_back_here() -> None:
    assert set(WRITERS) == {"csv", "parquet", "sqlite", "stata", "xlsx"}


def test_csv_and_parquet_are_those_of_the_dataset(data: Path, exports: dict[str, dict[str, Path]]) -> None:
    for kind in ("csv", "parquet"):
        assert set(exports[kind]) == {f"{name}.{kind}" for name in tables()}
    for name in tables():
        assert exports["csv"][f"{name}.csv"].read_bytes() == (data / FOLDER / f"{name}.csv").read_bytes()
        ours = pq.read_table(exports["parquet"][f"{name}.parquet"])
        assert ours.equals(pq.read_table(data / FOLDER / f"{name}.parquet"))


def test_sqlite(data: Path, exports: dict[str, dict[str, Path]]) -> None:
    (path,) = exports["sqlite"].values()
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        for name in tables():
            (count,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            assert count == len(open_dataset(data).frame(name))
        query = """SELECT f.value, f.status, r.agency, r.is_current, r.fetched_at, r.published_on
            FROM facts f JOIN reports r USING (report_id)
            WHERE f."table" = 'fees' AND f."row" = 'admin_fee' AND r.fiscal_year = 2024"""
        (row,) = database.execute(query).fetchall()
        assert dict(row) == {
            "value": 12.35,
            "status": "reported",
            "agency": "甲局",
            "is_current": 1,
            "fetched_at": "2025-02-01T08:00:00Z",
            "published_on": "2025-01-20",
        }
        plan = database.execute("EXPLAIN QUERY PLAN " + query).fetchall()
        assert any("facts_table_row_column_fiscal_year" in step["detail"] for step in plan)
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        leads = {tuple(row)[2:4] for row in database.execute("PRAGMA foreign_key_list(facts)")}
        assert leads == {("reports", "report_id"), ("agencies", "agency_id")}
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_stata(data: Path, exports: dict[str, dict[str, Path]]) -> None:
    files = exports["stata"]
    assert set(files) == {f"{name}.dta" for name in tables()}
    for name, table in tables().items():
        with pd.io.stata.StataReader(files[f"{name}.dta"]) as reader:
            frame = reader.read()
            labels = reader.variable_labels()
        assert list(frame.columns) == [stata_name(column) for column in table.names]
        assert all(column.isascii() and len(column) <= LONGEST_NAME for column in frame.columns)
        assert labels[frame.columns[0]].startswith(table.names[0])
        assert len(frame) == len(open_dataset(data).frame(name))
    facts = pd.read_stata(files["facts.dta"])
    fee = facts[(facts["table"] == "fees") & (facts["fiscal_year"] == 2024)].iloc[0]
    assert fee["value"] == 12.35
    received = facts[(facts["row"] == "received") & (facts["column"] == "total")].iloc[0]
    assert pd.isna(received["value"])
    assert received["status"] == "blank"
    reports = pd.read_stata(files["reports.dta"])
    assert list(reports["agency"]) == ["甲局", "=1+1局", ""]
    assert reports["fetched_at"][0] == pd.Timestamp("2025-02-01 08:00")
    assert reports["published_on"][0] == pd.Timestamp("2025-01-20")
    assert pd.read_stata(files["sections.dta"])["text"][1] == LONG


def test_long_names_stay_apart_in_stata() -> None:
    names = [name for table in tables().values() for name in table.names]
    for table in tables().values():
        short = [stata_name(name) for name in table.names]
        assert len(set(short)) == len(short)
    assert any(len(name) > LONGEST_NAME for name in names)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    """Read a sheet from the XML itself: what is a formula or a link would show."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:
        listed = etree.fromstring(book.read("xl/workbook.xml")).findall(".//m:sheet", space)
        number = [one.get("name") for one in listed].index(sheet) + 1
        content = etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
        shared = (
            ["".join(item.itertext()) for item in etree.fromstring(book.read("xl/sharedStrings.xml"))]
            if "xl/sharedStrings.xml" in book.namelist()
            else []
        )
    assert content.findall(".//m:f", space) == []
    assert content.findall(".//m:hyperlink", space) == []
    rows = []
    for row in content.findall(".//m:row", space):
        values = []
        for cell in row.findall("m:c", space):
            text = "".join(cell.itertext())
            values.append(shared[int(text)] if cell.get("t") == "s" else text)
        rows.append(values)
    return rows


def test_xlsx_holds_no_formula_and_no_link(data: Path, exports: dict[str, dict[str, Path]]) -> None:
    (path,) = exports["xlsx"].values()
    for name, table in tables().items():
        rows = cells(path, name)
        assert rows[0] == list(table.names)
        assert len(rows) - 1 == len(open_dataset(data).frame(name))
    sections = cells(path, "sections")
    assert sections[2][5] == "=1+1"
    assert sections[2][6].endswith("…[cut 截断]")
    assert len(sections[2][6]) == 32_767
    assert sections[3][5:] == ["http://x", "+1"]
    columns = cells(path, "codebook")
    assert next(row for row in columns if row[:2] == ["sections", "text"])[5] == "1"
    fee = next(row for row in cells(path, "facts") if "admin_fee" in row)
    assert "12.35" in fee


def test_long_tables_go_on_in_further_sheets(data: Path, tmp_path: Path) -> None:
    write_xlsx(open_dataset(data), tmp_path, sheet_rows=151)
    parts = [cells(tmp_path / "gongkai.xlsx", name) for name in ("facts", "facts_2", "facts_3")]
    assert [len(part) - 1 for part in parts] == [150, 150, 100]
    assert parts[0][0] == parts[1][0] == parts[2][0]


def test_a_workbook_that_cannot_be_written_is_trouble_with_the_disk(data: Path, tmp_path: Path) -> None:
    (tmp_path / "gongkai.xlsx").mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library does not close its drafts then
        with pytest.raises(IsADirectoryError):
            write_xlsx(open_dataset(data), tmp_path)
        gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["gongkai.xlsx"]


@pytest.mark.parametrize("name", ["sqlite", "stata", "xlsx"])
def test_the_same_dataset_gives_the_same_bytes(
    data: Path, exports: dict[str, dict[str, Path]], tmp_path: Path, name: str
) -> None:
    again = written(data, name, tmp_path)
    assert {key: path.read_bytes() for key, path in exports[name].items()} == {
        key: path.read_bytes() for key, path in again.items()
    }


def test_unknown_formats_are_refused_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="did you mean csv, parquet, sqlite, stata, xlsx"):
        export(data, ["csv", "word"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_dataset_exports_too(tmp_path: Path) -> None:
    make_dataset(tmp_path, [])
    files = export(tmp_path, list(WRITERS), tmp_path / "out")
    assert {path.suffix for path in files} == {".csv", ".parquet", ".sqlite", ".dta", ".xlsx"}
    assert [path for path in (tmp_path / "out").iterdir() if path not in files] == []
