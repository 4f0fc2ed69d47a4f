"""How alike two texts are, and which of many texts are alike, without comparing every pair."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Shingles: TypeAlias = NDArray[np.uint64]

SHINGLE = 5
"""Characters of one piece of text."""
# Digits, 年, punctuation and white space do not make a text another one.
_NOISE = re.compile(r"[\d年\W_]+")
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
                         0xA0761D6478BD642F], dtype=np.uint64)  # fmt: skip
_MIX = np.uint64(0xFF51AFD7ED558CCD)
# 64 bins in bands of 6: texts with nine tenths in common meet in some band in 999 of 1,000 cases, with three
# tenths in 7 of 1,000. Texts that meet are compared exactly.
_BINS, _ROWS = 64, 6
_LONGEST_SECTION = 200_000
"""Characters compared of one section; no report has so many."""
_MOST_IN_BUCKET = 8


def plain(text: str) -> str:
    """Return what is compared of a text."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


def shingles(sections: Mapping[int, str]) -> Shingles:
    """Return the distinct hashes of all pieces of five characters, none across two sections, sorted."""
    parts = [_hashes(plain(sections[number][:_LONGEST_SECTION])) for number in sorted(sections)]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint64)


def _hashes(text: str) -> Shingles:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    count = len(points) - SHINGLE + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    total = np.zeros(count, dtype=np.uint64)
    for offset, factor in enumerate(_MULTIPLIERS):
        total += points[offset : offset + count] * factor
    total ^= total >> np.uint64(33)
    total *= _MIX
    total ^= total >> np.uint64(33)
    return total


def jaccard(one: Shingles, other: Shingles) -> float:
    """Return the share of common pieces among all pieces of two texts; 0 when either is empty."""
    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def bands(pieces: Shingles) -> Iterator[tuple[int, bytes]]:
    """Yield the keys under which a text is filed; texts that are alike share at least one."""
    smallest = np.full(_BINS, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(smallest, (pieces >> np.uint64(58)).astype(np.intp), pieces)
    for start in range(0, _BINS - _ROWS + 1, _ROWS):
        yield start, smallest[start : start + _ROWS].tobytes()


def near_pairs(texts: Iterable[tuple[str, Shingles]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids whose texts may be alike, once each; of a large bucket only the first count."""
    first: dict[int, str] = {}
    further: dict[int, list[str]] = {}  # most buckets hold one text and no list
    for name, pieces in texts:
        met: dict[str, None] = {}
        for key in map(_short_key, bands(pieces)):
            if key not in first:
                first[key] = name
                continue
            members = further.setdefault(key, [])
            met.update(dict.fromkeys((first[key], *members)))
            if len(members) + 1 < _MOST_IN_BUCKET:
                members.append(name)
        for other in met:
            yield other, name


def _short_key(band: tuple[int, bytes]) -> int:
    """Return eight bytes for the key of a band; should two meet by chance, the texts are compared exactly."""
    start, values = band
    return int.from_bytes(blake2b(values, digest_size=8, key=bytes((start,))).digest())


def common_passage(one: str, other: str, most: int = 80) -> str:
    """Return the longest passage two texts share, cut; only their first 3,000 characters are compared."""
    left, right = plain(one[:3_000]), plain(other[:3_000])
    match = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
    return left[match.a : match.a + min(match.size, most)]
