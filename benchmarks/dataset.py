"""How fast pages become a dataset, what it costs in memory, and how that compares with plain pandas.

    python -m benchmarks.dataset [--pages 200] [--reports 2000] [--rounds 5]
    python -m benchmarks.dataset --stream 100000

The first form builds a dataset from generated pages with two processes, then lets gongkai and plain pandas
write and query the same rows in turns, so that a busy machine slows both alike; the table gives medians. The
second form streams that many made-up reports through the writing half of a build and prints the peak memory.
"""

import argparse
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as pads

from output.dataset import Dataset, open_dataset
from output.frames import TableBuffer
from output.pipeline import build
from output.rows import FactRow, ParsedRows
from output.schema import tables
from output.writers.csv import write_csv_table
from output.writers.parquet import ParquetSink
from output.writing import write_dataset
from parsers.forms import load_forms
from tests.render.html import HtmlOptions, render_page

ERA = "fmt2021"
PROCESSES = 2
YEARS = range(2021, 2026)
_PER_PORTAL = 40 * len(YEARS)
PAIRS = {"Parquet": 1.5, "CSV": 4.0, "agency × year query": 6.0}
"""What is compared with pandas, and how many times faster it has to be."""
_SYLLABLES = "安北昌澄德东丰高海和河洪华江金开兰乐林龙马明南宁平清仁沙石双松泰天同万望文西仙兴阳永玉云中"
_WORDS = ("公开", "信息", "平台", "群众", "依法", "答复", "申请", "整改", "培训", "监督", "解读", "审查")


