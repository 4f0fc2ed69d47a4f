"""Checks of the running text against the tables: none, numbers, percentages, cases upheld, fee notices."""

import re
from collections.abc import Iterator
from decimal import Decimal

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.claims import fee_notices
from parsers.checks.identities import report_sums
from parsers.checks.labels import cell_name
from parsers.checks.sentences import Sentence, is_about_disclosure, pattern, sentences, snippet
from parsers.checks.statements import (
    Share,
    Statement,
    all_sums,
    denials,
    shares,
    statements,
    sum_cells,
    sum_value,
)
from parsers.records import CellKey, Number

_DENIED = {"requests": "received", "review": "review", "suits": "SUITS"}
_DENOMINATORS = ("concluded", "received", "received + carried_in")
_TOLERANCE = Decimal("0.1")
_RESULT = re.compile("维持|败|胜|纠")
_SUBJECT_NAMES = {
    "requests": Bilingual("requests received", "收到申请"),
    "review": Bilingual("administrative reviews", "行政复议"),
    "suits": Bilingual("administrative suits", "行政诉讼"),
}


def _unbalanced(case: Case) -> bool:
    found = report_sums(case).get("T3-01")
    return found is not None and any(one.identity.of == "total" for one in found.broken)


def _bases(case: Case, statement: Statement) -> tuple[str, ...]:
    extra = statement.subject.unbalanced if statement.subject.unbalanced and _unbalanced(case) else ()
    return statement.bases + extra


def _agrees(statement: Statement, value: Number) -> bool:
    match statement.bound:
        case "at_least":
            return value >= statement.number
        case "at_most":
            return value <= statement.number
        case _:
            return value == statement.number


def fitting_basis(case: Case, statement: Statement) -> str | None:
    """Return the first allowed sum a stated number equals."""
    for name in _bases(case, statement):
        value = sum_value(case, name)
        if value is not None and _agrees(statement, value):
            return name
    return None


def _cells(case: Case, names: tuple[str, ...]) -> tuple[CellKey, ...]:
    return tuple(dict.fromkeys(cell for name in names for cell in sum_cells(case, name)))


def check_none_stated(case: Case) -> Iterator[Verdict]:
    """S-10: a text that says none, or some, agrees with the table on whether there was any."""
    seen = False
    for denial in denials(case):
        seen = True
        name = _DENIED[denial.subject]
        value = sum_value(case, name)
        if value is None:
            yield NOT_ASSESSABLE
        elif value == 0:
            yield PASS
        else:
            yield Failure(
                cells=sum_cells(case, name), expected=value, found=0, basis=name,
                values={"sentence": denial.sentence.quote, "subject_of": _SUBJECT_NAMES[denial.subject]},
                evidence={"sentence": snippet(denial.sentence), "subject": denial.subject},
            )  # fmt: skip
    for statement in statements(case):
        subject = {"new": "requests", "receive": "requests", "review": "review", "suits": "suits"}.get(
            statement.subject.code
        )
        if subject is None or not statement.firm or statement.bound != "exact" or statement.number == 0:
            continue
        seen = True
        yield _some_stated(case, statement, subject)
    if not seen:
        yield NOT_ASSESSABLE


def _some_stated(case: Case, statement: Statement, subject: str) -> Verdict:
    values = [sum_value(case, name) for name in statement.bases]
    if any(value for value in values):
        return PASS
    if any(value is None for value in values):
        return NOT_ASSESSABLE
    return Failure(
        cells=_cells(case, statement.bases), expected=0, found=statement.number, say="some", refines="S-11",
        values={"sentence": statement.sentence.quote, "subject_of": _SUBJECT_NAMES[subject]},
        evidence={"sentence": snippet(statement.sentence), "subject": subject},
    )  # fmt: skip


def check_stated_numbers(case: Case) -> Iterator[Verdict]:
    """S-11: each stated number equals one of the sums its wording allows."""
    found = [one for one in statements(case) if one.number != 0 and one.subject.kind != "channel"]
    verdicts = [_stated_number(case, statement) for statement in found] + list(_channels(case))
    yield from verdicts or [NOT_ASSESSABLE]


