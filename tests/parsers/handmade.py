"""Small documents made by hand, with the parts a report has."""

from collections.abc import Iterable

from parsers.document import Block, Cell, Document, Paragraph, Table
from parsers.identity import identify
from parsers.records import Hints, Identity
from parsers.sections import split_sections

HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
FOOTER = [
    "主办单位:黄石港区人民政府 版权所有 联系电话:0714-0000000",
    "鄂公网安备 42020202000007号 网站标识码:4202020002 鄂ICP备16019304号",
]
FIGURES = Table(((Cell("规章", 0, 0), Cell("0", 0, 1)),), "grid", 0, 2)
BLANK = Table(((Cell("规章", 0, 0), Cell("", 0, 1)),), "grid", 0, 2)


def document(*blocks: Block | str, outside: Iterable[str] = (), **more: object) -> Document:
    made = tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return Document("html", "utf-8", made, outside=tuple(outside), **more)  # type: ignore[arg-type]


def body(first: str = "认真做好各项工作。", table: Table = FIGURES) -> list[Block | str]:
    """The six headings with a sentence each and one table."""
    blocks: list[Block | str] = []
    for heading in HEADINGS:
        blocks += [heading, first if heading == HEADINGS[0] else "如上。"]
        if heading == HEADINGS[1]:
            blocks.append(table)
    return blocks


def identity(doc: Document, hints: Hints = Hints(), *, has_tables: bool = True) -> Identity:  # noqa: B008
    return identify(
        doc, split_sections(doc), hints, era="fmt2021" if has_tables else None, has_tables=has_tables
    )


METADATA = [
    [
        "索 引 号：11420202123456788D/2025-00012",
        "发布机构：云溪区财政局",
        "发布日期：2025-01-17",
        "文 号：云财〔2025〕3号",
    ],
    [
        "索引号：11420202123456788D/2025-00012 发布机构：云溪区财政局 "
        "发布日期：2025-01-17 文号：云财〔2025〕3号",
    ],
    [
        "信息索引号:",
        "11420202123456788D/2025-00012",
        "发布机构:",
        "云溪区财政局",
        "发文日期:",
        "2025-01-17",
        "文号:",
        "云财〔2025〕3号",
    ],
    [
        "索引号11420202123456788D/2025-00012 分类：区县",
        "发布机构： 云溪区财政局",
        "文号：云财[2025]3号",
        "发布日期：2025/1/17",
    ],
]
