"""The text of a report agrees with its tables and resembles neither its neighbour nor its own last year."""

import re

from fixtures.farm.articles import Content, ReportArticle
from fixtures.farm.narrative import TEMPLATE_SENTENCE
from fixtures.farm.profiles import PROFILES

CONTENT = Content(PROFILES["demo"], "trs-a")


def shingles(article: ReportArticle) -> set[str]:
    """Return the five-character pieces of the narrative, digits, 年 and punctuation left out."""
    text = "".join(part for section in article.versions[-1].text.sections for part in section)
    bare = re.sub(r"[\W\d年]", "", text)
    return {bare[start : start + 5] for start in range(len(bare) - 4)}


def similarity(left: ReportArticle, right: ReportArticle) -> float:
    """Return the share of common pieces."""
    one, two = shingles(left), shingles(right)
    return len(one & two) / len(one | two)


def test_no_report_is_the_copy_of_another() -> None:
    reports = CONTENT.reports
    for place, left in enumerate(reports):
        for right in reports[place + 1 :]:
            if left.year == right.year or left.body == right.body:
                assert similarity(left, right) < 0.75, (left.key, right.key)


def test_the_text_repeats_the_printed_figures() -> None:
    for article in CONTENT.reports:
        for version in article.versions:
            said = "".join(version.text.sections[0])
            received = version.sheet["requests", "received", "total"].value
            found = re.search(r"新收政府信息公开申请(\d+)件", said)
            assert (int(found[1]) if found else 0) == received, article.key
            reviews = version.sheet["disputes", "review", "total"].value
            found = re.search(r"行政复议(\d+)件", version.text.sections[3][0])
            assert (int(found[1]) if found else 0) == reviews, article.key


def test_topics_and_the_statement_on_fees_are_there() -> None:
    for article in CONTENT.reports:
        text = article.versions[0].text
        first = "".join(text.sections[0])
        for topic in ("主动公开", "依申请公开", "政府信息管理", "平台建设", "监督保障"):
            assert topic in first
        assert "信息处理费" in "".join(text.sections[5])


def test_the_template_sentence_stands_where_the_truth_says() -> None:
    left_in = {a.key for a in CONTENT.reports if TEMPLATE_SENTENCE in a.versions[0].text.sections[2]}
    assert left_in == {a.key for a in CONTENT.reports if "S-05" in a.versions[0].findings}
    assert len(left_in) == 1
