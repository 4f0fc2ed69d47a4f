"""Brings committed bytes to the disk beside the crawl, so that no request waits for the disk.

What is committed survives the end of the process at once; what is flushed also survives the end of the power.
The archive is flushed before the ledger, and how far it surely is on the disk is remembered.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scraper.errors import StorageError

flush_data = getattr(os, "fdatasync", os.fsync)  # not on every system; the length is flushed by both


REST_SECONDS = 0.2
"""Pause between two flushes while nobody waits for one: many commits share it."""


class Mark(NamedTuple):
    """A file of the archive and a length of it."""

    file: str
    length: int


class Flusher:
    """A thread that flushes whatever was committed since it last did."""

    def __init__(self, archive: Path, ledger_log: Path, flush: Callable[[int], None] = flush_data) -> None:
        self._archive, self._ledger_log, self._flush = archive, ledger_log, flush
        self._wanted: Mark | None = None
        self._asked = self._reached = 0
        """How often something was asked for, and how often all that was asked until then was flushed."""
        self._error: OSError | None = None
        self._is_closed = False
        self._hurry = threading.Event()
        self._flushed = threading.Condition()
        self.done: Mark | None = None
        """What surely is on the disk."""
        self._thread = threading.Thread(target=self._work, name="flusher", daemon=True)
        self._thread.start()

    def ask(self, mark: Mark) -> None:
        """Have everything up to a mark flushed soon; raises `StorageError` when the disk refused earlier."""
        self._raise()
        self._wanted = mark
        self._asked += 1  # wakes nobody: waking a thread for every commit costs more than the commit

    def wait(self) -> None:
        """Return once everything asked for is on the disk; raises `StorageError` when it cannot be."""
        asked = self._asked
        with self._flushed:
            if self._reached < asked:
                self._hurry.set()
                self._flushed.wait_for(
                    lambda: self._error or not self._thread.is_alive() or self._reached >= asked
                )
        self._raise()

    def close(self) -> None:
        """Flush what is left and end the thread; raises `StorageError` when it cannot be flushed."""
        self._is_closed = True
        self._hurry.set()
        self._thread.join()
        self._raise()

    def _raise(self) -> None:
        if self._error is not None:
            raise StorageError(f"{self._archive}: cannot be written: {self._error.strerror}") from self._error

    def _work(self) -> None:
        while True:
            self._hurry.wait(REST_SECONDS)
            self._hurry.clear()
            is_last, asked, mark = self._is_closed, self._asked, self._wanted
            if mark is not None and mark != self.done:
                try:
                    self._flush_file(self._archive / mark.file)
                    self._flush_file(self._ledger_log)
                except OSError as error:
                    self._error = error
            with self._flushed:
                if not self._error:
                    self.done, self._reached = mark, asked
                self._flushed.notify_all()
            if is_last or self._error:
                return

    def _flush_file(self, path: Path) -> None:
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:  # the log of the ledger was taken into it and removed
            return
        try:
            self._flush(handle)
        finally:
            os.close(handle)
