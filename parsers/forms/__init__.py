"""The official forms as data, and the names their labels have."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from parsers.forms.codebook import Definition, define, definitions, write_codebook
from parsers.forms.loading import ERAS, FormError, read_forms, read_toml
from parsers.forms.model import (
    Alias,
    Era,
    Form,
    FormCell,
    FormColumn,
    FormGroup,
    FormRow,
    FormTable,
    Kind,
)
from parsers.forms.names import Meaning, Names, Ref, caption_key, core_key, refs_of

__all__ = [
    "ERAS",
    "FORMS",
    "Alias",
    "Definition",
    "Era",
    "Form",
    "FormCell",
    "FormColumn",
    "FormError",
    "FormGroup",
    "FormRow",
    "FormTable",
    "Forms",
    "Kind",
    "LocalLists",
    "Meaning",
    "Names",
    "Ref",
    "caption_key",
    "core_key",
    "define",
    "definitions",
    "load_forms",
    "refs_of",
    "write_codebook",
]


class LocalLists(NamedTuple):
    """What is known of the local lists before 2014, all by compared label (`core_key`)."""

    series: dict[str, str]
    """Label -> harmonised series (h_…)."""
    value_columns: dict[str, str]
    """Heading -> column code; `value` is the figure of the year."""


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms and what their labels can mean."""

    by_era: dict[str, Form]
    names: Names = field(compare=False)
    local: LocalLists

    def __getitem__(self, era: str) -> Form:
        return self.by_era[era]

    def table(self, era: str, code: str) -> FormTable:
        """Return one table of one form; raises KeyError when the form does not have it."""
        return self.by_era[era].table_index[code]

    def eras_with(self, code: str) -> tuple[str, ...]:
        """Return the eras whose form has a table of this code, newest first."""
        return tuple(era for era, form in self.by_era.items() if code in form.table_index)


def _local_lists(data: dict[str, Any]) -> LocalLists:
    series = {core_key(label): item["code"] for item in data["series"] for label in item["labels"]}
    columns = {core_key(label): item["code"] for item in data["value_column"] for label in item["labels"]}
    return LocalLists(series, columns)


@cache
def load_forms() -> Forms:
    """Return the official forms, read once from the TOML files of this package."""
    by_era = read_forms()
    return Forms(by_era, Names(by_era, read_toml("words.toml")), _local_lists(read_toml("pre2014.toml")))


FORMS = load_forms()
