"""Which form a report was printed in: by the labels of its sub-tables, never by its year."""

from collections import Counter
from collections.abc import Iterable, Sequence

from parsers.align.placement import SubTable


def majority(eras: Iterable[str | None]) -> str | None:
    """Return the era most sub-tables decide; None when none decides or two share the first place."""
    votes = Counter(era for era in eras if era is not None).most_common(2)
    if not votes or (len(votes) == 2 and votes[0][1] == votes[1][1]):
        return None
    return votes[0][0]


def sub_table_eras(subs: Sequence[SubTable]) -> dict[str, str | None]:
    """Return the era of each table code found; None where its labels decide nothing or disagree."""
    found: dict[str, set[str]] = {}
    for sub in subs:
        found.setdefault(sub.table, set()).update([sub.era] if sub.era else [])
    return {table: eras.pop() if len(eras) == 1 else None for table, eras in found.items()}
