"""The light record of every report that the checks across reports work on; texts wait on disk."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from output.figures import PrintedFigures
from output.rows import ParsedRows
from parsers.checks.panel import ReportView
from parsers.regions import region


class _StoredTexts(Mapping[int, str]):
    """Sections of one report, read from disk when asked for."""

    __slots__ = ("_file", "_length", "_offset")

    def __init__(self, file: BinaryIO, offset: int, length: int) -> None:
        self._file, self._offset, self._length = file, offset, length

    def _read(self) -> dict[int, str]:
        self._file.seek(self._offset)
        return dict(json.loads(self._file.read(self._length)))

    def __getitem__(self, number: int) -> str:
        return self._read()[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class ViewCollector:
    """Makes `ReportView`s that take little memory."""

    def __init__(self, folder: Path) -> None:
        """Keep the texts in a nameless file of this folder."""
        self._texts = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self.views: list[ReportView] = []

    def add(self, report: dict[str, Any], rows: ParsedRows, printed: PrintedFigures) -> None:
        """Take one report; `report` is its row of `reports` by column."""
        named = {
            name: report[name]
            for name in (
                "report_id", "agency_id", "fiscal_year", "era", "agency", "level", "scope",
                "region_code", "published_on", "sha256", "fetched_at", "is_current",
            )
        }  # fmt: skip
        self.views.append(
            ReportView(
                **named,
                kind=report["agency_kind"],
                place=_place(report["region_code"], report["fiscal_year"]),
                url=report["source_url"],
                facts=printed,
                sections=self._stored(rows.sections),
            )
        )

    def close(self) -> None:
        """Give the texts up."""
        self._texts.close()

    def _stored(self, sections: Iterable[tuple[int, str, str]]) -> _StoredTexts:
        data = json.dumps([(number, text) for number, _, text in sections]).encode()
        offset = self._texts.seek(0, 2)
        self._texts.write(data)
        return _StoredTexts(self._texts, offset, len(data))


def _place(code: str | None, year: int | None) -> str | None:
    """Return the name of the place a code stands for."""
    found = region(code.ljust(6, "0"), year) if code else None
    return found.name if found else None
