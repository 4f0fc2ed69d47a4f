"""Checks of how the tables are printed: missing tables and rows, empty cells, signs, headings, characters."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from parsers.checks.case import EMPTY_STATUSES, NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.labels import joined, row_name, table_name
from parsers.forms import FORMS
from parsers.records import CellKey, Fact

_MANY_EMPTY = {"requests": 10, "disputes": 5}
_SIGNS_ZH = {"0": "“0”", "blank": "空白", "-": "“-”", "/": "“/”", "无": "“无”"}
_TABLE_2 = ("documents", "licensing", "enforcement", "fees", "procurement")
_LOOKALIKE = re.compile("[０-９\u200b-\u200f\u2060\ufeff]")
_ZEROS = "〇○零"
_NUMERAL_RUN = re.compile("[〇○零一二三四五六七八九]{3,}")


def check_empty_cells(case: Case) -> Iterator[Verdict]:
    """T3-17: many cells of a table are empty."""
    for table, most in _MANY_EMPTY.items():
        if not case.table_facts(table):
            yield NOT_ASSESSABLE
            continue
        unusual = (fact for fact in case.unusual if fact.table == table and not _is_extra(fact))
        empty = [fact.key for fact in unusual if fact.status in EMPTY_STATUSES]
        if len(empty) <= most:
            yield PASS
            continue
        facts = [fact for fact in case.table_facts(table) if not _is_extra(fact)]
        counts = Counter[str](fact.status for fact in facts)
        yield Failure(
            cells=tuple(empty),
            found=len(empty),
            values={"all": len(facts), "table": table_name(case.era, table)},
            evidence={"statuses": dict(sorted(counts.items()))},
        )


def check_table3_there(case: Case) -> Iterator[Verdict]:
    """T3-18: section 三 has its table."""
    if 3 not in case.sections:
        yield NOT_ASSESSABLE
    elif case.table_facts("requests"):
        yield PASS
    else:
        yield missing_table(case, cells=())


def missing_table(case: Case, cells: tuple[CellKey, ...], **more: Any) -> Failure:
    """Return the failure of a table that is not in the text; ours where an image or a file may hold it."""
    reading = case.report.reading
    instead = "image" if reading.images else "attachment" if reading.attachments else "text"
    return Failure(
        cells=cells, found=0, say=instead, origin=None if instead == "text" else "reading",
        evidence={"instead": instead, "text": case.sections.get(3, "")[:80]}, **more,
    )  # fmt: skip


def check_every_row(case: Case) -> Iterator[Verdict]:
    """S-02: every table of the form with every row; table 3 missing as a whole is left to T3-18."""
    form = FORMS.by_era.get(case.era or "")
    there = {fact[:2] for facts in case.there.values() for fact in facts}
    for table in form.tables if form else ():
        rows = [row.code for row in table.rows]
        missing = [row for row in rows if (table.code, row) not in there]
        if not missing:
            yield PASS
        elif len(missing) < len(rows):
            cells = tuple((table.code, row, column) for row in missing for column in table.column_index)
            names = [row_name(case.era, table.code, row) for row in missing]
            yield Failure(
                cells=cells, expected=len(rows), found=len(rows) - len(missing), say="rows",
                values={
                    "table": table_name(case.era, table.code),
                    "labels": joined(names),
                },
                evidence={"missing": missing},
            )  # fmt: skip
        elif table.code != "requests":
            name = table_name(case.era, table.code)
            yield missing_table(
                case, tuple(table_cells(case, table.code)), expected=len(rows), values={"table": name}
            )


def table_cells(case: Case, table: str) -> Iterator[CellKey]:
    """Yield the cells of a table of the form of the report."""
    for row, column in FORMS[str(case.era)].table_index[table].cells:
        yield (table, row, column)


def _is_extra(fact: Fact) -> bool:
    return fact.row.startswith("x_") or fact.column.startswith("x_")


def _sign(fact: Fact) -> str | None:
    if fact.status == "reported":
        return "0" if fact.value == 0 else None
    if fact.status == "dash":
        return "/" if fact.raw is not None and set(fact.raw) & set("/／\\") else "-"
    return {"blank": "blank", "not_applicable": "无"}.get(fact.status)


def check_signs_for_nothing(case: Case) -> Iterator[Verdict]:
    """S-08: one sign for nothing within one printed table."""
    for name, tables in (("documents", _TABLE_2), ("requests", ("requests",)), ("disputes", ("disputes",))):
        facts = (fact for fact in case.table_facts(*tables) if not _is_extra(fact))
        first = next(facts, None)
        if first is None:
            yield NOT_ASSESSABLE
            continue
        if not any(fact.table in tables and fact.status != "reported" for fact in case.unusual):
            yield PASS  # whatever stands for nothing is a zero
            continue
        counts = Counter(sign for fact in (first, *facts) if (sign := _sign(fact)) is not None)
        if len(counts) <= 1:
            yield PASS
            continue
        listed = ", ".join(f"{sign} × {count}" for sign, count in sorted(counts.items()))
        yield Failure(
            found=listed,
            values={
                "table": table_name(case.era, name) if name != "documents" else Bilingual("Table 2", "表二"),
                "signs": Bilingual(
                    listed,
                    "、".join(f"{_SIGNS_ZH.get(one, one)}{n}格" for one, n in sorted(counts.items())),
                ),
            },
            evidence={"table": name, "signs": dict(sorted(counts.items()))},
        )


def check_headings(case: Case) -> Iterator[Verdict]:
    """S-09: every column was placed by its printed heading."""
    damaged = case.report.reading.damaged_headings
    if not case.there:
        yield NOT_ASSESSABLE
    for table in case.there:
        placed = [
            fact
            for fact in case.unusual
            if fact.table == table and fact.method == "position" and fact.status != "ambiguous"
        ]
        if table not in damaged and not placed:
            yield PASS
            continue
        headings = damaged.get(table, ())
        yield Failure(
            cells=tuple(fact.key for fact in placed), found=len(placed),
            say="default" if headings else "cells",
            values={"table": table_name(case.era, table), "headings": " | ".join(headings)[:200]},
            evidence={"headings": list(headings)},
        )  # fmt: skip


def check_lookalikes(case: Case) -> Iterator[Verdict]:
    """S-20: no invisible characters, full-width digits or mixed signs for zero."""
    texts = list(case.sections.values())
    # Most cells print the same few figures: looking at each of them once is enough to find nothing.
    printed = {fact.raw for fact in case.report.facts if fact.raw}
    if not (printed or texts):
        yield NOT_ASSESSABLE
        return
    different = "\n".join([*texts, *printed])
    if not _LOOKALIKE.search(different) and sum(zero in different for zero in _ZEROS) < 2:
        yield PASS
        return
    text = "\n".join([*(fact.raw for fact in case.report.facts if fact.raw), *texts])
    counts = Counter(f"U+{ord(character):04X}" for character in _LOOKALIKE.findall(text))
    zeros = {sign for run in _NUMERAL_RUN.findall(text) for sign in run if sign in _ZEROS}
    if len(zeros) > 1:
        counts.update(f"U+{ord(sign):04X}" for sign in zeros)
    if not counts:
        yield PASS
        return
    listed = [f"{_visible(code)} × {count}" for code, count in sorted(counts.items())]
    values = {"listed": Bilingual(", ".join(listed), "、".join(listed))}
    yield Failure(found=sum(counts.values()), values=values, evidence={"characters": dict(counts)})


def _visible(code: str) -> str:
    """Return a code point with its character, unless that is one nobody sees."""
    character = chr(int(code.removeprefix("U+"), 16))
    return f"{character} ({code})" if character.isprintable() else code
