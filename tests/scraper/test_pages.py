"""Which known pages are looked at again, and when."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scraper.families.base import Row
from scraper.ledger import Ledger
from scraper.pages import Pages, season_start

IN_SEASON = datetime(2026, 2, 2, tzinfo=UTC)
LATER = datetime(2026, 9, 2, tzinfo=UTC)


def due_after(data_dir: Path, first: datetime, days: int) -> set[str]:
    """Enter a page of this year and one of an earlier year, both fetched, and ask days later what is due."""
    with closing(Ledger(data_dir)) as ledger, ledger.transaction():
        pages = Pages(ledger, "p", 1)
        for name, date in (("old", "2024-01-17"), ("new", "2026-01-17")):
            pages.list_row(Row(f"http://x.cn/{name}", name, date, date, 1), "page", "http://x.cn/", first)
        for page in list(pages.due("page")):
            pages.close(page, "ok", None, first, validators=(None, None))
        again = Pages(ledger, "p", 2)
        again.mark_due(first + timedelta(days=days), lists_complete=False, deep=False)
        return {page.url.rpartition("/")[2] for page in again.due("page")}


@pytest.mark.parametrize(
    ("first", "days", "expected"),
    [
        (IN_SEASON, 2, set()),
        (IN_SEASON, 4, {"new"}),
        (IN_SEASON, 8, {"old", "new"}),
        (LATER, 4, set()),
        (LATER, 8, {"old", "new"}),
    ],
)
def test_reports_of_the_season_are_looked_at_more_often(
    data_dir: Path, first: datetime, days: int, expected: set[str]
) -> None:
    assert due_after(data_dir, first, days) == expected


def test_the_season_is_that_of_the_portals() -> None:
    assert season_start(datetime(2025, 12, 31, 17, tzinfo=UTC)) == "2026-01-01"
    assert season_start(datetime(2026, 4, 30, 17, tzinfo=UTC)) is None
