"""The folder `DIR/dataset`: written beside the old one, then exchanged with it in one step.

`renameat2(RENAME_EXCHANGE)` swaps the two folders at once where the system has it (Linux). Elsewhere the old
folder is moved aside, the new one moved in, and a run that was killed between the two is repaired by the next
one. Whatever happens, no file of a finished dataset is ever changed.
"""

import ctypes
import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from output.errors import DatasetStorageError, NoDatasetError, OtherVersionError
from output.schema import schema_digest

FOLDER = "dataset"
_NEW = "dataset.new-"
_OLD = "dataset.old-"
_BATCH_ROWS = 10_000
_BATCH_BYTES = 4 * 2**20
"""Rows given out at once: so many, or fewer where they hold long texts."""
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Dataset:
    """A finished dataset on disk."""

    def __init__(self, folder: Path) -> None:
        """Open a folder that holds the files of a dataset."""
        self.folder = folder

    def manifest(self) -> dict[str, Any]:
        """Return the manifest: hashes, versions, counts."""
        manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return manifest

    def batches(self, name: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a table in the order written, without holding all of them."""
        with pq.ParquetFile(self.folder / f"{name}.parquet") as file:
            yield from file.iter_batches(_rows_at_once(file.metadata), columns=columns, use_threads=False)

    def table(
        self, name: str, columns: list[str] | None = None, where: pads.Expression | None = None
    ) -> pa.Table:
        """Return rows of a table, chosen columns only and filtered while reading."""
        source = pads.dataset(self.folder / f"{name}.parquet", format="parquet")
        return source.to_table(columns=columns, filter=where, use_threads=False)

    def frame(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a table as a frame with the dtypes of the schema."""
        return pd.read_parquet(self.folder / f"{name}.parquet", columns=columns)


def _rows_at_once(metadata: pq.FileMetaData) -> int:
    size: int = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    rows: int = metadata.num_rows
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES * rows // max(size, 1)))


def open_dataset(data_dir: Path) -> Dataset:
    """Return the dataset of a data folder.

    Raises NoDatasetError when none was built, OtherVersionError when it has other columns than this version.
    """
    if last_manifest(data_dir).get("schema") != schema_digest():
        raise OtherVersionError(data_dir)
    return Dataset(data_dir / FOLDER)


def last_manifest(data_dir: Path) -> dict[str, Any]:
    """Return the manifest of the dataset there is, whichever version wrote it; raises NoDatasetError."""
    if not (data_dir / FOLDER / "manifest.json").is_file():
        raise NoDatasetError(data_dir)
    return Dataset(data_dir / FOLDER).manifest()


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn refusals of the disk into DatasetStorageError."""
    try:
        yield
    except OSError as problem:
        raise DatasetStorageError(f"cannot write {what}: {problem.strerror or problem}") from problem
    except sqlite3.OperationalError as problem:
        raise DatasetStorageError(f"cannot write {what}: {problem}") from problem


@contextmanager
def draft(data_dir: Path) -> Iterator[Path]:
    """Give an empty folder for the new dataset and take it away again unless it was published."""
    recover(data_dir)
    folder = data_dir / f"{_NEW}{os.getpid()}"
    with storage_errors(str(folder)):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, data_dir: Path) -> None:
    """Make a finished draft the dataset; readers see the old one or the new one, never a mixture of files."""
    with storage_errors(str(folder)):
        _flush(folder)
        target = data_dir / FOLDER
        if not target.exists():
            folder.rename(target)
        elif not _exchange(folder, target):
            aside = data_dir / f"{_OLD}{os.getpid()}"
            target.rename(aside)
            folder.rename(target)
            shutil.rmtree(aside, ignore_errors=True)
        _flush_folder(data_dir)


def recover(data_dir: Path) -> None:
    """Repair what a killed run left: put a dataset moved aside back, remove drafts of dead runs."""
    if not data_dir.is_dir():
        return
    for aside in sorted(data_dir.glob(f"{_OLD}*")):
        if not (data_dir / FOLDER).exists():
            aside.rename(data_dir / FOLDER)
        else:
            shutil.rmtree(aside, ignore_errors=True)
    for folder in data_dir.glob(f"{_NEW}*"):
        if not _is_alive(folder.name.removeprefix(_NEW)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system or the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    done = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _flush(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
