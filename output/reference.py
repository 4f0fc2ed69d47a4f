"""What people who know more may lay beside the archive: `DIR/reference/*.csv`, all of it optional.

    aliases.csv       region_code, printed, name, seen       a printed name that means another one there
    predecessors.csv  predecessor, successor, first_year, type, evidence     rename, merge, split, transfer
    expected.csv      region_code, agency, first_year, last_year, government, seen     who has to publish
    population.csv    region_code, year, population, source

Agencies are written as identifiers or as names; `first_year` of a predecessor is the first fiscal year its
successor reports. `government` names the body whose aggregate contains the agency, for complete lists.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

from output.agencies import clean_name
from output.errors import ReferenceDataError

FOLDER = "reference"
_YEARS = range(2000, 2100)

Kind: TypeAlias = Literal["rename", "merge", "split", "transfer"]


class SuppliedPredecessor(NamedTuple):
    """One line of `predecessors.csv`."""

    predecessor: str
    successor: str
    first_year: int
    type: Kind
    evidence: str


class SuppliedUnit(NamedTuple):
    """One line of `expected.csv`."""

    region_code: str
    agency: str
    first_year: int
    last_year: int | None
    government: str | None


class Population(NamedTuple):
    """One line of `population.csv`."""

    persons: int
    source: str


@dataclass(frozen=True)
class Reference:
    """All that was supplied."""

    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    """(region code, cleaned printed name) -> name."""
    predecessors: tuple[SuppliedPredecessor, ...] = ()
    expected: tuple[SuppliedUnit, ...] = ()
    population: dict[tuple[str, int], Population] = field(default_factory=dict)

    def official_name(self, printed: str | None, region_code: str | None) -> str | None:
        """Return the name a printed name stands for in its region; without an alias the printed one."""
        if printed is None or not self.aliases:
            return printed
        return self.aliases.get((region_code or "", clean_name(printed)), printed)


class _Line:
    """One line of a file, with errors that say where."""

    def __init__(self, path: Path, number: int, cells: dict[str, str]) -> None:
        self._path, self._number, self._cells = path, number, cells

    def text(self, column: str) -> str:
        value = self._cells[column].strip()
        if not value:
            raise self.error(column, "is empty")
        return value

    def optional(self, column: str) -> str | None:
        return self._cells[column].strip() or None

    def year(self, column: str) -> int:
        text = self.text(column)
        if not text.isascii() or not text.isdigit() or int(text) not in _YEARS:
            raise self.error(column, f"{text!r} is no year")
        return int(text)

    def code(self) -> str:
        text = self.text("region_code")
        if not text.isascii() or not text.isdigit() or not 2 <= len(text) <= 12:
            raise self.error("region_code", f"{text!r} is no region code")
        return text

    def count(self, column: str) -> int:
        text = self.text(column).replace(",", "")
        if not text.isascii() or not text.isdigit() or int(text) == 0:
            raise self.error(column, f"{text!r} is no count")
        return int(text)

    def kind(self) -> Kind:
        text = self.text("type")
        if text not in get_args(Kind):
            raise self.error("type", f"{text!r} is none of {', '.join(get_args(Kind))}")
        return cast(Kind, text)

    def error(self, column: str, what: str) -> ReferenceDataError:
        return ReferenceDataError(f"{self._path}, line {self._number}, column {column}: {what}")


def load_reference(data_dir: Path) -> Reference:
    """Read the files there are; raises ReferenceDataError naming file, line and column."""
    folder = data_dir / FOLDER
    return Reference(
        aliases={
            (line.code(), clean_name(line.text("printed"))): line.text("name")
            for line in _lines(folder / "aliases.csv", ("region_code", "printed", "name", "seen"))
        },
        predecessors=tuple(
            SuppliedPredecessor(
                line.text("predecessor"), line.text("successor"), line.year("first_year"), line.kind(),
                line.optional("evidence") or "",
            )
            for line in _lines(folder / "predecessors.csv", SuppliedPredecessor._fields)
        ),
        expected=tuple(
            SuppliedUnit(
                line.code(), line.text("agency"), line.year("first_year"),
                line.year("last_year") if line.optional("last_year") else None, line.optional("government"),
            )
            for line in _lines(folder / "expected.csv", (*SuppliedUnit._fields, "seen"))
        ),
        population={
            (line.code(), line.year("year")): Population(line.count("population"), line.text("source"))
            for line in _lines(folder / "population.csv", ("region_code", "year", "population", "source"))
        },
    )  # fmt: skip


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[_Line]:
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise ReferenceDataError(
                    f"{path}, line 1: no column {missing[0]}; needed: {', '.join(columns)}"
                )
            for cells in reader:
                yield _Line(path, reader.line_num, {name: cells[name] or "" for name in columns})
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ReferenceDataError(f"{path}: cannot be read as UTF-8 CSV: {problem}") from problem
