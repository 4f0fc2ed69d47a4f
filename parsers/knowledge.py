"""Access to what is known: data files beside the code, one folder for each part that reads them."""

import csv
import tomllib
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read_toml(name: str, folder: str = "data") -> dict[str, Any]:
    """Return the content of a TOML file of a folder of this package."""
    return tomllib.loads((_FOLDER / folder / name).read_text(encoding="utf-8"))


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of `parsers/data` as dictionaries by column name."""
    with (_FOLDER / "data" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
