"""A report as a person reads it in a terminal: who, which year, the tables, the findings."""

from rich.table import Table
from rich.text import Text

from output.cli.findings_view import print_finding
from output.cli.shell import Shell
from output.terminal import printable
from parsers.forms import FORMS
from parsers.records import Fact, Report

STATUS_MARKS = {
    "blank": "·",
    "dash": "—",
    "not_applicable": "n/a",
    "unreadable": "?!",
    "ambiguous": "??",
    "absent": "",
}
"""How a cell without a figure is shown; never as 0."""


def print_report(shell: Shell, report: Report) -> None:
    """Print one report to stdout."""
    _print_head(shell, report)
    if report.era in FORMS:
        for code in dict.fromkeys(fact.table for fact in report.facts):
            _print_table(shell, report, code)
    for finding in report.findings:
        message = finding.message_zh if shell.lang == "zh" else finding.message_en
        print_finding(shell, finding.rule, finding.severity, message)
    shell.out.print()


def _print_head(shell: Shell, report: Report) -> None:
    identity = report.identity
    shell.out.print(Text(printable(identity.title or report.source.path or ""), style="bold"))
    facts = (
        ("agency", identity.agency),
        ("fiscal_year", identity.fiscal_year),
        ("era", report.era),
        ("region", identity.region_code),
        ("published_on", identity.published_on),
        ("outcome", shell.say(f"outcome_{report.outcome}")),
        ("sections", len(report.sections) or None),
    )
    known = [
        f"{shell.say(f'label_{name}')}: {printable(str(value), 80)}"
        for name, value in facts
        if value is not None
    ]
    shell.out.print(Text("  ".join(known), style="dim"))


def _print_table(shell: Shell, report: Report, code: str) -> None:
    facts = [fact for fact in report.facts if fact.table == code]
    columns = list(dict.fromkeys(fact.column for fact in facts))
    view = Table(title=code, title_justify="left", box=None, pad_edge=False, header_style="dim")
    view.add_column("")
    for column in columns:
        view.add_column(column, justify="right")
    hidden = 0
    for row in dict.fromkeys(fact.row for fact in facts):
        cells = {fact.column: fact for fact in facts if fact.row == row}
        if code == "requests" and all(
            fact.status == "reported" and fact.value == 0 for fact in cells.values()
        ):
            hidden += 1
            continue
        view.add_row(row, *(_shown(cells.get(column)) for column in columns))
    shell.out.print(view)
    if hidden:
        shell.out.print(Text(shell.say("rows_all_zero", count=hidden), style="dim"))


def _shown(fact: Fact | None) -> Text:
    if fact is None:
        return Text("")
    if fact.status != "reported":
        return Text(STATUS_MARKS[fact.status], style="yellow")
    return Text(
        f"{fact.value:,}" if fact.value is not None else "", style="" if fact.method == "label" else "italic"
    )
