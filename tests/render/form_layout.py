"""The printed layout of the two forms, written down a second time and independently of `parsers.forms`.

Rows of `Box(text, rows, columns, key)`: a printed label, or the place of a figure (key set).
"""

from collections.abc import Iterator
from typing import NamedTuple

from parsers.records import CellKey


class Box(NamedTuple):
    """One cell to print: a label, or the figure of `key`."""

    text: str = ""
    rows: int = 1
    columns: int = 1
    key: CellKey | None = None


Grid = list[list[Box]]

APPLICANTS = (
    ("natural_person", "自然人"),
    ("business", "商业企业"),
    ("research_institution", "科研机构"),
    ("public_interest_org", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other_org", "其他"),
    ("total", "总计"),
)
DENIED = (
    ("denied_state_secret", "1.属于国家秘密"),
    ("denied_law_forbids", "2.其他法律行政法规禁止公开"),
    ("denied_three_security", "3.危及“三安全一稳定”"),
    ("denied_third_party", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "5.属于三类内部事务信息"),
    ("denied_process_info", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "7.属于行政执法案卷"),
    ("denied_admin_inquiry", "8.属于行政查询事项"),
)
UNAVAILABLE = (
    ("unavailable_not_held", "1.本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", "2.没有现成信息需要另行制作"),
    ("unavailable_unclear", "3.补正后申请内容仍不明确"),
)
NOT_PROCESSED = (
    ("not_processed_petition", "1.信访举报投诉类申请"),
    ("not_processed_duplicate", "2.重复申请"),
    ("not_processed_publication", "3.要求提供公开出版物"),
    ("not_processed_excessive", "4.无正当理由大量反复申请"),
    ("not_processed_reconfirm", "5.要求行政机关确认或重新出具已获取信息"),
)
OTHER_2021 = (
    ("other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other_misc", "3.其他"),
)
RESULTS = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
)
CORNER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_MATTERS_2019 = (
    ("items_prev_year", "上一年项目数量"),
    ("items_change", "本年增/减"),
    ("decisions", "处理决定数量"),
)


def disclosure(era: str, *, columns_2019: int = 5, equal_splits: bool = False) -> Grid:
    """Table 2; `equal_splits` gives figures of the 2019 form the same splits as their headings."""
    return _disclosure_2021() if era == "fmt2021" else _disclosure_2019(columns_2019, equal_splits)


def _disclosure_2021() -> Grid:
    grid = [[Box("第二十条第（一）项", 1, 4)]]
    columns = (("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数"))
    grid.append([Box("信息内容"), *(Box(label) for _, label in columns)])
    for row, label in (("regulation", "规章"), ("normative_document", "行政规范性文件")):
        grid.append([Box(label), *(Box(key=("documents", row, code)) for code, _ in columns)])
    blocks = (
        ("五", "licensing", "本年处理决定数量", "decisions", (("admin_license", "行政许可"),)),
        (
            "六",
            "enforcement",
            "本年处理决定数量",
            "decisions",
            (("admin_penalty", "行政处罚"), ("admin_compulsion", "行政强制")),
        ),
        ("八", "fees", "本年收费金额（单位：万元）", "amount_wan_yuan", (("admin_fee", "行政事业性收费"),)),
    )
    for numeral, table, heading, column, rows in blocks:
        grid.append([Box(f"第二十条第（{numeral}）项", 1, 4)])
        grid.append([Box("信息内容"), Box(heading, 1, 3)])
        grid.extend([Box(label), Box("", 1, 3, (table, row, column))] for row, label in rows)
    return grid


def _disclosure_2019(width: int, equal_splits: bool) -> Grid:
    five = width == 5
    heading, figures, halves = ((1, 2, 1), (2, 1, 1), (2, 2)) if five else ((1, 1, 1), (1, 1, 1), (1, 2))
    if equal_splits:
        figures = heading

    def block(numeral: str, labels: list[str], splits: tuple[int, ...]) -> Grid:
        boxes = [Box(text, 1, span) for text, span in zip(labels, splits, strict=True)]
        return [[Box(f"第二十条第（{numeral}）项", 1, width)], [Box("信息内容"), *boxes]]

    def row(table: str, code: str, label: str, columns: list[str], splits: tuple[int, ...]) -> list[Box]:
        pairs = zip(columns, splits, strict=True)
        return [Box(label), *(Box("", 1, span, (table, code, column)) for column, span in pairs)]

    made = ["made_new", "disclosed_new", "disclosed_total"]
    matters = [code for code, _ in _MATTERS_2019]
    names = [name for _, name in _MATTERS_2019]
    grid = block("一", ["本年新制作数量", "本年新公开数量", "对外公开总数量"], heading)
    grid.append(row("documents", "regulation", "规章", made, heading))
    grid.append(row("documents", "normative_document", "规范性文件", made, heading))
    grid += block("五", names, heading)
    grid.append(row("licensing", "admin_license", "行政许可", matters, figures))
    grid.append(row("licensing", "other_external_service", "其他对外管理服务事项", matters, figures))
    grid += block("六", names, heading)
    grid.append(row("enforcement", "admin_penalty", "行政处罚", matters, figures))
    grid.append(row("enforcement", "admin_compulsion", "行政强制", matters, figures))
    grid += block("八", names[:2], halves)
    grid.append(row("fees", "admin_fee", "行政事业性收费", matters[:2], halves))
    grid += block("九", ["采购项目数量", "采购总金额"], halves)
    bought = ["project_count", "total_amount"]
    grid.append(row("procurement", "gov_central_procurement", "政府集中采购", bought, halves))
    return grid


