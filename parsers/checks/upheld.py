"""Sentences that say every case was upheld, against table 4."""

import re
from collections.abc import Iterator

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.sentences import Sentence, is_about_disclosure, pattern, sentences, snippet

_RESULT = re.compile("维持|败|胜|纠")


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
