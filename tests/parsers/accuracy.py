"""How many cells are read exactly right: a generated corpus with fixed seeds, its digest and its scores.

`python -m tests.parsers.accuracy` prints the scores and the entry that accuracy.toml would need.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from itertools import product
from typing import Any, Literal, NamedTuple, TypeAlias

from parsers.records import CellKey, Fact, Number, Status
from parsers.report import parse
from tests.golden_case import PAGES, read_rows
from tests.render.aligned import render_aligned
from tests.render.html import HtmlOptions, form_cells, render_page
from tests.render.text import FORMS, TextForm, render_text

Truth: TypeAlias = Mapping[CellKey, tuple[Status, Number | None]]
Era: TypeAlias = Literal["fmt2021", "fmt2019"]
ERAS: tuple[Era, ...] = ("fmt2021", "fmt2019")
SEED = 20260101
_CHOICES: dict[str, tuple[Any, ...]] = {
    "markup": ("word", "bare"),
    "tables": ("one", "all_inside"),
    "disputes": ("filler", "three"),
    "requests_heading": ("filler", "four_rows"),
    "columns_2019": (4,),
    "container": ("",),
    "charset_label": ("gb2312",),
    "blank": ("", "<br>", "<p>　</p>"),
    "navigation": (False,),
    "corner_note": (False,),
}
_KEEP_BLANKS = frozenset({"A", "C", "D1", "D2", "E2"})
_REMOVED = frozenset({"I", "J"})
"""Forms that lost repeated lines or the separators of cells."""
_NOT_VARIED = frozenset({"title", "year", "noise"})
# Printed text that is no plain figure, and what it says where the form counts.
_PRINTS: tuple[tuple[str, Status, int | None], ...] = (
    ("/", "dash", None),
    ("—", "dash", None),
    ("无", "not_applicable", None),
    ("不适用", "not_applicable", None),
    ("5件", "reported", 5),
    (" 7 ", "reported", 7),
    ("１２", "reported", 12),
    ("1,204", "reported", 1204),
    ("9（其中修订4件）", "reported", 9),
    ("规章555", "unreadable", None),
    ("3 4", "unreadable", None),
)


class Sample(NamedTuple):
    """One input of the corpus with what is printed in it."""

    group: str
    name: str
    data: bytes
    truth: Truth


class Score(NamedTuple):
    """Cells of a group, those read exactly right, and figures given for something else than they say."""

    cells: int
    right: int
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of cells exactly right, rounded down to four places."""
        return self.right * 10_000 // self.cells / 10_000


def corpus() -> Iterator[Sample]:
    """Yield the inputs: portal pages, printed values, text forms, aligned texts, pages without tables,
    extractor output."""
    yield from _pages()
    yield from _values()
    yield from _texts()
    yield from _aligned_texts()
    yield from _without_tables()
    yield from _extracted()


def digest(samples: list[Sample]) -> str:
    """Return the hash of all inputs in their order."""
    total = hashlib.sha256()
    for sample in samples:
        total.update(f"{sample.group}/{sample.name} {len(sample.data)}\n".encode())
        total.update(sample.data)
    return total.hexdigest()


def score(samples: list[Sample]) -> dict[str, Score]:
    """Parse the inputs and return the score of each group."""
    scores: dict[str, Score] = {}
    for sample in samples:
        found = {fact.key: fact for fact in parse(sample.data, path=sample.name).facts}
        right = sum(_exact(found.get(key), said) for key, said in sample.truth.items())
        wrong = tuple(f"{sample.name}: {fact}" for fact in found.values() if _is_wrong(fact, sample.truth))
        before = scores.get(sample.group, Score(0, 0, ()))
        scores[sample.group] = Score(
            before.cells + len(sample.truth), before.right + right, before.wrong + wrong
        )
    return scores


def _exact(fact: Fact | None, said: tuple[Status, Number | None]) -> bool:
    if fact is None:
        return said[0] == "absent"
    return (fact.status, fact.value) == said


def _is_wrong(fact: Fact, truth: Truth) -> bool:
    """Say whether a figure is reported that the cell does not print; cells outside the form are left out."""
    return fact.status == "reported" and fact.key in truth and not _exact(fact, truth[fact.key])


# ---------------------------------------------------------------- what is printed


def _figures(era: Era, rng: random.Random, blanks: float) -> dict[CellKey, str]:
    """Return figures of all sizes; each cell is left blank with the given probability."""
    printed = {}
    for key in form_cells(era):
        size = rng.choice((1, 1, 2, 3, 5))
        number = str(rng.randrange(10**size))
        if key[2] == "total_amount" and number != "0":
            number += "元"
        if rng.random() >= blanks:
            printed[key] = number
    return printed


def _truth(printed: Mapping[CellKey, str], era: Era) -> Truth:
    return {
        key: ("reported", int(printed[key].removesuffix("元"))) if key in printed else ("blank", None)
        for key in form_cells(era)
    }


# ---------------------------------------------------------------- the groups


