"""`gongkai check`: findings only, of files on disk or of a dataset, one report after the other."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from output.cli.shell import Shell
from output.report_json import finding_as_json
from output.terminal import printable
from parsers.records import Report

if TYPE_CHECKING:
    from output.dataset import Dataset

SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
NOT_READ = ("not_a_report", "unsupported", "unreadable")
"""Outcomes of inputs nothing was checked in: that there is no finding says nothing about them."""
COLUMNS = ("rule", "severity", "origin", "message_en", "message_zh", "cells", "expected", "found")


class CheckedReport(NamedTuple):
    """One report and its findings as plain records."""

    report: str
    """Path of the file, or report_id of the dataset."""
    agency: str | None
    fiscal_year: int | None
    outcome: str
    findings: list[dict[str, Any]]


def of_files(reports: Iterable[Report]) -> Iterator[CheckedReport]:
    """Yield the findings of parsed files."""
    for report in reports:
        findings = [finding_as_json(finding) for finding in report.findings]
        identity = report.identity
        path = report.source.path or ""
        yield CheckedReport(path, identity.agency, identity.fiscal_year, report.outcome, findings)


def of_dataset(dataset: "Dataset") -> Iterator[CheckedReport]:
    """Yield the findings of the current reports of a dataset; reports without findings are left out."""
    columns = ["report_id", "agency", "fiscal_year", "outcome"]
    known = {row["report_id"]: row for row in dataset.table("reports", columns).to_pylist()}
    rows = (row for batch in dataset.batches("findings") for row in batch.to_pylist() if row["is_current"])
    ordered = sorted(rows, key=lambda row: row["report_id"])
    order = {identifier: place for place, identifier in enumerate(known)}
    grouped = {key: list(group) for key, group in groupby(ordered, key=lambda row: row["report_id"])}
    for identifier in sorted(grouped, key=order.__getitem__):
        report = known[identifier]
        findings = [{name: row[name] for name in COLUMNS} for row in grouped[identifier]]
        yield CheckedReport(identifier, report["agency"], report["fiscal_year"], report["outcome"], findings)


def print_findings(shell: Shell, checked: Iterable[CheckedReport], output_format: str) -> None:
    """Print findings as lines for a reader, as JSON or as CSV."""
    match output_format:
        case "json":
            shown = [report._asdict() for report in checked]
            sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
        case "csv":
            _print_csv(checked)
        case _:
            _print_lines(shell, checked)


def _print_csv(checked: Iterable[CheckedReport]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["report", "agency", "fiscal_year", *COLUMNS])
    for report in checked:
        for finding in report.findings:
            cells = (finding[name] for name in COLUMNS)
            head = (report.report, report.agency or "", report.fiscal_year)
            writer.writerow([_csv_value(cell) for cell in (*head, *cells)])


def _csv_value(value: Any) -> Any:
    from output.writers.csv import safe_cell  # other formats need not wait for its libraries

    if isinstance(value, list):
        value = " ".join(".".join(cell) for cell in value)
    return safe_cell(value) if isinstance(value, str) else value


def _print_lines(shell: Shell, checked: Iterable[CheckedReport]) -> None:
    total, is_silent = 0, True
    for report in checked:
        is_silent = is_silent and report.outcome in NOT_READ
        year = "" if report.fiscal_year is None else f" {report.fiscal_year}"
        head = Text(printable(report.agency or Path(report.report).name) + year, style="bold")
        shell.out.print(head.append(f"  {printable(report.report)}", style="dim"), soft_wrap=True)
        for finding in report.findings:
            print_finding(shell, finding["rule"], finding["severity"], finding[f"message_{shell.lang}"])
        total += len(report.findings)
    if not total and not is_silent:
        shell.out.print(shell.say("no_findings"))


def print_finding(shell: Shell, rule: str, severity: str, message: str) -> None:
    """Print one finding as one line; its severity is a word, because colours do not reach files and pipes."""
    word = shell.say(f"one_{severity}")
    line = Text(f"  {rule:<6} {word:<7}  ", style=SEVERITY_STYLE[severity])
    shell.out.print(line.append(printable(message, 600), style="not bold default"), soft_wrap=True)
