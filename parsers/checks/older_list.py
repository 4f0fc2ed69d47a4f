"""Checks of the list of 2014 that are more than a sum."""

from collections.abc import Iterator
from decimal import Decimal

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.records import CellKey


def _statistic(row: str) -> CellKey:
    return ("statistics", row, "value")


def _at_most(case: Case, part: str, *whole: str) -> Verdict:
    """Say whether one figure of the list is not above the sum of others."""
    cells = tuple(_statistic(row) for row in (part, *whole))
    figures = case.figures(*cells)
    if figures is None:
        return NOT_ASSESSABLE
    limit = sum(figures[1:])
    return PASS if figures[0] <= limit else Failure(cells=cells, expected=limit, found=figures[0])


def check_channels(case: Case) -> Iterator[Verdict]:
    """G-07: the channels together cover the distinct items."""
    channels = ("s1_ch_gazette", "s1_ch_website", "s1_ch_weibo", "s1_ch_wechat", "s1_ch_other")
    yield _at_most(case, "s1_proactive_items", *channels)


def check_normative_part(case: Case) -> Iterator[Verdict]:
    """G-08: published normative documents are a part of what was published and of what was issued."""
    yield _at_most(case, "s1_proactive_normative_docs", "s1_proactive_items")
    yield _at_most(case, "s1_proactive_normative_docs", "s1_normative_docs_issued")


def check_heads_part(case: Case) -> Iterator[Verdict]:
    """G-09: what the head attended is a part of what was held."""
    yield _at_most(case, "s2_press_conf_head", "s2_press_conf")
    yield _at_most(case, "s2_online_interview_head", "s2_online_interview")


def check_closed_share(case: Case) -> Iterator[Verdict]:
    """G-10: not far more requests closed than received."""
    cells = _statistic("s3_closed"), _statistic("s3_received")
    figures = case.figures(*cells)
    if figures is None:
        yield NOT_ASSESSABLE
    elif 2 * figures[0] > 3 * figures[1]:
        ratio = f"{Decimal(figures[0]) / Decimal(figures[1]):.2f}" if figures[1] else None
        yield Failure(cells=cells, expected=figures[1], found=figures[0], values={"ratio": ratio})
    else:
        yield PASS
