"""What the figures of a report cover, read from a sentence of its opening."""

import re
from functools import cache
from typing import NamedTuple

from parsers.identity.view import View, identity_data

_SENTENCE = re.compile(r"[^。；;\n]+")
_LONGEST_EVIDENCE = 160


class Scope(NamedTuple):
    """Code of the scope with the sentence that says so."""

    code: str | None
    evidence: str | None


class _Rule(NamedTuple):
    code: str
    kinds: frozenset[str]
    signs: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(entry["code"], frozenset(entry["kinds"]), re.compile("|".join(entry["signs"])))
        for entry in identity_data()["scope"]
    )


def read_scope(view: View, kind: str | None) -> Scope:
    """Return the scope a sentence of the opening states for a body of this kind, None without one."""
    if kind is None:
        return Scope(None, None)
    for rule in _rules():
        if kind not in rule.kinds:
            continue
        match = rule.signs.search(view.opening)
        if match:
            return Scope(rule.code, _sentence(view.opening, match.start()))
    return Scope(None, None)


def _sentence(text: str, place: int) -> str:
    found = next(m for m in _SENTENCE.finditer(text, 0) if m.start() <= place < m.end())
    return found.group().strip()[:_LONGEST_EVIDENCE]
