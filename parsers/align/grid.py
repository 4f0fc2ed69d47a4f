"""Grid tables (HTML, DOCX, XLSX): cut into blocks, each aligned with its table of the form."""

from collections.abc import Sequence

from parsers.align.blocks import DISPUTES, LOCAL, REQUESTS, STATISTICS, Block, Cutter
from parsers.align.disclosure import align_disclosure, block_era
from parsers.align.disputes import align_disputes, rows_named
from parsers.align.eras import majority
from parsers.align.lines import read_lines
from parsers.align.lists import align_local, align_statistics
from parsers.align.placement import SubTable
from parsers.align.requests import align_requests, read_rows, split_other
from parsers.document import Table
from parsers.forms import Forms


def align_grid(tables: Sequence[Table], forms: Forms) -> list[SubTable]:
    """Return the tables of the form found in the grid tables of a document, in printed order.

    Takes all tables at once: one table of the form may run over several printed ones, and one printed table
    may hold several of the form. Metadata boxes and other tables give nothing.
    """
    blocks = _without_other_results(_cut(tables, forms), forms)
    rows = {id(block): read_rows(block) for block in blocks if block.table == REQUESTS}
    decided = split_other([row for piece in rows.values() for row in piece])
    votes = {
        block.table or str(index): block_era(block) for index, block in enumerate(blocks) if _second(block)
    }
    fallback = majority([*votes.values(), next(iter(decided), None)])
    found: list[SubTable] = []
    for block in blocks:
        if block.table == REQUESTS:
            found.extend(filter(None, [align_requests(block, rows[id(block)], forms, decided, fallback)]))
        elif block.table == DISPUTES:
            found.extend(filter(None, [align_disputes(block, forms)]))
        elif block.table == STATISTICS:
            found.extend(filter(None, [align_statistics(block, forms)]))
        elif block.table == LOCAL:
            found.extend(filter(None, [align_local(block, forms)]))
        else:
            found.extend(align_disclosure(block, forms, fallback))
    return [sub for sub in found if sub.placed]


def _without_other_results(blocks: list[Block], forms: Forms) -> list[Block]:
    """Return the blocks without tables of results of nothing named, where all of table 4 is there by name."""
    named = [rows_named(block) if block.table == DISPUTES else {DISPUTES} for block in blocks]
    rows = {row.code for row in forms.table("fmt2021", DISPUTES).rows}
    if not rows <= set().union(*named):
        return blocks
    return [block for block, names in zip(blocks, named, strict=True) if names]


def _second(block: Block) -> bool:
    return block.table not in (REQUESTS, DISPUTES, STATISTICS, LOCAL)


def _cut(tables: Sequence[Table], forms: Forms) -> list[Block]:
    cutter = Cutter(forms)
    for table in tables:
        cutter.start_table()
        for line in read_lines(table, forms.names):
            cutter.read(line)
    return cutter.blocks
