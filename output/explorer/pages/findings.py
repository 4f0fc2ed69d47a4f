"""Findings by rule, severity, region and year, each in plain words with both numbers."""

import re
from typing import Any, NamedTuple

from output.explorer.index import NO_REGION
from output.explorer.store import FINDING_QUERY, Finding, Store, bounds
from output.explorer.words import Words
from parsers.checks.catalogue import RULES

PAGE_SIZE = 60


class Filters(NamedTuple):
    """What the reader asked for; empty text means everything."""

    rule: str = ""
    severity: str = ""
    region: str = ""
    year: str = ""

    def condition(self) -> tuple[str, list[Any]]:
        """Return the SQL condition and its parameters."""
        parts = ["1"]
        values: list[Any] = []
        for column, value in (("rule", self.rule), ("severity", self.severity)):
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        if self.year:
            parts.append("fiscal_year = ?")
            values.append(int(self.year) if re.fullmatch(r"[0-9]{1,4}", self.year) else -1)
        if self.region:
            parts.append("region_code >= ? AND region_code < ?")
            values.extend(bounds(self.region))
        return " AND ".join(parts), values


def findings_page(store: Store, words: Words, filters: Filters, page: int) -> dict[str, Any]:
    """Return the context of one page of findings, loudest first."""
    count = count_findings(store, filters)
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return {
        "filters": filters,
        "count": count,
        "page": page,
        "pages": pages,
        "page_size": PAGE_SIZE,
        "findings": some_findings(store, filters, PAGE_SIZE, (page - 1) * PAGE_SIZE),
        "choices": choices(store, words),
        "rules": RULES,
    }


def count_findings(store: Store, filters: Filters) -> int:
    """Return how many findings the filters let through."""
    where, values = filters.condition()
    return int(store.fixed(f"SELECT total(findings) FROM choice WHERE {where}", *values)[0][0])


def all_findings(store: Store, filters: Filters) -> list[Finding]:
    """Return every finding the filters let through."""
    return some_findings(store, filters, -1, 0)


def choices(store: Store, words: Words) -> dict[str, list[tuple[str, str]]]:
    """Return what can be asked for: (value, name) by filter."""
    rules = [rule for (rule,) in store.fixed("SELECT DISTINCT rule FROM choice ORDER BY 1")]
    years = store.fixed("SELECT DISTINCT fiscal_year FROM choice WHERE fiscal_year NOT NULL ORDER BY 1 DESC")
    regions = store.fixed("SELECT code, name FROM region ORDER BY code")
    chinese = words.lang == "zh"
    return {
        "severity": [(code, words.name("severities", code)) for code in ("error", "warning", "info")],
        "rule": [
            (
                code,
                f"{code} {RULES[code].title[chinese] if code in RULES else ''}",
            )
            for code in rules
        ],
        "region": [(code, _region(words, code, name)) for code, name in regions],
        "year": [(str(year), str(year)) for (year,) in years],
    }


def _region(words: Words, code: str, name: str) -> str:
    if code == NO_REGION:
        return str(words["no_region"])
    return f"{code} {name}" if name != code else code


def some_findings(store: Store, filters: Filters, limit: int, offset: int) -> list[Finding]:
    """Return a page of what the filters let through, loudest first; limit -1 means all."""
    where, values = filters.condition()
    # The page is cut out of the index first, so that the last page costs no more than the first.
    chosen = (
        f"SELECT number FROM finding WHERE shown = 1 AND {where} "
        "ORDER BY loudness DESC, number LIMIT ? OFFSET ?"
    )
    sql = f"{FINDING_QUERY} WHERE finding.number IN ({chosen}) ORDER BY loudness DESC, finding.number"
    return [store.finding(row) for row in store.query(sql, [*values, limit, offset])]
