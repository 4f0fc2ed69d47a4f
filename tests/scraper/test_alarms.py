"""Alarms against a portal's own past: tolerance, learning, a second run for some, silence with an end."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.alarms import ring
from scraper.ledger import Ledger
from scraper.portals import Portal, Silence, Tolerance
from scraper.report import PortalReport

NOW = datetime(2026, 2, 10, 3, tzinfo=UTC)
LIST = "http://portal.example/zwgk/xxgknb/"


@pytest.fixture
def ledger(data_dir: Path) -> Iterator[Ledger]:
    ledger = Ledger(data_dir)
    yield ledger
    ledger.close()


def enter(ledger: Ledger, at: datetime, announced: int | None = None, **counts: Any) -> int:
    """Enter an earlier run with a report; returns the number of the next run."""
    run = ledger.execute("INSERT INTO runs (started_at) VALUES (?)", (at.isoformat(),))
    ledger.execute("INSERT INTO portal_runs VALUES (?, 'p', ?)", (run, json.dumps(counts)))
    add_list(ledger, run, announced)
    return run + 1


def add_list(ledger: Ledger, run: int, announced: int | None) -> None:
    if announced is not None:
        ledger.execute(
            "INSERT INTO lists VALUES (?, 'p', ?, 2, ?, 10, 10, 'all_known', NULL, 'window', NULL)",
            (run, LIST, announced),
        )


def rung(ledger: Ledger, run: int, report: PortalReport, **settings: Any) -> PortalReport:
    portal = Portal(id="p", name="x", start=[LIST], **settings)
    ring(report, portal, ledger, run, NOW)
    return report


def failing() -> PortalReport:
    return PortalReport("p", "x", outcomes={"ok": 6, "timeout": 4}, coverage="window")


def test_failed_answers_ring_in_the_second_run(ledger: Ledger) -> None:
    first = rung(ledger, 1, failing())
    assert (first.alarms, first.waiting) == ([], ["fetch: 4 of 10 answers failed"])
    run = enter(ledger, NOW - timedelta(days=1), signs=first.signs)
    second = rung(ledger, run, failing())
    assert (second.alarms, second.waiting) == (["fetch: 4 of 10 answers failed"], [])
    assert second.is_failed
    run = enter(ledger, NOW - timedelta(hours=1), signs=[])
    assert rung(ledger, run, failing()).alarms == []


def test_tolerance_is_the_portals_own(ledger: Ledger) -> None:
    assert rung(ledger, 1, failing(), tolerance=Tolerance(failed_share=0.5)).signs == []
    assert rung(ledger, 1, failing(), tolerance=Tolerance(runs_in_a_row=1)).alarms != []


def test_a_silenced_alarm_still_shows_and_rings_again_after_its_end(ledger: Ledger) -> None:
    report = PortalReport("p", "x", empty_lists=[LIST])
    silence = Silence(alarm="layout", until=date(2026, 2, 10), reason="rebuilt until spring")
    quiet = rung(ledger, 1, report, silence=[silence])
    assert quiet.alarms == []
    assert "silenced until 2026-02-10: rebuilt until spring" in quiet.silenced[0]
    over = silence.model_copy(update={"until": date(2026, 2, 9)})
    assert rung(ledger, 1, PortalReport("p", "x", empty_lists=[LIST]), silence=[over]).alarms != []


def test_a_list_that_announces_half_its_pages_rings_after_three_runs(ledger: Ledger) -> None:
    for days in range(3, 0, -1):
        run = enter(ledger, NOW - timedelta(days=days), announced=10)
        if days > 1:
            add_list(ledger, run, 5)
            assert rung(ledger, run, PortalReport("p", "x", coverage="window")).alarms == []
            ledger.execute("DELETE FROM lists WHERE run_id = ?", (run,))
    add_list(ledger, run, 5)
    report = rung(ledger, run, PortalReport("p", "x", coverage="window"))
    assert report.alarms == [f"shrink: {LIST} has 5 pages, 10 expected"]
    assert not report.is_learning


def test_bodies_that_lost_their_text_ring(ledger: Ledger) -> None:
    none = rung(ledger, 1, PortalReport("p", "x", pages_read=5, empty_bodies=5))
    assert none.alarms == ["body: none of 5 pages has the text of a report"]
    assert none.is_learning
    for days in range(3, 0, -1):
        run = enter(ledger, NOW - timedelta(days=days), pages_read=20, empty_bodies=2)
    assert rung(ledger, run, PortalReport("p", "x", pages_read=20, empty_bodies=4)).alarms == []
    more = rung(ledger, run, PortalReport("p", "x", pages_read=20, empty_bodies=5))
    assert more.alarms == ["body: 5 of 20 pages without the text of a report, 10% expected"]


def test_a_season_without_new_reports_is_compared_with_earlier_seasons(ledger: Ledger) -> None:
    for years in (3, 2, 1):
        for days in (60, 20, 5):
            at = NOW.replace(year=NOW.year - years) - timedelta(days=days)
            run = enter(ledger, at, new=6)
    run = enter(ledger, NOW - timedelta(days=1), new=1, signs=["quiet"])
    report = rung(ledger, run, PortalReport("p", "x", new=0))
    assert report.alarms == ["quiet: 1 new reports in four weeks, 12 expected from the years before"]
    assert rung(ledger, run, PortalReport("p", "x", new=7)).signs == []


def test_one_earlier_season_is_too_few(ledger: Ledger) -> None:
    for days in (400, 370):
        run = enter(ledger, NOW - timedelta(days=days), new=30)
    assert rung(ledger, run, PortalReport("p", "x", new=0)).signs == []
