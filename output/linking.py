"""Which names are one body: what is known of every agency, and which of them a credit code ties together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from sys import intern
from typing import Any

_SAME_PREFECTURE = 4
"""Digits of the region code that two names of one body share."""


@dataclass(slots=True)
class Agency:
    """What the reports of one agency say about it; names, kinds and places are those of its last year."""

    agency_id: str
    names: dict[str, int] = field(default_factory=dict)
    """Printed name -> last year it stands for (0 where no year is known)."""
    codes: set[str] = field(default_factory=set)
    """Credit codes, check characters verified."""
    years: dict[int, str] = field(default_factory=dict)
    """Fiscal year -> a current report of it."""
    portals: set[str] = field(default_factory=set)
    kind: str | None = None
    level: str | None = None
    region_code: str | None = None
    described_in: int = -1
    linked: bool = False
    """True when several names were joined because they carry one credit code."""

    @property
    def name(self) -> str:
        """The name of its last year."""
        return max(self.names, key=lambda name: (self.names[name], name), default=self.agency_id)

    def describe(self, year: int, kind: str | None, level: str | None, region_code: str | None) -> None:
        """Take over what a report of a year says, unless a later one has spoken."""
        if year >= self.described_in:
            self.described_in = year
            self.kind, self.level = kind or self.kind, level or self.level
            self.region_code = region_code or self.region_code

    def absorb(self, other: "Agency") -> None:
        """Become one with another agency."""
        for name, year in other.names.items():
            self.names[name] = max(year, self.names.get(name, year))
        self.codes |= other.codes
        self.years = {**other.years, **self.years}
        self.portals |= other.portals
        self.describe(other.described_in, other.kind, other.level, other.region_code)
        self.linked = True


class AgencyBook:
    """All agencies of a dataset while it is built."""

    def __init__(self) -> None:
        """Start with none."""
        self.agencies: dict[str, Agency] = {}
        self._settled: dict[str, str] = {}

    def __iter__(self) -> Iterator[Agency]:
        """Yield the agencies by identifier."""
        return (self.agencies[identifier] for identifier in sorted(self.agencies))

    def add(self, report: Mapping[str, Any]) -> None:
        """Note a report, given as its row of `reports` by column."""
        if report["agency_id"] is None:
            return
        agency = self.note(report["agency_id"], report["agency"], report["fiscal_year"], report["portal_id"])
        year = report["fiscal_year"] or 0
        agency.describe(year, report["agency_kind"], report["level"], report["region_code"])
        if report["credit_code"]:
            agency.codes.add(intern(report["credit_code"]))
        if report["is_current"] and report["fiscal_year"] is not None:
            agency.years.setdefault(year, report["report_id"])

    def note(self, identifier: str, name: str | None, year: int | None, portal_id: str | None) -> Agency:
        """Return the agency of this identifier, entered if it is new."""
        agency = self.agencies.setdefault(identifier, Agency(identifier))
        if name:
            agency.names[intern(name)] = max(year or 0, agency.names.get(name, 0))
        if portal_id:
            agency.portals.add(intern(portal_id))
        return agency

    def settle(self) -> dict[str, str]:
        """Join what one credit code ties together; return old -> new identifier where one changes.

        A content system may print one code on the pages of many bodies. Names are joined only when they
        follow each other in time and lie in one prefecture; the earliest keeps its identifier for all.
        """
        for group in _tied(self.agencies.values()):
            members = sorted(group, key=lambda one: (min(one.years, default=0), one.agency_id))
            if not _follow(members):
                continue
            first, *rest = members
            for other in rest:
                first.absorb(other)
                self._settled[other.agency_id] = first.agency_id
                del self.agencies[other.agency_id]
        return self._settled

    def current_id(self, identifier: str | None) -> str | None:
        """Return the identifier after `settle`."""
        return None if identifier is None else self._settled.get(identifier, identifier)


def _tied(agencies: Iterable[Agency]) -> list[list[Agency]]:
    """Return groups of two and more agencies connected by credit codes."""
    by_code: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        for code in agency.codes:
            by_code[code].append(agency)
    groups: list[list[Agency]] = []
    done: set[str] = set()
    for code in sorted(by_code):
        waiting, group = list(by_code[code]), []
        while waiting:
            agency = waiting.pop()
            if agency.agency_id not in done:
                done.add(agency.agency_id)
                group.append(agency)
                waiting += [other for one in agency.codes for other in by_code[one]]
        if len(group) > 1:
            groups.append(group)
    return groups


def _follow(members: list[Agency]) -> bool:
    """Return whether the reports of each end before those of the next begin, all in one prefecture."""
    places = {(one.region_code or "")[:_SAME_PREFECTURE] for one in members}
    if len(places) > 1 or "" in places or not all(one.years for one in members):
        return False
    return all(max(one.years) < min(other.years) for one, other in pairwise(members))
