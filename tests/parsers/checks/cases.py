"""The examples of every rule: a report, and what the rule says about it.

Each rule needs a passing and a failing example, and one that cannot be assessed where it rests on cells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from parsers.records import CellKey, Report, Where
from tests.parsers.checks.reports import APPLICANTS, REQUESTS, example, report_of


@dataclass(frozen=True)
class Example:
    """One application of a rule; `wants` are fields its finding must have."""

    rule: str
    outcome: Literal["pass", "fail", "not_assessable"]
    report: Report
    name: str = ""
    wants: Mapping[str, Any] = field(default_factory=dict)
    findings: int = 1


EXAMPLE_KEYS = tuple(fact.key for fact in example().facts)


RESULTS = ("upheld", "corrected", "other", "pending", "total")
_FOUR = ("received", "carried_in", "concluded", "carried_forward")


def request(row: str, column: str = "total") -> CellKey:
    return ("requests", row, column)


def dispute(row: str, column: str) -> CellKey:
    return ("disputes", row, column)


def statistic(row: str) -> CellKey:
    return ("statistics", row, "value")


def arithmetic() -> Iterator[Example]:
    plain = example()
    for rule in (
        "T3-01", "T3-02", "T3-03", "T3-06", "T3-07", "T3-08", "T3-09", "T3-10", "T3-12", "T3-13", "T3-17",
        "T3-18", "T4-01", "T4-02", "T4-03", "T4-04", "T4-06",
    ):  # fmt: skip
        yield Example(rule, "pass", plain)
    blank = example({request("received"): "blank"})
    for rule in ("T3-01", "T3-03", "T3-06", "T3-08", "T3-09", "T3-10", "T3-13"):
        yield Example(rule, "not_assessable", blank)
    yield Example(
        "T3-01", "fail", example({request("carried_forward"): 4, request("carried_forward", "business"): 2}),
        wants={"expected": 7, "found": 8, "delta": 1}, findings=2,
    )  # fmt: skip
    nine = example({request("unavailable_not_held", "natural_person"): 9})
    fix = {"cell": ["requests", "unavailable_not_held", "natural_person"], "printed": 9, "proposed": 7}
    yield Example("T3-02", "fail", nine, wants={
        "expected": 45, "found": 43, "delta": -2, "origin": "source", "proposal": ({"cells": [fix]},),
    })  # fmt: skip
    yield Example("T3-03", "fail", nine, wants={"expected": 10, "found": 8, "proposal": ({"cells": [fix]},)})
    swapped = {"cell": ["requests", "received", "total"], "printed": 35, "proposed": 53}
    yield Example("T3-03", "fail", example({request("received"): 35}), name="digits", wants={
        "expected": 53, "found": 35, "delta": -18,
        "proposal": ({"cells": [swapped], "looks_like": "digits_exchanged"},),
    })  # fmt: skip
    for row, total in (("unavailable_unclear", "concluded"), ("concluded", "concluded")):
        yield Example(
            "T3-02", "not_assessable", example({request(row): "dash", request(total, "business"): "dash"})
        )
    subtotal = {request("x_denied", "natural_person"): 7}
    yield Example("T3-04", "pass", example(subtotal))
    yield Example("T3-04", "pass", example({request("received", "x_org_total"): 12}), name="organisations")
    yield Example("T3-04", "fail", example({request("x_denied", "natural_person"): 9}), wants={
        "expected": 7, "found": 9, "delta": 2,
    })  # fmt: skip
    yield Example(
        "T3-04",
        "not_assessable",
        example({**subtotal, request("denied_law_forbids", "natural_person"): "blank"}),
    )
    for raw, value in (("-1", -1), ("1.5", 1.5)):
        key = request("partly_granted", "business")
        yield Example("T3-06", "fail", example({key: Decimal(str(value))}), name=raw, wants={"cells": (key,)})
    share = example({request("granted", "x_column_1"): Decimal("43.6"), request("x_row_1"): "blank"})
    yield Example("T3-06", "pass", share, name="a column of its own")
    outcomes = [
        row for row in REQUESTS if row not in ("received", "carried_in", "concluded", "carried_forward")
    ]
    no_totals = example({request(row): "blank" for row in outcomes})
    yield Example("T3-07", "fail", no_totals, wants={"cells": tuple(request(row) for row in outcomes)})
    yield Example("T3-07", "not_assessable", example({request("concluded"): "blank"}))
    leaves = {key: "blank" for key in EXAMPLE_KEYS if key[0] == "requests" and key[1] not in _FOUR}
    yield Example("T3-07", "not_assessable", example(leaves), name="no outcome printed")
    yield Example("T3-08", "fail", report_of("fmt2021", 2023, {request("received"): 6}), wants={
        "found": 6, "refines": "T3-01",
    })  # fmt: skip
    yield Example("T3-09", "fail", example({request("carried_forward", "business"): 9}), wants={
        "expected": 7, "found": 9, "refines": "T3-01",
    })  # fmt: skip
    yield Example(
        "T3-10", "fail", example({request("carried_forward"): 21}), wants={"evidence": {"ratio": "36.2%"}}
    )
    missing = example({request("unavailable_not_held", "natural_person"): "blank"})
    seven = {"cell": ["requests", "unavailable_not_held", "natural_person"], "printed": None, "proposed": 7}
    yield Example("T3-12", "fail", missing, wants={"severity": "info", "proposal": ({"cells": [seven]},)})
    left_out = example({request("concluded", "natural_person"): 36})
    yield Example("T3-12", "fail", left_out, name="left out", wants={"expected": 43, "found": 36})
    yield Example("T3-12", "not_assessable", example({request("concluded", "natural_person"): "unreadable"}))
    yield Example("T3-13", "fail", shifted(), wants={
        "origin": "reading",
        "evidence": {"placed": [0, 41, 6, 0, 1, 3, 2], "shifted": [41, 6, 0, 1, 3, 2, 53]},
    })  # fmt: skip
    unconfirmed = shifted({request("carried_in", "legal_service"): "blank"})
    yield Example("T3-03", "not_assessable", unconfirmed, name="shifted")
    yield Example("T3-03", "pass", shifted(), name="put right")
    zero = example({request("other_fee_unpaid", "natural_person"): "blank"})
    fee = {"cell": ["requests", "other_fee_unpaid", "natural_person"], "printed": None, "proposed": 0}
    yield Example("T3-12", "fail", zero, name="zero", wants={"proposal": ({"cells": [fee]},)})
    elsewhere = example({request("partly_granted", "business"): 4})
    yield Example("T3-12", "pass", elsewhere, name="another cell is wrong")
    no_suits = [dispute("suit_direct", c) for c in RESULTS]
    six = dict.fromkeys([*no_suits, dispute("review", "pending")], "blank")
    yield Example("T3-17", "fail", example(six), name="disputes", wants={"found": 6})
    fourteen = dict.fromkeys([request(row) for row in REQUESTS][:14], "dash")
    yield Example("T3-17", "fail", example(fourteen), wants={"found": 14})
    own = example({request(f"x_row_{number}"): "blank" for number in range(20)})
    yield Example("T3-17", "pass", own, name="rows of its own")
    yield Example("T3-17", "not_assessable", without("requests"))
    yield Example("T3-18", "fail", without("requests"), wants={"origin": "source"})
    yield Example("T3-18", "not_assessable", example(texts={3: None}))
    yield Example(
        "T4-01", "fail", example({dispute("review", "total"): 6}), wants={"expected": 5, "found": 6}
    )
    yield Example(
        "T4-02", "fail", example({dispute("suit_direct", "total"): 2}), wants={"expected": 1, "found": 2}
    )
    after = example({dispute("suit_after_review", "total"): 3})
    yield Example("T4-03", "fail", after, wants={"expected": 2, "found": 3, "delta": 1})
    for rule, row in (
        ("T4-01", "review"),
        ("T4-02", "suit_direct"),
        ("T4-03", "suit_after_review"),
        ("T4-04", "review"),
    ):
        yield Example(rule, "not_assessable", example({dispute(row, "other"): "not_applicable"}))
    yield Example(
        "T4-04",
        "fail",
        example({dispute("review", "pending"): "absent"}),
        wants={"expected": 15, "found": 14},
    )
    row = "3 | 1 | 0 | 1 | 5 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 1 | 2"
    lost = {key: ("ambiguous", {"raw": row}) for key in EXAMPLE_KEYS if key[0] == "disputes"}
    yield Example("T4-04", "fail", example(lost), name="row", wants={"found": 14, "origin": "reading"})
    twice = {key: ("ambiguous", {"raw": f"{n} | {n + 1}"}) for n, key in enumerate(lost)}
    yield Example("T4-04", "not_assessable", example(twice), name="two reports")
    yield Example(
        "T4-04", "fail", example({dispute("review", "pending"): -1}), name="negative", wants={"found": -1}
    )
    two_rows = example({dispute("suit_direct", c): "absent" for c in RESULTS})
    yield Example("T4-04", "fail", two_rows, name="whole row", wants={"found": 10, "refines": "S-02"})
    both = example({dispute("review", "pending"): -1, dispute("review", "other"): Decimal("1.5")})
    yield Example("T4-04", "fail", both, name="two cells", wants={"found": Decimal("1.5")})
    many = {request("concluded"): 14, dispute("review", "total"): 9, dispute("suit_direct", "total"): 4,
            dispute("suit_after_review", "total"): 6}  # fmt: skip
    yield Example("T4-06", "fail", example(many), wants={"expected": 14, "found": 19})
    yield Example("T4-06", "not_assessable", example({dispute("review", "total"): "blank"}))
    later = {"fiscal_year": 2024}
    two = {dispute("suit_direct", "total"): 2}
    yield Example("T4-07", "pass", example({dispute("suit_direct", "total"): 0}, identity=later))
    yield Example("T4-07", "fail", example(two, identity=later), wants={"found": 2, "severity": "info"})
    yield Example("T4-07", "not_assessable", example(two, identity={"fiscal_year": None}))


def shifted(changes: Mapping[CellKey, object] | None = None) -> Report:
    """Return the example with row 一 placed one column too far to the right, and further changes."""
    placed = dict(zip([request("received", c) for c in APPLICANTS], (0, 41, 6, 0, 1, 3, 2), strict=True))
    total = next(fact for fact in example().facts if fact.key == request("received"))
    assert total.where is not None
    beyond = Where(total.where.table, total.where.row, total.where.column + 1)
    edge = {request("received", "x_1"): (53, {"where": beyond, "method": "position"})}
    return example({**placed, **edge, **(changes or {})})


def without(*tables: str) -> Report:
    """Return the example without some of its tables."""
    return example({fact.key: "absent" for fact in example().facts if fact.table in tables})


LIST = {
    "s3_received": 38, "s3_rcv_in_person": 6, "s3_rcv_online": 21, "s3_rcv_letter": 11,
    "s3_closed": 37, "s3_closed_on_time": 33, "s3_closed_extended": 4,
    "s3_replied": 37, "s3_rep_already_public": 9, "s3_rep_granted": 14, "s3_rep_partial": 3,
    "s3_rep_denied": 4,
    "s3_rep_not_this_organ": 3, "s3_rep_nonexistent": 2, "s3_rep_amend": 1, "s3_rep_other_channel": 1,
    "s3_den_trade_secret": 1, "s3_den_privacy": 2, "s3_den_other_law": 1,
    "s4_reviews": 3, "s4_rev_upheld": 2, "s4_rev_other": 1, "s5_litigation": 1, "s5_lit_upheld": 1,
    "s8_staff": 5, "s8_staff_full_time": 2, "s8_staff_part_time": 3,
    "s1_proactive_items": 1420, "s1_ch_gazette": 60, "s1_ch_website": 1390, "s1_ch_weibo": 235,
    "s1_ch_wechat": 310,
    "s1_ch_other": 85, "s1_proactive_normative_docs": 12, "s1_normative_docs_issued": 14,
    "s2_press_conf": 4, "s2_press_conf_head": 1, "s2_online_interview": 2,
}  # fmt: skip


def list2014(**changes: object) -> Report:
    """Return a filled list of 2014 with changes."""
    return report_of(
        "stat2014", 2016, {statistic(row): figure for row, figure in {**LIST, **changes}.items()}
    )


def older_list() -> Iterator[Example]:
    plain = list2014()
    failing: dict[str, tuple[dict[str, object], dict[str, Any]]] = {
        "G-01": ({"s3_received": 40}, {"expected": 38, "found": 40, "delta": 2}),
        "G-02": ({"s3_closed_extended": 2}, {"expected": 35, "found": 37, "delta": 2}),
        "G-03": ({"s3_replied": 33}, {"expected": 37, "found": 33, "delta": -4}),
        "G-04": ({"s3_den_other_law": 0}, {"expected": 3, "found": 4, "delta": 1}),
        "G-05": ({"s4_rev_other": 0}, {"expected": 2, "found": 3, "delta": 1}),
        "G-06": ({"s8_staff": 6}, {"expected": 5, "found": 6, "delta": 1}),
        "G-07": (
            {"s1_ch_website": 900, "s1_ch_weibo": 120, "s1_ch_wechat": 110, "s1_ch_other": 30},
            {"expected": 1220, "found": 1420},
        ),
        "G-08": ({"s1_proactive_normative_docs": 19}, {"expected": 14, "found": 19}),
        "G-09": ({"s2_press_conf_head": 5}, {"expected": 4, "found": 5}),
        "G-10": ({"s3_closed": 64}, {"expected": 38, "found": 64}),
    }
    for rule, (changes, wants) in failing.items():
        yield Example(rule, "pass", plain)
        yield Example(rule, "fail", list2014(**changes), wants=wants)
        yield Example(rule, "not_assessable", list2014(**dict.fromkeys(changes, "blank")))


EXAMPLES = (*arithmetic(), *older_list())
