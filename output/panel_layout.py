"""The columns of the wide table: figures, indicators with their parts, series over forms."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from output.indicators import FORM_ERAS, Indicator, load_indicators
from parsers.forms import Definition, define, load_forms
from parsers.records import CellKey


@cache
def panel_cells() -> dict[CellKey, Definition]:
    """Return the cells the panel shows, in printed order, newest form first."""
    forms = load_forms()
    found: dict[CellKey, Definition] = {}
    for era in FORM_ERAS:
        for table in forms[era].tables:
            for row, column in table.cells:
                wanted = table.code != "requests" or column == "total"
                cell = table.cells[row, column]
                if wanted and cell.kind != "header":
                    definition = define(era, table, table.row_index[row], table.column_index[column])
                    found.setdefault(cell[:3], definition)
    return found


def figure_column(cell: CellKey) -> str:
    """Return the name of the column that holds the figure of a cell."""
    return "_".join(cell)


def panel_columns() -> list[dict[str, Any]]:
    """Return name, type, unit and descriptions of the columns that follow the fixed ones."""
    return [*_figures(), *_rates(), *_changes(), *_series()]


def _figures() -> Iterator[dict[str, Any]]:
    for cell, definition in panel_cells().items():
        yield _column(
            figure_column(cell), definition.definition_en, definition.definition_zh, definition.unit
        )


def _rates() -> Iterator[dict[str, Any]]:
    data = load_indicators()
    for indicator in data.rates:
        yield from _indicator_columns(indicator)
        if indicator.is_rate:
            z = data.robust_z
            yield _column(
                f"{indicator.code}_robust_z", f"{indicator.en}: {z['en']}", f"{indicator.zh}：{z['zh']}"
            )
    yield _column("days_late", data.days_late["en"], data.days_late["zh"], "d")


def _changes() -> Iterator[dict[str, Any]]:
    data = load_indicators()
    by_code = data.by_code()
    for change in data.changes:
        of = by_code[change.of]
        yield _column(
            f"{change.of}_difference", f"{of.en}: less the year before", f"{of.zh}：较上年增减", of.unit
        )
        yield _column(
            f"{change.of}_change",
            f"{of.en}: growth over the year before; null below a base of {change.minimum_base}",
            f"{of.zh}：同比增幅；基数低于 {change.minimum_base} 时为空",
        )


def _series() -> Iterator[dict[str, Any]]:
    for series in load_indicators().series:
        en = f"{series.en}, harmonised over the forms"
        yield _column(series.code, en, f"{series.zh}（跨格式衔接序列）", series.unit)
        yield _flag(series)


def _indicator_columns(indicator: Indicator) -> Iterator[dict[str, Any]]:
    yield _column(indicator.code, *_named(indicator), indicator.unit)
    if indicator.is_rate:
        yield _column(f"{indicator.code}_numerator", f"{indicator.en}: numerator", f"{indicator.zh}：分子")
        yield _column(
            f"{indicator.code}_denominator", f"{indicator.en}: denominator", f"{indicator.zh}：分母"
        )
    yield _flag(indicator)


def _named(indicator: Indicator) -> tuple[str, str]:
    en, zh = f"{indicator.en} ({indicator.id})", f"{indicator.zh}（{indicator.id}）"
    if indicator.note_en:
        return f"{en}. {indicator.note_en}", f"{zh}。{indicator.note_zh}"
    return en, zh


def _flag(indicator: Indicator) -> dict[str, Any]:
    en = f"{indicator.en}: why it is null, or what to mind (small_base, error_finding, border)"
    zh = f"{indicator.zh}：为空的原因或注意事项（基数小、有错误级问题、口径变化）"
    return {"name": f"{indicator.code}_flag", "type": "string", "en": en, "zh": zh}


def _column(name: str, en: str, zh: str, unit: str | None = None) -> dict[str, Any]:
    return {"name": name, "type": "number", "en": en, "zh": zh, "unit": unit or None}
