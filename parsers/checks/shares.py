"""Percentages stated in the text against the table."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.named_sums import sum_name, sum_value
from parsers.checks.sentences import Sentence, pattern, snippet
from parsers.checks.statements import Statement, is_filler, statements
from parsers.checks.texts import cells_of, fitting_basis

_PERCENT = re.compile(
    r"占(?P<of>[^，,。；;、\d]{0,14}?)(?:比|比例|比重)?(?:约|为|达到|达)?(?P<number>\d+(?:\.\d+)?)%"
)

_DENOMINATORS = ("concluded", "received", "received + carried_in")
_TOLERANCE = Decimal("0.1")


class Share(NamedTuple):
    """A percentage stated behind a number."""

    statement: Statement
    percent: Decimal
    digits: int
    """Printed digits behind the point."""
    of: str
    """Words that say what it is a share of."""


def shares(case: Case) -> Iterator[Share]:
    """Yield the percentages that directly follow a stated number."""
    by_sentence: dict[Sentence, list[Statement]] = {}
    for statement in statements(case):
        by_sentence.setdefault(statement.sentence, []).append(statement)
    for sentence, found in by_sentence.items():
        for match in _PERCENT.finditer(sentence.text):
            before = [one for one in found if one.end <= match.start()]
            if before and is_filler(sentence.text[before[-1].end : match.start()]):
                printed = match["number"]
                digits = len(printed.partition(".")[2])
                yield Share(before[-1], Decimal(printed), digits, match["of"])


def check_percentages(case: Case) -> Iterator[Verdict]:
    """S-12: a stated share is a figure of the table over an allowed denominator."""
    verdicts = [_share(case, share) for share in shares(case)]
    yield from verdicts or [NOT_ASSESSABLE]


def _share(case: Case, share: Share) -> Verdict:
    numerator = share.statement
    if (
        numerator.bound != "exact"
        or fitting_basis(case, numerator) is None
        or numerator.subject.kind not in ("outcome", "applicant")
    ):
        return NOT_ASSESSABLE
    if pattern("shares", "other_wholes").search(share.of):
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
        cells=cells_of(case, (*numerator.bases[:1], *tried)),
        expected=next(iter(rounded.values())),
        found=f"{share.percent}%",
        basis=" | ".join(tried),
        values={
            "sentence": numerator.sentence.quote,
            "number": numerator.number,
            "bases": Bilingual(
                ", ".join(f"{value} of {sum_name(name).en}" for name, value in rounded.items()),
                "，".join(f"以{sum_name(name).zh}为分母得{value}" for name, value in rounded.items()),
            ),
        },
        evidence={"sentence": snippet(numerator.sentence), "tried": rounded},
    )
