"""Numbers and denials of the running text against the tables."""

from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.denials import denials
from parsers.checks.identities import report_sums
from parsers.checks.labels import cell_name
from parsers.checks.named_sums import all_sums, sum_cells, sum_value
from parsers.checks.sentences import Sentence, snippet
from parsers.checks.statements import Statement, statements
from parsers.records import CellKey, Number

_DENIED = {"requests": "received", "review": "review", "suits": "SUITS"}
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


def cells_of(case: Case, names: tuple[str, ...]) -> tuple[CellKey, ...]:
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
        cells=cells_of(case, statement.bases), expected=0, found=statement.number, say="some", refines="S-11",
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
        cells=cells_of(case, tuple(tried)),
        expected=next(iter(tried.values())),
        found=number,
        basis=" | ".join(tried),
        values={
            "sentence": sentence.quote,
            "bases": Bilingual(_listed(tried), listed_zh(case, tried)),
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


def listed_zh(case: Case, tried: dict[str, Number | None]) -> str:
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
    sums = [Bilingual(name, listed_zh(case, {name: value}).rpartition("＝")[0])
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
