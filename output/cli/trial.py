"""`portals check --online`: the lists are read and nothing else; what a crawl would fetch is shown."""

import json
import sys
import tempfile
from typing import Any

from output.cli.crawl_words import code_words
from output.cli.progress import crawl_progress
from output.cli.shell import EXIT_INTERRUPTED, EXIT_OK, EXIT_SOME_FAILED, Shell
from output.cli.status_view import remarks_of
from output.terminal import printable
from scraper.crawl import crawl
from scraper.listed import ListedPage, pages_never_had
from scraper.portals import PortalsFile

MOST_SHOWN = 10
"""Addresses of a portal that are printed; JSON has them all."""


def try_portals(
    shell: Shell, portals: PortalsFile, only: list[str], years: tuple[int, int] | None, as_json: bool
) -> int:
    """Read the lists of portals into a folder that is thrown away; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        with crawl_progress(shell) as progress:
            summary = crawl(portals, folder, years=years, only=only, lists_only=True, progress=progress)
        pages: dict[str, list[ListedPage]] = {report.portal_id: [] for report in summary.portals}
        for page in pages_never_had(folder):
            pages[page.portal_id].append(page)
    reports = [report.as_dict() for report in summary.portals]
    if as_json:
        _print_json(reports, pages)
    else:
        for report in reports:
            _print_portal(shell, report, pages[report["portal_id"]])
    if summary.interrupted:
        return EXIT_INTERRUPTED
    return EXIT_SOME_FAILED if summary.is_failed else EXIT_OK


def _print_json(reports: list[dict[str, Any]], pages: dict[str, list[ListedPage]]) -> None:
    told = [
        report | {"would_fetch": [{"url": page.url, "title": page.list_title} for page in pages[name]]}
        for report in reports
        if (name := report["portal_id"])
    ]
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _counted(shell: Shell, kind: str, counts: dict[str, int]) -> str:
    parts = (f"{code_words(kind, code, shell.lang)} {count}" for code, count in sorted(counts.items()))
    return shell.say("between").join(parts)


def _print_portal(shell: Shell, report: dict[str, Any], pages: list[ListedPage]) -> None:
    """Print how a portal was recognised, what its lists hold and the first addresses to be fetched."""
    lines = [f"{url}  {family}" for url, family in report["families"].items()]
    skipped = _counted(shell, "skip", report["rows_skipped"])
    ends = _counted(shell, "end", report["end_reasons"])
    counts = {"pages": report["list_pages"], "rows": report["rows_valid"], "ends": ends or "–"}
    lines.append(shell.say("trial_counts", **counts, skipped=skipped or "–"))
    lines.append(shell.say("trial_fetch", count=len(pages)))
    lines += [f"  {page.url}  {page.list_title or ''}" for page in pages[:MOST_SHOWN]]
    if len(pages) > MOST_SHOWN:
        lines.append(shell.say("trial_more", count=len(pages) - MOST_SHOWN))
    lines += [f"! {remark}" for remark in remarks_of(shell, report)]
    shell.out.print(f"\n{printable(report['portal_id'])}", style="bold")
    for line in lines:
        shell.out.print(f"  {printable(line, 400)}", soft_wrap=True)
