"""Agencies of the same kind, level, scope and year, and where one stands among them."""

import zlib
from math import isnan
from typing import NamedTuple

import numpy as np

from output.explorer.index import NO_REGION
from output.explorer.store import Agency, Store, bounds
from parsers.regions import trim_code

_AROUND = 3
_ENDS = 5
_SHORT = 24


class Ranked(NamedTuple):
    """One peer; `gap` is the number of peers left out before it."""

    agency: Agency
    rank: int
    value: float
    numerator: float
    denominator: float
    chosen: bool
    gap: int


class Ranking(NamedTuple):
    """The peers of an agency by one rate in one year."""

    year: int
    area: str
    peers: int
    small: int
    """Peers whose denominator is too small to be ranked."""
    missing: int
    """Peers of that year's reports without the figure."""
    rows: list[Ranked]
    ranked: int


def areas_of(agency: Agency) -> list[str]:
    """Return the regions in which peers may be sought, smallest first: prefecture, province, everywhere."""
    code = "" if agency.region_code == NO_REGION else trim_code(agency.region_code)
    return [*(code[:end] for end in (4, 2) if len(code) >= end), ""]


def neighbours(store: Store, agency: Agency, most: int) -> list[Agency]:
    """Return agencies of the same kind, level and scope, those of the nearest region codes first."""
    found: dict[str, Agency] = {}
    code = trim_code(agency.region_code)
    for area in dict.fromkeys((code, *areas_of(agency))):
        sql = (
            f"SELECT {', '.join(Agency._fields)} FROM agency WHERE region_code >= ? AND region_code < ? "
            "AND kind IS ? AND level IS ? AND scope IS ? AND agency_id <> ? ORDER BY agency_id LIMIT ?"
        )
        values = (*bounds(area), agency.kind, agency.level, agency.scope, agency.agency_id, most)
        for row in store.query(sql, values):
            found.setdefault(row[0], Agency(*row))
        if len(found) >= most:
            break
    return list(found.values())[:most]


def ranking(
    store: Store, agency: Agency, code: str, year: int, area: str, chosen: frozenset[str]
) -> Ranking | None:
    """Return the peers by a rate, highest first, small bases and missing figures left out and counted."""
    found = store.query("SELECT figures FROM rates WHERE code = ? AND fiscal_year = ?", (code, year))
    if not found:
        return None
    figures = np.frombuffer(zlib.decompress(found[0][0])).reshape(-1, 3)
    sql = (
        "SELECT place, agency_id FROM panel WHERE fiscal_year = ? AND kind IS ? AND level IS ? "
        "AND region_code >= ? AND region_code < ? AND scope IS ?"
    )
    peers = store.query(sql, (year, agency.kind, agency.level, *bounds(area), agency.scope))
    ids = [identifier for _, identifier in peers]
    own = figures[[place for place, _ in peers]] if peers else figures[:0]
    ranked = np.flatnonzero(~np.isnan(own[:, 0]))
    small = int(np.sum(np.isnan(own[:, 0]) & (own[:, 2] > 0)))
    order = [int(place) for place in ranked[np.argsort(-own[ranked, 0], kind="stable")]]
    rows = _shown(store, own, ids, order, chosen | {agency.agency_id})
    return Ranking(year, area, len(peers), small, len(peers) - small - len(order), rows, len(order))


def _shown(
    store: Store, figures: np.ndarray, ids: list[str], order: list[int], chosen: frozenset[str]
) -> list[Ranked]:
    """Return the ends of a long ranking and what is around the chosen agencies; equal values share a rank."""
    wanted = set(range(len(order)))
    if len(order) > _SHORT:
        marked = [place for place, index in enumerate(order) if ids[index] in chosen]
        around = {near for place in marked for near in range(place - _AROUND, place + _AROUND + 1)}
        wanted &= {*range(_ENDS), *range(len(order) - _ENDS, len(order)), *around}
    rows: list[Ranked] = []
    rank, last, before = 0, float("nan"), -1
    for place, index in enumerate(order):
        value, numerator, denominator = (float(one) for one in figures[index])
        if isnan(last) or value != last:
            rank, last = place + 1, value
        if place in wanted:
            agency = store.agency_of(ids[index])
            if agency is not None:
                rows.append(
                    Ranked(
                        agency, rank, value, numerator, denominator, ids[index] in chosen, place - before - 1
                    )
                )
            before = place
    return rows
