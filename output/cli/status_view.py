"""What an operator reads: one line per portal, then what failed and why."""

from typing import Any

from rich.table import Table
from rich.text import Text

from output.cli.crawl_words import code_words, list_reason, sentence_words
from output.cli.shell import Shell
from output.terminal import printable
from scraper.status import StatusReport

GROUP_STYLE = {
    "failed": "bold red",
    "layout": "bold red",
    "incomplete": "yellow",
    "changed": "green",
    "unchanged": "",
}
_COUNTS = ("list_pages", "found", "new", "changed", "unchanged", "removed")
_MOST_FAILED = 20


def print_portal_reports(shell: Shell, reports: list[dict[str, Any]]) -> None:
    """Print one line per portal, alarms and failed lists below it."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("portal", "state", *_COUNTS, "requests"):
        table.add_column(
            shell.say(f"column_{name}"), justify="left" if name in ("portal", "state") else "right"
        )
    for report in sorted(reports, key=lambda one: (list(GROUP_STYLE).index(one["group"]), one["portal_id"])):
        style = GROUP_STYLE[report["group"]]
        counts = (str(report[name]) for name in (*_COUNTS, "requests"))
        state = Text(shell.say(f"group_{report['group']}"), style=style)
        table.add_row(printable(report["portal_id"]), state, *counts)
    shell.out.print(table)
    for report in reports:
        for remark in remarks_of(shell, report):
            shell.out.print(
                Text(f"  {printable(report['portal_id'])}: {printable(remark, 400)}"), soft_wrap=True
            )


def remarks_of(shell: Shell, report: dict[str, Any]) -> list[str]:
    """Return what a person should know of a portal's run: alarms, what failed, where to look."""

    def said(text: str) -> str:
        return sentence_words(text, shell.lang)

    waiting = [shell.say("alarm_waiting", alarm=said(alarm)) for alarm in report.get("waiting", ())]
    silenced = [shell.say("alarm_silenced", alarm=said(alarm)) for alarm in report.get("silenced", ())]
    alarms = [shell.say("alarm_rings", alarm=said(alarm)) for alarm in report["alarms"]]
    stopped = [f"{host}: {said(reason)}" for host, reason in sorted(report.get("stopped_hosts", {}).items())]
    fence = [shell.say("fence_suspected")] if report.get("fence_suspected") else []
    failed = [
        f"{code_words('outcome', outcome, shell.lang)} × {count}"
        for outcome, count in sorted(report["failed"].items())
    ]
    lists = [
        f"{url}: {list_reason(reason, shell.lang)}" for url, reason in sorted(report["failed_lists"].items())
    ]
    error = [report["error"]] if report["error"] else []
    snapshots = [shell.say("snapshot_kept", folder=folder) for folder in report.get("snapshots", ())]
    return [*error, *alarms, *waiting, *silenced, *fence, *stopped, *lists, *failed, *snapshots,
            *map(said, report["remarks"])]  # fmt: skip


def print_status(shell: Shell, report: StatusReport) -> None:
    """Print when the last run was, how each portal fared, what failed, what is due."""
    last = report.last_run or {}
    shell.out.print(
        shell.say(
            "status_head",
            folder=printable(report.data_dir),
            runs=report.runs,
            at=last.get("started_at", "–"),
            state=shell.say(f"run_{last['state']}") if last else "–",
            due=report.due,
            size=f"{report.warc_bytes / 2**20:.1f}",
        ),
        soft_wrap=True,
    )
    shell.out.print(_overview(shell, list(report.portals)), soft_wrap=True)
    print_portal_reports(shell, list(report.portals))
    for portal in report.portals:
        if portal["last_success_at"] != portal["run_at"]:
            shell.out.print(
                shell.say(
                    "status_last_success",
                    portal=printable(portal["portal_id"]),
                    at=portal["last_success_at"] or "–",
                ),
                soft_wrap=True,
            )
    for failed in report.failed[:_MOST_FAILED]:
        detail = f": {sentence_words(failed.detail, shell.lang)}" if failed.detail else ""
        line = (
            f"  {failed.portal_id}: {code_words('outcome', failed.outcome, shell.lang)}{detail}  {failed.url}"
        )
        shell.out.print(Text(printable(line, 400)), soft_wrap=True)
    if len(report.failed) > _MOST_FAILED:
        shell.out.print(shell.say("status_more_failed", count=len(report.failed) - _MOST_FAILED))
    if report.failed:
        shell.out.print(shell.say("status_failed_file", file=printable(report.failed_file)), soft_wrap=True)


def _overview(shell: Shell, portals: list[dict[str, Any]]) -> str:
    """Return how many portals stand under each heading, in one line."""
    counts = {group: sum(one["group"] == group for one in portals) for group in GROUP_STYLE}
    parts = [f"{shell.say(f'group_{group}')} {count}" for group, count in counts.items() if count]
    learning = sum(bool(one.get("is_learning")) for one in portals)
    if learning:
        parts.append(shell.say("status_learning", count=learning))
    return shell.say("status_overview", count=len(portals), groups=shell.say("between").join(parts) or "–")
