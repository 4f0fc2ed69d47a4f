"""The gate before publishing: a dataset that lost reports or figures is not published."""

from collections.abc import Iterator
from typing import Any

TOLERANCE = 0.01
"""Share of reports or printed figures that may go without being asked: pages change now and then."""
_SHOWN = 5


def losses(last: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """Return what the new dataset would lose, as sentences; both arguments are the `counts` of manifests.

    Reports never leave the archive, so a loss means that reading got worse or the archive is not the same.
    """
    return tuple(_losses(last, new))


def _losses(last: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for what in ("reports", "figures"):
        before, now = last[what], new[what]
        if before - now > before * TOLERANCE:
            yield f"{what}: {before} before, {now} now ({now - before})"
            yield from _where(what, last, new)


def _where(what: str, last: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Name the portals and years that lose most."""
    after = {(one["portal_id"], one["fiscal_year"]): one[what] for one in new["by_portal_and_year"]}
    gaps = []
    for one in last["by_portal_and_year"]:
        gap = one[what] - after.get((one["portal_id"], one["fiscal_year"]), 0)
        if gap > 0:
            gaps.append((-gap, one["portal_id"], one["fiscal_year"] or 0))
    for gap, portal, year in sorted(gaps)[:_SHOWN]:
        yield f"  portal {portal}, year {year or 'unknown'}: {gap} {what}"
    if len(gaps) > _SHOWN:
        yield f"  and {len(gaps) - _SHOWN} more portals or years"
