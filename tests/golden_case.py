"""One golden folder: its input, what the parser finds in it and what is expected.

`python -m tests.golden_case FOLDER` prints what the parser finds as facts.csv and findings.csv. Read it
against the input and correct it: what is expected is what a careful reader finds, never what the parser says.
"""

import csv
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from parsers.records import Fact, Finding, Hints, Report
from parsers.report import parse_strict

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
FACT_COLUMNS = ("table", "row", "column", "status", "value", "method", "note")
FINDING_COLUMNS = ("rule", "severity")


def load(folder: Path) -> tuple[dict[str, Any], Report]:
    """Return what the folder expects and what the parser makes of its one input."""
    meta = read_meta(folder)
    inputs = sorted(folder.glob("input.*"))
    if len(inputs) != 1:
        raise ValueError(f"{folder}: exactly one input.* expected, found {len(inputs)}")
    hints = Hints(**meta.get("hints", {}))
    return meta, parse_strict(inputs[0].read_bytes(), path=inputs[0].name, hints=hints)


def read_meta(folder: Path) -> dict[str, Any]:
    """Return the content of meta.toml, empty where there is none yet."""
    path = folder / "meta.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def read_rows(path: Path) -> list[dict[str, str]] | None:
    """Return the rows of an expected table, None where the folder does not have it."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_facts(facts: Iterable[Fact], stream: TextIO) -> None:
    """Write facts as the rows of facts.csv."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FACT_COLUMNS)
    for fact in facts:
        value = "" if fact.value is None else fact.value
        writer.writerow([*fact.key, fact.status, value, fact.method or "", fact.note or ""])


def write_findings(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write findings as the rows of findings.csv, with the sentence they say behind."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*FINDING_COLUMNS, "says"])
    writer.writerows([finding.rule, finding.severity, finding.message_en] for finding in findings)


def main(arguments: list[str]) -> int:
    """Print what the parser finds in a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tests.golden_case FOLDER", file=sys.stderr)
        return 2
    _, report = load(Path(arguments[0]))
    identity = report.identity
    print(f"# outcome {report.outcome}, era {report.era}, {report.error or 'no error'}")
    print(f"# title {identity.title!r}, agency {identity.agency!r}, year {identity.fiscal_year}")
    print(f"# published {identity.published_on}, sections {[s.number for s in report.sections]}")
    print(f"# notes {list(report.reading.notes)}")
    print("# expected/facts.csv")
    write_facts(report.facts, sys.stdout)
    print("# expected/findings.csv")
    write_findings(report.findings, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
