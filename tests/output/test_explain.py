"""Explaining a figure: the printed table from the archived bytes, or why it cannot be shown."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from output.dataset import open_dataset
from output.errors import UnknownReportError
from output.explain import as_json, as_text, explain
from output.pipeline import build
from scraper.fetch import Exchange
from scraper.store import Store
from tests.output.doubles import Document
from tests.render.html import numbered_figures, render_page

NOW = datetime(2025, 2, 1, 8, tzinfo=UTC)
URL = "http://www.example.gov.cn/1.htm"


def archived(data_dir: Path, body: bytes) -> Document:
    """Put one page into a real archive; return the stored document that points to it."""
    wire = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    answer = Exchange(URL, "GET", b"GET /1.htm HTTP/1.1\r\n\r\n", wire, 200, (), body, 0.1)
    store = Store(data_dir, lambda: NOW)
    with store.transaction():
        place = store.archive.write(answer, NOW)
    store.close()
    return Document(url=URL, data=body, warc_file=place.file, warc_offset=place.offset)


@pytest.fixture(scope="module")
def page() -> bytes:
    figures = {**numbered_figures("fmt2021"), ("requests", "concluded", "total"): "8"}
    figures["requests", "granted", "business"] = ""
    return render_page(figures, era="fmt2021").encode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, page: bytes) -> Path:
    folder = tmp_path_factory.mktemp("data")
    build(folder, documents=[archived(folder, page)])  # type: ignore[list-item]
    return folder


@pytest.fixture(scope="module")
def report_id(data: Path) -> str:
    return str(open_dataset(data).frame("reports")["report_id"][0])


def test_the_cell_is_marked_in_the_printed_table(data: Path, report_id: str) -> None:
    explanation = explain(data, report_id, "requests.received.business")
    assert explanation.marked is not None
    row, column = explanation.marked
    assert explanation.table[row][column] == explanation.fact["raw"]
    assert explanation.found_sha256 == explanation.fact["sha256"]
    assert explanation.problem is None
    text = as_text(explanation, "en")
    assert f"»{explanation.fact['raw']}«" in text
    assert URL in text
    assert "2025-02-01T08:00:00Z" in text
    assert f"archive/{explanation.fact['warc_file']} @ {explanation.fact['warc_offset']}" in text
    assert "the archived bytes have this hash" in text


def test_a_figure_of_a_file_names_the_page_the_file_is_attached_to(data: Path, report_id: str) -> None:
    explanation = explain(data, report_id, "requests.received.business")
    assert "Attached to" not in as_text(explanation, "en")
    file = replace(explanation, fact={**explanation.fact, "source_url": "http://www.example.gov.cn/1.docx"})
    assert f"Source: http://www.example.gov.cn/1.docx\nAttached to: {URL}\n" in as_text(file, "en")


def test_the_checks_that_touch_it_are_named(data: Path, report_id: str) -> None:
    explanation = explain(data, report_id, "requests.concluded.total")
    assert {finding["rule"] for finding in explanation.findings} & {"T3-01", "T3-02", "T3-03"}
    touched = {finding["cells"] for finding in explanation.findings}
    assert all("requests.concluded.total" in cells.split() for cells in touched)
    text = as_text(explanation, "zh")
    assert "涉及该单元格的校验" in text
    assert explanation.findings[0]["message_zh"][:40] in text


def test_a_blank_cell_is_explained_too(data: Path, report_id: str) -> None:
    explanation = explain(data, report_id, "requests.granted.business")
    assert explanation.fact["status"] == "blank"
    assert "»«" in as_text(explanation, "en")
    assert "Read as" not in as_text(explanation, "en")


def test_altered_bytes_are_told(tmp_path: Path, page: bytes) -> None:
    document = archived(tmp_path, page.replace("总体情况".encode(), "总体情形".encode()))
    told = Document(url=URL, data=page, warc_file=document.warc_file, warc_offset=document.warc_offset)
    build(tmp_path, documents=[told])  # type: ignore[list-item]
    identifier = str(open_dataset(tmp_path).frame("reports")["report_id"][0])
    explanation = explain(tmp_path, identifier, "requests.received.business")
    assert explanation.found_sha256 != explanation.fact["sha256"]
    assert "WARNING: the archived bytes have another hash" in as_text(explanation, "en")


def test_a_lost_archive_is_told(data: Path, report_id: str, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path, dirs_exist_ok=True)
    for path in (tmp_path / "archive").iterdir():
        path.unlink()
    explanation = explain(tmp_path, report_id, "requests.received.business")
    assert explanation.table == ()
    assert explanation.problem is not None
    assert "cannot be read" in as_text(explanation, "en")
    assert "无法读取" in as_text(explanation, "zh")


def test_json_is_plain(data: Path, report_id: str) -> None:
    content = json.loads(json.dumps(as_json(explain(data, report_id, "requests.received.business"))))
    assert content["fact"]["fetched_at"] == "2025-02-01T08:00:00Z"
    assert content["report"]["report_id"] == report_id


def test_unknown_reports_and_cells_name_close_ones(data: Path, report_id: str) -> None:
    with pytest.raises(UnknownReportError, match=report_id):
        explain(data, report_id[:-1], "requests.received.total")
    with pytest.raises(UnknownReportError, match=r"requests\.received\.total"):
        explain(data, report_id, "requests.recieved.total")
