"""Agency × year, wide: the figures of a year, indicators, series over changes of form."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from output.figures import ReportFigures, Result, evaluate
from output.indicators import FORM_ERAS, Change, Indicator, legal_date, load_indicators
from output.lines import Lines, Year
from output.panel_layout import figure_column, panel_cells
from output.schema import tables
from output.spread import Others
from parsers.checks.panel import Predecessor

Peers: TypeAlias = tuple[str, str, str, int, str]

_FROM_REPORT = [column for column in tables()["panel"].names if column in tables()["reports"].names]


def panel_rows(
    reports: Iterable[ReportFigures],
    columns: Callable[[str], Mapping[str, Any]],
    predecessors: Iterable[Predecessor] = (),
) -> Iterator[list[Any]]:
    """Yield the rows of the panel in the order of its key.

    `columns` gives the row of `reports` for an identifier; `predecessors` say whose report is the one of the
    year before where an agency has none under its own name.
    """
    lines = Lines(reports, predecessors)
    groups = _peer_groups(lines)
    names = tables()["panel"].names
    for year, before in lines:
        row = _row(year, before, groups, columns(year.figures.report_id))
        yield [row.get(name) for name in names]


def _row(
    year: Year, before: tuple[ReportFigures, ...], groups: dict[Peers, Others], report: Mapping[str, Any]
) -> dict[str, Any]:
    figures = year.figures
    data = load_indicators()
    row = {name: report[name] for name in _FROM_REPORT}
    row |= {"copies": year.copies, "cells_in_dispute": year.disputed}
    row["other_scopes"] = " ".join(year.other_scopes) or None
    for cell in panel_cells():
        state = figures.state(cell)
        row[figure_column(cell)] = None if isinstance(state, str) else state
    for indicator in data.rates:
        result = compute(indicator, figures, before)
        _put(row, indicator, result)
        row[f"{indicator.code}_robust_z"] = _robust_z(result, groups.get(_peers(figures, indicator.code)))
    for series in data.series:
        result = compute(series, figures, before)
        _put(row, series, result._replace(flags=(*result.flags, *_borders(series, figures, result))))
    for change in data.changes:
        _put_change(row, change, figures, before)
    row["days_late"] = _days_late(report)
    return row


def compute(indicator: Indicator, figures: ReportFigures, before: Sequence[ReportFigures] = ()) -> Result:
    """Return one indicator of one report; `before` is that of the year before, over a merger all of them."""
    formula = indicator.formulas.get(figures.era or "")
    if formula is None:
        return Result(None, None, None, ("not_in_form",))
    if indicator.denominator_year == 0:
        return evaluate(formula, figures, indicator.minimum_base)
    if not before:
        return Result(None, None, None, ("no_previous_year",))
    if any(one.era != figures.era for one in before):
        return Result(None, None, None, ("other_form",))
    if _changes_scope(figures, before):
        return Result(None, None, None, ("other_scope",))
    return evaluate(formula, figures, indicator.minimum_base, before)


def _put(row: dict[str, Any], indicator: Indicator, result: Result) -> None:
    row[indicator.code] = result.value
    row[f"{indicator.code}_flag"] = " ".join(result.flags) or None
    if indicator.is_rate:
        row[f"{indicator.code}_numerator"] = result.numerator
        row[f"{indicator.code}_denominator"] = result.denominator


def _borders(series: Indicator, figures: ReportFigures, result: Result) -> tuple[str, ...]:
    """Return the changes of meaning between this value and the form in force."""
    if result.value is None:
        return ()
    return tuple(f"border_{b.after}_{b.size}" for b in series.breaks if b.after >= figures.fiscal_year)


def _put_change(
    row: dict[str, Any], change: Change, figures: ReportFigures, before: tuple[ReportFigures, ...]
) -> None:
    """Put difference and growth over the year before; over a merger against the sum of all that merged."""
    forms = {figures.era, *(year.era for year in before)}
    comparable = any(forms <= eras for eras in change.same_meaning)
    if not before or not comparable or _changes_scope(figures, before):
        return
    indicator = load_indicators().by_code()[change.of]
    now = compute(indicator, figures).value
    parts = [compute(indicator, year).value for year in before]
    known = [part for part in parts if part is not None]
    if now is None or len(known) < len(parts):
        return
    then = sum(known)
    row[f"{change.of}_difference"] = now - then
    if then >= change.minimum_base:
        row[f"{change.of}_change"] = now / then - 1


def _changes_scope(figures: ReportFigures, before: Sequence[ReportFigures]) -> bool:
    return len({figures.scope, *(year.scope for year in before)} - {None}) > 1


def _days_late(report: Mapping[str, Any]) -> int | None:
    due = legal_date(report["agency_kind"], report["fiscal_year"])
    if due is None or report["published_on"] is None:
        return None
    return (date.fromisoformat(report["published_on"]) - due).days


def _peers(figures: ReportFigures, code: str) -> Peers:
    return (str(figures.scope), str(figures.level), str(figures.kind), figures.fiscal_year, code)


def _peer_groups(lines: Lines) -> dict[Peers, Others]:
    """Return the groups of peers of every rate in which each has enough others with a large base."""
    data = load_indicators()
    values: dict[Peers, array[float]] = defaultdict(lambda: array("d"))
    for year, before in lines:
        figures = year.figures
        if figures.level is None or figures.kind is None:
            continue
        for indicator in data.rates:
            if indicator.is_rate and figures.era in FORM_ERAS:
                result = compute(indicator, figures, before)
                if result.value is not None and "small_base" not in result.flags:
                    values[_peers(figures, indicator.code)].append(result.value)
    enough = data.robust_z["minimum_peers"] + 1
    return {peers: Others(found) for peers, found in values.items() if len(found) >= enough}


def _robust_z(result: Result, group: Others | None) -> float | None:
    if result.value is None or "small_base" in result.flags or group is None:
        return None
    return group.robust_z(result.value)
