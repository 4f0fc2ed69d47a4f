"""One figure back to the paper: the printed table from the archived bytes, the cell marked, its checks."""

import hashlib
import tomllib
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.dataset as pads

from output.compare_text import aligned, number
from output.dataset import Dataset, open_dataset
from output.errors import UnknownReportError
from output.measures import Lang, find_cell
from output.rows import with_source_of_figures
from output.terminal import printable
from parsers.document import Table
from parsers.readers import UnreadableInputError, UnsupportedInputError, read
from scraper.archive import Archive
from scraper.errors import StorageError

_CELL_LIMIT = 16
_RAW_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where one figure comes from."""

    fact: dict[str, Any]
    """The row of `facts`."""
    report: dict[str, Any]
    """The row of `reports`."""
    label_en: str | None
    label_zh: str | None
    table: tuple[tuple[str, ...], ...]
    """The printed table, one text per grid place; empty when it cannot be shown."""
    marked: tuple[int, int] | None
    """Row and column of the cell in `table`."""
    found_sha256: str | None
    """Hash of the bytes the archive holds now; None when they cannot be read."""
    problem: str | None
    """Why the bytes could not be read."""
    findings: tuple[dict[str, Any], ...]


def explain(data_dir: Path, report_id: str, cell: str) -> Explanation:
    """Return where the figure of a cell (`table.row.column`) of a report comes from.

    Raises UnknownReportError naming close matches, NoDatasetError when nothing was built.
    """
    dataset = open_dataset(data_dir)
    report = _report(dataset, report_id)
    fact = _fact(dataset, report_id, cell)
    body, problem = archived_body(data_dir, report)
    table = _printed_table(body, report, fact) if body is not None else None
    labels = {lang: find_cell(cell, lang) for lang in ("en", "zh")}
    return Explanation(
        fact=fact,
        report=report,
        label_en=labels["en"],
        label_zh=labels["zh"],
        table=_grid(table) if table else (),
        marked=(fact["grid_row"], fact["grid_column"]) if table else None,
        found_sha256=None if body is None else hashlib.sha256(body).hexdigest(),
        problem=problem,
        findings=_findings(dataset, report_id, cell),
    )


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Return everything as plain values, instants as ISO text."""
    found: dict[str, Any] = _plain(asdict(explanation))
    return found


def as_text(explanation: Explanation, lang: Lang) -> str:
    """Return the explanation as text for a terminal; nothing from the page can drive it."""
    say = _words(lang)
    facts = [f"{name}: {printable(str(text), _RAW_LIMIT)}" for name, text in _lines(explanation, lang)]
    return (
        "\n".join([*facts, "", *_table_lines(explanation, say), "", *_finding_lines(explanation, lang)])
        + "\n"
    )


