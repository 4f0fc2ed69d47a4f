"""Which of the lines that may be headings are: chosen together, as the run that fits best.

A run is weighed by order, wording and numerals, and by the tables of the form that must follow its headings.
"""

import re
from functools import cache

from parsers.flow import Flow, Line
from parsers.headings import (
    Candidate,
    heading_at_start,
    headings_inside,
    headings_left_inside,
    outline_data,
    wordings,
)
from parsers.text import label_key

_MOST_CANDIDATES = 240  # headings weighed against each other; a report has some two dozen
_LONG_LINE = 160  # characters from which a line may hold headings inside
_LONGEST_LINE = 400_000  # characters of one line searched for headings inside


def find_candidates(lines: list[Line]) -> list[Candidate]:
    """Return the lines, or places within lines, that may be headings, in reading order."""
    found = [
        candidate
        for index, line in enumerate(lines)
        if (candidate := heading_at_start(index, line.text, line.marked))
    ]
    if sum(1 for candidate in found if candidate.number) < 3:
        inside: list[Candidate] = []
        for index, line in enumerate(lines):
            if len(line.text) >= _LONG_LINE:
                inside.extend(headings_inside(index, line.text[:_LONGEST_LINE]))
        if inside:
            taken = {(c.line, c.offset) for c in inside}
            found = sorted([c for c in found if (c.line, c.offset) not in taken] + inside, key=_place)
    return _fewest(found)


def _fewest(found: list[Candidate]) -> list[Candidate]:
    """Keep what can be weighed: candidates with a known wording first, then those of the highest rank."""
    if len(found) <= _MOST_CANDIDATES:
        return found
    ranked = sorted(found, key=lambda c: (c.number is None, c.style != "major", _place(c)))
    return sorted(ranked[:_MOST_CANDIDATES], key=_place)


def _place(candidate: Candidate) -> tuple[int, int]:
    return (candidate.line, candidate.offset)


def choose(candidates: list[Candidate], flow: Flow) -> list[tuple[int, Candidate]]:
    """Return (number, heading) of the sections in reading order."""
    known = [c for c in candidates if c.number and _may_be_section(c)]
    chain = _best_chain([(c.number or 0, _weight(c, flow)) for c in known])
    modern = [(known[i].number or 0, known[i]) for i in chain]
    old = _old_outline(candidates)
    if len(old) > len(modern) and (not _is_official(modern) or _is_renumbered(modern, old)):
        return old
    if _is_official(modern):
        modern = _add_displaced(modern, known)
    return _add_swallowed(_fill_gaps(modern, candidates), flow)


def _add_swallowed(chain: list[tuple[int, Candidate]], flow: Flow) -> list[tuple[int, Candidate]]:
    """Add missing sections whose headings stand within a long line, in their place between the others."""
    have = dict(chain)
    if len(have) < 3 or len(have) == len(wordings()):
        return chain
    for index, line in enumerate(flow.lines):
        found = (
            headings_left_inside(index, line.text) if _LONG_LINE <= len(line.text) <= _LONGEST_LINE else []
        )
        for candidate in found:
            number = candidate.number or 0
            before = [_place(c) for n, c in have.items() if n < number]
            behind = [_place(c) for n, c in have.items() if n > number]
            fits = not before or max(before) < _place(candidate)
            if number not in have and fits and (not behind or _place(candidate) < min(behind)):
                have[number] = candidate
    return sorted(have.items(), key=lambda item: _place(item[1]))


def _may_be_section(candidate: Candidate) -> bool:
    """A numeral of lower rank must agree with the wording, else it is a sub-heading (（一）主动公开情况)."""
    if candidate.style in {"major", "none", "roman"}:
        return True
    return candidate.numeral == candidate.number


def _weight(candidate: Candidate, flow: Flow) -> int:
    weight = 10
    weight += 6 if candidate.official else 0
    weight += 6 if candidate.numeral == candidate.number else 0
    weight += {"major": 4, "roman": 3, "arabic": 1, "bracket": 0, "none": 1}[candidate.style]
    weight += 1 if candidate.alone else 0
    weight -= 3 if flow.lines[candidate.line].in_table else 0  # a table may repeat its section's heading
    return weight + (8 if _leads_to_table(candidate, flow) else 0)


