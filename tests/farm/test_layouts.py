"""Every printed variant shows exactly the figures of the truth, in the order of the form."""

import pytest
from lxml import html

from fixtures.farm.articles import Content, ReportArticle
from fixtures.farm.forms import cells_of, grids_of, table_four_in_three
from fixtures.farm.layouts import LAYOUTS, report_html
from fixtures.farm.narrative import HEADINGS
from fixtures.farm.profiles import PROFILES
from fixtures.farm.variants import VARIANTS

CONTENT = Content(PROFILES["demo"], "trs-a")


def squeezed(text: str) -> str:
    """Remove white space and non-breaking spaces."""
    return "".join(text.replace("\xa0", " ").split())


def figure_texts(article: ReportArticle, fragment: str) -> list[str]:
    """Return the texts of the innermost cells that are neither labels nor headings nor narrative."""
    grids = (*grids_of(article.era).values(), *table_four_in_three())
    known = {squeezed(cell.text) for grid in grids for row in grid for cell in row if cell.key is None}
    known |= {squeezed(text) for section in article.versions[0].text.sections for text in section}
    known |= set(HEADINGS)
    cells = html.fromstring(f"<div>{fragment}</div>").xpath(".//td[not(.//td)]")
    texts = [squeezed(cell.text_content()) for cell in cells]
    return [text for text in texts if text not in known]


PLAIN = ("V01", "V02", "V03", "V04", "V05", "V06", "V09", "V23")
"""Variants that show the figures of the form and nothing else in the cells that are no labels."""


@pytest.mark.parametrize(
    ("layout", "era"), [(layout, era) for layout in PLAIN for era in VARIANTS[layout].eras]
)
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


FULL = Content(PROFILES["full"], "trs-a")


def printed(layout: str) -> tuple[ReportArticle, str]:
    """Return a report of the full profile that is printed in a variant, and its fragment."""
    article = next(a for a in FULL.reports if a.variant == layout)
    return article, report_html(article.versions[0], article.era, article.layout)


def test_every_variant_is_printed_in_the_full_profile_on_several_hosts() -> None:
    shown = [{a.variant for a in Content(PROFILES["full"], host).reports} for host in ("trs-a", "jpage-a")]
    assert set(VARIANTS) - {"V11"} <= shown[0]
    assert shown[0] == shown[1]


def test_eras_and_variants_fit_each_other() -> None:
    for article in FULL.reports:
        if article.variant == "V07":
            assert (article.era, article.year >= 2021) == ("fmt2019", True)
        elif article.layout in LAYOUTS and article.edit is None:
            assert article.era in VARIANTS[article.layout].eras, article.key


def test_the_list_of_2014_adds_up() -> None:
    article, fragment = printed("V10")
    value = {key[1]: cell.value or 0 for key, cell in article.versions[0].sheet.items()}
    replies = [row for row in value if row.startswith("s3_rep_")]
    grounds = [row for row in value if row.startswith("s3_den_")]
    channels = [row for row in value if row.startswith("s1_ch_")]
    assert value["s3_received"] == sum(value[row] for row in value if row.startswith("s3_rcv_"))
    assert value["s3_replied"] == sum(value[row] for row in replies) == value["s3_closed"]
    assert value["s3_rep_denied"] == sum(value[row] for row in grounds)
    assert value["s4_reviews"] == sum(value[row] for row in value if row.startswith("s4_rev_"))
    assert value["s5_litigation"] == sum(value[row] for row in value if row.startswith("s5_lit_"))
    assert value["s8_staff"] == value["s8_staff_full_time"] + value["s8_staff_part_time"]
    assert value["s1_proactive_items"] <= sum(value[row] for row in channels)
    rows = html.fromstring(f"<div>{fragment}</div>").xpath("//tr")
    assert len(rows) == len(cells_of("stat2014")) + 1
    expected = [cell.raw for cell in article.versions[0].sheet.values()]
    assert [squeezed(row.xpath("string(td[4])")) for row in rows[1:]] == expected


def test_the_mixed_form_prints_documents_as_in_2019_and_the_rest_as_in_2021() -> None:
    article, fragment = printed("V08")
    sheet = article.versions[0].sheet
    assert {cell.status for key, cell in sheet.items() if key[0] == "documents"} == {"absent"}
    assert "本年新" in fragment
    assert "本年处理决定数量" in fragment
    expected = [cell.raw for cell in article.versions[0].foreign.values()]
    expected += [cell.raw for cell in sheet.values() if cell.status != "absent"]
    assert figure_texts(article, fragment)[-len(expected[6:]) :] == expected[6:]
    assert len(expected) == 200


def test_reports_without_tables_have_no_figure_in_the_truth() -> None:
    for layout in ("V16", "V19"):
        article, fragment = printed(layout)
        assert {cell.status for cell in article.versions[0].sheet.values()} == {"absent"}
        assert "<table" not in fragment


def test_two_reports_on_a_page_are_both_there() -> None:
    article, fragment = printed("V13")
    version = article.versions[0]
    assert version.companion is not None
    assert fragment.count("三、收到和处理政府信息公开申请情况") == 2
    assert version.companion.text != version.text


def test_hostile_spans_stand_on_the_page() -> None:
    _, fragment = printed("V21")
    assert 'colspan="3000000"' in fragment
    assert 'rowspan="8x"' in fragment
    assert "colspan='0'" in fragment


def test_the_column_of_subtotals_is_the_sum_of_the_organisations() -> None:
    article, fragment = printed("V22")
    sheet = article.versions[0].sheet
    row = html.fromstring(f"<div>{fragment}</div>").xpath("//tr[td[contains(., '一、本年新收')]]/td")
    figures = [squeezed(cell.text_content()) for cell in row[1:]]
    assert len(figures) == 8
    organisations = ("business", "research_institution", "public_interest_org", "legal_service", "other_org")
    assert int(figures[6]) == sum(int(sheet["requests", "received", c].raw or "0") for c in organisations)


def test_a_cell_that_holds_two_figures_is_unreadable_in_the_truth() -> None:
    article, fragment = printed("V23")
    unreadable = [cell for cell in article.versions[0].sheet.values() if cell.status == "unreadable"]
    assert len(unreadable) == 1
    first, second = (unreadable[0].raw or "").split(" ")
    assert f'<p align="center">{first}</p><p align="center">{second}</p>' in fragment


def test_the_traditional_page_has_no_simplified_label_left() -> None:
    _, fragment = printed("V24")
    assert "一、總體情況" in fragment
    assert "政府信息公開行政復議、行政訴訟情況" in fragment
    for simplified in ("总", "数", "复议", "规章", "结转", "处"):
        assert simplified not in fragment
