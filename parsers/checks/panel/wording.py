"""Rules over the texts of several reports: changed pages, repeated texts, a neighbour's text or name."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from parsers.checks.case import NOT_ASSESSABLE, PASS, Failure, Verdict
from parsers.checks.panel.likeness import Shingles, common_passage, jaccard, near_pairs, shingles
from parsers.checks.panel.views import Panel, ReportView, linked, reference
from parsers.fingerprint import steady

ALIKE = 0.9
"""Texts with more in common are the same text."""
_LEAST_PIECES = 20
_LEAST_PIECES_OF_STRANGERS = 60
_LEAST_NUMBERS = 3
# Before a neighbour's name these say that it is visited, helped or copied from, not confused with the own.
_IN_COMPANY = re.compile("[与和同向赴到对、]|帮扶|协作|学习|借鉴|考察|来自")
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_REFERENCE = re.compile(r"《[^《》]*》|[〔\[(（]\d{4}[〕\])）]\d*号?")
# Numbers that are the same every year: days and months, articles and orders, legal periods, telephones and
# postcodes, addresses, the numbers of a list.
_NO_FIGURE = re.compile(
    r"\d{1,2}月(?:\d{1,2}日)?|第\s?\d+\s?[号條条款项]|\d+个?(?:工作日|小时)|(?<!\d)12345(?!\d)|\d{2,4}[-—－]\d{5,8}"
    r"|(?:邮编|邮政编码|电话|传真)[:：]?\s*[\d-]+|\d{7,}|[\w.]{1,64}+@[\w.]+|(?:https?://|www\.)[\w./?=&-]+"
    r"|(?:^|\n)\s*[（(]?\d{1,2}[.．、)）]"
)


def check_changed_page(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """S-07: the versions of one address say the same."""
    by_url: dict[str, list[ReportView]] = {}
    for view in panel.views:
        if view.url is not None:
            by_url.setdefault(view.url, []).append(view)
    for url in sorted(by_url):
        versions = sorted(by_url[url], key=lambda view: (view.fetched_at or "", view.report_id))
        if len(versions) == 1:
            yield versions[0].report_id, PASS
        for earlier, later in pairwise(versions):
            yield later.report_id, _changed(earlier, later)


def _changed(earlier: ReportView, later: ReportView) -> Verdict:
    keys = sorted({*earlier.facts, *later.facts})
    cells = tuple(key for key in keys if earlier.facts.get(key) != later.facts.get(key))
    numbers = sorted({*earlier.sections, *later.sections})
    texts = [n for n in numbers if steady(earlier.sections.get(n, "")) != steady(later.sections.get(n, ""))]
    if not cells and not texts:
        return PASS
    evidence = {
        "earlier": reference(earlier),
        "times": [earlier.fetched_at, later.fetched_at],
        "sections": texts,
    }
    # The sentence names days; the instants stand in the evidence.
    times = f"{str(earlier.fetched_at)[:10]} → {str(later.fetched_at)[:10]}"
    if not cells:
        return Failure(say="text", values={"times": times}, evidence=evidence)
    return Failure(
        cells=cells[:50], expected=earlier.facts.get(cells[0]), found=later.facts.get(cells[0]),
        values={"count": len(cells), "times": times}, evidence=evidence,
    )  # fmt: skip


def check_same_text(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """S-18: the text is not last year's."""
    for view, link in linked(panel):
        if link is None or link.how == "merge":
            yield view.report_id, NOT_ASSESSABLE
            continue
        last = link.previous[0]
        pieces, before = shingles(view.sections), shingles(last.sections)
        if min(len(pieces), len(before)) < _LEAST_PIECES:
            yield view.report_id, NOT_ASSESSABLE
            continue
        value = jaccard(pieces, before)
        if value <= ALIKE:
            yield view.report_id, PASS
        else:
            yield view.report_id, _alike(view, last, value, "default")


def _alike(view: ReportView, other: ReportView, value: float, say: str) -> Failure:
    return Failure(
        expected=f"≤ {ALIKE}", found=f"{value:.2f}", say=say,
        values={"other": other.agency, "other_year": other.fiscal_year},
        evidence={
            "other": reference(other), "similarity": round(value, 4),
            "passage": _passage(view.sections, other.sections),
        },
    )  # fmt: skip


