"""CSV: UTF-8 with byte-order mark, so that spreadsheet programs show Chinese; no cell can run as a formula.

A text cell that starts with a character a spreadsheet would take for a formula (also after white space, also
in its full-width form) is written with an apostrophe in front; so is a text that itself starts with an
apostrophe. Removing one leading apostrophe from any cell therefore gives the text back. Figures stay figures.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from output.schema import TableSchema, tables
from output.writers.source import TableSource

_BOM = b"\xef\xbb\xbf"
_DANGEROUS = r"^(?:'|[\t\r\n]|[\s\p{Z}\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹣﹢﹦﹫])"
_OPTIONS = csv.WriteOptions(include_header=True, quoting_style="needed")


def write_csv(source: TableSource, folder: Path) -> tuple[Path, ...]:
    """Write `<table>.csv` for every table; return the files."""
    written = []
    for name, table in tables().items():
        path = folder / f"{name}.csv"
        with path.open("wb") as file:
            write_csv_table(file, table, source.batches(name))
        written.append(path)
    return tuple(written)


def write_csv_table(file: BinaryIO, table: TableSchema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write one table into an open binary file."""
    file.write(_BOM)
    with csv.CSVWriter(file, _printed_schema(table), write_options=_OPTIONS) as writer:
        for batch in batches:
            writer.write_batch(_printed(table, batch))


def safe_text(texts: pa.Array) -> pa.Array:
    """Return texts that no spreadsheet program runs as a formula, NUL characters removed."""
    if texts.null_count == len(texts):
        return texts
    encoded = texts.dictionary_encode()  # most texts stand in many rows and are looked at once
    known = pc.replace_substring(encoded.dictionary, "\x00", "")
    dangerous = pc.match_substring_regex(known, _DANGEROUS)
    safe = pc.if_else(dangerous, pc.binary_join_element_wise("'", known, ""), known)
    return safe.take(encoded.indices)


def safe_cell(text: str) -> str:
    """Return one text as `safe_text` writes it."""
    if text[:1].isalnum() and "\x00" not in text:
        return text
    cell: str = safe_text(pa.array([text], pa.string()))[0].as_py()
    return cell


def _printed_schema(table: TableSchema) -> pa.Schema:
    as_text = {"string", "timestamp"}
    return pa.schema([(c.name, pa.string() if c.type in as_text else c.arrow) for c in table.columns])


def _printed(table: TableSchema, batch: pa.RecordBatch) -> pa.RecordBatch:
    arrays = []
    for column, array in zip(table.columns, batch.columns, strict=True):
        if column.type == "string":
            array = safe_text(array)
        elif column.type == "timestamp":
            array = _iso(array)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=_printed_schema(table))


def _iso(moments: pa.Array) -> pa.Array:
    text = pc.cast(pc.cast(moments, pa.timestamp("ms")), pa.timestamp("s"), safe=False).cast(pa.string())
    return pc.binary_join_element_wise(pc.replace_substring(text, " ", "T"), "Z", "")
