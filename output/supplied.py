"""What users supplied, with names turned into the identifiers of this dataset."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from output.agencies import agency_id, clean_name
from output.linking import AgencyBook
from output.reference import Reference
from parsers.checks.panel import Predecessor

_ENDS = ("rename", "merge", "split")


class Unit(NamedTuple):
    """A body that has to publish from one year to another."""

    agency_id: str
    agency: str
    region_code: str
    first_year: int
    last_year: int | None
    government_id: str | None

    def covers(self, year: int) -> bool:
        """Return whether the body has to publish for a year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True)
class Supplied:
    """Predecessors and expected units by identifier; `unmatched` are names no single agency answers to."""

    predecessors: tuple[Predecessor, ...] = ()
    units: tuple[Unit, ...] = ()
    ended: Mapping[str, int] = field(default_factory=dict)
    """Agency -> first year in which a successor reports in its place."""
    unmatched: tuple[str, ...] = ()

    @cached_property
    def _by_agency(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            found[unit.agency_id].append(unit)
        return found

    def of(self, identifier: str) -> list[Unit]:
        """Return the expectations about one agency."""
        return self._by_agency.get(identifier, [])


def resolve(reference: Reference, book: AgencyBook) -> Supplied:
    """Turn names into identifiers; a name that fits no agency or several is left out and named."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for agency in book:
        for name in agency.names:
            by_name[clean_name(name)].add(agency.agency_id)
    unmatched: dict[str, None] = {}

    def find(name: str) -> str | None:
        identifier = book.current_id(name)
        if identifier in book.agencies:
            return identifier
        found = by_name.get(clean_name(name), set())
        if len(found) != 1:
            unmatched[name] = None
        return next(iter(found)) if len(found) == 1 else None

    lines = []
    for line in reference.predecessors:
        before, after = find(line.predecessor), find(line.successor)
        if before and after:
            lines.append(Predecessor(before, after, line.first_year, line.type))
    units = []
    for unit in reference.expected:
        own = agency_id(unit.agency, unit.region_code, "")
        identifier = unit.agency if unit.agency in book.agencies else book.current_id(own)
        if identifier:
            government = find(unit.government) if unit.government else None
            years = (unit.first_year, unit.last_year)
            units.append(Unit(identifier, unit.agency, unit.region_code, *years, government))
    ended: dict[str, int] = {}
    for one in lines:
        if one.type in _ENDS:
            ended[one.predecessor_id] = min(one.year, ended.get(one.predecessor_id, one.year))
    return Supplied(tuple(lines), tuple(units), ended, tuple(unmatched))
