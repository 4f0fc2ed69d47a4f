"""Statements of the text that only one rule asks for: normative documents, fees, fee notices."""

import re
from functools import cache
from typing import NamedTuple

from parsers.checks.case import Case
from parsers.checks.numerals import NUMBER, read_number
from parsers.checks.sentences import Sentence, names_another, narrative, pattern, sentences
from parsers.records import Number

_FEE = re.compile("费")
_NOTICE = re.compile("通知")


class StatedDocuments(NamedTuple):
    """A number of normative documents stated as issued or in force."""

    column: str
    number: Number
    sentence: Sentence
    firm: bool
    """False where words before the verb may name a part, or another body: then only agreement counts."""


@cache
def _document_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = narrative()["documents"]
    count = rf"(?P<number>{NUMBER})[件份个部]"
    filler = "(?:共|共计|总计|合计|为|有|了|数|数量|：|:)*"
    found = []
    for column in ("issued", "in_force"):
        verb, noun = words[column], words["noun"]
        found.append((column, re.compile(rf"{verb}{filler}{noun}{filler}(?<!\d){count}(?!以上|左右)")))
        found.append((column, re.compile(rf"{verb}{filler}(?<!\d){count}{noun}")))
    return tuple(found)


def stated_documents(case: Case) -> tuple[StatedDocuments, ...]:
    """Return the normative documents stated in sections 一 and 二."""
    result = []
    for sentence in sentences(case, pattern("documents", "noun")):
        if sentence.section not in (1, 2) or narrative()["documents"]["noun"] not in sentence.text:
            continue
        for column, form in _document_patterns():
            for match in form.finditer(sentence.text):
                number = read_number(match["number"])
                if number is not None:
                    firm = _is_own(sentence.text[: match.start()], case.identity.agency)
                    result.append(StatedDocuments(column, number, sentence, firm))
    return tuple(result)


def _is_own(before: str, agency: str | None) -> bool:
    """Say whether the words of the clause before a verb only name the body itself and the time."""
    clause = re.split("[，,（(]", before)[-1]
    if names_another(clause, agency):
        return False
    rest = pattern("reading", "self").sub("", pattern("reading", "body").sub("", clause))
    return pattern("documents", "prefix").sub("", rest) == ""


def fee_denied(case: Case) -> Sentence | None:
    """Return the sentence that denies administrative fees; a denial of fees for requests is none."""
    form, requests = pattern("fees", "denied"), pattern("fees", "requests")
    for sentence in sentences(case, _FEE):
        for clause in re.split("[，,]", sentence.text):
            if form.search(clause) and not requests.search(clause):
                return sentence
    return None


def mentions_fee_notices(case: Case) -> bool:
    """Say whether any section speaks of fee notices, whatever it says of them."""
    form = pattern("fees", "notices")
    return any(form.search(case.simplified(text)) for text in case.sections.values())


def fee_notices(case: Case) -> tuple[Number, Sentence] | None:
    """Return the stated number of fee notices; None when the text states none."""
    words = narrative()["fees"]["notices"]
    form = re.compile(
        rf"{words}[^\d，,。；]{{0,6}}(?P<after>{NUMBER})[件份次]|(?P<before>{NUMBER})[件份次]《?{words}"
    )
    none = pattern("fees", "notices_none")
    for sentence in sentences(case, _NOTICE):
        if "通知" not in sentence.text:
            continue
        match = form.search(sentence.text)
        number = read_number(match["after"] or match["before"]) if match else None
        if number is not None:
            return number, sentence
        if none.search(sentence.text):
            return 0, sentence
    return None
