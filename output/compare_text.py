"""A comparison as an aligned table for terminals, as a long CSV table, as JSON."""

import io
import json
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from output.compare import Comparison, Line
from output.frames import TableBuffer
from output.measures import Point
from output.schema import read_tables
from output.terminal import printable
from output.writers.csv import write_csv_table

_NAME_LIMIT = 40
_MISSING = "–"


@cache
def words(lang: str) -> dict[str, Any]:
    """Return the words of comparisons in one language."""
    path = Path(__file__).with_name("compare_words.toml")
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))[lang]
    return found


def as_table(comparison: Comparison) -> str:
    """Return the comparison as text: agencies down, years across, notes below; Chinese counts two columns."""
    say = words(comparison.lang)
    unit = f" [{comparison.unit}]" if comparison.unit else ""
    lines = [f"{comparison.name}{unit}  ({comparison.code})", ""]
    if not comparison.lines:
        return "\n".join([*lines, say["empty"]]) + "\n"
    header = [say["agency"], *(str(year) for year in comparison.years)]
    body = [[printable(line.agency, _NAME_LIMIT), *_cells(comparison, line)] for line in comparison.lines]
    lines += _aligned([header, *body], {comparison.years.index(year) for year in _break_years(comparison)})
    return "\n".join([*lines, "", *notes(comparison)]) + "\n"


def as_csv(comparison: Comparison) -> bytes:
    """Return the comparison as one row per agency and year, safe for spreadsheets."""
    table = read_tables("compare.toml")["comparison"]
    buffer = TableBuffer(table)
    file = io.BytesIO()
    rows = [tuple(record[name] for name in table.names) for record in records(comparison)]
    write_csv_table(file, table, [*buffer.add(rows), *buffer.rest()])
    return file.getvalue()


