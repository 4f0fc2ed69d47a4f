"""Numbers and denials of the running text against the tables."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.denials import denials
from parsers.checks.identities import report_sums
from parsers.checks.labels import cell_name
from parsers.checks.messages import shown
from parsers.checks.named_sums import all_sums, sum_cells, sum_name, sum_value
from parsers.checks.sentences import Sentence, snippet
from parsers.checks.statements import Statement, counts_in, statements
from parsers.records import CellKey, Number

# Subjects of sentences of which the text may say that there was none.
_SUBJECTS = {"new": "requests", "receive": "requests", "review": "review", "suits": "suits"}
_DENIED = {"requests": "received", "review": "review", "suits": "SUITS"}
_SUBJECT_NAMES = {
    "requests": Bilingual("requests for information", "政府信息公开申请"),
    "review": Bilingual("administrative reviews", "行政复议"),
    "suits": Bilingual("administrative suits", "行政诉讼"),
}


_MOST_HINTS = 3


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
    denied = {(one.sentence, str(one.subject)): None for one in denials(case)}
    stated = []
    for statement in statements(case):
        subject = _SUBJECTS.get(statement.subject.code)
        if subject is None or not statement.firm or statement.bound != "exact":
            continue
        if statement.number == 0:
            denied.setdefault((statement.sentence, subject))
        else:
            stated.append((statement, subject))
    verdicts = [_none_stated(case, sentence, subject) for sentence, subject in denied]
    verdicts += [_some_stated(case, statement, subject) for statement, subject in stated]
    yield from _once(verdicts) or [NOT_ASSESSABLE]


def _once(verdicts: list[Verdict]) -> list[Verdict]:
    """Return the verdicts with what several sentences say alike said once, the others as evidence."""
    kept: list[Verdict] = []
    first: dict[tuple[object, ...], int] = {}
    for verdict in verdicts:
        if not isinstance(verdict, Failure):
            kept.append(verdict)
            continue
        said = (verdict.say, verdict.cells, verdict.found)
        if said not in first:
            first[said] = len(kept)
            kept.append(verdict)
            continue
        known = kept[first[said]]
        if isinstance(known, Failure):
            also = [*known.evidence.get("also", ()), verdict.evidence["sentence"]]
            kept[first[said]] = replace(known, evidence={**known.evidence, "also": also})
    return kept


def _none_stated(case: Case, sentence: Sentence, subject: str) -> Verdict:
    name = _DENIED[subject]
    value = sum_value(case, name)
    if value is None:
        return NOT_ASSESSABLE
    if value == 0:
        return PASS
    return Failure(
        cells=sum_cells(case, name), expected=value, found=0, basis=name,
        values={"sentence": sentence.quote, "subject_of": _SUBJECT_NAMES[subject]},
        evidence={"sentence": snippet(sentence), "subject": subject},
    )  # fmt: skip


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
    found = [
        one for one in statements(case)
        if one.subject.kind != "channel" and (one.number != 0 or one.subject.code not in _SUBJECTS)
    ]  # fmt: skip
    verdicts = [_stated_number(case, statement) for statement in found] + list(_channels(case))
    yield from _once(verdicts) or [NOT_ASSESSABLE]


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
    hint = Bilingual("", "")
    if fits:
        name = next(iter(fits.values()))
        hint = Bilingual(f" {shown(number)} is {name.en}.", f"{shown(number)}恰为{name.zh}。")
    return Failure(
        cells=cells_of(case, tuple(tried)),
        expected=next(iter(tried.values())),
        found=number,
        basis=" | ".join(tried),
        values={
            "sentence": sentence.quote,
            "bases": _listed(tried),
            "hint": hint,
        },
        evidence={
            "sentence": snippet(sentence),
            "tried": dict(tried),
            "fits": list(fits),
        },
    )


def _listed(tried: dict[str, Number | None]) -> Bilingual:
    """Return the sums that were tried, each with what it is the sum of."""
    named = [(shown(value), sum_name(name)) for name, value in tried.items()]
    return Bilingual(
        " or ".join(f"{value} ({name.en})" for value, name in named),
        "，或".join(f"{name.zh}{value}" for value, name in named),
    )


def _hints(case: Case, number: Number, tried: dict[str, Number | None]) -> dict[str, Bilingual]:
    """Return what else the number equals: cells of the rows tried, then named sums of the same columns."""
    if number == 0:
        return {}
    asked = cells_of(case, tuple(tried))
    rows, columns = {cell[:2] for cell in asked}, _columns(asked)
    names = [
        cell_name(case, key) for key, value in case.values.items() if key[:2] in rows and value == number
    ]
    cells = {name.en: name for name in names} if len(names) <= _MOST_HINTS else {}
    sums = {
        name: sum_name(name) for name, value in all_sums(case).items()
        if value == number and name not in tried and _columns(sum_cells(case, name)) <= columns
    }  # fmt: skip
    return {**cells, **dict(islice(sums.items(), _MOST_HINTS))}


def _columns(cells: tuple[CellKey, ...]) -> set[tuple[str, str]]:
    return {(table, column) for table, _, column in cells}


def _channels(case: Case) -> Iterator[Verdict]:
    """Channels are compared only as a sum, when a sentence lists two or more and leaves no count open."""
    by_sentence: dict[Sentence, list[Statement]] = {}
    for one in statements(case):
        by_sentence.setdefault(one.sentence, []).append(one)
    for sentence, stated in by_sentence.items():
        found = [one for one in stated if one.subject.kind == "channel"]
        if found:
            yield _channel_sum(case, sentence, found, counts_in(sentence) == len(stated))


def _channel_sum(case: Case, sentence: Sentence, found: list[Statement], every_count_read: bool) -> Verdict:
    total = sum(one.number for one in found)
    tried = {name: sum_value(case, name) for name in found[0].bases}
    if total in tried.values():
        return PASS
    # A count of something else may be one more channel; a total the text states speaks for itself.
    complete = every_count_read and len(found) > 1
    complete = complete and all(one.firm and one.bound == "exact" for one in found)
    complete = complete and not any(word in sentence.text for word in ("其他", "其余", "等"))
    said = any(one.number == total and one.subject.kind == "request" for one in statements(case))
    if not complete or said or None in tried.values():
        return NOT_ASSESSABLE
    return _mismatch(case, total, sentence, tried)