def _report(dataset: Dataset, report_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = dataset.table(
        "reports", where=pads.field("report_id") == report_id
    ).to_pylist()
    if not found:
        known = dataset.table("reports", ["report_id"])["report_id"].to_pylist()
        raise UnknownReportError(report_id, tuple(get_close_matches(report_id, known, n=3)))
    return found[0]


def _fact(dataset: Dataset, report_id: str, cell: str) -> dict[str, Any]:
    facts = dataset.table("facts", where=pads.field("report_id") == report_id).to_pylist()
    by_name: dict[str, dict[str, Any]] = {
        f"{fact['table']}.{fact['row']}.{fact['column']}": fact for fact in facts
    }
    if cell not in by_name:
        close = get_close_matches(cell, list(by_name), n=5, cutoff=0.5)
        raise UnknownReportError(f"{report_id} {cell}", tuple(close))
    return by_name[cell]


def _findings(dataset: Dataset, report_id: str, cell: str) -> tuple[dict[str, Any], ...]:
    found = dataset.table("findings", where=pads.field("report_id") == report_id).to_pylist()
    return tuple(finding for finding in found if cell in finding["cells"].split())


def archived_body(data_dir: Path, report: dict[str, Any]) -> tuple[bytes | None, str | None]:
    """Return the bytes the figures of a report were read from, or None and why they cannot be read."""
    source = with_source_of_figures(report)
    try:
        return Archive(data_dir).read_at(source["warc_file"], source["warc_offset"]).body, None
    except StorageError as problem:
        return None, str(problem)


def _printed_table(body: bytes, report: dict[str, Any], fact: dict[str, Any]) -> Table | None:
    """Return the table the figure was read from, if it still prints there what the dataset says."""
    if fact["table_index"] is None:
        return None
    try:
        document = read(body, charset=report["charset"])
    except (UnreadableInputError, UnsupportedInputError):
        return None
    for table in document.tables():
        if table.number == fact["table_index"]:
            texts = {(cell.row, cell.column): cell.text for row in table.rows for cell in row}
            place = (fact["grid_row"], fact["grid_column"])
            return table if texts.get(place) == fact["raw"] else None
    return None


def _grid(table: Table) -> tuple[tuple[str, ...], ...]:
    cells = [cell for row in table.rows for cell in row]
    width = max((cell.column + 1 for cell in cells), default=0)
    height = max((cell.row + 1 for cell in cells), default=0)
    grid = [[""] * width for _ in range(height)]
    for cell in cells:
        grid[cell.row][cell.column] = cell.text
    return tuple(tuple(row) for row in grid)


def _lines(explanation: Explanation, lang: Lang) -> list[tuple[str, str]]:
    say, fact, report = _words(lang), explanation.fact, explanation.report
    label = explanation.label_zh if lang == "zh" else explanation.label_en
    cell = ".".join((fact["table"], fact["row"], fact["column"]))
    lines = [
        (say["cell"], f"{cell}  {label or ''}".strip()),
        (
            say["agency"],
            f"{report['agency'] or '?'}  {report['fiscal_year'] or '?'}  {fact['era'] or ''}".strip(),
        ),
        (say["report"], f"{report['report_id']}  {report['title'] or report['list_title'] or ''}".strip()),
        (say["printed"], repr(fact["raw"]) if fact["raw"] is not None else say["nothing"]),
        (say["status"], f"{fact['status']}: {say['statuses'][fact['status']]}"),
    ]
    if fact["value"] is not None:
        lines.append((say["value"], f"{number(fact['value'])} {fact['unit'] or ''}".strip()))
    if fact["note"]:
        lines.append((say["note"], fact["note"]))
    if fact["method"]:
        lines.append((say["method"], f"{fact['method']}: {say['methods'][fact['method']]}"))
    return [*lines, *_origin_lines(explanation, say)]


def _origin_lines(explanation: Explanation, say: dict[str, Any]) -> list[tuple[str, str]]:
    fact, report = explanation.fact, explanation.report
    lines = []
    if fact["table_index"] is not None:
        place = {"table": fact["table_index"], "row": fact["grid_row"], "column": fact["grid_column"]}
        lines.append((say["place"], say["place_text"].format(**place)))
    lines.append((say["source"], fact["source_url"]))
    if fact["source_url"] != report["source_url"]:  # a file: its page is what a reader is led to
        lines.append((say["page"], report["source_url"]))
    lines.append((say["fetched"], _plain(fact["fetched_at"])))
    lines.append((say["archive"], f"archive/{fact['warc_file']} @ {fact['warc_offset']}"))
    lines.append((say["hash"], f"{fact['sha256']}  {_verdict(explanation, say)}"))
    if not report["is_current"]:
        lines.append((say["version"], f"{report['version']}: {say['superseded']}"))
    if report["removed_at"] is not None:
        lines.append((say["version"], say["removed"].format(when=_plain(report["removed_at"]))))
    return lines


def _verdict(explanation: Explanation, say: dict[str, Any]) -> str:
    if explanation.found_sha256 is None:
        return str(say["unreadable"].format(reason=explanation.problem))
    if explanation.found_sha256 != explanation.fact["sha256"]:
        return str(say["altered"].format(found=explanation.found_sha256))
    return str(say["verified"])


def _table_lines(explanation: Explanation, say: dict[str, Any]) -> list[str]:
    if explanation.marked is None:
        return [say["no_cell"] if explanation.fact["table_index"] is None else say["moved"]]
    rows = []
    for place, row in enumerate(explanation.table):
        shown = [printable(text.replace("\n", " "), _CELL_LIMIT) for text in row]
        if place == explanation.marked[0]:
            shown[explanation.marked[1]] = f"»{shown[explanation.marked[1]]}«"
        rows.append([str(place), *shown])
    return [say["table"], *aligned(rows)]


def _finding_lines(explanation: Explanation, lang: Lang) -> list[str]:
    say = _words(lang)
    if not explanation.findings:
        return [say["no_findings"]]
    lines = []
    for finding in explanation.findings:
        head = f"  {finding['rule']} {finding['severity']} ({finding['origin']})"
        lines.append(f"{head}: {printable(finding[f'message_{lang}'], 300)}")
    return [say["findings"], *lines]


@cache
def _words(lang: str) -> dict[str, Any]:
    path = Path(__file__).with_name("explain_words.toml")
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))[lang]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)
