"""The region a report belongs to, by the vote of independent groups of witnesses."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from parsers.agencies import place_of
from parsers.identity.codes import credit_codes
from parsers.identity.view import View, identity_data
from parsers.records import Hints
from parsers.regions import is_known, on_one_line, place_at_start, regions_of_host, trim_code

ABOUT_AGENCY = ("organ", "title")


class Witness(NamedTuple):
    """One thing on a page that points to a region."""

    group: str
    """site, organ, title or portal; host only breaks ties, icp only speaks about the province."""
    kind: str
    raw: str
    code: str
    """Two, four or six digits, zeros at the end cut off."""

    def as_record(self) -> dict[str, str]:
        """Return the witness as the record the checks read."""
        return self._asdict()


class Vote(NamedTuple):
    """The outcome: the code, whom it is about, whether the witnesses disagree."""

    code: str | None
    source: str | None
    conflict: bool


@cache
def _footer() -> dict[str, re.Pattern[str]]:
    data = identity_data()["footer"]
    return {kind: re.compile(data[kind]) for kind in ("site_code", "police", "icp", "host")}


def site_witnesses(view: View) -> list[Witness]:
    """Return what the site says about itself: code, police filing, owner, province of the ICP number."""
    found: list[Witness] = []
    meta_code = view.meta.get("siteidcode", "")
    if re.fullmatch(r"\d{8,10}", meta_code.strip()):
        _add_code(found, "site", "SiteIDCode", meta_code.strip(), meta_code.strip()[:6])
    lines = [line for line in (*view.tail, *view.outside) if "网" in line or "备" in line or "主办" in line]
    for line in lines:
        for kind in ("site_code", "police"):
            for match in _footer()[kind].finditer(line):
                if match["code"].isdigit():
                    _add_code(found, "site", kind, match["code"], match["code"][:6])
        for match in _footer()["host"].finditer(line):
            place = place_at_start(match["name"]).region
            if place:
                _add_code(found, "site", "host", match["name"], place.code)
        for match in _footer()["icp"].finditer(line) if "ICP" in line else ():
            code = identity_data()["icp_provinces"].get(match["province"])
            if code:
                _add_code(found, "icp", "icp", match.group(), code)
    return list(dict.fromkeys(found))


def agency_witnesses(
    agency: str | None, text: str, index_number: str | None, year: int | None, within: str | None
) -> list[Witness]:
    """Return what speaks about the agency: place words of its name, verified credit codes."""
    found: list[Witness] = []
    if agency:
        place = place_of(agency, year=year, within=within)
        if place.region:
            _add_code(found, "title", "place", agency, place.region.code)
    for code in credit_codes(f"{index_number or ''}\n{text}"):
        _add_code(found, "organ", "credit_code", code, code[2:8])
    return found


def portal_witnesses(hints: Hints) -> list[Witness]:
    """Return what the portals file says about the portal."""
    found: list[Witness] = []
    if hints.portal_region_code:
        _add_code(found, "portal", "portals_file", hints.portal_region_code, hints.portal_region_code)
    return found


def host_witnesses(hints: Hints) -> list[Witness]:
    """Return the region a `.gov.cn` host is spelled like, where only one place is."""
    try:
        host = urlsplit(hints.url or "").hostname or ""
    except ValueError:
        return []
    places = {place.code for place in regions_of_host(host) if place.valid_to is None}
    return [Witness("host", "pinyin", host, trim_code(code)) for code in places if len(places) == 1]


def _add_code(found: list[Witness], group: str, kind: str, raw: str, code: str) -> None:
    """Add a witness unless its digits cannot be a region; codes newer than the list are taken from sites."""
    if not (
        code.isdigit() and len(code) in {2, 4, 6} and code >= "11" and len(set(code)) > 1 - (len(code) == 2)
    ):
        return
    if group != "organ" or is_known(code):
        found.append(Witness(group, kind, raw, trim_code(code)))


def vote(witnesses: Iterable[Witness]) -> Vote:
    """Return the region the groups agree on, or the one at least two of them outvote the others for."""
    everyone = list(witnesses)
    conflict = not on_one_line(w.code for w in everyone if w.group != "host")
    groups = _group_codes(w for w in everyone if w.group not in {"icp", "host"})
    hosts = [w.code for w in everyone if w.group == "host"]
    if not groups:
        return Vote(None, None, conflict)
    line = list(groups)
    if not on_one_line(groups.values()):
        line = _majority(groups, hosts)
        if not line:
            return Vote(None, None, True)
    code, source = _longest({group: groups[group] for group in line})
    return Vote(code.ljust(6, "0"), source, conflict)


def _group_codes(witnesses: Iterable[Witness]) -> dict[str, str]:
    """Return one code per group; a group whose witnesses disagree among themselves keeps silent."""
    codes: dict[str, list[str]] = {}
    for witness in witnesses:
        codes.setdefault(witness.group, []).append(witness.code)
    return {group: max(own, key=len) for group, own in codes.items() if on_one_line(own)}


def _majority(groups: dict[str, str], hosts: list[str]) -> list[str]:
    """Return the groups of the line with more of them than all others together; the host decides a tie.

    The line needs two voices, of which the host may be one only against a single other group.
    """
    best: list[str] = []
    votes = 0
    for code in sorted(groups.values(), key=len, reverse=True):
        line = [group for group, other in groups.items() if code.startswith(other)]
        count = 2 * len(line) + any(on_one_line([code, host]) for host in hosts)
        if count > votes:
            best, votes = line, count
    others = len(groups) - len(best)
    return best if votes >= 3 and votes > 2 * others else []


def _longest(groups: dict[str, str]) -> tuple[str, str]:
    about_agency = {group: code for group, code in groups.items() if group in ABOUT_AGENCY}
    for source, codes in (
        ("agency", about_agency),
        ("site", {g: c for g, c in groups.items() if g == "site"}),
        ("portal", groups),
    ):
        if codes:
            return max(codes.values(), key=len), source
    raise AssertionError("a vote has at least one group")
