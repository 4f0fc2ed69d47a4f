"""Access to what is known about titles, sections, agencies and regions: data files beside the code."""

import csv
import tomllib
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")


def read_toml(name: str) -> dict[str, Any]:
    """Return the content of a TOML file of `parsers/data`."""
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of `parsers/data` as dictionaries by column name."""
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
