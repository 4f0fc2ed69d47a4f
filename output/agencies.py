"""Identifiers of agencies and addresses, and the names an agency goes by.

The identifier is made from region and name, so that it is known from one document alone and does not move
when further ones come. Places and wordings that add nothing are taken off first: 黄石市黄石港区财政局,
黄石港区财政局 and 区财政局 are one body when all are about 420202.
"""

import hashlib
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.regions import Region, place_at_start, region
from parsers.text import label_key

_LONGEST_NAME = 60


class _Wordings(NamedTuple):
    same: tuple[tuple[str, str], ...]
    starts: tuple[tuple[str, str], ...]
    ends: tuple[tuple[str, str], ...]
    not_a_place: tuple[str, ...]
    but: tuple[str, ...]


class RegionNames(NamedTuple):
    """The names a code stands for, each None where the code does not go so far or is not in the list."""

    region_name: str | None
    prefecture_name: str | None
    province_name: str | None


@lru_cache(maxsize=8192)
def clean_name(name: str) -> str:
    """Return a name without signs, with wordings that mean the same made equal."""
    words = _wordings()
    key = label_key(name)
    for official, short in words.same:
        key = key.replace(official, short)
    key = "".join(character for character in key if character.isalnum())
    for found, written in words.ends:
        if key.endswith(found):
            key = key.removesuffix(found) + written
    return key


@lru_cache(maxsize=8192)
def agency_id(name: str | None, region_code: str | None, portal_id: str) -> str | None:
    """Return `<region code>-<name without its own place>`, or None when the name is not known.

    Where the region is not settled the portal stands in for it, so that two bureaus of one name stay two.
    """
    cleaned = clean_name(name or "")
    if not cleaned:
        return None
    place = region(region_code.ljust(6, "0")) if region_code else None
    if place is not None:
        cleaned = _without_place(cleaned, place)
    if len(cleaned) > _LONGEST_NAME:
        cleaned = cleaned[:_LONGEST_NAME] + _digest(cleaned)[:8]
    return f"{region_code or portal_id}-{cleaned}"


def document_key(url: str) -> str:
    """Return the identifier of an address: `d` and 16 hexadecimal digits."""
    return "d" + _digest(url)[:16]


def report_id(url: str, content: str, occurrence: int = 1) -> str:
    """Return the identifier of a version: `r` and 16 hexadecimal digits from address and content hash.

    `occurrence` counts how often a page came back to the same content.
    """
    parts = (url, content) if occurrence == 1 else (url, content, str(occurrence))
    return "r" + _digest("\n".join(parts))[:16]


@lru_cache(maxsize=8192)
def region_names(code: str | None, year: int | None) -> RegionNames:
    """Return the names of a region and of what it lies in, as they were at the end of a year."""
    if not code:
        return RegionNames(None, None, None)
    whole = code[:6].ljust(6, "0")
    own, outer, province = (region(part, year) for part in (whole, whole[:4] + "00", whole[:2] + "0000"))
    prefecture = outer if outer is not None and outer.level == "prefecture" else None
    return RegionNames(*(found.name if found else None for found in (own, prefecture, province)))


def _without_place(name: str, own: Region) -> str:
    """Take off the agency's own place in full; a place that only surrounds it belongs to another body."""
    words = _wordings()
    place = place_at_start(name, within=own.code)
    if place.region is not None and place.region.code == own.code:
        if name[: place.length].endswith(own.name):
            name = name[place.length :] or name
    elif name[0] == own.name[-1] and len(name) > 2:
        meant = name.startswith(words.but) or not name.startswith(words.not_a_place)
        name = name[1:] if meant else name
    for found, written in words.starts:
        if name.startswith(found):
            name = written + name.removeprefix(found)
    return name


@cache
def _wordings() -> _Wordings:
    data = tomllib.loads(Path(__file__).with_name("agencies.toml").read_text(encoding="utf-8"))
    return _Wordings(
        tuple((long, short) for long, short in data["same"]),
        tuple((entry["found"], entry["as"]) for entry in data["start"]),
        tuple((entry["found"], entry["as"]) for entry in data["end"]),
        tuple(data["not_a_place"]["words"]),
        tuple(data["not_a_place"]["but"]),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
