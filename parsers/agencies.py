"""Which kind of body a name belongs to, and at which level: ordered tests kept in `data/agencies.toml`."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from parsers.knowledge import read_toml
from parsers.text import label_key


class AgencyClass(NamedTuple):
    """What a name says about a body."""

    kind: str
    """government, office, department, township, street, zone_committee, vertical_branch or authorised_org."""
    level: str | None
    """The level where the name alone fixes it (township, zone, national, province), else None."""


class _Test(NamedTuple):
    pattern: re.Pattern[str]
    kind: str
    level: str | None


@cache
def _data() -> dict[str, Any]:
    return read_toml("agencies.toml")


@cache
def _tests() -> tuple[_Test, ...]:
    return tuple(
        _Test(re.compile("|".join(entry["any"])), entry["kind"], entry.get("level"))
        for entry in _data()["test"]
    )


@lru_cache(maxsize=4096)
def classify_agency(name: str) -> AgencyClass | None:
    """Return kind and fixed level of a body by its name; None when the name fits no test."""
    key = label_key(name[:80])
    for test in _tests():
        if test.pattern.search(key):
            return AgencyClass(test.kind, test.level)
    return None
