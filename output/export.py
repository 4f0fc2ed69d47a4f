"""A dataset in further formats, written into a folder of the user's choice."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from output.dataset import open_dataset, storage_errors
from output.errors import UnknownFormatError
from output.writers import WRITERS


def export(data_dir: Path, formats: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write the dataset of a data folder in these formats; return the files.

    Files appear under their names when they are complete. Raises UnknownFormatError naming the formats there
    are, NoDatasetError without a dataset, DatasetStorageError when the disk refuses.
    """
    for name in formats:
        if name not in WRITERS:
            raise UnknownFormatError(name, tuple(WRITERS))
    dataset = open_dataset(data_dir)
    done: list[Path] = []
    with storage_errors(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as draft:
            for name in dict.fromkeys(formats):
                for path in WRITERS[name](dataset, Path(draft)):
                    target = folder / path.name
                    shutil.move(path, target)
                    done.append(target)
    return tuple(done)
