"""Every printed variant shows exactly the figures of the truth, in the order of the form."""

import pytest
from lxml import html

from fixtures.farm.articles import Content, ReportArticle
from fixtures.farm.forms import cells_of, table_four, table_four_in_three, table_three, table_two
from fixtures.farm.layouts import LAYOUTS, report_html
from fixtures.farm.narrative import HEADINGS
from fixtures.farm.profiles import PROFILES

CONTENT = Content(PROFILES["demo"], "trs-a")


def squeezed(text: str) -> str:
    """Remove white space and non-breaking spaces."""
    return "".join(text.replace("\xa0", " ").split())


def figure_texts(article: ReportArticle, fragment: str) -> list[str]:
    """Return the texts of the innermost cells that are neither labels nor headings nor narrative."""
    grids = (table_two(article.era), table_three(article.era), table_four(), *table_four_in_three())
    known = {squeezed(cell.text) for grid in grids for row in grid for cell in row if cell.key is None}
    known |= {squeezed(text) for section in article.versions[0].text.sections for text in section}
    known |= set(HEADINGS)
    cells = html.fromstring(f"<div>{fragment}</div>").xpath(".//td[not(.//td)]")
    texts = [squeezed(cell.text_content()) for cell in cells]
    return [text for text in texts if text not in known]


@pytest.mark.parametrize("era", ["fmt2019", "fmt2021"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_variant_prints_the_figures_of_the_truth_in_the_order_of_the_form(layout: str, era: str) -> None:
    year = 2020 if era == "fmt2019" else 2024
    for article in CONTENT.reports:
        if article.year != year or article.edit:
            continue
        article.layout = layout
        fresh = article._version(article.published, None)
        expected = [squeezed(fresh.sheet[cell].raw or "") for cell in cells_of(era)]
        if layout == "V05":  # the corner of 表3 is empty there
            expected.insert([cell[0] for cell in cells_of(era)].index("requests"), "")
        assert figure_texts(article, report_html(fresh, era, layout)) == expected


def test_variant_three_prints_nothing_in_several_ways() -> None:
    article = next(a for a in CONTENT.reports if a.layout == "V03" and a.era == "fmt2021")
    statuses = {cell.status for cell in article.versions[0].sheet.values()}
    assert statuses == {"reported", "blank", "dash", "not_applicable"}
    for cell in article.versions[0].sheet.values():
        assert (cell.value is None) == (cell.status != "reported")


def test_each_variant_of_the_profile_is_printed_somewhere() -> None:
    assert {article.layout for article in CONTENT.reports} >= {"V01", "V02", "V03", "V04", "V05", "V06"}