def _stated_number(case: Case, statement: Statement) -> Verdict:
    if statement.bound == "about":
        return NOT_ASSESSABLE
    if fitting_basis(case, statement) is not None:
        return PASS
    names = _bases(case, statement)
    tried = {name: sum_value(case, name) for name in names}
    if not statement.firm or any(value is None for value in tried.values()):
        return NOT_ASSESSABLE
    return _mismatch(case, statement.number, statement.sentence, tried)


def _mismatch(case: Case, number: Number, sentence: Sentence, tried: dict[str, Number | None]) -> Failure:
    fits = _hints(case, number, tried)
    hint = (
        Bilingual(f" {number} is {fits[0].en}.", f"{number}恰为{fits[0].zh}。") if fits else Bilingual("", "")
    )
    return Failure(
        cells=_cells(case, tuple(tried)),
        expected=next(iter(tried.values())),
        found=number,
        basis=" | ".join(tried),
        values={
            "sentence": sentence.quote,
            "bases": Bilingual(_listed(tried), _listed_zh(case, tried)),
            "hint": hint,
        },
        evidence={
            "sentence": snippet(sentence),
            "tried": dict(tried),
            "fits": [fit.en for fit in fits],
        },
    )


def _listed(tried: dict[str, Number | None]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in tried.items())


def _listed_zh(case: Case, tried: dict[str, Number | None]) -> str:
    words = []
    for name, value in tried.items():
        cells = sum_cells(case, name)
        if len(cells) <= 2:
            label = "＋".join(f"“{cell_name(case, cell).zh}”" for cell in cells)
        else:
            label = f"{name}（{len(cells)}格之和）"
        words.append(f"{label}＝{value}")
    return "，".join(words)


def _hints(case: Case, number: Number, tried: dict[str, Number | None]) -> list[Bilingual]:
    """Return what else the number equals: another named sum, or another cell of the rows tried."""
    if number == 0:
        return []
    sums = [Bilingual(name, _listed_zh(case, {name: value}).rpartition("＝")[0])
            for name, value in all_sums(case).items() if value == number and name not in tried]  # fmt: skip
    rows = {cell[:2] for name in tried for cell in sum_cells(case, name)}
    cells = [
        cell_name(case, key) for key, value in case.values.items() if key[:2] in rows and value == number
    ]
    return ([] if len(cells) > 3 else cells) + sums[:3]


def _channels(case: Case) -> Iterator[Verdict]:
    """Channels are compared only as a sum, when a sentence lists two or more and leaves none open."""
    by_sentence: dict[Sentence, list[Statement]] = {}
    for one in statements(case):
        if one.subject.kind == "channel":
            by_sentence.setdefault(one.sentence, []).append(one)
    for sentence, found in by_sentence.items():
        total = sum(one.number for one in found)
        tried = {name: sum_value(case, name) for name in found[0].bases}
        complete = len(found) > 1 and all(one.firm and one.bound == "exact" for one in found)
        if total in tried.values():
            yield PASS
        elif (
            not complete
            or None in tried.values()
            or any(word in sentence.text for word in ("其他", "其余", "等"))
        ):
            yield NOT_ASSESSABLE
        else:
            yield _mismatch(case, total, sentence, tried)


def check_percentages(case: Case) -> Iterator[Verdict]:
    """S-12: a stated share is a figure of the table over an allowed denominator."""
    verdicts = [_share(case, share) for share in shares(case)]
    yield from verdicts or [NOT_ASSESSABLE]


