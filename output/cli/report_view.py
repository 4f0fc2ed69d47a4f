"""A report as a person reads it in a terminal: who, which year, the tables, the findings."""

from rich.table import Table
from rich.text import Text

from output.cli.findings_view import print_finding
from output.cli.shell import Shell
from output.terminal import printable
from parsers.forms import FORMS
from parsers.forms.model import FormColumn, FormRow, FormTable
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
_FOLDED_ROWS = 10
"""Tables longer than this leave out rows of zeros, and say how many."""


def print_report(shell: Shell, report: Report) -> None:
    """Print one report to stdout."""
    _print_head(shell, report)
    form = FORMS.by_era.get(report.era or "")
    for code in dict.fromkeys(fact.table for fact in report.facts):
        facts = [fact for fact in report.facts if fact.table == code]
        _print_table(shell, code, facts, form.table_index.get(code) if form else None)
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


def _print_table(shell: Shell, code: str, facts: list[Fact], form: FormTable | None) -> None:
    columns = list(dict.fromkeys(fact.column for fact in facts))
    rows = list(dict.fromkeys(fact.row for fact in facts))
    view = Table(box=None, pad_edge=False, header_style="dim")
    view.add_column(_table_title(shell, code, form), overflow="fold")
    for column in columns:
        view.add_column(
            _label(shell, form.column_index.get(column) if form else None, column), justify="right"
        )
    hidden = 0
    for row in rows:
        cells = {fact.column: fact for fact in facts if fact.row == row}
        if len(rows) > _FOLDED_ROWS and all(
            fact.status == "reported" and fact.value == 0 for fact in cells.values()
        ):
            hidden += 1
            continue
        label = _label(shell, form.row_index.get(row) if form else None, row)
        view.add_row(label, *(_shown(cells.get(column)) for column in columns))
    shell.out.print(view)
    if hidden:
        shell.out.print(Text(shell.say("rows_all_zero", count=hidden), style="dim"))


def _table_title(shell: Shell, code: str, form: FormTable | None) -> Text:
    if form is None:
        return Text(code, style="bold")
    return Text(form.title_zh if shell.lang == "zh" else form.title_en, style="bold not dim")


def _label(shell: Shell, known: FormRow | FormColumn | None, code: str) -> str:
    """Return the printed label of a row or column; its code where the form has no such cell."""
    if known is None:
        return printable(code)
    return known.label if shell.lang == "zh" else known.label_en or code


def _shown(fact: Fact | None) -> Text:
    if fact is None:
        return Text("")
    if fact.status != "reported":
        return Text(STATUS_MARKS[fact.status], style="yellow")
    return Text(
        f"{fact.value:,}" if fact.value is not None else "", style="" if fact.method == "label" else "italic"
    )
