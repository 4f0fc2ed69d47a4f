"""`gongkai parse` and `gongkai check`: report files from disk, one by one, none lost to another's failure."""

import csv
import gc
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from enum import StrEnum
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import typer

from output.cli.error_words import input_reason
from output.cli.findings_view import of_dataset, of_files, print_findings
from output.cli.report_view import print_report
from output.cli.shell import EXIT_OK, EXIT_SOME_FAILED, Shell, make_shell
from output.report_json import plain, report_as_json
from output.terminal import printable
from parsers.identity.screening import reason_text
from parsers.records import Hints, Identity, Report, Source
from parsers.report import parse

MAX_INPUT_BYTES = 64 * 1024 * 1024
STDIN = "-"
Result = TypeVar("Result")
_CHUNK = 8
"""Inputs a process takes at a time."""
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
        return _print_all(shell, expand(paths), hints, jobs, output_format)

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
        if Path(path).is_dir():
            from output.dataset import FOLDER, open_dataset  # a second that files need not wait

            if (Path(path) / FOLDER).is_dir():
                print_findings(shell, of_dataset(open_dataset(Path(path))), output_format.value)
                return EXIT_OK
        failed: list[Report] = []
        reports = _watch((parse_input(item, Hints()) for item in expand([path])), failed)
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
    """Yield one input per path; folders give their files in sorted order, hidden ones left out.

    A folder without files is an input too, which cannot be read: silence would pass for "nothing is wrong".
    """
    for path in paths:
        if path == STDIN:
            yield Input(STDIN, sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
        elif Path(path).is_dir():
            files = (file for file in Path(path).rglob("*") if file.is_file())
            inside = ((file, file.relative_to(path).parts) for file in files)
            visible = (file for file, parts in inside if not any(part.startswith(".") for part in parts))
            yield from [Input(str(file)) for file in sorted(visible)] or [Input(path)]
        else:
            yield Input(path)


def shared_out(work: Callable[[Input], Result], inputs: Iterable[Input], jobs: int) -> Iterator[Result]:
    """Yield the result of each input, in input order; `jobs` processes share the work.

    The first input is read here, so that forms and knowledge are loaded before the processes are forked.
    """
    waiting = iter(inputs)
    yield from map(work, islice(waiting, 1 if jobs > 1 else None))
    if jobs > 1:
        gc.freeze()  # else the first collection of each process copies all it shares with the others
        with ProcessPoolExecutor(jobs) as pool:
            yield from pool.map(work, waiting, chunksize=_CHUNK)


def parse_input(item: Input, hints: Hints) -> Report:
    """Return the report of one input; a file that cannot be read is a report with outcome unreadable."""
    if item.data is None and Path(item.path).is_dir():
        return _not_read(item.path, "a folder without files")
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


class Printed(NamedTuple):
    """A report as text, made where it was parsed: text travels between processes faster than records."""

    text: str
    failed: Report | None
    """The report without its content, if it was not parsed in full."""


def _print_all(shell: Shell, inputs: Iterable[Input], hints: Hints, jobs: int, output_format: Format) -> int:
    failed: list[Report] = []
    match output_format:
        case Format.JSON:
            _print_json(shared_out(partial(_as_json, hints=hints), inputs, jobs), failed)
        case Format.CSV:
            _print_csv(shared_out(partial(_as_csv, hints=hints), inputs, jobs), failed)
        case Format.TABLE:
            work = partial(_as_table, hints=hints, lang=shell.lang)
            for text, unfinished in shared_out(work, inputs, jobs):
                sys.stdout.write(text)
                failed.extend([unfinished] if unfinished else [])
    return _name_failed(shell, failed)


def _printed(text: str, report: Report) -> Printed:
    bare = replace(report, facts=(), sections=(), findings=(), check_counts={})
    return Printed(text, None if report.outcome == "parsed" else bare)


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
    return input_reason(report.error, shell.lang) if report.error else None


def _watch(reports: Iterator[Report], failed: list[Report]) -> Iterator[Report]:
    for report in reports:
        if report.outcome != "parsed":
            failed.append(report)
        yield report


def _as_table(item: Input, hints: Hints, lang: str) -> Printed:
    report = parse_input(item, hints)
    shell = _shell(lang)
    with shell.out.capture() as captured:
        print_report(shell, report)
    return _printed(captured.get(), report)


@cache
def _shell(lang: str) -> Shell:
    """Return a shell of the process this runs in: a console cannot travel between processes."""
    return make_shell(lang, debug=False)


def _as_json(item: Input, hints: Hints) -> Printed:
    report = parse_input(item, hints)
    return _printed(json.dumps(report_as_json(report), ensure_ascii=False), report)


def _print_json(reports: Iterator[Printed], failed: list[Report]) -> None:
    """Print the array while it is made, so that a folder of any size fits in memory."""
    opening = "["
    for text, unfinished in reports:
        sys.stdout.write(f"{opening}\n{text}")
        opening = ","
        failed.extend([unfinished] if unfinished else [])
    sys.stdout.write("\n]\n" if opening == "," else "[]\n")


def _as_csv(item: Input, hints: Hints) -> Printed:
    report = parse_input(item, hints)
    identity = report.identity
    head = (report.source.path, report.outcome, identity.agency, identity.fiscal_year, report.era)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for fact in report.facts or (None,):
        cells = [] if fact is None else [*fact[:-1], _place(fact.where)]
        writer.writerow([_csv_value(value) for value in chain(head, cells)])
    return _printed(text.getvalue(), report)


def _print_csv(reports: Iterator[Printed], failed: list[Report]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerow(
        ["path", "outcome", "agency", "fiscal_year", "era", *FACT_COLUMNS]
    )
    for text, unfinished in reports:
        sys.stdout.write(text)
        failed.extend([unfinished] if unfinished else [])


def _place(where: tuple[int, int, int] | None) -> str | None:
    return None if where is None else " ".join(map(str, where))


def _csv_value(value: Any) -> Any:
    from output.writers.csv import safe_cell  # other formats need not wait for its libraries

    return safe_cell(value) if isinstance(value, str) else plain(value)
