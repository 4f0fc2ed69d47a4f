"""Reading the forms from their TOML files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

from parsers import knowledge
from parsers.forms.model import Alias, Era, Form, FormColumn, FormGroup, FormRow, FormTable

ERAS: tuple[Era, ...] = get_args(Era)
_LISTS = ("words", "halves")
_Part = TypeVar("_Part", FormRow, FormColumn, FormGroup)


class FormError(ValueError):
    """A form file contradicts itself; the message names the file and the key."""


def read_toml(name: str) -> dict[str, Any]:
    """Return one TOML file of this folder."""
    return knowledge.read_toml(name, "forms")


def read_forms() -> dict[str, Form]:
    """Return the forms by era; raises `FormError` where a file contradicts itself."""
    forms: dict[str, Form] = {}
    for era in reversed(ERAS):  # a form may build on an older one
        name = f"{era}.toml"
        data = read_toml(name)
        if data["era"] != era:
            raise FormError(f"{name}: era = {data['era']!r}, expected {era!r}")
        tables: dict[str, FormTable] = {}
        for item in data.get("table", []):
            table = make_table(name, item, tables, forms)
            if table.code in tables:
                raise FormError(f"{name}: table {table.code!r} is there twice")
            tables[table.code] = table
        forms[era] = Form(
            era=data["era"],
            title_en=data["title_en"],
            title_zh=data["title_zh"],
            due=tuple(data["due"]),
            tables=tuple(tables.values()),
            marks=tuple(data.get("marks", ())),
        )
    return {era: forms[era] for era in ERAS}


def make_table(
    name: str, item: dict[str, Any], own: dict[str, FormTable], forms: dict[str, Form]
) -> FormTable:
    """Return one table of a form file; `own` are the tables before it, `forms` the older forms by era."""
    code = item["code"]
    rows = _parts(FormRow, name, code, item.get("row", []))
    columns = _parts(FormColumn, name, code, item.get("column", []))
    groups = _parts(FormGroup, name, code, item.get("group", []))
    if "like" in item:
        older = forms[item["like"]].table_index[code]
        kept = tuple(row for row in older.rows if row.code not in item.get("without", ()))
        newer = replace(older, rows=_insert(name, kept, rows), groups=older.groups + groups)
        _check(name, newer)
        return newer
    if "columns_of" in item:
        columns = own[item["columns_of"]].columns
        wanted = item.get("columns", [column.code for column in columns])
        columns = tuple(column for column in columns if column.code in wanted)
    table = FormTable(
        code=code,
        title_en=item["title_en"],
        title_zh=item["title_zh"],
        rows=rows,
        columns=columns,
        caption=item.get("caption"),
        unit=item.get("unit"),
        groups=groups,
        column_groups=_parts(FormGroup, name, code, item.get("column_group", [])),
        extra_columns=_parts(FormColumn, name, code, item.get("extra_column", [])),
        decides=item.get("decides", False),
    )
    _check(name, table)
    return table


def _insert(name: str, kept: Sequence[FormRow], added: Sequence[FormRow]) -> tuple[FormRow, ...]:
    rows = list(kept)
    for row in added:
        places = [index for index, other in enumerate(rows) if other.code == row.after]
        if not places:
            raise FormError(f"{name}: row {row.code!r} stands after {row.after!r}, which is not there")
        rows.insert(places[0] + 1, row)
    return tuple(rows)


def _parts(part: type[_Part], name: str, table: str, items: list[dict[str, Any]]) -> tuple[_Part, ...]:
    made = []
    for item in items:
        values: dict[str, Any] = {
            key: tuple(value) if key in _LISTS else value for key, value in item.items()
        }
        values["aliases"] = tuple(Alias(**alias) for alias in item.get("aliases", ()))
        try:
            made.append(part(**values))
        except TypeError as error:
            raise FormError(f"{name}: table {table!r}, {item.get('code')!r}: {error}") from error
    return tuple(made)


def _check(name: str, table: FormTable) -> None:
    for kind, parts in (("row", table.rows), ("column", table.columns)):
        codes = [part.code for part in parts]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise FormError(f"{name}: table {table.code!r}: {kind} {sorted(twice)} is there twice")
    for groups, members in ((table.groups, table.rows), (table.column_groups, table.columns)):
        known = {group.code for group in groups} | {None}
        wrong = [part.code for part in members if part.group not in known]
        if wrong:
            raise FormError(f"{name}: table {table.code!r}: {wrong} name a group that is not there")
