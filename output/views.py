"""The light record of every report that the checks across reports work on; texts wait on disk."""

from collections.abc import Iterable, Iterator, Mapping
from sys import intern
from typing import Any

from output.figures import PrintedFigures
from output.spool import Place, Spool
from parsers.checks.panel import ReportView
from parsers.regions import region

_SAME_NAME = (
    "report_id", "agency_id", "fiscal_year", "era", "agency", "level", "scope",
    "region_code", "published_on", "sha256", "fetched_at", "is_current",
)  # fmt: skip
_REPEATED = ("report_id", "agency_id", "era", "agency", "level", "scope", "region_code", "published_on")


class _StoredTexts(Mapping[int, str]):
    """Sections of one report, read from disk when asked for."""

    __slots__ = ("_place", "_spool")

    def __init__(self, spool: Spool, place: Place) -> None:
        self._spool, self._place = spool, place

    def _read(self) -> dict[int, str]:
        return dict(self._spool.recent(self._place))

    def __getitem__(self, number: int) -> str:
        return self._read()[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def make_view(
    report: dict[str, Any], sections: Iterable[tuple[int, str, str]], printed: PrintedFigures, spool: Spool
) -> ReportView:
    """Return the light record of a report; `report` is its row of `reports` by column."""
    same = {name: report[name] for name in _SAME_NAME}
    same |= {name: intern(same[name]) for name in _REPEATED if same[name] is not None}
    return ReportView(
        **same,
        kind=intern(report["agency_kind"] or "") or None,
        place=_place_name(report["region_code"], report["fiscal_year"]),
        url=report["source_url"],
        facts=printed,
        sections=_StoredTexts(spool, spool.put([(number, text) for number, _, text in sections])),
    )


def _place_name(code: str | None, year: int | None) -> str | None:
    """Return the name of the place a code stands for."""
    found = region(code.ljust(6, "0"), year) if code else None
    return found.name if found else None
