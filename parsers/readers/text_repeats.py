"""Texts from which every repeated line was removed: the figures left in them prove little."""

from collections.abc import Sequence

from parsers.document import Block, Table
from parsers.readers.text_labels import word

_FEWEST_BARE_ROWS = 3


def without_repeats(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks, tables of one cell per line renamed to form I where repeated lines were removed.

    The sign is that labels of rows follow each other without figures and that no figure occurs twice.
    """
    tables = [block for block in blocks if isinstance(block, Table) and block.form == "A"]
    figures: list[str] = []
    bare = 0
    for table in tables:
        for row in table.rows:
            kinds = [word(cell.text).kind for cell in row]
            values = [cell.text for cell, kind in zip(row, kinds, strict=True) if kind == "value"]
            figures.extend(values)
            bare += "row" in kinds and not values
    if bare < _FEWEST_BARE_ROWS or len(set(figures)) < len(figures):
        return tuple(blocks)
    return tuple(
        block._replace(form="I", gaps=()) if isinstance(block, Table) and block.form == "A" else block
        for block in blocks
    )
