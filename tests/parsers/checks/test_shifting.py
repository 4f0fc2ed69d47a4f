"""A row placed one column off: put right where the columns confirm it, else held back."""

from parsers.checks import checked
from parsers.checks.shifting import IN_DOUBT
from parsers.records import Fact, Report
from tests.parsers.checks.cases import request, shifted
from tests.parsers.checks.reports import APPLICANTS, REQUESTS, example


def row_of(report: Report, row: str = "received") -> list[Fact]:
    facts = {fact.key: fact for fact in report.facts}
    return [facts[request(row, column)] for column in APPLICANTS]


def test_a_confirmed_row_is_moved_with_the_places_it_was_printed_in() -> None:
    before = {fact.key: fact for fact in shifted().facts}
    done = checked(shifted())
    row = row_of(done)
    assert tuple(fact.value for fact in row) == REQUESTS["received"]
    assert {(fact.status, fact.method, fact.note) for fact in row} == {("reported", "position", None)}
    assert row[-1].where == before[request("received", "x_1")].where
    assert row[0].where == before[request("received", "business")].where
    [edge] = [fact for fact in done.facts if fact.column == "x_1"]
    assert (edge.value, edge.where) == (0, before[request("received", "natural_person")].where)
    [finding] = [one for one in done.findings if one.rule == "T3-13"]
    assert "placed there" in finding.message_en
    assert [one.rule for one in done.findings if one.rule.startswith("T3-")] == ["T3-13"]
    assert done.check_counts["T3-13"] == (24, 1, 0)
    assert done.check_counts["T3-03"] == (25, 0, 0)


def test_a_row_the_columns_do_not_confirm_is_held_back() -> None:
    done = checked(shifted({request("carried_in", "legal_service"): "blank"}))
    row = row_of(done)
    assert {(fact.value, fact.status, fact.note) for fact in row} == {(None, "ambiguous", IN_DOUBT)}
    assert [fact.raw for fact in row] == ["0", "41", "6", "0", "1", "3", "2"]
    [finding] = [one for one in done.findings if one.rule == "T3-13"]
    assert finding.origin == "reading"
    assert "undecided" in finding.message_en
    assert done.check_counts["T3-13"] == (23, 1, 1)
    assert done.check_counts["T3-01"][2] == 7
    assert not any(one.rule in ("T3-01", "T3-03", "T3-09") for one in done.findings)


def test_nothing_moves_without_a_figure_beyond_the_edge() -> None:
    report = example({request("received"): 35})
    assert checked(report).facts is report.facts