def as_json(comparison: Comparison) -> str:
    """Return everything the comparison holds as JSON."""
    content = asdict(comparison)
    content["breaks"] = [one._asdict() for one in comparison.breaks]
    for shown, line in zip(content["lines"], comparison.lines, strict=True):
        shown["points"] = [_point_record(year, point) for year, point in sorted(line.points.items())]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def records(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Yield one record per agency and year, as the columns of the long table."""
    for line in comparison.lines:
        for year, point in sorted(line.points.items()):
            yield {
                "agency_id": line.agency_id,
                "agency": line.agency,
                "region_code": line.region_code,
                "level": line.level,
                "scope": line.scope,
                "fiscal_year": year,
                "indicator": comparison.code,
                "value": point.value,
                "numerator": point.numerator,
                "denominator": point.denominator,
                "unit": comparison.unit,
                "reason": point.reason,
                "flags": " ".join(point.flags) or None,
                "era": point.era,
                "report_id": point.report_id,
                "source_url": point.source_url,
                "findings": " ".join(rule for rule, _ in point.findings) or None,
            }


def figure(comparison: Comparison, value: float) -> str:
    """Return a figure as people read it: rates in percent, counts with separators."""
    return shown_as(comparison.show, value)


def shown_as(show: str, value: float) -> str:
    """Return a figure in one of the ways of `Comparison.show`."""
    if show == "percent":
        return f"{value:.1%}"
    if show == "ratio":
        return f"{value:.2f}"
    return number(value)


def number(value: float) -> str:
    """Return a count or amount with separators and all its digits."""
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


def base(point: Point) -> str | None:
    """Return numerator and denominator as `30/55`; None for figures that are no rate."""
    if point.numerator is None or point.denominator is None:
        return None
    return f"{point.numerator:,.0f}/{point.denominator:,.0f}"


def marks(point: Point) -> str:
    """Return the signs that send the reader to the notes."""
    return marks_of(point.flags)


def marks_of(flags: Collection[str]) -> str:
    """Return the signs for the flags of a figure."""
    return ("*" if "small_base" in flags else "") + ("!" if "error_finding" in flags else "")


def reason_text(reason: str, lang: str) -> str:
    """Return why a figure is missing as words."""
    say = words(lang)["reason"]
    code, _, detail = reason.partition(" ")[0].partition(":")
    cell, _, status = detail.partition("=")
    shown = f"{cell} ({say.get(status, status)})" if status else cell
    return str(say.get(code, code)).format(detail=shown)


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield what has to be said below the figures."""
    say = words(comparison.lang)
    points = [point for line in comparison.lines for point in line.points.values()]
    if comparison.formula and comparison.show != "number":
        yield f"{say['formula']}: {comparison.formula}. {say['judgement']} {say['rate_note']}"
    if comparison.note:
        yield comparison.note
    if any("small_base" in point.flags for point in points):
        yield say["small_base"].format(base=comparison.minimum_base)
    if any("error_finding" in point.flags for point in points):
        yield say["error_finding"]
    for one in comparison.breaks:
        yield say["border"].format(before=one.after, after=one.after + 1, size=say["sizes"][one.size])
    scopes = sorted({line.scope or "?" for line in comparison.lines})
    if len(scopes) > 1:
        yield say["scopes"].format(scopes=", ".join(say["scope"].get(scope, scope) for scope in scopes))
    yield from _missing_notes(comparison)
    yield from finding_notes(comparison)


def finding_notes(comparison: Comparison) -> Iterator[str]:
    """Yield the findings that touch the figures shown, each once."""
    messages = {
        f"{rule}: {message}"
        for line in comparison.lines
        for point in line.points.values()
        for rule, message in point.findings
    }
    for message in sorted(messages):
        yield printable(message, 300)


def _missing_notes(comparison: Comparison) -> Iterator[str]:
    """Yield one note per reason, with the agencies and years it holds for."""
    years: dict[str, dict[str, list[str]]] = {}
    for line in comparison.lines:
        for year in comparison.years:
            reason = missing_reason(line, year)
            if reason is not None:
                text = reason_text(reason, comparison.lang)
                years.setdefault(text, {}).setdefault(printable(line.agency, _NAME_LIMIT), []).append(
                    str(year)
                )
    for text, agencies in years.items():
        where = "; ".join(f"{agency} {', '.join(found)}" for agency, found in agencies.items())
        yield f"{_MISSING} {text} ({where})"


def missing_reason(line: Line, year: int) -> str | None:
    """Return the code why an agency has no figure for a year; None when it has one."""
    point = line.points.get(year)
    return "no_report" if point is None else point.reason


def _cells(comparison: Comparison, line: Line) -> Iterator[str]:
    for year in comparison.years:
        point = line.points.get(year)
        if point is None or point.value is None:
            yield _MISSING
            continue
        parts = base(point)
        shown = figure(comparison, point.value) + marks(point)
        yield f"{shown} ({parts})" if parts else shown


def _break_years(comparison: Comparison) -> Iterator[int]:
    """Yield for every break the last shown year before it."""
    for one in comparison.breaks:
        yield max(year for year in comparison.years if year <= one.after)


def aligned(rows: list[list[str]]) -> list[str]:
    """Return rows as lines with columns below each other; the first column stands left, the others right."""
    return _aligned(rows, set())


def _aligned(rows: list[list[str]], breaks_after: set[int]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [_row(row, widths, breaks_after) for row in rows]


def _row(row: list[str], widths: list[int], breaks_after: set[int]) -> str:
    text = row[0] + " " * (widths[0] - _width(row[0]))
    for place, (cell, wide) in enumerate(zip(row[1:], widths[1:], strict=True)):
        text += "  " + " " * (wide - _width(cell)) + cell + (" |" if place in breaks_after else "")
    return text


def _width(text: str) -> int:
    """Return the columns a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _point_record(year: int, point: Point) -> dict[str, Any]:
    findings = [{"rule": rule, "message": message} for rule, message in point.findings]
    return {"fiscal_year": year, **point._asdict(), "findings": findings}
