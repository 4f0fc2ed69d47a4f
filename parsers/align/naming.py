"""Which row or column of the form a printed name means, and where the place decides as names are damaged."""

from collections.abc import Sequence
from typing import NamedTuple

from parsers.align.columns import Slot
from parsers.align.lines import Seen
from parsers.forms import FormTable, Meaning, core_key, refs_of

_SHARED_CHARACTERS = 0.6
"""Share of the characters of a label that a damaged row name must still have."""


class Named(NamedTuple):
    """The columns of one block in printed order."""

    codes: tuple[str, ...]
    """Codes of the form; x_ codes for columns it does not have."""
    damaged: tuple[str, ...] = ()
    """Headings as read, when columns had to be placed by order."""
    in_order: bool = True
    """True when the columns stand in the order of the form, unknown ones only behind them."""
    complete: bool = True
    """True when every column of the form is there, each under its own group heading."""


def column_code(slot: Slot, era: str, table: FormTable) -> str | None:
    """Return the column of the form a heading names, None when it names none."""
    above = [code for meaning in slot.above for code in refs_of(meaning.column_groups, era, table.code)]
    found: dict[str, None] = {}
    for index, meaning in enumerate(slot.meanings):
        if extra := refs_of(meaning.extra_columns, era, table.code):
            return extra[0]
        codes = refs_of(meaning.columns, era, table.code)
        found.update(dict.fromkeys(codes))
        if index == 0 and codes and len(slot.meanings) > 1 and len(slot.meanings) > len(slot.texts):
            break  # all pieces together are the name
    if len(found) != 1:
        return None  # two names above one figure: the heading is torn
    code = next(iter(found))
    return _subtotal(table, code, above[-1] if above else None) or code


def _subtotal(table: FormTable, code: str, group: str | None) -> str | None:
    """Return the extra column a total inside a group of columns is (总计 under 法人或其他组织)."""
    if group is None or table.column_index[code].group == group:
        return None
    return next((extra.code for extra in table.extra_columns if extra.group == group), None)


def name_columns(slots: Sequence[Slot], era: str, table: FormTable) -> Named | None:
    """Return the columns by name, or by place where names are damaged; None when neither decides."""
    if not slots:
        return None
    codes = [column_code(slot, era, table) for slot in slots]
    known = [code for code in codes if code is not None]
    if len(set(known)) < len(known):
        return None
    unknown = [index for index, code in enumerate(codes) if code is None]
    form = [column.code for column in table.columns]
    in_order = [code for code in form if code in known] == [code for code in known if code in form]
    complete = set(form) <= set(known) and _grouped(slots, codes, era, table)
    if not set(form) <= set(known) and not set(known) <= set(form) and not unknown:
        return None  # one column more and another one missing: a heading was taken for another
    if not unknown:
        return Named(tuple(known), in_order=in_order, complete=complete) if in_order or complete else None
    own = [index for index, code in enumerate(codes) if code is None or code in table.column_index]
    if len(own) == len(form) and all(codes[i] in (None, code) for i, code in zip(own, form, strict=True)):
        by_place = dict(zip(own, form, strict=True))
        if all(is_remnant(slots[i].texts, table.column_index[by_place[i]].label) for i in unknown):
            damaged = tuple(slots[i].heading for i in unknown)
            return Named(tuple(by_place.get(i) or code or "" for i, code in enumerate(codes)), damaged)
    if not complete or any(not slots[i].texts for i in unknown):
        return None
    named = tuple(code or f"x_column_{index + 1}" for index, code in enumerate(codes))
    behind = in_order and unknown == list(range(len(known), len(codes)))
    return Named(named, in_order=behind, complete=complete)


def _grouped(slots: Sequence[Slot], codes: Sequence[str | None], era: str, table: FormTable) -> bool:
    """True when no column stands below the group of others: a shifted heading row would show here."""
    for slot, code in zip(slots, codes, strict=True):
        column = table.column_index.get(code or "")
        above = {group for meaning in slot.above for group in refs_of(meaning.column_groups, era, table.code)}
        if column is not None and above and column.group not in above:
            return False
        if column is not None and column.group is not None and above - _line(table, column.group):
            return False
    return True


def _line(table: FormTable, group: str | None) -> set[str]:
    parents = {item.code: item.parent for item in table.column_groups}
    line: set[str] = set()
    while group is not None:
        line.add(group)
        group = parents[group]
    return line


def is_remnant(texts: Sequence[str], label: str) -> bool:
    """True when a heading can be what damage left of a label: nothing readable, or one piece of it."""
    return core_key("".join(texts)) in core_key(label)


def row_codes(meaning: Meaning | None, eras: Sequence[str], table: str) -> tuple[str, ...]:
    """Return the rows a label names in a table, by the first of the eras that knows it."""
    if meaning is None:
        return ()
    for era in eras:
        if codes := refs_of(meaning.rows, era, table):
            return codes
    return ()


def place_damaged_rows(codes: list[str | None], labels: Sequence[Seen | None], table: FormTable) -> set[int]:
    """Give rows with damaged names the code of their place; return the indices of the rows placed so.

    Only where the rows known before and behind leave exactly as many rows of the form as there are damaged
    ones, and each still carries a good part of the name it should have.
    """
    order = {row.code: index for index, row in enumerate(table.rows)}
    placed: set[int] = set()
    index = 0
    while index < len(codes):
        if codes[index] is not None:
            index += 1
            continue
        end = index
        while end < len(codes) and codes[end] is None:
            end += 1
        before = order.get(codes[index - 1] or "", -1) if index else -1
        after = order.get(codes[end] or "", -1) if end < len(codes) else len(order)
        gap = table.rows[before + 1 : after] if before < after else ()
        if len(gap) == end - index and (before >= 0 or index == 0):
            pairs = list(zip(range(index, end), gap, strict=True))
            if all(_resembles(labels[i], row.label) and row.code not in codes for i, row in pairs):
                for i, row in pairs:
                    codes[i] = row.code
                    placed.add(i)
        index = end
    return placed


def _resembles(printed: Seen | None, label: str) -> bool:
    if printed is None or printed.meaning.known:
        return False
    wanted = set(core_key(label))
    return len(wanted & set(printed.meaning.key)) >= _SHARED_CHARACTERS * len(wanted)
