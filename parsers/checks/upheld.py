"""Sentences that say every case was upheld, against table 4."""

import re
from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.sentences import Sentence, is_about_disclosure, pattern, sentences, snippet

_RESULT = re.compile("维持|败|胜|纠")
_SUITS = ("suit_direct", "suit_after_review")
_JOINER = re.compile("(?:案件|案|申请)?(?:、|和|及|与|或|以及)(?:被?提起)?(?:行政)?")
_CLAUSE = re.compile("[，,：:（）()]")


def check_all_upheld(case: Case) -> Iterator[Verdict]:
    """S-13: "all upheld", "no case lost" agree with corrected and open cases of table 4."""
    verdicts = [
        _upheld(case, sentence, claim, found.start())
        for sentence in sentences(case, _RESULT)
        if _RESULT.search(sentence.text) and is_about_disclosure(sentence)
        for claim in ("all", "no_loss", "no_correction")
        for found in pattern("upheld", claim).finditer(sentence.text)
    ]
    yield from verdicts or [NOT_ASSESSABLE]


def _upheld(case: Case, sentence: Sentence, claim: str, at: int) -> Verdict:
    if pattern("upheld", "except").search(sentence.text[:at]):
        return NOT_ASSESSABLE
    # Who speaks of the cases decided, or of open ones beside them, says nothing of the open ones.
    decided = claim != "all" or pattern("upheld", "decided").search(sentence.text)
    columns = ("corrected",) if decided else ("corrected", "pending")
    cells = tuple(("disputes", row, column) for row in _rows(sentence.text, at, claim) for column in columns)
    figures = case.figures(*cells)
    if figures is None:
        return NOT_ASSESSABLE
    wrong = tuple(cell for cell, figure in zip(cells, figures, strict=True) if figure)
    if not wrong:
        return PASS
    return Failure(
        cells=wrong, expected=0, found=sum(case.values[cell] for cell in wrong),
        say="default" if len(columns) > 1 else "corrected",
        values={"sentence": sentence.quote}, evidence={"sentence": snippet(sentence)},
    )  # fmt: skip


def _rows(text: str, at: int, claim: str) -> tuple[str, ...]:
    """Return the rows a claim is about: named last before it, else behind it in its clause, else all."""
    if claim == "no_loss":
        return _SUITS
    behind = _CLAUSE.split(text[at:])[0]
    named = next(filter(None, map(_last_named, reversed(_CLAUSE.split(text[:at])))), _last_named(behind))
    review = ("review",) if "review" in named or not named else ()
    return review + (_SUITS if "suits" in named or not named else ())


def _last_named(clause: str) -> frozenset[str]:
    """Return the groups a clause names last, several if they stand side by side."""
    found = list(pattern("upheld", "group").finditer(clause))
    named: set[str] = set()
    for place, one in reversed(list(enumerate(found))):
        last = place + 1 == len(found)
        if not last and not _JOINER.fullmatch(clause[one.end() : found[place + 1].start()]):
            break
        named.add("review" if one["review"] else "suits")
    return frozenset(named)
