"""One set of figures as rows whose cells stand in the columns of the grid, as spreadsheets write them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from parsers.records import CellKey
from tests.render.text import Row, tables

_LABELS, _REQUESTS, _GROUP = 3, 10, 5
# Where the figures of a block begin in prints of 5 columns; headings are not cut as figures are.
_HEADS = {3: (1, 2, 4), 2: (1, 3), 1: (1,)}
_FIGURES = {"licensing": (1, 3, 4), "enforcement": (1, 3, 4)}
_BLOCK_OF = {"行政许可": "licensing", "其他对外管理服务事项": "licensing"} | dict.fromkeys(
    ("行政处罚", "行政强制"), "enforcement"
)


def grids(figures: Mapping[CellKey, str], era: str) -> list[list[list[str]]]:
    """Return tables 2, 3 and 4 as rows of one width each; a covered cell and a blank one are both ""."""
    blocks, requests, disputes = tables(figures, era)
    return [
        [_block_row(row) for row in blocks],
        [_requests_row(row, at) for at, row in enumerate(requests)],
        [_disputes_row(row) for row in disputes],
    ]


def render_aligned(
    figures: Mapping[CellKey, str],
    *,
    era: Literal["fmt2021", "fmt2019"] = "fmt2021",
    separator: Literal["|", " | ", "\t"] = "|",
    framed: bool = False,
) -> str:
    """Return a report as text, its cells between separators; `framed` puts one at both ends of a row."""
    two, three, four = (
        "\n".join(_line(row, separator, framed) for row in grid) for grid in grids(figures, era)
    )
    return "\n".join(
        (
            "一、总体情况",
            "本年度没有其他需要说明的情况。",
            "二、主动公开政府信息情况",
            two,
            "三、收到和处理政府信息公开申请情况",
            three,
            "四、政府信息公开行政复议、行政诉讼情况",
            four,
            "五、存在的主要问题及改进情况",
        )
    )


def _line(row: Sequence[str], separator: str, framed: bool) -> str:
    line = separator.join(row)
    return f"{separator}{line}{separator}".strip(" ") if framed else line


def _at(width: int, cells: Mapping[int, str]) -> list[str]:
    return [cells.get(at, "") for at in range(width)]


def _block_row(row: Row) -> list[str]:
    heads = len(row.labels) - 1
    starts = _HEADS.get(heads or len(row.values), ())
    if row.values:
        starts = _FIGURES.get(_BLOCK_OF.get(row.labels[0], ""), starts) if len(row.values) == 3 else starts
    if row.width < 5:
        starts = tuple(range(1, row.width))
    figures = (*row.labels[1:], *row.values)
    return _at(row.width, {0: row.labels[0]} | dict(zip(starts, figures, strict=False)))


def _requests_row(row: Row, at: int) -> list[str]:
    if at == 0:
        return _at(_REQUESTS, {0: row.labels[0], _LABELS: row.labels[1]})
    if at == 1:
        places = (_LABELS, _LABELS + 1, _REQUESTS - 1)
        return _at(_REQUESTS, dict(zip(places, row.labels, strict=True)))
    if at == 2:
        return _at(_REQUESTS, dict(enumerate(row.labels, _LABELS + 1)))
    return _at(_REQUESTS, dict(enumerate(row.labels, row.left)) | dict(enumerate(row.values, _LABELS)))


def _disputes_row(row: Row) -> list[str]:
    if row.values:
        return list(row.values)
    if len(row.labels) == 2:
        return _at(3 * _GROUP, {0: row.labels[0], _GROUP: row.labels[1]})
    if row.left:
        return _at(3 * _GROUP, dict(enumerate(row.labels, _GROUP)))
    return _at(3 * _GROUP, dict(enumerate(row.labels[:_GROUP])) | {5: row.labels[5], 10: row.labels[6]})
