"""Lines in which every separator of a table was lost: labels are found again, figures are not."""

import re
from functools import cache

from parsers.forms import load_forms
from parsers.forms.loading import read_toml
from parsers.readers.text_labels import wordings
from parsers.text import label_key

_LONGEST_LINE = 20_000
_FEWEST_LABELS = 4
_COVERED = 0.8


@cache
def _labels() -> re.Pattern[str]:
    forms = load_forms()
    texts = {
        label_key(text) for form in forms.by_era.values() for text in wordings(form) if form.era != "stat2014"
    }
    texts |= {label_key(t.caption) for form in forms.by_era.values() for t in form.tables if t.caption}
    texts |= {label_key(text) for text in read_toml("words.toml")["heading_start"]}
    return re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))


def fused_cells(text: str) -> tuple[str, ...]:
    """Return labels and runs of figures of a line that is a table without separators, else nothing.

    Lines of more than 20,000 characters are taken for running text.
    """
    if not 20 < len(text) <= _LONGEST_LINE or not any(char.isdigit() for char in text):
        return ()
    key = label_key(text)
    cells: list[str] = []
    labels = covered = end = 0
    for match in _labels().finditer(key):
        between = key[end : match.start()]
        if between:
            cells.append(between)
        covered += len(match[0]) + (len(between) if between.isdigit() else 0)
        cells.append(match[0])
        labels += 1
        end = match.end()
    rest = key[end:]
    covered += len(rest) if rest.isdigit() else 0
    if labels < _FEWEST_LABELS or covered < _COVERED * len(key):
        return ()
    return (*cells, rest) if rest else tuple(cells)
