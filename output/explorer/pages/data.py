"""Downloads, codebook, method, how to cite, glossary."""

from pathlib import Path
from typing import Any

from output.dataset import open_dataset
from output.explorer.words import Words
from output.indicators import load_indicators
from output.measures import find_measure
from output.schema import tables
from parsers.checks.catalogue import RULES


def dataset_files(data_dir: Path) -> dict[str, int]:
    """Return the files of the dataset that may be downloaded, with their size."""
    manifest = open_dataset(data_dir).manifest()
    sizes = {name: entry["bytes"] for name, entry in manifest["files"].items()}
    folder = open_dataset(data_dir).folder
    return {**sizes, "manifest.json": (folder / "manifest.json").stat().st_size}


def data_page(data_dir: Path, words: Words, mark: str, sizes: dict[str, int]) -> dict[str, Any]:
    """Return the context of the page on data and method; `sizes` are the files that can be downloaded."""
    manifest = open_dataset(data_dir).manifest()
    return {
        "manifest": manifest,
        "tables": [
            (
                name,
                words["tables_of"].get(name, table.zh if words.lang == "zh" else table.en),
                manifest["tables"][name]["rows"],
            )
            for name, table in tables().items()
            if f"{name}.parquet" in sizes
        ],
        "sizes": sizes,
        "citation": words.say(
            "cite_text",
            version=manifest["written_by"]["gongkai"] or "0",
            reports=manifest["tables"]["reports"]["rows"],
            parser=manifest["parser_version"],
            hash=mark.partition("-")[2],
        ),
        "indicators": [find_measure(code, words.lang) for code in load_indicators().by_code()],
        "rules": RULES,
    }


def megabytes(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 1e6:.1f}\u00a0MB" if size >= 100_000 else f"{max(size / 1e3, 0.1):.1f}\u00a0kB"
