"""Narrowing the proposals of table 4: of five cells that could be wrong, section 四 may name one."""

from dataclasses import replace
from typing import Any

from parsers.checks.case import Case, Failure
from parsers.checks.named_sums import sum_cells
from parsers.checks.sentences import snippet
from parsers.checks.statements import statements
from parsers.records import CellKey

_GROUPS = frozenset({"T4-01", "T4-02", "T4-03"})


def narrowed(case: Case, rule: str, failure: Failure) -> Failure:
    """Return the failure with the one proposal section 四 supports, and its sentence; else unchanged."""
    if rule not in _GROUPS or len(failure.proposal) < 2:
        return failure
    for cell, (number, evidence) in _stated_cells(case).items():
        fitting = [one for one in failure.proposal if _is(one, cell, number)]
        if len(fitting) == 1:
            return replace(
                failure, proposal=tuple(fitting), evidence={**failure.evidence, "sentence": evidence}
            )
    return failure


def _stated_cells(case: Case) -> dict[CellKey, tuple[object, dict[str, Any]]]:
    """Return the single cells of table 4 whose figure section 四 states."""
    found: dict[CellKey, tuple[object, dict[str, Any]]] = {}
    for statement in statements(case):
        if statement.sentence.section != 4 or not statement.firm or statement.bound != "exact":
            continue
        for name in statement.bases:
            cells = sum_cells(case, name)
            if len(cells) == 1 and cells[0][0] == "disputes":
                found[cells[0]] = (statement.number, snippet(statement.sentence))
    return found


def _is(proposal: dict[str, Any], cell: CellKey, number: object) -> bool:
    changes = proposal.get("cells", ())
    return len(changes) == 1 and tuple(changes[0]["cell"]) == cell and changes[0]["proposed"] == number
