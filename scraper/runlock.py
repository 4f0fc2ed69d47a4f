"""One run at a time per data folder.

The lock is the operating system's advisory lock on `DIR/run.lock`: it ends with its process, however that
ends, so a dead owner never blocks the next run. The file's text only says who holds it.
"""

import contextlib
import json
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from scraper.errors import FolderBusyError, StorageError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has msvcrt instead
    fcntl = None  # type: ignore[assignment,unused-ignore]


def _now() -> datetime:
    return datetime.now(UTC)


class RunLock:
    """Context manager that holds the folder; raises `FolderBusyError` when another process does."""

    def __init__(self, data_dir: Path | str, clock: Callable[[], datetime] = _now) -> None:
        self._path = Path(data_dir) / "run.lock"
        self._clock = clock
        self._file: IO[str] | None = None

    def __enter__(self) -> "RunLock":
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"{self._path}: cannot be opened: {error.strerror}") from error
        try:
            _lock(file)
        except OSError as error:
            owner = _owner(self._path)
            file.close()
            raise FolderBusyError(
                self._path.parent, owner.get("pid"), owner.get("host"), owner.get("since")
            ) from error
        self._file = file
        since = self._clock().isoformat(timespec="seconds")
        with contextlib.suppress(OSError):  # a full disk: the folder is held all the same, by nobody named
            file.seek(0)
            file.truncate()
            json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": since}, file)
            file.flush()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.seek(0)
                self._file.truncate()
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def _lock(file: IO[str]) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    import msvcrt  # pragma: no cover

    file.seek(2**20)  # pragma: no cover - a byte far behind the text, so that others can read who holds it
    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # pragma: no cover


def _owner(path: Path) -> dict[str, Any]:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}
