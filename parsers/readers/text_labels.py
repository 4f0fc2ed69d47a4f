"""What one piece of text can be in a table of a report: a label of some form, a figure, or neither."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from parsers.figures import NOT_APPLICABLE, SIGN_WORDS, UNITS
from parsers.forms import Form, Meaning, Ref, caption_key, core_key, load_forms
from parsers.forms.model import FormColumn, FormGroup, FormRow
from parsers.knowledge import read_toml
from parsers.text import label_key

Kind: TypeAlias = Literal["caption", "corner", "start", "column", "group", "row", "value", "other"]

_WORDS = read_toml("text_words.toml", "readers")
PICTURES = tuple(_WORDS["pictures"])
_LIST_MARKS = frozenset(map(core_key, _WORDS["list_marks"]))
_CORNER = tuple(_WORDS["corner"])
_NO_FIGURE = NOT_APPLICABLE | frozenset(_WORDS["no_figure"])
_COUNTERS = "|".join(sorted(map(re.escape, (*UNITS, *_WORDS["ratios"])), key=len, reverse=True))
_SIGNS = "|".join(sorted(map(re.escape, SIGN_WORDS), key=len, reverse=True))
# A figure as a cell of its own: sign, digits, a counter word, a remark in brackets.
_FIGURE = re.compile(
    rf"(?:[+\-−]|{_SIGNS})?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?:{_COUNTERS})?(?:\([^()]*\))?"
    rf"|(?:[+\-−]|{_SIGNS})?\d+(?:\.\d+)?(?:{_COUNTERS})?(?:\([^()]*\))?"
)
_TWO_FIGURES = re.compile(r"\d\s+\d")
_GLUED = re.compile(r"(?P<label>.*\D)(?P<run>\d{1,200})")
_NUMBERED = re.compile(r"\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.,]")
_SENTENCE = re.compile(r"[。;；!?！？]")
# In a wording that is not official these make a clause of a sentence of it.
_CLAUSE = re.compile(r"[,，:：\d]")
_LONGEST_VALUE = 60
_LONGEST_LABEL = 120
_STRONG_LENGTH = 4
_LIST_ERA = "stat2014"


class Word(NamedTuple):
    """One piece of text and what it can be."""

    kind: Kind
    strong: bool = False
    """True for a label that hardly stands in running text as a line of its own."""
    damaged: bool = False
    """True when it may be one half of a heading that a line break cut in two."""


_OTHER = Word("other")
_VALUE = Word("value")


def wordings(form: Form) -> Iterator[str]:
    """Yield every printed label of a form and its other wordings."""
    for table in form.tables:
        named: tuple[FormRow | FormColumn | FormGroup, ...] = (
            *table.rows, *table.columns, *table.extra_columns, *table.groups, *table.column_groups,
        )  # fmt: skip
        for item in named:
            yield item.label
            yield from (alias.text for alias in item.aliases)


_NAMES = load_forms().names
_WHOLE = frozenset(core_key(text) for form in load_forms().by_era.values() for text in wordings(form))
HEADING_CHARACTERS = frozenset(
    char
    for form in load_forms().by_era.values()
    for table in form.tables
    for column in table.columns
    for char in core_key(column.label)
    if not char.isdigit()
)
"""Characters that occur in the name of a column; headings set vertically fall apart into them."""
_CAPTIONS = frozenset(
    caption_key(table.caption)
    for form in load_forms().by_era.values()
    for table in form.tables
    if table.caption
)


def word(text: str, lists: bool = False) -> Word:
    """Return what a cell or a whole line can be; `lists` admits the labels of the list of 2014 as well."""
    return _word(text, lists) if len(text) <= _LONGEST_LABEL else _OTHER


@lru_cache(maxsize=8192)
def _word(text: str, lists: bool) -> Word:
    key = label_key(text)
    if is_value(key):
        return _OTHER if _TWO_FIGURES.search(text) else _VALUE
    if any(mark in key for mark in _CORNER):
        return Word("corner", strong=True)
    if _SENTENCE.search(key):
        return _OTHER
    return _label(key, _NAMES.meaning(text), lists)


def is_value(key: str) -> bool:
    """Say whether a compared text is a figure, or a sign that stands in place of one."""
    return len(key) <= _LONGEST_VALUE and (key.upper() in _NO_FIGURE or _FIGURE.fullmatch(key) is not None)


def is_unit(text: str) -> bool:
    """Say whether a cell names the unit of the figure behind it, as the list of 2014 has it."""
    return len(text) <= _LONGEST_VALUE and _NAMES.meaning(text).furniture == "unit_word"


def is_furniture(text: str) -> bool:
    """Say whether a word heads or fills a column beside the figures of a list: number, unit, indicator."""
    return len(text) <= _LONGEST_VALUE and _NAMES.meaning(text).furniture is not None


def split_glued(text: str) -> tuple[str, str] | None:
    """Return label and figures of a text in which they run together (`规章000`), None if it is none."""
    if len(text) > _LONGEST_LABEL or not text[-1:].isdigit():
        return None
    match = _GLUED.fullmatch(label_key(text))
    if match is None or word(match["label"]).kind not in ("row", "group") or match["label"][-1] in ".、":
        return None
    return match["label"], match["run"]


def _label(key: str, meaning: Meaning, lists: bool) -> Word:
    if meaning.caption:
        return Word("caption", strong=True)
    if meaning.furniture:
        return Word(
            "start" if meaning.furniture == "heading_start" else "column", strong=len(meaning.key) >= 4
        )
    whole = meaning.key in _WHOLE
    strong = whole and len(meaning.key) >= _STRONG_LENGTH and _official(meaning)
    number = _NUMBERED.match(key)
    numbered = number is not None
    if not whole and meaning.rows and _CLAUSE.search(key, number.end() if number else 0):
        return _OTHER
    rows, groups = _admitted(meaning.rows, lists), _admitted(meaning.groups, lists)
    columns = _admitted(meaning.columns, True)
    # A row of one form can be the name of a group in another: what follows decides.
    if rows and groups and not _heads(rows):
        return Word("group", strong)
    # Rows of table 4 are printed as headings above their figures.
    if rows and (numbered or not columns) and not _heads(rows):
        return Word("row", strong)
    if columns or _heads(rows) or _heads(groups) or meaning.column_groups or meaning.extra_columns:
        return Word("column", strong, damaged=bool(meaning.halves) and not numbered)
    if groups:
        return Word("group", strong)
    return Word("column", damaged=True) if meaning.halves else _OTHER


def _admitted(refs: tuple[Ref, ...], lists: bool) -> tuple[Ref, ...]:
    return refs if lists else tuple(ref for ref in refs if ref[0] != _LIST_ERA)


def _heads(refs: tuple[Ref, ...]) -> bool:
    return bool(refs) and all(table == "disputes" for _, table, _ in refs)


def _official(meaning: Meaning) -> bool:
    refs = (*meaning.rows, *meaning.columns, *meaning.groups, *meaning.column_groups)
    return any(era != _LIST_ERA for era, _, _ in refs)


def whole_label(text: str, lists: bool = False) -> bool:
    """Say whether a text is a printed label of a form in full, not merely a text that holds its words."""
    found = word(text, lists)
    if found.kind in ("other", "value"):
        return False
    return found.kind in ("caption", "corner", "start") or _is_whole(text)


def _is_whole(text: str) -> bool:
    """Say whether a text is a wording of the forms, words of other writings (其它 for 其他) put right."""
    return core_key(text) in _WHOLE or _NAMES.meaning(text).key in _WHOLE


def joins_to_label(text: str, lists: bool = False) -> bool:
    """Say whether two pieces put together are a label in full: nothing before it, nothing behind it."""
    if len(text) > _LONGEST_LABEL:
        return False
    kind = word(text, lists).kind
    if kind in ("other", "value", "corner"):
        return False
    return kind == "start" or _is_whole(text) or caption_key(text) in _CAPTIONS


def begins_list(text: str) -> bool:
    """Say whether a text is the heading under which the indicators of the list of 2014 stand."""
    return len(text) <= _LONGEST_LABEL and core_key(text) in _LIST_MARKS
