"""The files beside the tables: CSV copies, descriptions, and the manifest (hashes, versions, counts)."""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from output.codebook import codebook, data_package
from output.dataset import Dataset
from output.schema import schema_digest, tables
from output.writers.csv import write_csv

FORMAT = 1
"""Raised when columns change their meaning or go; new columns do not raise it."""
_WRITTEN_BY = ("gongkai", "pyarrow", "pandas")


def finish_folder(folder: Path, counts: dict[str, Any], parser_version: str) -> dict[str, Any]:
    """Write everything that follows from the Parquet files; return the manifest.

    There is no time in it: the same archive gives the same manifest.
    """
    write_csv(Dataset(folder), folder)
    (folder / "CODEBOOK.md").write_text(codebook(), encoding="utf-8")
    _write_json(folder / "datapackage.json", data_package(_hashes(folder)), 5)  # a field on each line
    manifest = {
        "format": FORMAT,
        "schema": schema_digest(),
        "parser_version": parser_version,
        "written_by": {name: _version(name) for name in _WRITTEN_BY},
        "tables": {
            name: {"columns": len(table.columns), **counts["rows"][name]} for name, table in tables().items()
        },
        "counts": {key: value for key, value in counts.items() if key != "rows"},
        "files": _hashes(folder),
    }
    _write_json(folder / "manifest.json", manifest, 3)  # a file, a portal and year on each line
    return manifest


def _write_json(path: Path, content: dict[str, Any], levels: int) -> None:
    path.write_text(_printed(content, levels) + "\n", encoding="utf-8")


def _printed(value: Any, levels: int, indent: str = "") -> str:
    """Return JSON with lists and objects of so many levels opened up: what is deeper stands in one line."""
    if not levels or not value or not isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    if isinstance(value, dict):
        shown = (f"{json.dumps(key)}: {_printed(one, levels - 1, inner)}" for key, one in value.items())
        brackets = "{}"
    else:
        shown = (_printed(one, levels - 1, inner) for one in value)
        brackets = "[]"
    lines = ",\n".join(inner + line for line in shown)
    return f"{brackets[0]}\n{lines}\n{indent}{brackets[1]}"


def _hashes(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.name: _hash(path) for path in sorted(folder.iterdir())}


def _hash(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # run from a checkout
        return None
