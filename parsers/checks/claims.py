"""Statements of the text that only one rule asks for: normative documents, fees, fee notices."""

import re
from functools import cache
from typing import NamedTuple

from parsers.checks.case import Case
from parsers.checks.numerals import NUMBER, read_number
from parsers.checks.sentences import Sentence, narrative, pattern, sentences
from parsers.records import Number


class StatedDocuments(NamedTuple):
    """A number of normative documents stated as issued or in force."""

    column: str
    number: Number
    sentence: Sentence


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
    for sentence in sentences(case):
        if sentence.section not in (1, 2) or narrative()["documents"]["noun"] not in sentence.text:
            continue
        for column, form in _document_patterns():
            for match in form.finditer(sentence.text):
                number = read_number(match["number"])
                if number is not None:
                    result.append(StatedDocuments(column, number, sentence))
    return tuple(result)


def fee_denied(case: Case) -> Sentence | None:
    """Return the sentence that denies administrative fees; a denial of the processing fee is none."""
    form = pattern("fees", "denied")
    return next((sentence for sentence in sentences(case) if form.search(sentence.text)), None)


def fee_notices(case: Case) -> tuple[Number, Sentence] | None:
    """Return the stated number of fee notices; None when the text states none."""
    words = narrative()["fees"]["notices"]
    form = re.compile(
        rf"{words}[^\d，,。；]{{0,6}}(?P<after>{NUMBER})[件份次]|(?P<before>{NUMBER})[件份次]{words}"
    )
    none = pattern("fees", "notices_none")
    for sentence in sentences(case):
        if "通知" not in sentence.text:
            continue
        match = form.search(sentence.text)
        number = read_number(match["after"] or match["before"]) if match else None
        if number is not None:
            return number, sentence
        if none.search(sentence.text):
            return 0, sentence
    return None
