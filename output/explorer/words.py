"""The words of the explorer and the names of codes, in one language."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from output.compare_text import words as compare_words
from output.indicators import load_indicators
from output.measures import Lang
from parsers.forms import Definition, definitions, load_forms

LANGUAGES: tuple[Lang, ...] = ("en", "zh")


class Option(NamedTuple):
    """Something that can be compared."""

    code: str
    name: str


class Words:
    """Everything the explorer says, in one language."""

    def __init__(self, lang: Lang) -> None:
        """Take the words of one language."""
        self.lang: Lang = lang
        self._words = {**_load()[lang], "scopes": compare_words(lang)["scope"]}

    def __getitem__(self, key: str) -> Any:
        return self._words[key]

    def say(self, key: str, /, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return str(self._words[key]).format(**values)

    def name(self, group: str, code: str | None) -> str:
        """Return the name of a code of `severities`, `kinds` …; the code itself where there is none."""
        if code is None:
            return str(self._words["none"])
        return str(self._words[group].get(code, code))

    def unit(self, unit: str | None) -> str:
        """Return a unit in this language; what is counted by the piece has none in English."""
        return str(self._words["units"].get(unit, unit)) if unit else ""

    def term(self, code: str) -> dict[str, str]:
        """Return name and meaning of a term of the glossary."""
        found: dict[str, str] = self._words["terms"].get(code, {"name": code, "means": ""})
        return found

    def cell(self, name: str) -> str:
        """Return the printed labels of a cell written table.row.column."""
        definition = cells().get(name)
        return self.labels(definition) if definition else name

    def labels(self, definition: Definition) -> str:
        """Return row and column of a cell; table, row and column where the label alone says little."""
        row, column = definition.row_label.split("/")[-1], definition.column_label
        if self.lang == "en":
            row, column = definition.row_label_en, definition.column_label_en
        return " · ".join(part for part in (row, column.split("/")[-1]) if part)

    def meaning(self, definition: Definition) -> str:
        """Return what a cell means."""
        return definition.definition_zh if self.lang == "zh" else definition.definition_en

    def reasons(self) -> dict[str, str]:
        """Return why a figure can be missing, by code."""
        found: dict[str, str] = compare_words(self.lang)["reason"]
        return found


@cache
def words_of(lang: Lang) -> Words:
    """Return the words of one language."""
    return Words(lang)


@cache
def cells() -> dict[str, Definition]:
    """Return every cell of every form by table.row.column, as the newest form that has it defines it."""
    return {
        ".".join((one.table, one.row, one.column)): one
        for one in definitions(load_forms().by_era.values())
        if one.type != "header"
    }


@cache
def measure_groups(lang: Lang) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Return all that can be compared, in groups with a heading: indicators, series, cells by table."""
    return tuple(_groups(words_of(lang)))


def _groups(words: Words) -> Iterator[tuple[str, tuple[Option, ...]]]:
    data = load_indicators()
    rates = [one for one in data.rates if one.is_rate]
    counts = [one for one in data.rates if not one.is_rate]
    for heading, members in (
        ("measure_counts", counts),
        ("measure_rates", rates),
        ("measure_series", data.series),
    ):
        yield words[heading], tuple(Option(one.code, one.name(words.lang)) for one in members)
    tables: dict[str, list[Option]] = {}
    titles: dict[str, str] = {}
    for form in reversed(load_forms().by_era.values()):
        for table in form.tables:
            titles[table.code] = table.title_zh if words.lang == "zh" else table.title_en
    for code, definition in cells().items():
        tables.setdefault(definition.table, []).append(Option(code, words.labels(definition)))
    for table_code in reversed(tables):
        yield titles[table_code], tuple(tables[table_code])


@cache
def _load() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
