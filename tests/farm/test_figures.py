"""Figures satisfy every identity of the form, except where an edit breaks one on purpose."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from fixtures.farm.articles import Content, ReportArticle, Version
from fixtures.farm.edits import EDITS
from fixtures.farm.figures import COLUMNS, LEAVES
from fixtures.farm.forms import cells_of
from fixtures.farm.profiles import PROFILES

ROWS_2019 = ("received", "carried_in", *LEAVES[:18], "other", "concluded", "carried_forward")
ROWS_2021 = ("received", "carried_in", *LEAVES, "concluded", "carried_forward")


def failed_identities(article: ReportArticle, version: Version) -> set[str]:
    """Return the rules of one document that its figures break; cells without a figure count as zero."""
    value = {key: cell.value or 0 for key, cell in version.sheet.items()}
    rows = ROWS_2021 if article.era == "fmt2021" else ROWS_2019
    broken = set()
    for column in (*COLUMNS, "total"):
        box = {row: value["requests", row, column] for row in rows}
        if box["received"] + box["carried_in"] != box["concluded"] + box["carried_forward"]:
            broken.add("T3-01")
        if sum(box[row] for row in rows[2:-2]) != box["concluded"]:
            broken.add("T3-02")
    for row in rows:
        if sum(value["requests", row, column] for column in COLUMNS) != value["requests", row, "total"]:
            broken.add("T3-03")
    for row in ("review", "suit_direct", "suit_after_review"):
        parts = [value["disputes", row, column] for column in ("upheld", "corrected", "other", "pending")]
        if sum(parts) != value["disputes", row, "total"]:
            broken.add("T4-01")
    if any(value.get(("documents", "regulation", column), 0) for column in ("issued", "in_force")):
        broken.add("T2-03")
    return broken


def reports(host: str) -> Iterator[ReportArticle]:
    """Yield the demo reports of a host, stopping before years the modern form does not reach."""
    yield from Content(PROFILES["demo"], host).reports


@pytest.mark.parametrize("host", ["trs-a", "trs-b", "trs-c"])
def test_identities_hold_unless_broken_on_purpose(host: str) -> None:
    intended = {"T3-01", "T3-02", "T3-03", "T4-01", "T2-03"}
    for article in reports(host):
        for version in article.versions:
            assert failed_identities(article, version) == intended & set(version.findings), article.key


@pytest.mark.parametrize("host", ["trs-a", "trs-b"])
def test_years_of_a_body_continue_each_other_unless_broken_on_purpose(host: str) -> None:
    found = {(article.body.serial, article.year): article for article in reports(host)}
    for (serial, year), article in found.items():
        before = found.get((serial, year - 1))
        if before is None:
            continue
        old, new = before.versions[-1].sheet, article.versions[-1].sheet
        carried = [
            (old["requests", "carried_forward", column].value, new["requests", "carried_in", column].value)
            for column in (*COLUMNS, "total")
        ]
        continues = all(left == right for left, right in carried if None not in (left, right))
        assert continues == ("T3-05" not in article.versions[-1].findings), article.key
        if before.era == "fmt2021" and "T2-01" not in article.versions[-1].findings:
            if "T2-01" in before.versions[-1].findings:
                continue
            for row in ("regulation", "normative_document"):
                stock: list[Any] = [old["documents", row, "in_force"].value]
                stock += [
                    new["documents", row, column].value for column in ("issued", "repealed", "in_force")
                ]
                assert stock[0] + stock[1] - stock[2] == stock[3], article.key


def test_a_government_reports_the_sum_of_its_bodies() -> None:
    content = Content(PROFILES["demo"], "trs-a")
    government, *units = content.bodies
    for cell in cells_of("fmt2021"):
        parts = [content.book.figures(unit, 2024)[cell] for unit in units]
        assert content.book.figures(government, 2024)[cell] == sum(parts, Decimal(0))


def test_the_demo_shows_every_striking_error_once_or_more() -> None:
    shown = {
        rule for article in reports("trs-a") for version in article.versions for rule in version.findings
    }
    wanted = {rule for edit in EDITS.values() for rule in edit.findings} - {"T3-01", "S-04"}
    assert wanted <= shown
    park = next(a for a in reports("trs-a") if a.body.kind == "zone_committee" and a.year == 2024)
    assert park.versions[0].sheet["documents", "regulation", "in_force"].value == 9


def test_adding_bodies_changes_no_unit() -> None:
    few, all_ = Content(PROFILES["demo"], "trs-c"), Content(PROFILES["full"], "trs-c")
    unit = next(body for body in few.bodies if body.kind == "department")
    assert few.book.figures(unit, 2023) == all_.book.figures(unit, 2023)


def test_another_seed_gives_other_figures() -> None:
    first, second = (Content(PROFILES["demo"].with_seed(seed), "trs-a") for seed in (1, 2))
    body = first.bodies[2]
    assert first.book.figures(body, 2023) != second.book.figures(body, 2023)
