"""Whether the conditions of a style sheet hold where a report is read: on a desktop screen, untouched."""

import re
from functools import lru_cache

from parsers.readers.html_matching import MAYBE, NO, YES
from parsers.readers.html_selectors import split_list

NARROW, WIDE = 1024, 1920
"""Windows between these widths, in pixels, count; what differs between them is not certain."""
_FONT = 16

_TYPES = {"all": YES, "screen": YES, "only screen": YES, "only all": YES}
_OTHER_TYPES = frozenset(
    ("print", "speech", "aural", "braille", "embossed", "handheld", "projection", "tty", "tv")
)
_WIDTH = re.compile(r"(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|em|rem)?")
_RANGE = re.compile(r"width\s*(<=?|>=?)\s*([\d.]+)(px|em|rem)")
_KNOWN = {
    "orientation:landscape": YES,
    "orientation:portrait": NO,
    "hover:hover": YES,
    "hover:none": NO,
    "pointer:fine": YES,
    "pointer:coarse": NO,
    "prefers-color-scheme:dark": NO,
    "prefers-color-scheme:light": YES,
    "prefers-reduced-motion:reduce": NO,
    "prefers-reduced-motion:no-preference": YES,
    "forced-colors:active": NO,
    "scripting:none": NO,
    "scripting:enabled": YES,
    "color": YES,
}
_SUPPORTED = re.compile(
    r"\(\s*(?:display\s*:\s*(?:-webkit-)?(?:inline-)?(?:flex|grid|block)|position\s*:\s*sticky)\s*\)"
)


@lru_cache(maxsize=1_024)
def media_holds(condition: str) -> int:
    """Return whether a list of media queries holds."""
    return max(_query(query.strip()) for query in split_list(condition.lower()))


def _query(query: str) -> int:
    if not query:
        return YES
    negated = query.startswith("not ")
    found = YES
    for part in re.split(r"\band\b", query.removeprefix("not ")):
        found = min(found, _part(part.strip()))
    return YES - found if negated else found


def _part(part: str) -> int:
    if part in _TYPES:
        return _TYPES[part]
    if part.removeprefix("only ").strip() in _OTHER_TYPES:
        return NO
    inside = part.removeprefix("(").removesuffix(")").strip()
    if found := _WIDTH.fullmatch(inside):
        return _width(">=" if found[1] == "min" else "<=", found[2], found[3])
    if found := _RANGE.fullmatch(inside):
        return _width(found[1], found[2], found[3])
    return _KNOWN.get("".join(inside.split()), MAYBE)


def _width(operator: str, number: str, unit: str | None) -> int:
    try:
        limit = float(number) * (1 if unit in (None, "px") else _FONT)
    except ValueError:
        return NO
    above = operator.startswith(">")
    answers = [width >= limit if above else width <= limit for width in (NARROW, WIDE)]
    return YES if all(answers) else MAYBE if any(answers) else NO


def block_holds(prelude: str) -> int:
    """Return whether what stands in the block of an at-rule applies to the page: `@media print`."""
    name, _, condition = prelude.strip().partition(" ")
    name, bracket, rest = name.lower().partition("(")
    condition = bracket + rest + " " + condition
    if name == "@media":
        return media_holds(condition.strip())
    if name == "@supports":
        return YES if _SUPPORTED.fullmatch(condition.strip().lower()) else MAYBE
    return MAYBE if name in ("@layer", "@container", "@scope") else NO