def requests(era: str, *, heading: str = "rowspan", corner_note: bool = True, padding: bool = False) -> Grid:
    """Table 3; heading is rowspan, filler (7 cells in the third row) or four_rows (商业 over 企业)."""
    grid = _requests_heading(heading, corner_note)

    def figures(row: str) -> list[Box]:
        return [Box(key=("requests", row, column)) for column, _ in APPLICANTS]

    other: tuple[tuple[str, str], ...] = OTHER_2021 if era == "fmt2021" else ()
    outcomes = 2 + len(DENIED) + len(UNAVAILABLE) + len(NOT_PROCESSED) + (len(other) or 1) + 1
    grid.append([Box("一、本年新收政府信息公开申请数量", 1, 3), *figures("received")])
    grid.append([Box("二、上年结转政府信息公开申请数量", 1, 3), *figures("carried_in")])
    grid.append([Box("三、本年度办理结果", outcomes), Box("（一）予以公开", 1, 2), *figures("granted")])
    partly = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    grid.append([Box(partly, 1, 2), *figures("partly_granted")])
    groups = [("（三）不予公开", DENIED), ("（四）无法提供", UNAVAILABLE), ("（五）不予处理", NOT_PROCESSED)]
    for label, members in [*groups, ("（六）其他处理", other)]:
        for index, (code, name) in enumerate(members):
            first = [Box(label, len(members))] if index == 0 else []
            grid.append([*first, Box(name), *figures(code)])
    if not other:
        grid.append([Box("（六）其他处理", 1, 2), *figures("other")])
    grid.append([Box("（七）总计", 1, 2), *figures("concluded")])
    grid.append([Box("四、结转下年度继续办理", 1, 3), *figures("carried_forward")])
    return [[*row, Box()] for row in grid] if padding else grid


def _requests_heading(style: str, corner_note: bool) -> Grid:
    organisations = [Box(label) for _, label in APPLICANTS[1:6]]
    corner = Box(CORNER_NOTE if corner_note else "", 4 if style == "four_rows" else 3, 3)
    if style == "filler":
        return [
            [corner, Box("申请人情况", 1, 7)],
            [Box("自然人"), Box("法人或其他组织", 1, 5), Box("总计")],
            [Box(), *organisations, Box()],
        ]
    tall = 3 if style == "four_rows" else 2
    grid = [
        [corner, Box("申请人情况", 1, 7)],
        [Box("自然人", tall), Box("法人或其他组织", 1, 5), Box("总计", tall)],
    ]
    if style == "four_rows":
        upper = [Box("商业"), Box("科研"), *(box._replace(rows=2) for box in organisations[2:])]
        return [*grid, upper, [Box("企业"), Box("机构")]]
    return [*grid, organisations]


def disputes(*, filler: bool = False) -> Grid:
    """Table 4; `filler` prints five empty cells in the third row instead of cells that span two rows."""
    names = [label for _, label in RESULTS]
    review = [Box(name, 1 if filler else 2) for name in names]
    suits = [Box("未经复议直接起诉", 1, 5), Box("复议后起诉", 1, 5)]
    rows = ("review", "suit_direct", "suit_after_review")
    return [
        [Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)],
        [*review, *suits],
        [*([Box()] * 5 if filler else []), *(Box(name) for name in names * 2)],
        [Box(key=("disputes", row, code)) for row in rows for code, _ in RESULTS],
    ]


def disputes_in_three() -> list[Grid]:
    """Table 4 printed as three tables, one for each group of results."""
    names = [Box(label) for _, label in RESULTS]
    return [
        [*heads, names, [Box(key=("disputes", row, code)) for code, _ in RESULTS]]
        for row, heads in (
            ("review", [[Box("行政复议", 1, 5)]]),
            ("suit_direct", [[Box("行政诉讼", 1, 5)], [Box("未经复议直接起诉", 1, 5)]]),
            ("suit_after_review", [[Box("行政诉讼", 1, 5)], [Box("复议后起诉", 1, 5)]]),
        )
    ]


def form_cells(era: str) -> Iterator[CellKey]:
    """Yield the keys of all figures of a form in printed order: 200 for fmt2021, 198 for fmt2019."""
    for grid in (disclosure(era), requests(era), disputes()):
        for row in grid:
            yield from (box.key for box in row if box.key is not None)