def _pages() -> Iterator[Sample]:
    rng = random.Random(SEED)
    for era, blanks in product(ERAS, (0.0, 0.3)):
        for number, options in enumerate(_all_options(rng)):
            printed = _figures(era, rng, blanks)
            page = render_page(printed, era=era, options=options)
            encoding = "gb18030" if options.charset_label == "gb2312" else "utf-8"
            yield Sample(
                "pages", f"{era}-{blanks}-{number}.html", page.encode(encoding), _truth(printed, era)
            )


def _all_options(rng: random.Random) -> list[HtmlOptions]:
    """Return every option on its own, then mixtures of them."""
    single = [
        replace(HtmlOptions(), **{field.name: value})
        for field in fields(HtmlOptions)
        if field.name not in _NOT_VARIED
        for value in _CHOICES.get(field.name, (True,))
    ]
    mixed = [
        replace(
            HtmlOptions(),
            **{
                field.name: rng.choice(_CHOICES.get(field.name, (True,)))
                for field in fields(HtmlOptions)
                if field.name not in _NOT_VARIED and rng.random() < 0.3
            },
        )
        for _ in range(8)
    ]
    return [HtmlOptions(), *single, *mixed]


def _values() -> Iterator[Sample]:
    rng = random.Random(SEED + 1)
    for era, number in product(ERAS, range(6)):
        printed = _figures(era, rng, 0.1)
        truth = dict(_truth(printed, era))
        counted = [key for key in form_cells(era) if key[0] in ("documents", "requests", "disputes")]
        for key in rng.sample(counted, 40):
            text, status, value = rng.choice(_PRINTS)
            printed[key] = text
            truth[key] = (status, value)
        page = render_page(printed, era=era, options=HtmlOptions(markup=rng.choice(("clean", "bare"))))
        yield Sample("values", f"values-{era}-{number}.html", page.encode(), truth)


def _texts() -> Iterator[Sample]:
    rng = random.Random(SEED + 2)
    for era, form, blanks in product(ERAS, FORMS, (0.0, 0.02, 0.4)):
        kinds: tuple[Literal["separated", "bare", "collapsed"], ...] = (
            ("separated", "bare", "collapsed") if form == "A" else ("separated",)
        )
        for kind, pads in product(kinds, (True, False) if form in ("B", "F") else (True,)):
            printed = _figures(era, rng, blanks)
            text = render_text(printed, era=era, form=form, blank_lines=kind, last_row_pads=pads)
            name = f"{form}-{era}-{blanks}-{kind}-{pads}.txt"
            yield Sample(_text_group(form, kind, blanks), name, text.encode(), _truth(printed, era))


def _aligned_texts() -> Iterator[Sample]:
    rng = random.Random(SEED + 3)
    separators: tuple[Literal["|", " | ", "\t"], ...] = ("|", " | ", "\t")
    for era, blanks, separator, framed in product(ERAS, (0.0, 0.02, 0.4), separators, (False, True)):
        printed = _figures(era, rng, blanks)
        text = render_aligned(printed, era=era, separator=separator, framed=framed)
        name = f"aligned-{era}-{blanks}-{separator!r}-{framed}.txt"
        yield Sample("texts_aligned", name, text.encode(), _truth(printed, era))


def _text_group(form: TextForm, kind: str, blanks: float) -> str:
    """Return the group of a text: what it lost decides what can be read at all."""
    if form in _REMOVED:
        return "texts_damaged"
    if blanks == 0:
        return "texts"
    return "texts_blanks_kept" if form in _KEEP_BLANKS and kind != "collapsed" else "texts_blanks_lost"


def _without_tables() -> Iterator[Sample]:
    for name in ("title-agency-year-words", "text-n-pictures", "contradiction-figures-in-text-only"):
        data = next((PAGES / name).glob("input.*")).read_bytes()
        yield Sample("no_tables", name, data, dict.fromkeys(form_cells("fmt2021"), ("absent", None)))


def _extracted() -> Iterator[Sample]:
    for folder in sorted(PAGES.glob("extractor-*")):
        rows = read_rows(folder / "expected" / "facts.csv") or []
        truth: dict[CellKey, tuple[Status, Number | None]] = {
            (row["table"], row["row"], row["column"]): (_status(row["status"]), _number(row["value"]))
            for row in rows
        }
        yield Sample("extractors", folder.name, next(folder.glob("input.*")).read_bytes(), truth)


def _status(word: str) -> Status:
    known: tuple[Status, ...] = (
        "reported", "blank", "dash", "not_applicable", "unreadable", "ambiguous", "absent"
    )  # fmt: skip
    return next(status for status in known if status == word)


def _number(text: str) -> Number | None:
    return Decimal(text) if text else None


def main() -> None:
    """Print the scores and the entry for accuracy.toml."""
    samples = list(corpus())
    scores = score(samples)
    print(f'[[measured]]\ndigest = "{digest(samples)}"\nreason = ""\n\n[measured.floor]')
    for group, found in scores.items():
        print(f"{group} = {found.share}  # {found.right} of {found.cells} cells, wrong {len(found.wrong)}")
        for line in found.wrong[:5]:
            print("#   wrong:", line)


if __name__ == "__main__":
    main()
