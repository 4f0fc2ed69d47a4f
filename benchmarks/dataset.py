"""How fast pages become a dataset, what it costs in memory, and how that compares with plain pandas.

    python -m benchmarks.dataset [--pages 200] [--reports 2000] [--rounds 5]
    python -m benchmarks.dataset --memory [--reports 100000] [--folder DIR]

The first form builds a dataset from generated pages with two processes, then lets gongkai and plain pandas
write and query the same rows in turns, so that a busy machine slows both alike; the table gives medians. The
second form is `benchmarks.memory`: a whole build of that many made-up reports, all its processes weighed.
"""

import argparse
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as pads

from benchmarks.memory import PROCESSES, measure_memory
from benchmarks.reports import ERA, pages, parsed
from output.dataset import Dataset, open_dataset
from output.frames import TableBuffer
from output.pipeline import build
from output.schema import tables
from output.writers.csv import write_csv_table
from output.writers.parquet import ParquetSink
from output.writing import write_dataset
from parsers.forms import load_forms

PAIRS = {"Parquet": 1.5, "CSV": 4.0, "agency × year query": 6.0}
"""What is compared with pandas, and how many times faster it has to be."""


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
    parser.add_argument("--reports", type=int, help="reports written (2000; with --memory 100000)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="only weigh the build of very many reports")
    parser.add_argument("--folder", type=Path, help="data folder that --memory keeps for the next time")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-benchmark-"))
    try:
        if arguments.memory:
            measure_memory(arguments.folder or folder, arguments.reports or 100_000)
        else:
            measure_build(folder / "build", arguments.pages)
            compare_with_pandas(folder / "contest", arguments.reports or 2_000, arguments.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
