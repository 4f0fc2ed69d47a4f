"""`gongkai parse` and `gongkai check`: report files from disk, one by one, none lost to another's failure."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import typer

from output.cli.findings_view import of_dataset, of_files, print_findings
from output.cli.report_view import print_report
from output.cli.shell import EXIT_OK, EXIT_SOME_FAILED, Shell
from output.dataset import FOLDER as DATASET_FOLDER
from output.dataset import open_dataset
from output.report_json import plain, report_as_json
from output.terminal import printable
from output.writers.csv import safe_cell
from parsers.identity.screening import reason_text
from parsers.records import Hints, Identity, Report, Source
from parsers.report import parse

MAX_INPUT_BYTES = 64 * 1024 * 1024
STDIN = "-"
FACT_COLUMNS = ("table", "row", "column", "value", "unit", "status", "raw", "note", "method", "where")


class Format(StrEnum):
    """How parsed reports are printed."""

    JSON = "json"
    CSV = "csv"
    TABLE = "table"


class Input(NamedTuple):
    """One thing to parse: a path, or stdin's bytes."""

    path: str
    data: bytes | None = None


def register(app: typer.Typer, shell: Shell) -> None:
    """Add the commands of this module to the application."""

    @app.command(
        "parse",
        help=shell.say("help_parse"),
        epilog=shell.example(
            "gongkai parse report.html --format json", "cat report.txt | gongkai parse - --format table"
        ),
    )
    @shell.command
    def parse_command(
        paths: list[str] = typer.Argument(..., metavar="PATH", help=shell.say("help_paths")),
        output_format: Format = typer.Option(Format.TABLE, "--format", help=shell.say("help_format")),
        url: str | None = typer.Option(None, "--url", help=shell.say("help_url")),
        charset: str | None = typer.Option(None, "--charset", help=shell.say("help_charset")),
        jobs: int = typer.Option(1, "--jobs", min=1, help=shell.say("help_jobs")),
    ) -> int:
        hints = Hints(url=url, charset=checked_charset(shell, charset))
        reports = parse_inputs(expand(paths), hints, jobs)
        return _print_all(shell, reports, output_format)

    @app.command(
        "check",
        help=shell.say("help_check"),
        epilog=shell.example("gongkai check report.html", "gongkai check gongkai-demo"),
    )
    @shell.command
    def check_command(
        path: str = typer.Argument(..., metavar="PATH-or-DIR", help=shell.say("help_check_path")),
        output_format: Format = typer.Option(Format.TABLE, "--format", help=shell.say("help_format")),
    ) -> int:
        if (Path(path) / DATASET_FOLDER).is_dir():
            print_findings(shell, of_dataset(open_dataset(Path(path))), output_format.value)
            return EXIT_OK
        failed: list[Report] = []
        reports = _watch(parse_inputs(expand([path]), Hints(), 1), failed)
        print_findings(shell, of_files(reports), output_format.value)
        return _name_failed(shell, failed)


def checked_charset(shell: Shell, charset: str | None) -> str | None:
    """Return charset when Python knows it; raises CommandError (wrong use) otherwise."""
    if charset is None:
        return None
    try:
        "".encode(charset)
    except (LookupError, ValueError):
        raise shell.fail("unknown_charset", charset=printable(charset, 60)) from None
    return charset


def expand(paths: Iterable[str]) -> Iterator[Input]:
    """Yield one input per path; folders give their files in sorted order, hidden ones left out."""
    for path in paths:
        if path == STDIN:
            yield Input(STDIN, sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
        elif Path(path).is_dir():
            files = (file for file in Path(path).rglob("*") if file.is_file())
            visible = (file for file in files if not any(part.startswith(".") for part in file.parts[1:]))
            yield from (Input(str(file)) for file in sorted(visible))
        else:
            yield Input(path)


def parse_inputs(inputs: Iterable[Input], hints: Hints, jobs: int) -> Iterator[Report]:
    """Yield one report per input, in input order; `jobs` processes share the work."""
    one = partial(parse_input, hints=hints)
    if jobs == 1:
        yield from map(one, inputs)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(one, inputs, chunksize=8)


def parse_input(item: Input, hints: Hints) -> Report:
    """Return the report of one input; a file that cannot be read is a report with outcome unreadable."""
    try:
        data = item.data if item.data is not None else _read_capped(Path(item.path))
    except OSError as failure:
        return _not_read(item.path, failure.strerror or type(failure).__name__)
    if len(data) > MAX_INPUT_BYTES:
        return _not_read(item.path, f"larger than {MAX_INPUT_BYTES // 2**20} MiB")
    return parse(data, path=item.path, hints=hints)


def _read_capped(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_INPUT_BYTES + 1)


def _not_read(path: str, reason: str) -> Report:
    # No bytes were read, so there is nothing a hash could stand for.
    source = Source(path=path, sha256=None, kind="unknown", charset=None)
    return Report(source=source, outcome="unreadable", identity=Identity(), era=None, error=reason)


def _print_all(shell: Shell, reports: Iterator[Report], output_format: Format) -> int:
    failed: list[Report] = []
    watched = _watch(reports, failed)
    match output_format:
        case Format.JSON:
            _print_json(watched)
        case Format.CSV:
            _print_csv(watched)
        case Format.TABLE:
            for report in watched:
                print_report(shell, report)
    return _name_failed(shell, failed)


def _name_failed(shell: Shell, failed: list[Report]) -> int:
    """Name every input that was not parsed in full, and return the exit code that says so."""
    sys.stdout.flush()
    for report in failed:
        said = shell.say(f"outcome_{report.outcome}")
        reason = _reason(shell, report)
        shell.remark(f"{report.source.path}: {said}{f' ({reason})' if reason else ''}", "yellow")
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _reason(shell: Shell, report: Report) -> str | None:
    if report.outcome == "not_a_report" and report.identity.reason:
        return reason_text(report.identity.reason, shell.lang)
    return report.error


def _watch(reports: Iterator[Report], failed: list[Report]) -> Iterator[Report]:
    for report in reports:
        if report.outcome != "parsed":
            failed.append(report)
        yield report


def _print_json(reports: Iterator[Report]) -> None:
    """Print the array while it is made, so that a folder of any size fits in memory."""
    opening = "["
    for report in reports:
        sys.stdout.write(opening + "\n" + json.dumps(report_as_json(report), ensure_ascii=False))
        opening = ","
    sys.stdout.write("\n]\n" if opening == "," else "[]\n")


def _print_csv(reports: Iterator[Report]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["path", "outcome", "agency", "fiscal_year", "era", *FACT_COLUMNS])
    for report in reports:
        identity = report.identity
        head = (report.source.path, report.outcome, identity.agency, identity.fiscal_year, report.era)
        rows = report.facts or (None,)
        for fact in rows:
            cells = [] if fact is None else [*fact[:-1], _place(fact.where)]
            writer.writerow([_csv_value(value) for value in chain(head, cells)])


def _place(where: tuple[int, int, int] | None) -> str | None:
    return None if where is None else " ".join(map(str, where))


def _csv_value(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else plain(value)
