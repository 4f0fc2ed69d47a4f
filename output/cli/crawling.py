"""The commands of the scheduled job: `crawl`, `build`, `run`, `status`, and `portals list|check`."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.table import Table

from output.cli.events import LogFormat, event_log
from output.cli.progress import crawl_progress
from output.cli.shell import EXIT_INTERRUPTED, EXIT_OK, EXIT_SOME_FAILED, CommandError, Shell
from output.cli.status_view import print_portal_reports, print_status
from output.cli.trial import try_portals
from output.pipeline import BuildSummary, build
from output.terminal import printable
from scraper.crawl import CrawlSummary, crawl
from scraper.ledger import Ledger
from scraper.portals import PortalsFile, load_portals
from scraper.runlock import RunLock
from scraper.status import status

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def register(app: typer.Typer, shell: Shell) -> None:
    """Add the commands of this module to the application."""
    _register_crawl(app, shell)
    _register_build(app, shell)
    _register_run(app, shell)
    _register_status(app, shell)
    _register_portals(app, shell)


def _register_crawl(app: typer.Typer, shell: Shell) -> None:
    example = shell.example("gongkai crawl --portals portals.toml --data gongkai-data --years 2024")

    @app.command("crawl", help=shell.say("help_crawl"), epilog=example)
    @shell.command
    def crawl_command(
        portals: Path = typer.Option(..., "--portals", metavar="FILE", help=shell.say("help_portals_file")),
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        only: list[str] = typer.Option([], "--only", metavar="ID", help=shell.say("help_only")),
        years: str | None = typer.Option(None, "--years", metavar="A-B", help=shell.say("help_years")),
        deep: bool = typer.Option(False, "--deep", help=shell.say("help_deep")),
        log: LogFormat | None = typer.Option(None, "--log", help=shell.say("help_log")),
    ) -> int:
        return _crawl(shell, load_portals(portals), data, only, parse_years(shell, years), deep, log)


def _register_build(app: typer.Typer, shell: Shell) -> None:
    @app.command(
        "build", help=shell.say("help_build"), epilog=shell.example("gongkai build --data gongkai-data")
    )
    @shell.command
    def build_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        accept_losses: bool = typer.Option(False, "--accept-losses", help=shell.say("help_accept_losses")),
        jobs: int = typer.Option(1, "--jobs", min=1, help=shell.say("help_jobs")),
    ) -> int:
        return _build(shell, data, accept_losses, jobs)


def _register_run(app: typer.Typer, shell: Shell) -> None:
    example = shell.example("gongkai run --portals portals.toml --data gongkai-data")

    @app.command("run", help=shell.say("help_run"), epilog=example)
    @shell.command
    def run_command(
        portals: Path = typer.Option(..., "--portals", metavar="FILE", help=shell.say("help_portals_file")),
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        only: list[str] = typer.Option([], "--only", metavar="ID", help=shell.say("help_only")),
        years: str | None = typer.Option(None, "--years", metavar="A-B", help=shell.say("help_years")),
        deep: bool = typer.Option(False, "--deep", help=shell.say("help_deep")),
        log: LogFormat | None = typer.Option(None, "--log", help=shell.say("help_log")),
        accept_losses: bool = typer.Option(False, "--accept-losses", help=shell.say("help_accept_losses")),
        jobs: int = typer.Option(1, "--jobs", min=1, help=shell.say("help_jobs")),
    ) -> int:
        crawled = _crawl(shell, load_portals(portals), data, only, parse_years(shell, years), deep, log)
        if crawled == EXIT_INTERRUPTED:
            return crawled
        return _build(shell, data, accept_losses, jobs) or crawled


def _register_status(app: typer.Typer, shell: Shell) -> None:
    @app.command(
        "status", help=shell.say("help_status"), epilog=shell.example("gongkai status --data gongkai-demo")
    )
    @shell.command
    def status_command(
        data: Path = typer.Option(..., "--data", metavar="DIR", help=shell.say("help_data")),
        as_json: bool = typer.Option(False, "--json", help=shell.say("help_json")),
    ) -> int:
        report = status(existing_folder(shell, data))
        if as_json:
            sys.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n")
        else:
            print_status(shell, report)
        return EXIT_OK


def _register_portals(app: typer.Typer, shell: Shell) -> None:
    check = "gongkai portals check portals.toml"
    example = shell.example(check, f"{check} --online")
    portals_app = typer.Typer(help=shell.say("help_portals"), no_args_is_help=True, epilog=example)
    app.add_typer(portals_app, name="portals")

    @portals_app.command(
        "list", help=shell.say("help_portals_list"), epilog=shell.example("gongkai portals list portals.toml")
    )
    @shell.command
    def list_command(
        file: Path = typer.Argument(..., metavar="FILE", help=shell.say("help_portals_file")),
    ) -> int:
        _print_portals(shell, load_portals(file))
        return EXIT_OK

    @portals_app.command("check", help=shell.say("help_portals_check"), epilog=example)
    @shell.command
    def check_command(
        file: Path = typer.Argument(..., metavar="FILE", help=shell.say("help_portals_file")),
        online: bool = typer.Option(False, "--online", help=shell.say("help_online")),
        only: list[str] = typer.Option([], "--only", metavar="ID", help=shell.say("help_only")),
        years: str | None = typer.Option(None, "--years", metavar="A-B", help=shell.say("help_years")),
        as_json: bool = typer.Option(False, "--json", help=shell.say("help_json")),
    ) -> int:
        loaded = load_portals(file)
        if not online and (only or years or as_json):
            raise shell.fail("only_online")
        if online:
            refuse_unknown(shell, loaded, only)
            return try_portals(shell, loaded, only, parse_years(shell, years), as_json)
        shell.out.print(shell.say("portals_fine", file=printable(str(file)), count=len(loaded.portals)))
        return EXIT_OK


def _crawl(
    shell: Shell, portals: PortalsFile, data: Path, only: list[str], years: tuple[int, int] | None,
    deep: bool, log: LogFormat | None,
) -> int:  # fmt: skip
    refuse_unknown(shell, portals, only)
    if log is not None:
        summary = crawl(portals, data, years=years, only=only, deep=deep, log=event_log(log, sys.stderr))
    else:
        with crawl_progress(shell) as progress:
            summary = crawl(portals, data, years=years, only=only, deep=deep, progress=progress)
    print_portal_reports(shell, [report.as_dict() for report in summary.portals])
    return crawl_exit_code(shell, summary)


def refuse_unknown(shell: Shell, portals: PortalsFile, only: list[str]) -> None:
    """Raise CommandError (wrong use) for an id the portals file does not have."""
    known = {portal.id for portal in portals.portals}
    for identifier in only:
        if identifier not in known:
            raise shell.fail(
                "no_such_portal", portal=identifier, file=portals.path, known=", ".join(sorted(known))
            )


def crawl_exit_code(shell: Shell, summary: CrawlSummary) -> int:
    """Return the exit code of a crawl, saying on stderr when it was interrupted."""
    if summary.interrupted:
        shell.remark(shell.say("interrupted"), "yellow")
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED if summary.is_failed else EXIT_OK


def _build(shell: Shell, data: Path, accept_losses: bool, jobs: int) -> int:
    folder = existing_folder(shell, data)
    Ledger(folder, read_only=True).close()  # says that nothing was crawled before anything is written
    with building(folder):
        summary = build(data, accept_losses=accept_losses, jobs=jobs)
    shell.out.print(build_line(shell, summary), soft_wrap=True)
    return EXIT_SOME_FAILED if summary.failed else EXIT_OK


@contextmanager
def building(data: Path) -> Iterator[None]:
    """Hold the data folder while its dataset is made: no crawl changes the archive meanwhile."""
    with RunLock(data):
        yield


def build_line(shell: Shell, summary: BuildSummary) -> str:
    """Return what a build made in one line."""
    return shell.say(
        "built",
        folder=summary.folder,
        reports=summary.reports,
        skipped=summary.skipped,
        failed=summary.failed,
        figures=f"{summary.figures:,}",
        findings=sum(summary.findings.values()),
    )


def existing_folder(shell: Shell, data: Path) -> Path:
    """Return the data folder; raises CommandError (wrong use) when there is none."""
    if not data.is_dir():
        raise shell.fail("no_data_folder", folder=printable(str(data)))
    return data


def parse_years(shell: Shell, years: str | None) -> tuple[int, int] | None:
    """Return first and last year of `2021-2025` or `2024`; raises CommandError for anything else."""
    if years is None:
        return None
    match = _YEARS.fullmatch(years.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise shell.fail("bad_years", years=printable(years, 40))
    return first, last


def _print_portals(shell: Shell, portals: PortalsFile) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("id", "family", "region", "start", "name"):
        table.add_column(name, overflow="fold")
    for portal in portals.portals:
        start = "\n".join(map(str, portal.start))
        cells = (portal.id, portal.family, portal.region_code or "", start, portal.name)
        table.add_row(*(printable(cell) for cell in cells))
    shell.out.print(table)


__all__ = ["CommandError", "building", "register"]