def _share(case: Case, share: Share) -> Verdict:
    numerator = share.statement
    if (
        numerator.bound != "exact"
        or fitting_basis(case, numerator) is None
        or numerator.subject.kind != "outcome"
    ):
        return NOT_ASSESSABLE
    if any(word in share.of for word in ("不予", "公开", "无法", "同期", "上年", "其中", "前")):
        return NOT_ASSESSABLE
    known = {name: sum_value(case, name) for name in _DENOMINATORS}
    tried = {name: Decimal(numerator.number) * 100 / Decimal(value) for name, value in known.items() if value}
    # A share printed without decimals may be rounded by up to half a point.
    tolerance = max(_TOLERANCE, Decimal(5).scaleb(-share.digits - 1))
    if any(abs(value - share.percent) <= tolerance for value in tried.values()):
        return PASS
    if None in known.values() or not tried:
        return NOT_ASSESSABLE
    rounded = {name: f"{value:.1f}%" for name, value in tried.items()}
    return Failure(
        cells=_cells(case, (*numerator.bases[:1], *tried)),
        expected=next(iter(rounded.values())),
        found=f"{share.percent}%",
        basis=" | ".join(tried),
        values={
            "sentence": numerator.sentence.quote,
            "number": numerator.number,
            "bases": Bilingual(
                ", ".join(f"{value} of {name}" for name, value in rounded.items()),
                "，".join(
                    f"以“{_listed_zh(case, {name: value}).rpartition('＝')[0]}”为分母得{rounded[name]}"
                    for name, value in known.items()
                ),
            ),
        },
        evidence={"sentence": snippet(numerator.sentence), "tried": rounded},
    )


def check_all_upheld(case: Case) -> Iterator[Verdict]:
    """S-13: "all upheld", "no case lost" agree with corrected and open cases of table 4."""
    verdicts: list[Verdict] = []
    for sentence in sentences(case):
        if not _RESULT.search(sentence.text):
            continue
        everything = pattern("upheld", "all").search(sentence.text) is not None
        no_loss = pattern("upheld", "no_loss").search(sentence.text) is not None
        no_correction = pattern("upheld", "no_correction").search(sentence.text) is not None
        if (everything or no_loss or no_correction) and is_about_disclosure(sentence):
            verdicts.append(
                _upheld(case, sentence, everything, no_loss and not (everything or no_correction))
            )
    yield from verdicts or [NOT_ASSESSABLE]


def _upheld(case: Case, sentence: Sentence, everything: bool, only_suits: bool) -> Verdict:
    named = "复议" in sentence.text, "诉讼" in sentence.text or "应诉" in sentence.text
    review = (named[0] or not any(named)) and not only_suits
    suits = named[1] or only_suits or not any(named)
    rows = (("review",) if review else ()) + (("suit_direct", "suit_after_review") if suits else ())
    columns = ("corrected", "pending") if everything else ("corrected",)
    cells = tuple(("disputes", row, column) for row in rows for column in columns)
    figures = case.figures(*cells)
    if figures is None:
        return NOT_ASSESSABLE
    wrong = tuple(cell for cell, figure in zip(cells, figures, strict=True) if figure)
    if not wrong:
        return PASS
    return Failure(
        cells=wrong, expected=0, found=sum(case.values[cell] for cell in wrong),
        values={"sentence": sentence.quote}, evidence={"sentence": snippet(sentence)},
    )  # fmt: skip


def check_fee_notices(case: Case) -> Iterator[Verdict]:
    """T3-14: requests dropped for an unpaid fee need a fee notice."""
    cell: CellKey = ("requests", "other_fee_unpaid", "total")
    value = case.values.get(cell)
    if value is None:
        yield NOT_ASSESSABLE
        return
    if value == 0:
        yield PASS
        return
    stated = fee_notices(case)
    if stated is not None and stated[0] > 0:
        yield PASS
    elif stated is not None:
        values = {"sentence": stated[1].quote}
        yield Failure(
            cells=(cell,), expected=0, found=value, values=values, evidence={"sentence": snippet(stated[1])}
        )
    elif 6 in case.sections:
        yield Failure(cells=(cell,), expected=0, found=value, say="no_statement", evidence={"sentence": None})
    else:
        yield NOT_ASSESSABLE