def _leads_to_table(candidate: Candidate, flow: Flow) -> bool:
    """Return whether the first table of the form behind the heading is the one of its section."""
    following = next((section for before, section in flow.tables if before > candidate.line), None)
    return following is not None and following == candidate.number


def _best_chain(nodes: list[tuple[int, int]]) -> list[int]:
    """Return the indices of the heaviest run of (number, weight) with rising numbers; later ones win ties."""
    best: list[int] = []
    before: list[int] = []
    for index, (number, weight) in enumerate(nodes):
        previous = -1
        for earlier in range(index):
            if nodes[earlier][0] < number and (previous < 0 or best[earlier] >= best[previous]):
                previous = earlier
        best.append(weight + (best[previous] if previous >= 0 else 0))
        before.append(previous)
    if not best:
        return []
    last = max(range(len(best)), key=lambda index: (best[index], index))
    chain = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]


def _is_official(chain: list[tuple[int, Candidate]]) -> bool:
    """Return whether a run is the outline of 2019: wordings only it has, under the numerals it gives them."""
    official = sum(1 for _, c in chain if c.official)
    agreeing = sum(1 for number, c in chain if c.numeral in {None, number})
    distinct = any(number in {3, 6} and c.official for number, c in chain)
    return (distinct and len(chain) >= 2) or (official >= 3 and agreeing >= 3) or agreeing >= 5


def _is_renumbered(modern: list[tuple[int, Candidate]], old: list[tuple[int, Candidate]]) -> bool:
    """Return whether official wordings stand in an outline of more parts, numbered without a gap."""
    shifted = sum(1 for number, c in modern if c.numeral not in {None, number})
    return shifted >= 2 and [number for number, _ in old] == list(range(1, len(old) + 1))


def _add_displaced(chain: list[tuple[int, Candidate]], known: list[Candidate]) -> list[tuple[int, Candidate]]:
    """Add sections that stand out of order, so that the order can be checked and no section is lost."""
    have = {number for number, _ in chain}
    for candidate in reversed(known):
        if candidate.number not in have and candidate.official and candidate.style == "major":
            chain.append((candidate.number or 0, candidate))
            have.add(candidate.number or 0)
    return sorted(chain, key=lambda item: _place(item[1]))


def _fill_gaps(
    chain: list[tuple[int, Candidate]], candidates: list[Candidate]
) -> list[tuple[int, Candidate]]:
    """Take a heading of unknown wording for a missing section when numeral and place leave no other."""
    if not chain:
        return chain
    have = dict(chain)
    style = chain[-1][1].style
    for missing in sorted({1, 2, 3, 4, 5, 6} - set(have)):
        lower = max((_place(c) for n, c in have.items() if n < missing), default=(-1, 0))
        upper = min((_place(c) for n, c in have.items() if n > missing), default=(1 << 60, 0))
        for candidate in candidates:
            fits = candidate.numeral == missing and candidate.style == style and candidate.number is None
            if fits and lower < _place(candidate) < upper:
                have[missing] = candidate
                break
    return sorted(have.items(), key=lambda item: _place(item[1]))


@cache
def _old_words() -> re.Pattern[str]:
    return re.compile("|".join(outline_data()["old_outline"]["known"]))


def _is_old(candidate: Candidate) -> bool:
    return _old_words().search(label_key(candidate.heading)) is not None


def _old_outline(candidates: list[Candidate]) -> list[tuple[int, Candidate]]:
    """Return the longest run 一、二、三 … of one style whose wordings are those of the older outline."""
    best: list[tuple[int, Candidate]] = []
    for style in ("major", "roman", "arabic", "bracket"):
        numbered = [c for c in candidates if c.style == style and c.numeral]
        nodes = [(c.numeral or 0, 3 if _is_old(c) else 1) for c in numbered]
        run = [(numbered[i].numeral or 0, numbered[i]) for i in _best_chain(nodes)]
        known = sum(1 for _, c in run if _is_old(c))
        if known >= 3 and len(run) > len(best):
            best = run
    return best
