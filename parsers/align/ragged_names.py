"""Row names that a line break cut short: given back by their place between rows that are known."""

from collections.abc import Sequence

from parsers.align.ragged_parts import Entry
from parsers.forms import FormRow
from parsers.text import label_key

_SHORTEST_REST = 2


def restore_names(entries: Sequence[Entry], rows: Sequence[FormRow]) -> list[Entry]:
    """Return the entries, those with a cut name as rows of the form where place and rest of the name agree.

    Between two known rows there must be as many cut names as the form has rows, each a label cut short.
    """
    order = {row.code: at for at, row in enumerate(rows)}
    restored = list(entries)
    at, before = 0, -1
    while at < len(restored):
        if restored[at].code in order:
            before = order[restored[at].code]
            at += 1
            continue
        end = at
        while end < len(restored) and restored[end].code not in order:
            end += 1
        after = order[restored[end].code] if end < len(restored) else len(rows)
        missing = rows[before + 1 : after]
        if len(missing) == end - at and all(map(_begins, restored[at:end], missing)):
            for place, row in zip(range(at, end), missing, strict=True):
                restored[place] = restored[place]._replace(code=row.code, note=None, damaged=True)
        else:
            for place in range(at, end):
                doubtful = any(_begins(restored[place], row) for row in rows)
                restored[place] = restored[place]._replace(doubtful=doubtful)
        at = end
    return restored


def _begins(entry: Entry, row: FormRow) -> bool:
    label = entry.row.label
    rest = label_key(label.text) if label is not None else ""
    return len(rest) >= _SHORTEST_REST and label_key(row.label).startswith(rest)
