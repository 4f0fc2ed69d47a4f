"""What the checks measure by: powers of bodies, deadlines, phrases, topics; all of it in `criteria.toml`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from parsers.checks.catalogue import read_toml
from parsers.records import Identity


@cache
def criteria() -> Mapping[str, Any]:
    """Return the content of `criteria.toml`, read once."""
    return read_toml("criteria.toml")


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the compiled patterns of a table, or of a list of tables, of `criteria.toml`."""
    entry = criteria()[name]
    return tuple(re.compile(item["pattern"]) for item in (entry if isinstance(entry, list) else [entry]))


def _fits(identity: Identity, entry: Mapping[str, str]) -> bool:
    return entry["kind"] == identity.agency_kind and entry.get("level") in (None, identity.level)


def can_make_rules(identity: Identity) -> bool | Literal["contains"] | None:
    """Say whether a body can make 规章; "contains" for aggregates with such a body, None when not known."""
    known = criteria()["rule_making"]
    aggregate = identity.scope == "government_aggregate"
    if aggregate and identity.level in known["aggregate_levels"]:
        return "contains"
    if (
        any(city in (identity.agency or "") for city in known["special"])
        and identity.agency_kind == "government"
    ):
        return True
    if any(_fits(identity, entry) for entry in known["with"]):
        return True
    return False if any(_fits(identity, entry) for entry in known["without"]) else None


def missing_powers(identity: Identity) -> dict[str, Mapping[str, str]]:
    """Return the kinds of decision a body has no power for, each with the reason in both languages."""
    found: dict[str, Mapping[str, str]] = {}
    name, year = identity.agency or "", identity.fiscal_year
    for entry in criteria()["no_power"]:
        named = any(name.endswith(ending) for ending in entry.get("name_ends", ()))
        if not (named or identity.agency_kind in entry.get("kinds", ())):
            continue
        if "until" in entry and (year is None or year > entry["until"]):
            continue
        found.update(dict.fromkeys(entry["rows"], entry["reason"]))
    return found


@cache
def _register_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, criteria()["registers"]["words"])))


def keeps_register(identity: Identity) -> bool | None:
    """Say whether a body keeps a register with its own inquiry procedure; None where the list cannot tell."""
    known = criteria()["registers"]
    if identity.agency is None or identity.agency_kind is None:
        return None
    if identity.agency_kind in known["open"]:
        return None
    if identity.agency_kind in known["none"]:
        return False
    if identity.agency_kind not in known["kinds"]:
        return True
    return _register_words().search(identity.agency) is not None


def charges_no_fee(identity: Identity) -> bool:
    """Say whether a body is listed as one that charges no administrative fee."""
    return (identity.agency or "").endswith(tuple(criteria()["fee_free"]["name_ends"]))
