"""Region codes (GB/T 2260) and the place words in the names of agencies.

The list is `data/regions.csv`: code, name, short names, level, parent, and the years at whose end a code was
valid (both inclusive; empty means before the first or after the last state known). Read when first used.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from parsers.knowledge import read_csv, read_toml


class Region(NamedTuple):
    """One code under one name."""

    code: str
    name: str
    level: str
    """province, prefecture, county, or zone for the pseudo-codes of development zones."""
    parent: str | None
    valid_from: int | None
    valid_to: int | None

    def valid_at_end_of(self, year: int) -> bool:
        """Return whether the code was in force on 31 December of a year."""
        return (self.valid_from is None or self.valid_from <= year) and (
            self.valid_to is None or year <= self.valid_to
        )


class Place(NamedTuple):
    """The place words at the start of a name."""

    region: Region | None
    """The region they name, None when several fit or none does."""
    length: int
    """Characters of the name the place words take."""
    candidates: tuple[Region, ...]
    """All regions the words could name, for the same year."""


class _Index(NamedTuple):
    by_name: dict[str, tuple[Region, ...]]
    by_short: dict[str, tuple[Region, ...]]
    by_code: dict[str, tuple[Region, ...]]
    by_pinyin: dict[str, tuple[Region, ...]]
    longest: int
    prefixes: tuple[str, ...]
    not_short: frozenset[str]
    smaller: re.Pattern[str]


def trim_code(code: str) -> str:
    """Return a code without the pairs of zeros at its end: 420200 -> 4202."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def on_one_line(codes: Iterable[str]) -> bool:
    """Return whether codes are equal or lie within each other (4202 and 420202)."""
    trimmed = sorted({trim_code(code) for code in codes}, key=len)
    return all(longer.startswith(shorter) for shorter, longer in pairwise(trimmed))


def region(code: str, year: int | None = None) -> Region | None:
    """Return the region of a six-digit code under the name it had at the end of `year`."""
    found = _index().by_code.get(code, ())
    return _valid(found, year)[-1] if found else None


def is_known(code: str) -> bool:
    """Return whether a code of 2, 4 or 6 digits is or was in the list."""
    return code.ljust(6, "0") in _index().by_code


def place_at_start(name: str, *, year: int | None = None, within: str | None = None) -> Place:
    """Return the region the first words of a name stand for: 湖北省黄石市黄石港区…, 黄石港区…, 黄石港….

    `year` asks for codes valid at its end. `within` is the code of a surrounding region that decides between
    places of one name, and without which short county names of two characters are not read. A name that stays
    open gives region None.
    """
    index = _index()
    start = next((len(prefix) for prefix in index.prefixes if name.startswith(prefix)), 0)
    chain: tuple[Region, ...] = ()
    position = start
    while position < len(name):
        step = _match(index, name, position, chain, within)
        if step is None:
            break
        chain, position = step
    if not chain:
        return Place(None, start, ())
    candidates = _narrow(_valid(chain, year), within)
    return Place(candidates[0] if len({c.code for c in candidates}) == 1 else None, position, candidates)


def regions_of_host(host: str) -> tuple[Region, ...]:
    """Return the regions whose spelled name is one of the labels of a `.gov.cn` host, the first such label's.

    Different places are spelled alike and hosts serve many bodies: this is a weak hint, never proof.
    """
    labels = host.lower().rstrip(".").split(".")
    if labels[-2:] != ["gov", "cn"]:
        return ()
    return next((found for label in labels[:-2] if (found := _index().by_pinyin.get(label, ()))), ())


def _match(
    index: _Index, name: str, position: int, chain: tuple[Region, ...], within: str | None
) -> tuple[tuple[Region, ...], int] | None:
    """Return the longest place name at a position that lies within the places read before it."""
    for length in range(min(index.longest, len(name) - position), 1, -1):
        text = name[position : position + length]
        found = index.by_name.get(text) or _shorts(index, name, position, text, bool(chain), within)
        if chain:
            found = tuple(r for r in found if any(_contains(outer, r) for outer in chain))
        if found:
            return found, position + length
    return None


def _shorts(
    index: _Index, name: str, position: int, text: str, chained: bool, within: str | None
) -> tuple[Region, ...]:
    """Return the regions with a short name, where the context makes it safe to read one."""
    found = index.by_short.get(text, ())
    if not found or text in index.not_short or index.smaller.match(name, position + len(text)):
        return ()
    if len(text) >= 3 or chained:
        return found
    if within is not None:
        return tuple(r for r in found if on_one_line([r.code, within]))
    return found if all(r.level != "county" for r in found) else ()


def _contains(outer: Region, inner: Region) -> bool:
    code = trim_code(outer.code)
    return inner.code != outer.code and inner.code.startswith(code) and len(trim_code(inner.code)) > len(code)


def _valid(found: tuple[Region, ...], year: int | None) -> tuple[Region, ...]:
    """Keep what was valid at the end of the year, or is valid now without one; all when nothing was."""
    valid = tuple(r for r in found if (r.valid_to is None if year is None else r.valid_at_end_of(year)))
    return valid or found


def _narrow(found: tuple[Region, ...], within: str | None) -> tuple[Region, ...]:
    if within is None or len(found) == 1:
        return found
    return tuple(r for r in found if on_one_line([r.code, within])) or found


@cache
def _index() -> _Index:
    by_name: dict[str, list[Region]] = {}
    by_short: dict[str, list[Region]] = {}
    by_code: dict[str, list[Region]] = {}
    by_pinyin: dict[str, list[Region]] = {}
    words = read_toml("regions.toml")
    not_read = tuple(words["not_read"])
    for row in read_csv("regions.csv"):
        entry = Region(
            row["code"],
            row["name"],
            row["level"],
            row["parent"] or None,
            int(row["valid_from"]) if row["valid_from"] else None,
            int(row["valid_to"]) if row["valid_to"] else None,
        )
        by_code.setdefault(entry.code, []).append(entry)
        # A zone's committee is coded with the county it lies in.
        if entry.level != "zone" and not entry.code.startswith(not_read):
            by_name.setdefault(entry.name, []).append(entry)
            for short in filter(None, row["short"].split("|")):
                by_short.setdefault(short, []).append(entry)
            for spelling in row["pinyin"].split("|"):
                by_pinyin.setdefault(spelling, []).append(entry)
    return _Index(
        {name: tuple(entries) for name, entries in by_name.items()},
        {name: tuple(entries) for name, entries in by_short.items()},
        {code: tuple(sorted(entries, key=lambda r: r.valid_to or 9999)) for code, entries in by_code.items()},
        {spelling: tuple(entries) for spelling, entries in by_pinyin.items()},
        max(map(len, by_name)),
        tuple(words["prefixes"]),
        frozenset(words["not_short"]),
        re.compile(words["smaller"]),
    )
