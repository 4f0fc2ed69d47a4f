"""What in a run should worry a person: counts against fixed rules and against the portal's own past.

`fetch` and `quiet` ring when they hold in two runs in a row, the others at once. With too little past the
comparisons are left out and the portal is said to be still learning.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from scraper.ledger import Ledger
from scraper.portals import Portal
from scraper.report import FINE, PortalReport

FEWEST_RUNS = 3
MOST_RUNS = 5
FEWEST_ANSWERS = 5
SEASON = timedelta(days=28)
FEWEST_YEARS = 2
FEWEST_EXPECTED = 5
DEBOUNCED = frozenset({"fetch", "quiet"})


class Past(NamedTuple):
    """An earlier run of the portal: when it began and its report as plain values."""

    at: datetime
    report: dict[str, Any]


def ring(report: PortalReport, portal: Portal, ledger: Ledger, run_id: int, now: datetime) -> None:
    """Enter into a report which alarms hold: ringing, waiting for a second run, or silenced."""
    past = earlier_runs(ledger, portal.id, run_id)
    comparable = [one for one in past if not one.report.get("interrupted")]
    report.is_learning = len(comparable) < FEWEST_RUNS
    signs = [
        *_layout(report),
        *_fetch(report, portal),
        *_shrink(report, portal, ledger, run_id),
        *_body(report, portal, comparable),
        *_quiet(report, comparable, now),
    ]
    report.signs = sorted({_kind(sign) for sign in signs})
    before = set(past[0].report.get("signs", ())) if past else set()
    silenced = {entry.alarm: entry for entry in portal.silence if now.date() <= entry.until}
    for sign in signs:
        kind = _kind(sign)
        if kind in silenced:
            entry = silenced[kind]
            report.silenced.append(f"{sign} [silenced until {entry.until}: {entry.reason}]")
        elif kind in DEBOUNCED and portal.tolerance.runs_in_a_row > 1 and kind not in before:
            report.waiting.append(sign)
        else:
            report.alarms.append(sign)


def earlier_runs(ledger: Ledger, portal_id: str, run_id: int, most: int = 1500) -> list[Past]:
    """Return the runs of a portal before this one, newest first."""
    rows = ledger.all(
        "SELECT r.started_at, p.report FROM portal_runs p JOIN runs r ON r.id = p.run_id"
        " WHERE p.portal_id = ? AND p.run_id < ? ORDER BY p.run_id DESC LIMIT ?",
        (portal_id, run_id, most),
    )
    return [Past(datetime.fromisoformat(row["started_at"]), json.loads(row["report"])) for row in rows]


def _kind(sign: str) -> str:
    return sign.partition(":")[0]


def _layout(report: PortalReport) -> list[str]:
    """Lists that answer and show no row: "empty list" is never taken for granted."""
    found = [f"layout: {url} answers, but no row is recognised" for url in report.empty_lists]
    if report.rows_seen and not report.rows_valid:
        found.append(f"layout: {report.rows_seen} entries seen, 0 usable")
    return found


def _fetch(report: PortalReport, portal: Portal) -> list[str]:
    asked = sum(report.outcomes.values())
    bad = sum(count for word, count in report.outcomes.items() if word not in FINE)
    if asked < FEWEST_ANSWERS or bad <= portal.tolerance.failed_share * asked:
        return []
    return [f"fetch: {bad} of {asked} answers failed"]


def _shrink(report: PortalReport, portal: Portal, ledger: Ledger, run_id: int) -> list[str]:
    """Rows of lists read to their end, and the length every list announces: neither falls by itself."""
    tolerance = portal.tolerance
    found = []
    if report.coverage == "complete":
        rows = ledger.all(
            "SELECT run_id, sum(rows_valid) AS n FROM lists WHERE portal_id = ? AND run_id < ?"
            " GROUP BY run_id HAVING sum(coverage <> 'complete') = 0 ORDER BY run_id DESC LIMIT ?",
            (portal.id, run_id, MOST_RUNS),
        )
        if len(rows) >= FEWEST_RUNS:
            expected = median(row["n"] for row in rows)
            if report.rows_valid < expected - max(tolerance.rows, tolerance.rows_share * expected):
                found.append(f"shrink: {report.rows_valid} rows, {expected:g} expected")
    for now in ledger.all(
        "SELECT url, announced FROM lists WHERE portal_id = ? AND run_id = ? AND announced IS NOT NULL",
        (portal.id, run_id),
    ):
        rows = ledger.all(
            "SELECT announced FROM lists WHERE portal_id = ? AND url = ? AND run_id < ? AND announced IS NOT"
            " NULL ORDER BY run_id DESC LIMIT ?",
            (portal.id, now["url"], run_id, MOST_RUNS),
        )
        expected = median(row["announced"] for row in rows) if len(rows) >= FEWEST_RUNS else 0
        if expected - now["announced"] > max(1, tolerance.rows_share * expected):
            found.append(f"shrink: {now['url']} has {now['announced']} pages, {expected:g} expected")
    return found


def _body(report: PortalReport, portal: Portal, past: Iterable[Past]) -> list[str]:
    """Pages that came and say nothing: their container may have another name now."""
    read, empty = report.pages_read, report.empty_bodies
    if read < FEWEST_ANSWERS:
        return []
    if empty == read:
        return [f"body: none of {read} pages has the text of a report"]
    shares = [
        one.report["empty_bodies"] / one.report["pages_read"]
        for one in past
        if one.report.get("pages_read", 0) >= FEWEST_ANSWERS
    ][:MOST_RUNS]
    if len(shares) < FEWEST_RUNS or empty / read <= median(shares) + portal.tolerance.body_share:
        return []
    return [f"body: {empty} of {read} pages without the text of a report, {median(shares):.0%} expected"]


def _quiet(report: PortalReport, past: list[Past], now: datetime) -> list[str]:
    """New reports of the last four weeks against the same weeks of earlier years."""
    new = report.new + _new_between(past, now - SEASON, now)
    by_year = []
    for years in range(1, 6):
        end = _years_before(now, years)
        if any(one.at <= end - SEASON for one in past) and any(end - SEASON < one.at <= end for one in past):
            by_year.append(_new_between(past, end - SEASON, end))
    expected = median(by_year) if len(by_year) >= FEWEST_YEARS else 0
    if expected < FEWEST_EXPECTED or new >= expected / 2:
        return []
    return [f"quiet: {new} new reports in four weeks, {expected:g} expected from the years before"]


def _new_between(past: Iterable[Past], start: datetime, end: datetime) -> int:
    return sum(one.report.get("new", 0) for one in past if start < one.at <= end)


def _years_before(now: datetime, years: int) -> datetime:
    day = date(now.year - years, now.month, min(now.day, 28))
    return now.replace(year=day.year, day=day.day)
