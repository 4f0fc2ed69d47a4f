"""What the columns mean, for people (CODEBOOK.md) and programs (datapackage.json), both from the schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from output.indicators import load_indicators, printed_terms
from output.schema import Column, TableSchema, tables
from parsers.forms import Definition, definitions, load_forms

_CSV_NOTE_EN = (
    "CSV files are UTF-8 with a byte-order mark. A text cell that a spreadsheet program could run as a "
    "formula (starting with = + - @ or white space before these), or that starts with an apostrophe, is "
    "written with one apostrophe in front; removing one leading apostrophe gives the text back. "
    "Figures are never touched."
)
_CSV_NOTE_ZH = (
    "CSV 文件为带 BOM 的 UTF-8。可能被电子表格当作公式执行的文本（以 = + - @ 开头，或其前有空白），"
    "以及以撇号开头的文本，均在前面加一个撇号；去掉开头一个撇号即得原文。数值列不作改动。"
)


def data_package(files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the description of a dataset as a Data Package; `files` gives bytes and sha256 by file name.

    It is a version 2 package that tools of version 1 read too.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "profile": "data-package",
        "name": "gongkai",
        "title": "Annual disclosure reports of Chinese government agencies",
        "description": f"政府信息公开工作年度报告数据集。{_CSV_NOTE_ZH}\n\n{_CSV_NOTE_EN}",
        "resources": [
            _resource(table, files.get(f"{name}.{kind}", {}), kind)
            for name, table in tables().items()
            for kind in ("csv", "parquet")
        ],
    }


@cache
def codebook() -> str:
    """Return CODEBOOK.md: every table, column, indicator and cell in both languages."""
    return "\n".join(_codebook_lines()) + "\n"


def _resource(table: TableSchema, file: dict[str, Any], kind: str) -> dict[str, Any]:
    media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[kind]
    resource: dict[str, Any] = {
        "name": table.name if kind == "csv" else f"{table.name}-{kind}",
        "path": f"{table.name}.{kind}",
        "format": kind,
        "mediatype": media,
        "description": f"{table.en} {table.zh}",
        "schema": _table_schema(table.name),
    }
    if kind == "csv":
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
        resource["dialect"] = {"delimiter": ",", "doubleQuote": True, "quoteChar": '"', "header": True}
        # Validators count the bytes of text files only; those of Parquet files stand in the manifest.
        if file:
            resource |= {"bytes": file["bytes"], "hash": f"sha256:{file['sha256']}"}
    return resource


@cache
def _table_schema(name: str) -> dict[str, Any]:
    table = tables()[name]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.foreign:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": list(tables()[other].key)}}
            for column, other in table.foreign.items()
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.frictionless,
        "description": f"{column.en} / {column.zh}",
    }
    if column.unit:
        field["unit"] = column.unit
    constraints: dict[str, Any] = {}
    if not column.nullable and column.type != "string":
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if constraints:
        field["constraints"] = constraints
    return field


def _codebook_lines() -> Iterator[str]:
    yield "# Codebook · 数据说明"
    yield ""
    yield "A blank is not a zero: a figure is null unless printed; `status` says what stands there."
    yield ""
    yield "空白不是零：未印出的数据为空值，`status` 说明原文情形。"
    yield ""
    yield _CSV_NOTE_EN
    yield ""
    yield _CSV_NOTE_ZH
    for table in tables().values():
        yield from _table_lines(table)
    yield from _indicator_lines()
    yield from _cell_lines()


def _table_lines(table: TableSchema) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield f"{table.en} {table.zh}"
    yield ""
    key = ", ".join(f"`{name}`" for name in table.key)
    yield f"Key · 主键: {key}. Order: {table.order}. 顺序：{table.order_zh}。"
    if table.foreign:
        leads = ", ".join(f"`{column}` → `{other}`" for column, other in table.foreign.items())
        yield ""
        yield f"Foreign keys · 外键: {leads}."
    yield ""
    yield "| column | type | unit | may be null | meaning | 含义 |"
    yield "|---|---|---|---|---|---|"
    for column in table.columns:
        null = "yes" if column.nullable else "no"
        words = (f"`{column.name}`", column.type, column.unit or "", null, column.en, column.zh)
        yield _line(words)


def _indicator_lines() -> Iterator[str]:
    yield ""
    yield "## Indicators · 指标"
    yield ""
    yield "None is an official norm. Every operand must be printed. 均非官方标准；各项数据均须原文印出。"
    yield ""
    yield "| id | code | name | 名称 | era | formula | minimum base | breaks |"
    yield "|---|---|---|---|---|---|---|---|"
    for indicator in load_indicators().by_code().values():
        for era, formula in indicator.formulas.items():
            text = printed_terms(formula.numerator)
            if formula.denominator:
                year = " (year before)" if indicator.denominator_year else ""
                text = f"({text}) / ({printed_terms(formula.denominator)}){year}"
            breaks = ", ".join(f"{one.after}→{one.after + 1} {one.size}" for one in indicator.breaks)
            base = str(indicator.minimum_base or "")
            yield _line(
                (indicator.id, f"`{indicator.code}`", indicator.en, indicator.zh, era, text, base, breaks)
            )


def _cell_lines() -> Iterator[str]:
    yield ""
    yield "## Cells · 单元格"
    yield ""
    yield "| era | table | row | column | 行 | 列 | unit | type | meaning | 含义 | wording |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for one in definitions(load_forms().by_era.values()):
        yield _line(_cell_words(one))


def _cell_words(one: Definition) -> tuple[str, ...]:
    return (
        one.era, one.table, one.row, one.column, one.row_label, one.column_label,
        one.unit, one.type, one.definition_en, one.definition_zh, one.wording,
    )  # fmt: skip


def _line(words: tuple[str, ...]) -> str:
    return "| " + " | ".join(word.replace("|", "\\|") for word in words) + " |"
