"""What a printed label can mean in the official forms: one dictionary lookup per cell."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from parsers.forms.model import Form, FormColumn, FormGroup, FormRow, FormTable
from parsers.text import label_key

Ref: TypeAlias = tuple[str, str, str]
"""(era, table, code)."""

_NUMBERING = re.compile(r"^(?:其中:?)?(?:\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.,:]+)*(?:其中:?)?")
_CIRCLED = frozenset(map(chr, range(ord("①"), ord("⑳") + 1)))
_DIGITS = re.compile(r"(\d)\.")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")
# Marks of notes behind a name: [1], ①, ².
_NOTE_MARK = re.compile(r"(?<=\w|[)）])\s*(?:[\[［]\s*\d{1,2}\s*[\]］]|[①-⑳¹²³⁴-⁹])\s*$")
_FURNITURE = {
    "heading_start": "heading_start",
    "unit_headings": "unit",
    "number_headings": "number",
    "unit_words": "unit_word",
    "subtotals": "subtotal",
}
_LONG_ENOUGH = 4
"""Characters of a label that its numeral need not tell from another."""
_LONGEST_LABEL = 80
_LONGEST_CAPTION = 40
_CACHE_LIMIT = 20_000


class Meaning(NamedTuple):
    """Everything one printed text can stand for; empty tuples where it is not a label of any form."""

    key: str
    """The text as compared: numbering, brackets and punctuation removed."""
    caption: str | None = None
    """Table code, when the text is the caption of a block of table 2."""
    rows: tuple[Ref, ...] = ()
    columns: tuple[Ref, ...] = ()
    halves: tuple[Ref, ...] = ()
    """Columns of which the text is what a line break left over."""
    groups: tuple[Ref, ...] = ()
    column_groups: tuple[Ref, ...] = ()
    extra_columns: tuple[Ref, ...] = ()
    eras: tuple[str, ...] = ()
    """The era this whole label decides."""
    furniture: str | None = None
    """heading_start, unit, number: a heading without figures; unit_word: what stands in a unit column;
    subtotal: a row label inside a group."""

    heads: bool = False
    """True when the text can stand in a heading row: a column, a heading, or a name of table 4."""

    @property
    def known(self) -> bool:
        """True when the text is a label of some form."""
        return bool(
            self.caption
            or self.rows
            or self.columns
            or self.groups
            or self.column_groups
            or self.extra_columns
            or self.eras
            or self.furniture
        )


def core_key(text: str) -> str:
    """Return a label as compared: `label_key` without numbering, bracketed hints, quotes and punctuation."""
    printed = text[1:] if text[:1] in _CIRCLED else text  # compared, ① is the digit of a name
    return _letters(_BRACKETS.sub("", _without_number(label_key(printed))))


def _without_number(key: str) -> str:
    found = _NUMBERING.match(key)
    return key[found.end() :] if found else key


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, _without_number(key)))


def caption_key(text: str) -> str:
    """Return a caption as compared: Chinese characters only, without brackets, blanks and pinyin."""
    return "".join(char for char in label_key(text) if "一" <= char <= "鿿")


class Names:
    """The labels of all forms; `meaning` answers what a printed text can stand for."""

    def __init__(self, forms: Mapping[str, Form], words: Mapping[str, Any]) -> None:
        self._entries: dict[str, dict[str, dict[Ref, None]]] = {}
        self._furniture: dict[str, str] = {}
        self._words: list[tuple[str, tuple[Ref, ...]]] = []
        self._captions: dict[str, str] = {}
        self._eras: dict[str, dict[str, None]] = {}
        self._caption_eras: dict[str, tuple[str, ...]] = {}
        self._converted = [(item["printed"], item["means"]) for item in words["converted"]]
        self._pointless: dict[str, str] = {}
        """Labels behind their numeral without its point, as in `2 重复申请`."""
        self._cache: dict[str, Meaning] = {}
        for name, kind in _FURNITURE.items():
            self._furniture.update({core_key(text): kind for text in words[name]})
        by_word: dict[str, dict[Ref, None]] = {}
        for form in forms.values():
            for mark in form.marks:
                self._eras.setdefault(core_key(mark), {})[form.era] = None
            for table in form.tables:
                self._add_table(form.era, table, by_word)
        self._words = [(word, tuple(refs)) for word, refs in by_word.items()]

    def meaning(self, text: str) -> Meaning:
        """Return what a printed text can stand for."""
        found = self._cache.get(text)
        if found is None:
            found = self._look_up(text)
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            if len(text) <= 4 * _LONGEST_LABEL:
                self._cache[text] = found
        return found

    def caption(self, text: str) -> str | None:
        """Return the table code when the text of a row holds the caption of a block of table 2."""
        if len(text) > _LONGEST_CAPTION or "第" not in text:
            return None
        key = caption_key(text)
        return next((code for caption, code in self._captions.items() if caption in key), None)

    def _look_up(self, text: str) -> Meaning:
        if len(text) > 4 * _LONGEST_LABEL:
            return Meaning("")
        text = _NOTE_MARK.sub("", text)
        key = core_key(text)
        key = self._pointless.get(key, key)
        if not key or key.isdigit() or len(key) > _LONGEST_LABEL:
            return Meaning(key)
        whole = _letters(label_key(text))
        meaning = self._exact(whole if whole in self._entries else key, text)
        if not meaning.known and not meaning.halves:
            converted = key
            for printed, means in self._converted:
                converted = converted.replace(printed, means)
            if converted != key:
                meaning = self._exact(converted, text)
        if not meaning.known:
            meaning = meaning._replace(rows=self._by_words(meaning.key))
        return meaning

    def _exact(self, key: str, text: str) -> Meaning:
        entry = self._entries.get(key, {})
        parts = {name: tuple(refs) for name, refs in entry.items()}
        caption = self.caption(text)
        meaning = Meaning(
            key,
            caption=caption,
            rows=parts.get("rows", ()),
            columns=parts.get("columns", ()),
            halves=parts.get("halves", ()),
            groups=parts.get("groups", ()),
            column_groups=parts.get("column_groups", ()),
            extra_columns=parts.get("extra_columns", ()),
            eras=tuple(self._eras.get(key, ())) or self._caption_eras.get(caption or "", ()),
            furniture=self._furniture.get(key),
        )
        return meaning._replace(heads=_can_head(meaning))

    def _by_words(self, key: str) -> tuple[Ref, ...]:
        found: dict[Ref, None] = {}
        for word, refs in self._words:
            if word in key:
                found.update(dict.fromkeys(refs))
        # Words of two different rows in one text: a sentence, not a label.
        return tuple(found) if len({(table, code) for _, table, code in found}) == 1 else ()

    def _add_table(self, era: str, table: FormTable, by_word: dict[str, dict[Ref, None]]) -> None:
        if table.caption is not None:
            self._captions[caption_key(table.caption)] = table.code
            if table.decides:
                self._caption_eras[table.code] = (era,)
        for row in table.rows:
            self._add("rows", era, table.code, row)
            for word in row.words:
                by_word.setdefault(core_key(word), {})[(era, table.code, row.code)] = None
        for column in table.columns:
            self._add("columns", era, table.code, column)
            for half in column.halves:
                self._put("halves", core_key(half), (era, table.code, column.code))
                if column.decides:
                    self._eras.setdefault(core_key(half), {})[era] = None
        for extra in table.extra_columns:
            self._add("extra_columns", era, table.code, extra)
        for group in table.groups:
            self._add("groups", era, table.code, group)
            for word in group.words:
                self._put("groups", core_key(word), (era, table.code, group.code))
        for group in table.column_groups:
            self._add("column_groups", era, table.code, group)

    def _add(self, part: str, era: str, table: str, item: FormRow | FormColumn | FormGroup) -> None:
        for text in _wordings(item):
            key = core_key(text)
            self._put(part, key, (era, table, item.code))
            numeral = _DIGITS.match(label_key(text))
            if numeral and len(key) >= _LONG_ENOUGH:
                self._pointless[numeral[1] + key] = key
            if isinstance(item, FormRow | FormColumn) and item.decides:
                self._eras.setdefault(key, {})[era] = None

    def _put(self, part: str, key: str, ref: Ref) -> None:
        self._entries.setdefault(key, {}).setdefault(part, {})[ref] = None


def _can_head(meaning: Meaning) -> bool:
    columns = (*meaning.columns, *meaning.column_groups, *meaning.extra_columns, *meaning.halves)
    suits = any(table == "disputes" for _, table, _ in (*meaning.rows, *meaning.groups))
    return bool(columns or meaning.furniture or suits or (meaning.eras and not meaning.rows))


def _wordings(item: FormRow | FormColumn | FormGroup) -> Iterator[str]:
    yield item.label
    yield from (alias.text for alias in item.aliases)


def refs_of(refs: Iterable[Ref], era: str, table: str) -> tuple[str, ...]:
    """Return the codes among refs that belong to one table of one era."""
    return tuple(code for ref_era, ref_table, code in refs if ref_era == era and ref_table == table)
