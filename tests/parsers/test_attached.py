"""A page without figures says what its attached report says, and nothing when that is not certain."""

import pytest

from parsers.attached import AttachedFile, parse_with_files
from parsers.records import Hints, Report
from parsers.report import parse
from tests.render.html import HtmlOptions, numbered_figures, render_page

TITLE = "澄湾区财政局2024年政府信息公开工作年度报告"
PAGE = f"<html><body><h1>{TITLE}</h1><div id='zoom'><p>一、总体情况</p><p>详见附件。</p></div></body></html>"


def report_file(agency: str = "澄湾区财政局", year: int = 2024, start: int = 1) -> bytes:
    options = HtmlOptions(title=f"{agency}{{year}}年政府信息公开工作年度报告", year=year, navigation=False)
    return render_page(numbered_figures(start=start), options=options).encode()


def read(*files: bytes, page: str = PAGE) -> Report:
    attached = [AttachedFile(f"http://x.example/{n}", lambda data=data: data) for n, data in enumerate(files)]  # type: ignore[misc]
    return parse_with_files(page.encode(), attached, hints=Hints(url="http://x.example/", list_title=TITLE))


def test_the_only_report_among_the_files_gives_the_figures() -> None:
    report = read(b"\x89PNG\r\n\x1a\n", report_file(), b"\x89PNG\r\n\x1a\n")
    assert (report.outcome, report.figures_url, report.era) == ("parsed", "http://x.example/1", "fmt2021")
    assert (report.identity.title, report.identity.fiscal_year) == (TITLE, 2024)
    assert (report.source.url, len(report.facts)) == ("http://x.example/", 200)
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.check_counts
    assert report.reading.notes == ()


def test_a_short_name_of_the_agency_is_the_same_agency() -> None:
    assert read(report_file(agency="财政局")).figures_url == "http://x.example/0"


def test_the_figures_of_the_file_are_checked_as_they_would_be_alone() -> None:
    alone = parse(report_file(), hints=Hints(list_title=TITLE))
    joined = read(report_file())
    assert joined.check_counts == alone.check_counts
    assert joined.facts == alone.facts


def test_one_report_in_two_files_is_one_report() -> None:
    assert read(report_file(), report_file() + b"\n").figures_url == "http://x.example/0"


@pytest.mark.parametrize(
    ("files", "notes"),
    [
        ([report_file(), report_file(start=500)], ("attached_several_reports",)),
        ([report_file(year=2023)], ("attached_other_report",)),
        ([report_file(agency="澄湾区民政局")], ("attached_other_report",)),
        ([report_file(agency="澄湾区财政局办公室")], ("attached_other_report",)),
        ([b""], ("attached_unreadable",)),
        ([b"PK\x03\x04 cut", b"{\\rtf1 x"], ("attached_unreadable", "attached_unsupported")),
        ([b"{\\rtf1 x", "一份通知。".encode()], ("attached_unsupported",)),
        ([b"\x89PNG\r\n\x1a\n"], ()),
        ([], ()),
    ],
)
def test_what_is_not_certain_gives_no_figure(files: list[bytes], notes: tuple[str, ...]) -> None:
    report = read(*files)
    assert (report.outcome, report.figures_url) == ("no_tables", None)
    assert report.facts == ()
    assert report.reading.notes == notes


def test_a_page_that_only_hands_over_a_file_nobody_can_read_is_unsupported() -> None:
    page = f"<html><body><h1>{TITLE}</h1><div id='zoom'><p>报告全文见附件。</p><a href='a.rtf'>附件</a></div>"
    report = read(b"\x89PNG\r\n\x1a\n", b"{\\rtf1 x", page=page)
    assert (report.outcome, report.error) == (
        "unsupported",
        "the report is in a file: no reader for rtf files",
    )
    assert report.identity.fiscal_year == 2024
    assert (report.findings, report.check_counts) == ((), {})


def test_a_page_with_figures_of_its_own_keeps_them() -> None:
    report = read(report_file(start=500), page=report_file().decode())
    assert report.figures_url is None
    assert report.facts[0].value == 1
