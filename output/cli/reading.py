"""The commands that read a dataset: `compare`, `explain` and `export`."""

import json
import re
import sys
from enum import StrEnum
from pathlib import Path

import typer
from rich.text import Text

from output.cli.crawling import existing_folder, parse_years
from output.cli.shell import EXIT_OK, Shell
from output.compare import Comparison, compare
from output.compare_page import as_html
from output.compare_text import as_csv, as_json, as_table
from output.dataset import FOLDER as DATASET_FOLDER
from output.dataset import storage_errors
from output.explain import as_json as explanation_as_json
from output.explain import as_text as explanation_as_text
from output.explain import explain
from output.export import export
from output.terminal import printable
from output.writers import WRITERS

EXPORT_FOLDER = "export"


class ComparisonFormat(StrEnum):
    """How a comparison is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    HTML = "html"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add the commands of this module to the application."""
    _register_compare(app, shell)
    _register_explain(app, shell)
    _register_export(app, shell)


def _register_compare(app: typer.Typer, shell: Shell) -> None:
    example = shell.example(
        "gongkai compare --data gongkai-demo --indicator disclosure_rate",
        "gongkai compare --data gongkai-demo --indicator M-03 --format html -o m03.html",
    )

    @app.command("compare", help=shell.say("help_compare"), epilog=example)
    @shell.command
    def compare_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        indicator: str = typer.Option(..., "--indicator", metavar="CODE", help=shell.say("help_indicator")),
        agency: list[str] = typer.Option([], "--agency", metavar="NAME", help=shell.say("help_agency")),
        region: str | None = typer.Option(None, "--region", metavar="CODE", help=shell.say("help_region")),
        years: str | None = typer.Option(None, "--years", metavar="A-B", help=shell.say("help_years")),
        output_format: ComparisonFormat = typer.Option(
            ComparisonFormat.TABLE, "--format", help=shell.say("help_format")
        ),
        output: Path | None = typer.Option(None, "-o", "--output", help=shell.say("help_output_file")),
    ) -> int:
        comparison = compare(
            existing_folder(shell, data),
            indicator,
            agencies=agency,
            region=_checked_region(shell, region),
            years=parse_years(shell, years),
            lang=shell.lang,
        )
        write_result(rendered(comparison, output_format), output)
        return EXIT_OK


def _checked_region(shell: Shell, region: str | None) -> str | None:
    if region is not None and not re.fullmatch(r"[0-9]{2,12}", region):
        raise shell.fail("bad_region", region=printable(region, 40))
    return region


def _register_explain(app: typer.Typer, shell: Shell) -> None:
    example = shell.example("gongkai explain --data gongkai-demo REPORT_ID requests.received.total")

    @app.command("explain", help=shell.say("help_explain"), epilog=example)
    @shell.command
    def explain_command(
        report_id: str = typer.Argument(..., metavar="REPORT_ID", help=shell.say("help_report_id")),
        cell: str = typer.Argument(..., metavar="table.row.column", help=shell.say("help_cell")),
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        as_json: bool = typer.Option(False, "--json", help=shell.say("help_json")),
    ) -> int:
        explanation = explain(existing_folder(shell, data), report_id, cell)
        if as_json:
            text = json.dumps(explanation_as_json(explanation), ensure_ascii=False, indent=1) + "\n"
        else:
            text = explanation_as_text(explanation, shell.lang)
        write_result(text.encode(), None)
        return EXIT_OK


def _register_export(app: typer.Typer, shell: Shell) -> None:
    example = shell.example("gongkai export --data gongkai-demo --to xlsx,sqlite,stata -o exported")

    @app.command("export", help=shell.say("help_export"), epilog=example)
    @shell.command
    def export_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        formats: str = typer.Option(..., "--to", help=shell.say("help_to", formats=", ".join(WRITERS))),
        output: Path | None = typer.Option(None, "-o", "--output", help=shell.say("help_output_folder")),
    ) -> int:
        names = [name.strip() for name in formats.split(",") if name.strip()]
        if not names:
            raise shell.fail("no_format", formats=", ".join(WRITERS))
        folder = output or data / EXPORT_FOLDER
        if folder.resolve() == (data / DATASET_FOLDER).resolve():
            raise shell.fail("export_into_dataset", folder=printable(str(folder)))
        for path in export(existing_folder(shell, data), names, folder):
            shell.out.print(Text(printable(str(path))), soft_wrap=True)
        return EXIT_OK


def rendered(comparison: Comparison, output_format: ComparisonFormat) -> bytes:
    """Return the comparison in one of the formats, UTF-8."""
    match output_format:
        case ComparisonFormat.CSV:
            return as_csv(comparison)
        case ComparisonFormat.JSON:
            return as_json(comparison).encode()
        case ComparisonFormat.HTML:
            return as_html(comparison).encode()
        case _:
            return as_table(comparison).encode()


def write_result(content: bytes, path: Path | None) -> None:
    """Write to a file, or to stdout when none is named; raises DatasetStorageError when the disk refuses."""
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with storage_errors(str(path)):
        path.write_bytes(content)
