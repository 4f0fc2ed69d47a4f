"""Stored documents and parsed rows made by hand, for tests of what comes after the parser."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from output.rows import ParsedRows, parsed_rows
from output.schema import TableSchema
from output.table_files import TableFiles
from output.writing import fill_tables, write_dataset
from parsers.forms import load_forms
from parsers.records import CellKey, Fact, Finding, Identity, Report, Section, Source, Where

Printed = float | str
"""A figure, or the status of a cell without one."""


@dataclass(frozen=True)
class Attachment:
    name: str | None
    url: str
    data: bytes | None = None
    fetched_at: str | None = "2025-02-02T08:00:00Z"
    warc_file: str | None = "gongkai-00002.warc.gz"
    warc_offset: int | None = 1024

    @property
    def sha256(self) -> str | None:
        return None if self.data is None else hashlib.sha256(self.data).hexdigest()

    def body(self) -> bytes | None:
        return self.data


@dataclass(frozen=True)
class Document:
    url: str
    data: bytes = b""
    portal_id: str = "huangshan"
    portal_name: str = "黄山区人民政府"
    region_code: str | None = "420202"
    aliases: tuple[str, ...] = ()
    list_title: str | None = "某局2024年政府信息公开工作年度报告"
    list_date: str | None = "2025-01-20"
    version: int = 1
    is_current: bool = True
    removed_at: str | None = None
    fetched_at: str = "2025-02-01T08:00:00Z"
    last_seen_at: str = "2025-03-01T08:00:00+00:00"
    warc_file: str = "gongkai-00001.warc.gz"
    warc_offset: int = 512
    content_type: str | None = "text/html"
    charset: str | None = "utf-8"
    attachments: tuple[Attachment, ...] = ()
    fingerprint: str | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def body(self) -> bytes:
        return self.data


@dataclass(frozen=True)
class Case:
    """One document and what the parser would say about it."""

    agency: str | None = "甲局"
    year: int | None = 2024
    figures: Mapping[str, Printed] = field(default_factory=dict)
    era: str | None = "fmt2021"
    findings: tuple[Finding, ...] = ()
    outcome: str = "parsed"
    rest: Printed = 0
    """What all other cells print."""
    sections: tuple[Section, ...] = (Section(1, "总体情况", "本年度工作平稳。"),)
    identity: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    printed: tuple[Fact, ...] = ()
    """What is printed instead of the cells of the form."""

    def read(self, place: int) -> tuple[Document, ParsedRows]:
        document = Document(url=f"http://www.example.gov.cn/{place}.htm", data=f"{place}".encode())
        values = {**document.__dict__, **self.document}
        return Document(**values), parsed_rows(self.report())

    def report(self) -> Report:
        known: dict[str, Any] = {
            "level": "county", "agency_kind": "department", "scope": "organ",
            "region_code": "420202", "published_on": "2025-01-20",
        }  # fmt: skip
        known |= self.identity
        return Report(
            source=Source(None, "0" * 64, "html", "utf-8"),
            outcome=self.outcome,  # type: ignore[arg-type]
            identity=Identity(agency=self.agency, fiscal_year=self.year, **known),
            era=self.era,
            sections=self.sections,
            facts=self.printed or (tuple(self._facts()) if self.era else ()),
            findings=self.findings,
            check_counts={"T3-01": (1, 0, 0), "T2-03": (0, 0, 1)},
            error="no report" if self.outcome == "not_a_report" else None,
        )

    def _facts(self) -> Iterable[Fact]:
        assert self.era is not None
        for number, cell in enumerate(load_forms()[self.era].cells()):
            if cell.kind != "header":
                yield fact(cell[:3], cell.unit, self.figures.get(".".join(cell[:3]), self.rest), number)


def fact(key: CellKey, unit: str | None, printed: Printed, number: int) -> Fact:
    if isinstance(printed, str):
        return Fact(*key, None, unit, printed, "", None, "label", Where(0, number, 1))  # type: ignore[arg-type]
    return Fact(*key, printed, unit, "reported", f"{printed:g}", None, "label", Where(0, number, 1))  # type: ignore[arg-type]


def error(*cells: str, origin: str = "source", rule: str = "T3-01", refines: str | None = None) -> Finding:
    keys = tuple(tuple(cell.split(".")) for cell in cells)
    return Finding(
        rule, "error", "Sum and total differ.", "合计不符。", keys,  # type: ignore[arg-type]
        expected=55, found=54, delta=-1, origin=origin, refines=refines,  # type: ignore[arg-type]
    )  # fmt: skip


class Kept:
    """Takes the rows of a table as a file would, and keeps them in memory."""

    def __init__(self, path: Path, table: TableSchema) -> None:
        self.rows, self._table = 0, table
        self._batches: list[pa.RecordBatch] = []

    def write(self, batches: Iterable[pa.RecordBatch]) -> None:
        for batch in batches:
            self._batches.append(batch)
            self.rows += batch.num_rows

    def close(self) -> None:
        pass

    def frame(self) -> pd.DataFrame:
        """Return the rows with the dtypes that reading the file gives."""
        frame: pd.DataFrame = pa.Table.from_batches(self._batches, self._table.arrow).to_pandas()
        return frame


class Made:
    """The tables and counts of a dataset that was never written: what is looked at is not the files."""

    def __init__(self, data_dir: Path, cases: Iterable[Case]) -> None:
        kept: dict[str, Kept] = {}

        def keep(path: Path, table: TableSchema) -> Kept:
            kept[table.name] = Kept(path, table)
            return kept[table.name]

        read = [case.read(place) for place, case in enumerate(cases)]
        with TableFiles(data_dir, keep) as files:
            self.counts, moved = fill_tables(files, data_dir, data_dir, read, "1")  # type: ignore[arg-type]
        assert not moved, "agencies that change their identifier are changed in files"
        self._kept = kept

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as `Dataset.frame` does."""
        return self._kept[name].frame()


def make_dataset(data_dir: Path, cases: Iterable[Case], **options: Any) -> dict[str, Any]:
    """Write the dataset of these cases."""
    read = [case.read(place) for place, case in enumerate(cases)]
    return write_dataset(data_dir, read, "1", **options)  # type: ignore[arg-type]
