"""The year a report is about, by title, statistics period and text."""

import re
from collections import Counter

from parsers.identity.view import View
from parsers.records import Section
from parsers.text import compatible
from parsers.years import YEAR_PATTERN, year_number

_MOST_TEXT = 60_000  # characters of narrative in which years are counted
_MONTH = r"(?:1[0-2]|0?[1-9]|[一二三四五六七八九十元]{1,2})"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|[一二三四五六七八九十]{1,3})"
_PERIOD = re.compile(
    rf"(?P<start>{YEAR_PATTERN})年{_MONTH}月?(?:{_DAY}日)?(?:\d+时|零时)?(?:起|开始|始)?,?(?:至|到|-|—|~|–|―)+"
    rf"(?:(?P<end>{YEAR_PATTERN})年|同年|当年)?(?P<month>1[0-2]|0?[1-9]|[一二三四五六七八九十]{{1,2}})月(?:{_DAY}日)?"
)
_NUMERIC = re.compile(
    r"(?<!\d)(?P<start>20\d\d)[./-]0?1[./-]0?1日?起?,?(?:至|到|-|—|~|–|―)+"
    r"(?P<end>20\d\d)[./-]1[0-2][./-](?:3[01]|[12]\d)(?!\d)"
)
_UNTIL = re.compile(
    rf"(?:统计|数据|期限|时限)[^。]{{0,10}}截[至止]到?"
    rf"(?P<end>{YEAR_PATTERN})年(?:12|十二)月(?:31|三十一)日"
)
_TITLES_CITED = re.compile(r"《[^》]{0,200}》|[〔\[(【]20\d\d[〕\])】]")
_COMPARED = re.compile(rf"[比较]{YEAR_PATTERN}年?|[与和同]{YEAR_PATTERN}年?(?:相比|比较|同期)")
_YEAR_IN_TEXT = re.compile(rf"({YEAR_PATTERN})年(?!\d{{1,2}}月\d{{1,2}}日)")


def period_year(view: View) -> int | None:
    """Return the year of the statistics period (自1月1日起至12月31日止); a damaged one gives None."""
    text = view.opening_key.replace("\n", "")
    for match in _PERIOD.finditer(text):
        start = year_number(match["start"])
        end = year_number(match["end"]) if match["end"] else start
        if start == end and match["month"] in {"12", "十二", "11", "10"}:
            return start
    numeric = _NUMERIC.search(text)
    if numeric and numeric["start"] == numeric["end"]:
        return int(numeric["start"])
    until = _UNTIL.search(text)
    return year_number(until["end"]) if until else None


def text_year(view: View, sections: tuple[Section, ...]) -> int | None:
    """Return the year the narrative names most, not counting cited titles, numbers and comparisons."""
    left = _MOST_TEXT
    counts: Counter[int] = Counter()
    for text in ("\n".join(view.head), *(section.text for section in sections)):
        counts.update(_years_in(text[:left]))
        left -= len(text)
        if left <= 0:
            break
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _years_in(text: str) -> list[int]:
    if "年" not in text:
        return []
    # Cheaper than the label key, whose other replacements make no difference to years; and most sentences
    # name no year.
    dated = "。".join(sentence for sentence in text.split("。") if "年" in sentence)
    key = "".join(compatible(dated).split())
    key = _COMPARED.sub("", _TITLES_CITED.sub("", key))
    return [year_number(match.group(1)) for match in _YEAR_IN_TEXT.finditer(key)]


def decide_year(title: int | None, period: int | None, text: int | None) -> int | None:
    """Return the report's year: the period's before the title's, and the text's where both are silent."""
    if period is not None:
        return period
    return title if title is not None else text
