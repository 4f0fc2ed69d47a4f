"""Rows into batches: types from the schema, what does not fit is named."""

from typing import Any

import pandas as pd
import pytest

from output.frames import TableBuffer, TableError
from output.rows import parsed_rows
from output.schema import tables
from parsers.records import Section
from tests.output.doubles import Case, error


def row(**changes: Any) -> list[Any]:
    known: dict[str, Any] = {
        "row": "received", "column": "total", "table": "requests", "status": "reported", "value": 1.0,
    }  # fmt: skip
    known |= changes
    return [known.get(column.name) for column in tables()["facts"].columns if not column.per_report]


SHARED = ("r0", None, None, None, True, "http://x", "2025-02-01T16:00:00+08:00", None, None, None, "1")


def batches(rows: list[list[Any]], batch_rows: int = 10) -> Any:
    buffer = TableBuffer(tables()["facts"], batch_rows)
    return [*buffer.add(rows, SHARED), *buffer.rest()]


def test_what_reports_share_is_repeated_for_their_rows() -> None:
    buffer = TableBuffer(tables()["facts"], 4)
    found = [*buffer.add([row(), row()], SHARED)]
    found += [*buffer.add([], SHARED)]
    found += [*buffer.add([row(), row(), row()], ("r1", *SHARED[1:]))]
    found += [*buffer.add([row()], ("r2", *SHARED[1:])), *buffer.rest()]
    assert [batch.num_rows for batch in found] == [5, 1]
    assert [one for batch in found for one in batch["report_id"].to_pylist()] == ["r0"] * 2 + ["r1"] * 3 + [
        "r2"
    ]


def test_instants_become_utc() -> None:
    (batch,) = batches([row()])
    assert pd.Timestamp(batch["fetched_at"][0].as_py()) == pd.Timestamp("2025-02-01T08:00:00Z")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"row": None}, r"facts\.row: 1 missing values in a required column"),
        ({"status": "guessed"}, r"facts\.status: unknown word 'guessed'"),
        ({"value": "12"}, r"facts\.value"),
        ({"table_index": "1"}, r"facts\.table_index"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(TableError, match=message):
        batches([row(**changes)])


def test_half_a_surrogate_does_not_stop_a_build() -> None:
    (batch,) = batches([row(raw="1\ud800")])
    assert batch["raw"].to_pylist() == ["1?"]


def test_a_frame_of_no_rows_has_all_columns() -> None:
    for table in tables().values():
        frame = table.arrow.empty_table().to_pandas()
        assert list(frame.columns) == list(table.names)
        assert [str(dtype) for dtype in frame.dtypes] == [column.pandas for column in table.columns]


def test_columns_are_described_once_and_in_both_languages() -> None:
    for table in tables().values():
        assert len(set(table.names)) == len(table.names)
        assert set(table.key) <= set(table.names)
        for column in table.columns:
            assert column.name.isascii()
            assert column.name == column.name.lower()
            assert column.en
            assert column.zh


def test_findings_of_one_rule_on_the_same_cells_are_numbered() -> None:
    case = Case(
        findings=(error("requests.granted.total"), error("requests.granted.total"), error("fees.a.b"))
    )
    assert [finding.number for finding in parsed_rows(case.report()).findings] == [1, 2, 1]


def test_a_section_split_by_a_stray_heading_stays_one_row() -> None:
    case = Case(sections=(Section(1, "总体情况", "甲"), Section(2, "主动公开", "乙"), Section(1, "又", "丙")))
    assert parsed_rows(case.report()).sections == [(1, "总体情况", "甲\n又\n丙"), (2, "主动公开", "乙")]


def test_a_code_that_stands_twice_keeps_every_key_apart() -> None:
    report = Case().report()
    twice = report.facts[0]._replace(row="x_小计")
    object.__setattr__(report, "facts", (*report.facts, report.facts[0], twice, twice))
    facts = parsed_rows(report).facts
    keys = [fact[:3] for fact in facts]
    assert len(set(keys)) == len(keys)
    assert [key[1] for key in keys[-3:]] == ["x_regulation_2", "x_小计", "x_小计_2"]
    assert facts[-3].value == 0
