"""The whole build: pages are parsed, figures arrive with their place, a second build reads nothing again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from output.cache import FILE as CACHE_FILE
from output.cache import RowCache, decode, encode
from output.dataset import open_dataset
from output.pipeline import build
from output.rows import parsed_rows
from parsers.forms import load_forms
from parsers.report import parse
from scraper.errors import StorageError
from tests.output.doubles import Document
from tests.render.html import HtmlOptions, numbered_figures, render_page

ERA = "fmt2021"


def page(year: int) -> bytes:
    options = HtmlOptions(title="澄湾区财政局{year}年政府信息公开工作年度报告", year=year)
    return render_page(numbered_figures(ERA), era=ERA, options=options).encode()


class Counting(Document):
    """A document that counts how often its bytes are asked for."""

    asked = 0

    def body(self) -> bytes:
        type(self).asked += 1
        return self.data


class Broken(Document):
    def body(self) -> bytes:
        raise StorageError("archive/x.warc.gz: offset 9 cannot be read")


@pytest.fixture
def documents() -> list[Document]:
    return [
        Counting(
            url=f"http://www.example.gov.cn/{year}.htm",
            data=page(year),
            list_title=f"澄湾区财政局{year}年政府信息公开工作年度报告",
        )
        for year in (2022, 2023, 2024)
    ]


def test_figures_arrive_with_status_and_place(tmp_path: Path, documents: list[Document]) -> None:
    summary = build(tmp_path, documents=documents)  # type: ignore[arg-type]
    assert (summary.documents, summary.reports, summary.failed) == (3, 3, 0)
    dataset = open_dataset(tmp_path)
    facts = dataset.frame("facts")
    assert len(facts) == 600
    truth = {".".join(cell): text for cell, text in numbered_figures(ERA).items()}
    for fact in facts[facts["status"] == "reported"].itertuples():
        assert float(truth[f"{fact.table}.{fact.row}.{fact.column}"]) == fact.value
    assert (facts["status"] == "reported").sum() == 3 * load_forms()[ERA].cell_count()
    assert sorted(dataset.frame("panel")["fiscal_year"]) == [2022, 2023, 2024]
    assert set(dataset.frame("reports")["agency"]) == {"澄湾区财政局"}


def test_a_second_build_reads_no_document_again(tmp_path: Path, documents: list[Document]) -> None:
    Counting.asked = 0
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    first = open_dataset(tmp_path).manifest()
    assert Counting.asked == 3
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    assert Counting.asked == 3
    assert open_dataset(tmp_path).manifest() == first


def test_the_cache_may_be_deleted_or_damaged(tmp_path: Path, documents: list[Document]) -> None:
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    first = open_dataset(tmp_path).manifest()
    (tmp_path / CACHE_FILE).write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    assert open_dataset(tmp_path).manifest() == first
    (tmp_path / CACHE_FILE).unlink()
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    assert open_dataset(tmp_path).manifest() == first


def test_entries_of_other_code_are_thrown_away(tmp_path: Path) -> None:
    with RowCache(tmp_path) as cache:
        cache.put("key", b"rows")
    with RowCache(tmp_path) as cache:
        assert cache.get("key") == b"rows"
    with sqlite3.connect(tmp_path / CACHE_FILE) as database:
        database.execute("UPDATE code SET digest = 'older'")
    database.close()
    with RowCache(tmp_path) as cache:
        assert cache.get("key") is None


def test_several_processes_give_the_same_dataset(tmp_path: Path, documents: list[Document]) -> None:
    build(tmp_path / "one", documents=documents)  # type: ignore[arg-type]
    build(tmp_path / "two", documents=documents, jobs=2)  # type: ignore[arg-type]
    assert open_dataset(tmp_path / "one").manifest() == open_dataset(tmp_path / "two").manifest()


def test_bytes_that_cannot_be_had_are_an_outcome(tmp_path: Path, documents: list[Document]) -> None:
    broken = Broken(url="http://www.example.gov.cn/broken.htm", data=b"other")
    summary = build(tmp_path, documents=[broken, *documents])  # type: ignore[list-item]
    assert summary.outcomes["unreadable"] == 1
    assert summary.failed == 1
    reports = open_dataset(tmp_path).frame("reports")
    assert reports["error"][0] == "archive: archive/x.warc.gz: offset 9 cannot be read"
    assert list(reports["outcome"])[1:] == ["parsed"] * 3


def test_documents_are_taken_one_by_one(tmp_path: Path) -> None:
    """Building must not hold all documents: the next is asked for only when the last is on its way."""
    out = 0

    def stream() -> Iterator[Document]:
        nonlocal out
        for number in range(5):
            out = number
            yield Document(url=f"http://x/{number}", data=b"")

    seen: list[int] = []
    build(tmp_path, documents=stream(), progress=lambda done: seen.append(out))  # type: ignore[arg-type]
    assert seen == [0, 1, 2, 3, 4]


def test_rows_survive_the_cache_unchanged() -> None:
    rows = parsed_rows(parse(page(2024)))
    again = decode(encode(rows))
    assert again.facts == rows.facts
    assert again.findings == rows.findings
    assert [tuple(section) for section in again.sections] == rows.sections
    assert [tuple(check) for check in again.checks] == rows.checks
    assert (again.outcome, again.era, again.report) == (rows.outcome, rows.era, rows.report)
