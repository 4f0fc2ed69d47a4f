"""Sentences that say there was none."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from parsers.checks.case import Case
from parsers.checks.sentences import (
    Sentence,
    names_another,
    narrative,
    pattern,
    sentences,
)

_DISPUTE = re.compile("复议|诉讼")
_DENIES = re.compile("[未没无0零]")


class Denial(NamedTuple):
    """A sentence that says there was none."""

    subject: Literal["requests", "review", "suits"]
    sentence: Sentence


@cache
def _denials() -> dict[str, Any]:
    words = narrative()["none"]
    listed = rf"(?:{words['dispute_noun']})"
    request = (
        rf"{words['no']}{words['request_verb']}(?:(?:{narrative()['reading']['people']})(?:提出|提交)?的?)?"
        rf"(?:关于|任何)?{words['request']}{words['request_end']}"
    )
    dispute = (
        rf"{words['no']}{words['dispute_verb']}{words['dispute_cause']}?"
        rf"(?P<nouns>{listed}(?:(?:案件|案|申请|情况)?(?:、|和|及|或|以及|与|，|,|或者|也)(?:被?提起|{words['no']}发生)?{listed})*)"
        rf"{words['dispute_end']}"
    )
    between = "(?:案件|案|申请)?(?:、|和|及|或|以及|与)"
    several = f"(?P<nouns>{listed}(?:{between}{listed})*)"
    zero_dispute = f"{several}(?:案件|案|申请|数量|情况)*{words['zero']}"
    zero_request = rf"{words['request']}(?:的)?(?:数量|件数|总数|事项)?(?:共|共计)?{words['zero']}"
    return {
        "request": re.compile(f"(?<!申)(?<!复议)(?:{request}|{zero_request})"),
        "dispute": re.compile(dispute),
        "zero_dispute": re.compile(zero_dispute),
        "review": re.compile("复议"),
        "suits": re.compile("诉讼"),
        "not_request": re.compile("行政复议(?:的)?申请|申请行政复议|被申请"),
    }


def denials(case: Case) -> Iterator[Denial]:
    """Yield the denials of requests, reviews and suits, each subject once per sentence."""
    known = _denials()
    for sentence in sentences(case):
        text = sentence.text
        if not _DENIES.search(text):
            continue
        nouns = "".join(_denied_disputes(text)) if _DISPUTE.search(text) else ""
        requests = "申请" in text and known["request"].search(known["not_request"].sub("行政复议", text))
        if not (nouns or requests) or names_another(text, case.identity.agency):
            continue
        if requests:
            yield Denial("requests", sentence)
        if nouns and not pattern("reading", "deciding").search(text):
            if known["review"].search(nouns.replace("经复议", "")):
                yield Denial("review", sentence)
            if known["suits"].search(nouns):
                yield Denial("suits", sentence)


def _denied_disputes(text: str) -> Iterator[str]:
    known = _denials()
    for name in ("dispute", "zero_dispute"):
        yield from (found["nouns"] for found in known[name].finditer(text))
