"""Fragments of real pages: figures whose place is beyond doubt come back, nothing else is reported."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from parsers.align import align
from parsers.document import Document
from parsers.readers.text import read_text
from parsers.records import Fact

FOLDER = Path(__file__).parents[2] / "fixtures" / "observed"
CASES = sorted(FOLDER.glob("*.json"))
FORM_OF_TABLES = {"A", "B", "C", "D", "E", "F", "H", "I"}


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def read(case: dict[str, Any]) -> Document:
    return read_text("\n".join(case["lines"]), "utf-8")


def facts_of(case: dict[str, Any]) -> tuple[Fact, ...]:
    return align(read(case)).facts


def test_all_fragments_are_there() -> None:
    assert len(CASES) == 18
    assert Counter(load(path)["form"] for path in CASES) == {
        "A": 4, "B": 3, "C": 3, "D": 1, "E": 1, "F": 1, "H": 1, "I": 1, "M": 2, "N": 1
    }  # fmt: skip


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_asserted_figures_come_back_and_no_others(path: Path) -> None:
    case = load(path)
    found = {fact.key: fact for fact in facts_of(case)}
    asserted = {(table, row, column): raw for table, row, column, raw in case["figures"]}
    for key, raw in asserted.items():
        expected = {"": "blank", "/": "dash"}.get(raw, "reported")
        assert (found[key].raw, found[key].status) == (raw, expected), key
    reported = {key for key, fact in found.items() if fact.status == "reported"}
    assert reported <= set(asserted)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_form_is_recognised(path: Path) -> None:
    case = load(path)
    forms = {table.form for table in read(case).tables() if table.form is not None}
    if case["form"] in FORM_OF_TABLES and case["era"] not in ("pre2014", "stat2014"):
        assert forms == {case["form"]}
    elif case["form"] in ("M", "N"):
        assert forms == set()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_line_stays_visible(path: Path) -> None:
    case = load(path)
    shown = "".join(
        "".join(cell.text for row in block.rows for cell in row) if hasattr(block, "rows") else block.text
        for block in read(case).blocks
    )
    for line in case["lines"]:
        for piece in line.split("|"):
            assert "".join(piece.split()) in "".join(shown.split())


def test_deduplicated_page_reports_nothing() -> None:
    case = load(FOLDER / "xiongxian-2019.json")
    statuses = Counter(fact.status for fact in facts_of(case))
    assert statuses["reported"] == statuses["blank"] == 0
    assert {fact.key for fact in facts_of(case) if fact.status == "ambiguous"} == {
        ("documents", "regulation", column) for column in ("made_new", "disclosed_new", "disclosed_total")
    }


def test_cut_headings_are_placed_by_order() -> None:
    alignment = align(read(load(FOLDER / "heping-fgw-2019.json")))
    methods = {fact.table: fact.method for fact in alignment.facts if fact.status == "reported"}
    assert methods["documents"] == "position"
    assert methods["enforcement"] == "label"
    assert "本年新" in alignment.reading.damaged_headings["documents"]


def test_empty_cells_are_blank_only_with_the_full_width() -> None:
    facts = {fact.key: fact for fact in facts_of(load(FOLDER / "tongchuan-tjj-2023.json"))}
    assert facts["requests", "received", "total"].value == 0
    assert facts["requests", "received", "natural_person"].status == "blank"
    assert facts["requests", "granted", "total"].status == "blank"
    assert facts["requests", "concluded", "total"].status == "absent"


@pytest.mark.parametrize("name", ["huiji-cl-2021", "qinglong-2019", "pingqiao-fgw-2019"])
def test_pages_without_tables_have_no_facts(name: str) -> None:
    case = load(FOLDER / f"{name}.json")
    document = read(case)
    assert list(document.tables()) == []
    assert facts_of(case) == ()
    assert document.images == (("发改.jpg", "2.jpg", "3.jpg") if case["form"] == "N" else ())
