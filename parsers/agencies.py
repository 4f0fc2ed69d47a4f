"""Which kind of body a name belongs to, and at which level: ordered tests kept in `data/agencies.toml`."""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from parsers.knowledge import read_toml
from parsers.regions import Place, place_at_start, trim_code
from parsers.text import label_key

_BRANCH = re.compile(r".{2,14}?(?:局|委员会|委)(?P<area>.{2,14}分局)$")
_SECOND_NAME = re.compile(r"\([^()]*\)$")

# A county, banner or district the list does not have; not the end of 自治区, 地区, 新区, 园区, 开发区.
_UNLISTED = re.compile(r"^[\u4e00-\u9fff]{1,6}?(?P<suffix>[县旗]|(?<![治政地新园矿发行])区)(?=.{2})")


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
    open_area: bool
    """True where the place in the name is the seat, not the area: 上海铁路监督管理局."""


@cache
def _data() -> dict[str, Any]:
    return read_toml("agencies.toml")


@cache
def _tests() -> tuple[_Test, ...]:
    return tuple(
        _Test(
            re.compile("|".join(entry["any"])), entry["kind"], entry.get("level"), entry.get("area") == "open"
        )
        for entry in _data()["test"]
    )


@lru_cache(maxsize=4096)
def _test_for(key: str) -> _Test | None:
    """Return the first test a name fits, or its first name where a second one follows in brackets."""
    found = next((test for test in _tests() if test.pattern.search(key)), None)
    if found is None and key.endswith(")"):
        first = _SECOND_NAME.sub("", key)
        return _test_for(first) if first and first != key else None
    return found


def classify_agency(name: str) -> AgencyClass | None:
    """Return kind and fixed level of a body by its name; None when the name fits no test."""
    test = _test_for(label_key(name[:80]))
    return AgencyClass(test.kind, test.level) if test else None


@cache
def _level_words() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    data = _data()
    zone, national = re.compile("|".join(data["zone"]["any"])), re.compile("|".join(data["national"]["any"]))
    return zone, national, data["place_only"]


def place_of(name: str, *, year: int | None = None, within: str | None = None) -> Place:
    """Return the place a body is for; of a branch office the one of its own area (…市公安局…区分局)."""
    outer = place_at_start(name, year=year, within=within)
    branch = _BRANCH.match(name, outer.length)
    if branch and outer.region:
        inner = place_at_start(branch["area"], year=year, within=outer.region.code)
        if inner.region and inner.region.code.startswith(trim_code(outer.region.code)):
            return inner
    return outer


def level_of(name: str, *, year: int | None = None, within: str | None = None) -> AgencyClass | None:
    """Return kind and level of a body; the level is that of the place in its name unless the kind fixes it.

    `within` is the code of the region the page belongs to, which decides between places of one name. A name
    that is nothing but a place stands for its government. A level nothing decides is None.
    """
    key = label_key(name[:80])
    found = classify_agency(key)
    place = place_of(key, year=year, within=within)
    if place.candidates and place.length == len(key) and (found is None or found.level is None):
        found = AgencyClass("government", None)
    if found is None or found.level is not None or _has_open_area(key):
        return found
    zone, national, place_only = _level_words()
    if found.kind != "government" and zone.search(key[place.length :]):
        return AgencyClass(found.kind, "zone")
    levels = {candidate.level for candidate in place.candidates}
    if len(levels) == 1:
        return AgencyClass(found.kind, levels.pop())
    if national.search(key) and not place.candidates:
        return AgencyClass(found.kind, "national")
    return AgencyClass(found.kind, _level_by_word(key, place_only))


def _has_open_area(key: str) -> bool:
    test = _test_for(key)
    return test is not None and test.open_area


def _level_by_word(key: str, place_only: dict[str, str]) -> str | None:
    """Return the level a place's own suffix gives: 区统计局, or 云溪县财政局 of a county not in the list."""
    level = next((level for word, level in place_only.items() if key.startswith(word)), None)
    if level is not None:
        return level
    match = _UNLISTED.match(key)
    return place_only.get(match["suffix"]) if match else None
