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
from tests.output.doubles import Attachment, Document
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


@pytest.mark.parametrize("junk", [b"\x00", b"\xa5"])
def test_a_cache_the_power_cut_left_in_pieces_is_started_afresh(
    tmp_path: Path, documents: list[Document], junk: bytes
) -> None:
    build(tmp_path, documents=documents)  # type: ignore[arg-type]
    first, path = open_dataset(tmp_path).manifest(), tmp_path / CACHE_FILE
    data = path.read_bytes()
    for kept in (4096, 3 * 4096, len(data) - 1000):  # the head with the tables, some pages, all but the last
        path.write_bytes(data[:kept] + junk * (len(data) - kept))
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


def see_attachment(*files: Attachment, year: int = 2024) -> Document:
    title = f"澄湾区财政局{year}年政府信息公开工作年度报告"
    text = (
        f"<html><body><h1>{title}</h1><div id='zoom'><p>一、总体情况</p><p>详见附件。</p></div></body></html>"
    )
    return Document(
        url="http://www.example.gov.cn/a.htm", data=text.encode(), list_title=title, attachments=files
    )


def test_figures_of_an_attached_file_lead_back_to_the_file(tmp_path: Path) -> None:
    file = Attachment("年报.docx", "http://www.example.gov.cn/a.docx", page(2024))
    picture = Attachment("图.png", "http://www.example.gov.cn/a.png", b"\x89PNG\r\n\x1a\n")
    build(tmp_path, documents=[see_attachment(picture, file)])  # type: ignore[list-item]
    dataset = open_dataset(tmp_path)
    report = dataset.frame("reports").iloc[0]
    assert (report["outcome"], report["source_url"], report["figures_url"]) == (
        "parsed", "http://www.example.gov.cn/a.htm", file.url,
    )  # fmt: skip
    facts = dataset.frame("facts")
    assert (facts["status"] == "reported").all()
    assert set(facts["source_url"]) == {file.url}
    assert set(facts["sha256"]) == {file.sha256}
    assert set(facts["warc_file"]) == {file.warc_file}
    assert set(facts["warc_offset"]) == {file.warc_offset}


def test_a_replaced_file_is_read_again_although_its_page_is_the_same(tmp_path: Path) -> None:
    url = "http://www.example.gov.cn/a.docx"
    for data, expected in ((page(2024), 200), (page(2023), 0)):
        build(tmp_path, documents=[see_attachment(Attachment("年报", url, data))], accept_losses=True)  # type: ignore[list-item]
        facts = open_dataset(tmp_path).frame("facts")
        assert int((facts["status"] == "reported").sum()) == expected