def _passage(one: Mapping[int, str], other: Mapping[int, str]) -> str:
    shared = sorted(set(one) & set(other), key=lambda number: -len(one[number]))
    return common_passage(one[shared[0]], other[shared[0]]) if shared else ""


def check_strangers(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """S-19: the text is not another body's of the same year, and names no neighbour in place of its own."""
    for views in panel.by_year.values():
        known = {view.report_id: view for view in views}
        closest = _closest(known)
        places = _places(views)
        for view in views:
            if view.report_id not in closest:
                yield view.report_id, NOT_ASSESSABLE
                continue
            value, other = closest[view.report_id]
            name = _foreign_name(view, places.get((view.level, (view.region_code or "")[:4]), ()))
            if other is not None and value > ALIKE:
                yield view.report_id, _alike(view, known[other], value, "default")
            elif name is not None:
                yield view.report_id, Failure(
                    expected=view.place, found=name[0], say="name", values={"count": name[1]},
                    evidence={"name": name[0], "count": name[1], "sentence": name[2]},
                )  # fmt: skip
            else:
                yield view.report_id, PASS


def _closest(known: Mapping[str, ReportView]) -> dict[str, tuple[float, str | None]]:
    """Return, for every text long enough, the highest similarity found and with whom."""

    @lru_cache(maxsize=512)
    def pieces_of(report_id: str) -> Shingles:
        return shingles(known[report_id].sections)

    long_enough = (name for name in known if len(pieces_of(name)) >= _LEAST_PIECES_OF_STRANGERS)
    closest: dict[str, tuple[float, str | None]] = {}

    def texts() -> Iterator[tuple[str, Shingles]]:
        for name in long_enough:
            closest[name] = (0.0, None)
            yield name, pieces_of(name)

    for one, other in near_pairs(texts()):
        value = jaccard(pieces_of(one), pieces_of(other))
        for name, partner in ((one, other), (other, one)):
            if value > closest[name][0]:
                closest[name] = (value, partner)
    return closest


def _places(views: tuple[ReportView, ...]) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return the names of places by level and prefecture."""
    found: dict[tuple[str | None, str], dict[str, None]] = {}
    for view in views:
        if view.place and view.region_code:
            found.setdefault((view.level, view.region_code[:4]), {})[view.place] = None
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _foreign_name(view: ReportView, places: tuple[str, ...]) -> tuple[str, int, str] | None:
    """Return a neighbour's name that stands in the text at least twice and more often than the own one."""
    if view.place is None:
        return None
    text = "\n".join(view.sections.values())
    # 黄石港区 is also meant by 黄石港; a name of two characters has no shorter form.
    own = text.count(view.place[:-1] if len(view.place) > 2 else view.place)
    for name in places:
        if name in view.place or view.place in name:
            continue
        count = sum(not _IN_COMPANY.search(text[max(0, at - 6) : at]) for at in _places_of(name, text))
        if count >= 2 and count > own:
            at = text.index(name)
            return name, count, text[max(0, at - 20) : at + 60]
    return None


def _places_of(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def stated_numbers(sections: Mapping[int, str]) -> tuple[str, ...]:
    """Return the numbers of the narrative in order; years, dates, references and telephones left out."""
    found: list[str] = []
    for number in sorted(sections):
        text = _YEAR.sub("", _NO_FIGURE.sub("", _REFERENCE.sub("", unicode_digits(sections[number]))))
        found += _NUMBER.findall(text)
    return tuple(found)


def unicode_digits(text: str) -> str:
    """Return text with full-width digits made plain."""
    return text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))


def check_same_numbers(panel: Panel) -> Iterator[tuple[str, Verdict]]:
    """S-21: the numbers stated in the text are not last year's."""
    for view, link in linked(panel):
        if link is None or link.how == "merge":
            yield view.report_id, NOT_ASSESSABLE
            continue
        last = link.previous[0]
        now, before = stated_numbers(view.sections), stated_numbers(last.sections)
        if len(now) < _LEAST_NUMBERS:
            yield view.report_id, NOT_ASSESSABLE
        elif now != before:
            yield view.report_id, PASS
        else:
            evidence = {
                "other": reference(last),
                "numbers": list(now[:50]),
                "numbers_before": list(before[:50]),
            }
            shown = ", ".join(now[:8]) + (" …" if len(now) > 8 else "")
            yield view.report_id, Failure(found=shown, values={"count": len(now)}, evidence=evidence)
