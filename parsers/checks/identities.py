"""The sums of the forms, from `identities.toml`: compiled once per era, evaluated over reported figures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from parsers.checks.case import Case, CheckFunction, Failure, Verdict, plain
from parsers.checks.catalogue import read_toml
from parsers.records import CellKey, Number

_Pick: TypeAlias = Callable[[list[Number | None]], Sequence[Number | None]]


class Identity(NamedTuple):
    """One statement: the cells of `expected` add up to the cells of `found`."""

    rule: str
    expected: tuple[CellKey, ...]
    found: tuple[CellKey, ...]
    each: str
    """"row" or "column": what the statement is made for …"""
    of: str
    """… and which one."""
    optional: bool
    between: tuple[CellKey, CellKey] | None


class Broken(NamedTuple):
    """A statement that does not hold, with both sides."""

    identity: Identity
    expected: Number
    found: Number


class Sums(NamedTuple):
    """All statements of one rule over one report."""

    passed: int
    broken: tuple[Broken, ...]
    missing: tuple[Identity, ...]


@cache
def groups(era: str) -> dict[str, tuple[str, ...]]:
    """Return the named groups of rows and columns of an era, each spread out to codes."""
    raw = read_toml("identities.toml")["groups"]
    own = raw.get(era, {})
    merged = {**raw.get(own.get("like"), {}), **{k: v for k, v in own.items() if k != "like"}}
    return {name: tuple(_spread(members, merged)) for name, members in merged.items()}


def _spread(members: Iterable[str], named: dict[str, list[str]]) -> Iterator[str]:
    for member in members:
        if member.startswith("@"):
            yield from _spread(named[member[1:]], named)
        else:
            yield member


@cache
def identities(era: str) -> tuple[Identity, ...]:
    """Return the compiled statements of an era, in the order of the file."""
    items = read_toml("identities.toml")["identity"]
    return tuple(one for item in items if era in item["eras"] for one in _compile(item, era))


@cache
def counted_cells(era: str, table: str) -> frozenset[CellKey]:
    """Return the cells of a table that stand in a statement: those of the form, and the known subtotals."""
    cells = (cell for one in identities(era) for cell in one.expected + one.found)
    return frozenset(cell for cell in cells if cell[0] == table)


def _compile(item: dict[str, Any], era: str) -> Iterator[Identity]:
    named = {name: list(codes) for name, codes in groups(era).items()}
    table, each = item["table"], item["each"]

    def key(code: str, of: str) -> CellKey:
        return (table, code, of) if each == "column" else (table, of, code)

    for of in _spread(item["of"], named):
        cells = [
            tuple(key(code, of) for code in _spread(item[side], named)) for side in ("expected", "found")
        ]
        ends = item.get("between")
        between = (key(ends[0], of), key(ends[1], of)) if ends else None
        yield Identity(item["rule"], cells[0], cells[1], each, of, item.get("optional", False), between)


def sums(case: Case, *, assumed: dict[CellKey, Number] | None = None) -> dict[str, Sums]:
    """Evaluate all statements of the era; `assumed` figures are used instead of the reported ones."""
    values = case.values if assumed is None else assumed
    keys, statements = _flat(case.era) if case.era else ((), ())
    figures = list(map(values.get, keys))
    add: Callable[[Sequence[Any]], Number | None] = _add if None in figures else sum
    passed: dict[str, int] = {}
    broken: dict[str, list[Broken]] = {}
    missing: dict[str, list[Identity]] = {}
    extra = "x_" in {fact[1][:2] for fact in case.report.facts}
    for identity, pick_expected, pick_found in statements:
        if identity.optional and identity.found[0] not in case.facts:
            continue
        expected_cells = identity.expected
        left, right = add(pick_expected(figures)), add(pick_found(figures))
        if extra and identity.between is not None:
            expected_cells += _extra_rows(case, identity.between)
            left = _add([values.get(cell) for cell in expected_cells])
        if left is None or right is None:
            missing.setdefault(identity.rule, []).append(identity)
        elif left == right:
            passed[identity.rule] = passed.get(identity.rule, 0) + 1
        else:
            stated = identity._replace(expected=expected_cells)
            broken.setdefault(identity.rule, []).append(Broken(stated, left, right))
    return {
        rule: Sums(passed.get(rule, 0), tuple(broken.get(rule, ())), tuple(missing.get(rule, ())))
        for rule in sorted({*passed, *broken, *missing})
    }


@cache
def _flat(era: str) -> tuple[tuple[CellKey, ...], tuple[tuple[Identity, _Pick, _Pick], ...]]:
    """Return all cells of an era's statements, and how the sides of each are picked from their figures."""
    keys = tuple(dict.fromkeys(cell for one in identities(era) for cell in (*one.expected, *one.found)))
    places = {key: place for place, key in enumerate(keys)}

    def pick(cells: tuple[CellKey, ...]) -> _Pick:
        first, *others = (places[cell] for cell in cells)
        return itemgetter(first, *others) if others else itemgetter(slice(first, first + 1))

    return keys, tuple((one, pick(one.expected), pick(one.found)) for one in identities(era))


def _add(figures: Sequence[Number | None]) -> Number | None:
    """Return the sum of figures; None when one of them is missing."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) else None


def _extra_rows(case: Case, ends: tuple[CellKey, CellKey]) -> tuple[CellKey, ...]:
    first, last = (case.facts[end].where if end in case.facts else None for end in ends)
    if first is None or last is None or first.table != last.table:
        return ()
    table, _, column = ends[0]
    return tuple(
        fact.key
        for fact in case.report.facts
        if (fact.table, fact.column, fact.row[:2]) == (table, column, "x_")
        and fact.where is not None
        and fact.where.table == first.table
        and first.row < fact.where.row < last.row
    )


def report_sums(case: Case) -> dict[str, Sums]:
    """Return the statements over the report as printed, evaluated once."""
    if "sums" not in case.memory:
        case.memory["sums"] = sums(case)
    known: dict[str, Sums] = case.memory["sums"]
    return known


def failure_of(broken: Broken, **more: Any) -> Failure:
    """Return the failure of a statement; `more` goes to `Failure`."""
    identity = broken.identity
    return Failure(
        cells=identity.found + identity.expected, expected=broken.expected, found=broken.found, **more
    )  # fmt: skip


def sum_check(rule: str) -> CheckFunction:
    """Return the check of all statements of one rule."""

    def check(case: Case) -> Iterator[Verdict]:
        found = report_sums(case).get(rule)
        if found is None:
            return
        yield from plain(found.passed, len(found.missing))
        yield from (failure_of(broken) for broken in found.broken)

    return check
