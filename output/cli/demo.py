"""`gongkai demo`: everything once, told as a short story, with commands to paste at the end."""

import sys
from pathlib import Path
from shlex import quote
from typing import Any

import typer
from rich.rule import Rule
from rich.text import Text

from output.cli.crawling import build_line, crawl_exit_code
from output.cli.findings_view import print_finding
from output.cli.progress import crawl_progress
from output.cli.shell import EXIT_OK, Shell, program_name
from output.cli.status_view import print_portal_reports
from output.compare import compare
from output.compare_text import as_table
from output.dataset import Dataset
from output.demo import DemoResult, FolderInUseError, run_demo
from output.terminal import printable
from scraper.crawl import CrawlSummary

DEFAULT_FOLDER = Path("gongkai-demo")
SHOWN_INDICATOR = "requests.received.total"
STRIKING_RULES = ("T2-03", "T3-02", "S-07")
"""Findings shown as examples: rules a body cannot make, a sum that fails, a page silently replaced."""


def register(app: typer.Typer, shell: Shell) -> None:
    """Add the commands of this module to the application."""

    @app.command(
        "demo", help=shell.say("help_demo"), epilog=shell.example("gongkai demo --data gongkai-demo")
    )
    @shell.command
    def demo_command(
        data: Path = typer.Option(DEFAULT_FOLDER, "--data", metavar="DIR", help=shell.say("help_data")),
    ) -> int:
        def stage(key: str, values: dict[str, Any]) -> None:
            _tell(shell, key, values)

        try:
            with crawl_progress(shell) as progress:
                result = run_demo(data, stage=stage, progress=progress)
        except FolderInUseError as error:
            raise shell.fail("demo_folder_in_use", folder=printable(str(error.folder))) from None
        _summarise(shell, result)
        return max(crawl_exit_code(shell, result.first), crawl_exit_code(shell, result.second), EXIT_OK)


def _tell(shell: Shell, key: str, values: dict[str, Any]) -> None:
    summary = values.pop("summary", None)
    if isinstance(summary, CrawlSummary):
        values["new"] = sum(report.new for report in summary.portals)
        values["changed"] = sum(report.changed for report in summary.portals)
        values["requests"] = sum(report.requests for report in summary.portals)
        values["pages"] = sum(report.list_pages for report in summary.portals)
        values["skipped"] = sum(sum(report.rows_skipped.values()) for report in summary.portals)
    shell.out.print(Text(shell.say(key, **values)), soft_wrap=True)


def _summarise(shell: Shell, result: DemoResult) -> None:
    out = shell.out
    out.print(Text(build_line(shell, result.build)), soft_wrap=True)
    out.print(Rule(shell.say("demo_portals"), align="left", style="dim"))
    print_portal_reports(shell, [report.as_dict() for report in result.second.portals])
    out.print(Rule(shell.say("demo_findings"), align="left", style="dim"))
    counts = ", ".join(f"{count} {shell.say('severity_' + name)}" for name, count in _by_severity(result))
    out.print(Text(shell.say("demo_finding_counts", counts=counts)), soft_wrap=True)
    for finding in _striking(result.dataset):
        print_finding(shell, finding["rule"], finding["severity"], finding[f"message_{shell.lang}"])
    out.print(Rule(shell.say("demo_comparison"), align="left", style="dim"))
    out.print(
        Text(as_table(compare(result.folder, SHOWN_INDICATOR, lang=shell.lang)).rstrip()), soft_wrap=True
    )
    out.print(Rule(shell.say("demo_next"), align="left", style="dim"))
    _where_and_next(shell, result)


def _by_severity(result: DemoResult) -> list[tuple[str, int]]:
    return [(name, result.build.findings.get(name, 0)) for name in ("error", "warning", "info")]


def _striking(dataset: Dataset) -> list[dict[str, Any]]:
    """Return one finding for each of the rules that tell most, as far as the dataset has them."""
    rows = [row for row in dataset.table("findings").to_pylist() if row["is_current"]]
    by_rule = {row["rule"]: row for row in rows}
    return [by_rule[rule] for rule in STRIKING_RULES if rule in by_rule]


def _where_and_next(shell: Shell, result: DemoResult) -> None:
    folder = quote(str(result.folder))
    example = _example_cell(result.dataset)
    program = program_name(sys.argv[0])
    for key in ("dataset", "archive", "state", "portals"):
        shell.out.print(Text(f"  {shell.say('demo_where_' + key, folder=folder)}"), soft_wrap=True)
    shell.out.print()
    commands = (
        f"{program} compare --data {folder} --indicator disclosure_rate --years 2021-2025",
        f"{program} check {folder}",
        f"{program} explain --data {folder} {example}",
        f"{program} status --data {folder}",
    )
    for command in commands:
        shell.out.print(Text(f"  {command}", style="bold"), soft_wrap=True)
    shell.out.print()
    shell.out.print(Text(shell.say("demo_explorer")), soft_wrap=True)
    shell.out.print(Text(f"  {program} serve --data {folder}", style="bold"), soft_wrap=True)


def _example_cell(dataset: Dataset) -> str:
    """Return report and cell of the striking finding, for the explain command."""
    finding = _striking(dataset)[0]
    cell = finding["cells"].split()[0] if finding["cells"] else SHOWN_INDICATOR
    return f"{finding['report_id']} {cell}"