@dataclass(frozen=True)
class Page:
    """A stored document of a crawl that never was."""

    number: int
    data: bytes = b""
    list_date: str | None = "2025-01-20"
    version: int = 1
    is_current: bool = True
    removed_at: str | None = None
    fetched_at: str = "2025-02-01T08:00:00Z"
    last_seen_at: str = "2025-03-01T08:00:00Z"
    warc_file: str = "gongkai-20250201T080000Z-000001.warc.gz"
    charset: str | None = "utf-8"
    aliases: tuple[str, ...] = ()
    attachments: tuple[Any, ...] = ()

    @property
    def agency(self) -> str:
        """Five years of one agency follow each other."""
        at = self.number // len(YEARS)
        letters = "".join(_SYLLABLES[at // len(_SYLLABLES) ** k % len(_SYLLABLES)] for k in range(3))
        return f"{letters}县财政局"

    @property
    def year(self) -> int:
        """The fiscal year."""
        return YEARS[self.number % len(YEARS)]

    @property
    def portal_id(self) -> str:
        """A county every forty agencies."""
        return f"portal-{self.number // _PER_PORTAL:04d}"

    portal_name = portal_id

    @property
    def region_code(self) -> str:
        """Codes nobody has."""
        return str(990000 + self.number // _PER_PORTAL)

    @property
    def url(self) -> str:
        """An address as long as they are."""
        return f"http://www.{self.portal_id}.example.gov.cn/zfxxgk/xxgknb/{self.year}/t{self.number:08d}.html"

    @property
    def list_title(self) -> str:
        """The title in the list."""
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"

    @property
    def sha256(self) -> str:
        """Of the bytes, or of the number where there are none."""
        return sha256(self.data or str(self.number).encode()).hexdigest()

    fingerprint = sha256

    @property
    def warc_offset(self) -> int:
        """Somewhere in the file."""
        return self.number * 9_000

    def body(self) -> bytes:
        """Return the page."""
        return self.data


def pages(count: int) -> Iterator[Page]:
    """Yield documents whose pages differ in title, year and figures."""
    for number in range(count):
        page = Page(number)
        title = "{agency}{year}年政府信息公开工作年度报告".replace("{agency}", page.agency)
        options = HtmlOptions(title=title.replace("{year}", str(page.year)), year=page.year)
        text = render_page(_figures(number), era=ERA, options=options)
        yield Page(number, data=text.encode())


def _figures(number: int) -> dict[Any, str]:
    random_numbers = random.Random(number)
    cells = [cell[:3] for cell in load_forms()[ERA].cells() if cell.kind != "header"]
    return {cell: str(random_numbers.randrange(40)) for cell in cells}


def parsed(count: int) -> Iterator[tuple[Page, ParsedRows]]:
    """Yield documents with rows as a parser gives them: 200 cells, six sections of text, a few findings."""
    cells = [(cell[:3], cell.unit) for cell in load_forms()[ERA].cells() if cell.kind != "header"]
    for number in range(count):
        page, chance = Page(number), random.Random(number)
        facts = [
            FactRow(*key, float(value), unit, "reported", str(value), None, "label", 1, place, place % 12)
            for place, (key, unit) in enumerate(cells)
            for value in (chance.randrange(300) if place % 7 == 0 else 0,)
        ]
        sections = [(one, "总体情况", _text(chance)) for one in range(1, 7)]
        checks = [(f"T3-{rule:02d}", 1, 0, 0) for rule in range(1, 31)]
        yield page, ParsedRows("parsed", ERA, _columns(page), facts, sections, [], checks)


def _text(chance: random.Random) -> str:
    return "。".join("".join(chance.choices(_WORDS, k=12)) + str(chance.randrange(999)) for _ in range(12))


def _columns(page: Page) -> dict[str, Any]:
    known = {
        "agency": page.agency, "agency_kind": "department", "level": "county", "scope": "organ",
        "fiscal_year": page.year, "region_code": page.region_code, "title": page.list_title,
        "published_on": f"{page.year + 1}-01-20", "file_kind": "html", "charset": "utf-8",
        "region_evidence": '[{"code": "990101", "group": "site", "kind": "site_code", "raw": "9901010002"}]',
        "year_witnesses": f'{{"period": {page.year}, "text": {page.year}, "title": {page.year}}}',
        "cells_expected": 200, "cells_reported": 200, "checks_passed": 30, "checks_failed": 0,
        "checks_not_assessable": 0, "images": 0,
    }  # fmt: skip
    absent = (
        "scope_evidence", "published_on_from", "document_number", "index_number", "credit_code",
        "reading_notes", "error",
    )  # fmt: skip
    return {**known, **dict.fromkeys(absent)}


def peak_megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """Return the largest resident size of this process, or of its largest child, so far."""
    return resource.getrusage(who).ru_maxrss / 1024


def measure_build(folder: Path, count: int) -> None:
    """Build from generated pages, then again with nothing new; print pages per second and memory."""
    documents = list(pages(count))
    for name in ("all pages new", "nothing new"):
        start = time.perf_counter()
        summary = build(folder, documents=documents, jobs=PROCESSES)  # type: ignore[arg-type]
        seconds = time.perf_counter() - start
        print(f"build, {name:14}{summary.documents / seconds:10.0f} pages/s")
    own, child = peak_megabytes(), peak_megabytes(resource.RUSAGE_CHILDREN)
    print(f"peak memory: {own:.0f} MB, and {child:.0f} MB in each of {PROCESSES} reading processes")


def stream(count: int, folder: Path) -> None:
    """Write a dataset of made-up reports; print speed and peak memory."""
    start = time.perf_counter()

    def progress(done: int) -> None:
        if done % max(count // 10, 1) == 0:
            seconds = time.perf_counter() - start
            print(f"{done:9,} reports  {seconds:6.0f} s  {peak_megabytes():6.0f} MB", file=sys.stderr)

    counts = write_dataset(folder, parsed(count), "benchmark", progress=progress)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    size = sum(path.stat().st_size for path in (folder / "dataset").iterdir()) / 2**20
    print(f"{counts['reports']:,} reports, {counts['rows']['facts']['rows']:,} facts: {seconds:.0f} s, ")
    print(f"{count / seconds:.0f} reports/s, peak memory {peak_megabytes():.0f} MB, {size:.0f} MB on disk")


class Contest:
    """The same work done by gongkai and by plain pandas."""

    def __init__(self, folder: Path, count: int) -> None:
        """Write a dataset once and keep the rows of its facts in memory."""
        write_dataset(folder, parsed(count), "benchmark")  # type: ignore[arg-type]
        self._folder = folder
        self.dataset: Dataset = open_dataset(folder)
        self.schema = tables()["facts"]
        self.rows = [tuple(row.values()) for row in self.dataset.table("facts").to_pylist()]
        self._reports = list(self._by_report())
        self._batches = list(self.dataset.batches("facts"))
        self._frame = self.dataset.frame("facts")
        self._agency = self._frame["agency_id"].iloc[len(self._frame) // 2]

    def contenders(self) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
        """Return by name of the work: (gongkai, plain pandas)."""
        return {
            "Parquet": (self._our_parquet, self._their_parquet),
            "CSV": (self._our_csv, self._their_csv),
            "agency × year query": (self._our_query, self._their_query),
        }

    def _our_parquet(self) -> None:
        buffer = TableBuffer(self.schema, 50_000)
        with ParquetSink(self._folder / "ours.parquet", self.schema) as sink:
            for shared, rows in self._reports:
                sink.write(buffer.add(rows, shared))
            sink.write(buffer.rest())

    def _by_report(self) -> Iterator[tuple[list[Any], list[tuple[Any, ...]]]]:
        """Yield what a build hands over: columns all rows of a report share, and the rows."""
        names = enumerate(self.schema.columns)
        is_shared = {place: column.per_report for place, column in names}
        shared = [place for place, said_once in is_shared.items() if said_once]
        own = [place for place, said_once in is_shared.items() if not said_once]
        cells = load_forms()[ERA].cell_count()
        for start in range(0, len(self.rows), cells):
            rows = self.rows[start : start + cells]
            yield [_plain(rows[0][place]) for place in shared], [tuple(row[p] for p in own) for row in rows]

    def _their_parquet(self) -> None:
        frame = pd.DataFrame(self.rows, columns=list(self.schema.names))
        frame.to_parquet(self._folder / "theirs.parquet", index=False)

    def _our_csv(self) -> None:
        with (self._folder / "ours.csv").open("wb") as file:
            write_csv_table(file, self.schema, self._batches)

    def _their_csv(self) -> None:
        self._frame.to_csv(self._folder / "theirs.csv", index=False, encoding="utf-8-sig")

    def _our_query(self) -> object:
        wanted = (
            (pads.field("agency_id") == self._agency)
            & (pads.field("row") == "received")
            & (pads.field("column") == "total")
        )
        found = self.dataset.table("facts", ["agency_id", "fiscal_year", "value"], wanted).to_pandas()
        return found.pivot(index="agency_id", columns="fiscal_year", values="value")

    def _their_query(self) -> object:
        facts = pd.read_parquet(self.dataset.folder / "facts.parquet")
        cell = (facts["row"] == "received") & (facts["column"] == "total")
        found = facts[(facts["agency_id"] == self._agency) & cell]
        return found.pivot(index="agency_id", columns="fiscal_year", values="value")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def compare_with_pandas(folder: Path, count: int, rounds: int) -> None:
    """Let both do the same in turns; print medians and how many times faster gongkai is."""
    contest = Contest(folder, count)
    contenders = contest.contenders()
    seconds: dict[tuple[str, int], list[float]] = {}
    for _ in range(rounds):
        for name, pair in contenders.items():
            for side, work in enumerate(pair):
                start = time.perf_counter()
                work()
                seconds.setdefault((name, side), []).append(time.perf_counter() - start)
    print(f"\n{len(contest.rows):,} rows of facts, {rounds} rounds, medians in seconds")
    print(f"{'':22}{'gongkai':>10}{'pandas':>10}{'times':>8}{'wanted':>8}")
    for name, wanted in PAIRS.items():
        ours, theirs = (statistics.median(seconds[name, side]) for side in (0, 1))
        print(f"{name:22}{ours:10.3f}{theirs:10.3f}{theirs / ours:8.1f}{wanted:8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=200, help="pages parsed for the build")
    parser.add_argument("--reports", type=int, default=2000, help="reports written and queried")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stream", type=int, help="only stream this many made-up reports")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-benchmark-"))
    try:
        if arguments.stream:
            stream(arguments.stream, folder)
        else:
            measure_build(folder / "build", arguments.pages)
            compare_with_pandas(folder / "contest", arguments.reports, arguments.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
