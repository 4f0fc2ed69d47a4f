"""The table of agencies: one line per body, with every name it went by."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from output.agencies import region_names
from output.linking import AgencyBook
from output.supplied import Supplied


def agency_rows(book: AgencyBook, supplied: Supplied) -> Iterator[dict[str, Any]]:
    """Yield the rows of `agencies` by identifier."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for line in supplied.predecessors:
        before[line.successor_id].append(f"{line.type} {line.year} {line.predecessor_id}")
        after[line.predecessor_id].append(f"{line.type} {line.year} {line.successor_id}")
    for agency in book:
        last = max(agency.years, default=None)
        yield {
            "agency_id": agency.agency_id,
            "agency": agency.name,
            "names": "\n".join(sorted(agency.names, key=lambda name: (agency.names[name], name))) or None,
            "agency_kind": agency.kind,
            "level": agency.level,
            "region_code": agency.region_code,
            **region_names(agency.region_code, last)._asdict(),
            "credit_code": " ".join(sorted(agency.codes)) or None,
            "is_linked": agency.linked,
            "portal_id": " ".join(sorted(agency.portals)) or None,
            "first_year": min(agency.years, default=None),
            "last_year": last,
            "years": len(agency.years),
            "predecessors": "\n".join(sorted(before[agency.agency_id])) or None,
            "successors": "\n".join(sorted(after[agency.agency_id])) or None,
        }
