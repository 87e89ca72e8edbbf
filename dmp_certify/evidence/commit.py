"""Group commit: what is already written reaches the disk together, behind the traffic."""

from __future__ import annotations

import os
import threading
from pathlib import Path


class GroupCommit:
    """Brings files and then the ledger to stable storage, in that order.

    A background thread does so at most `interval` seconds after the first `note`; `sync` does
    it now. An error of the disk is kept and raised by the next `sync` or `check` (OSError).
    """

    def __init__(self, ledger_fd: int, blobs: Path, interval: float) -> None:
        self._ledger_fd = ledger_fd
        self._blobs = blobs
        self._interval = interval
        self._pending: list[Path] = []
        self._dirty = threading.Event()
        self._stopped = threading.Event()
        self._mutex = threading.Lock()
        self._disk = threading.Lock()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-commit", daemon=True)
        self._thread.start()

    def note(self, blob: Path | None = None) -> None:
        """Something was written: a blob, or a line of the ledger when `blob` is None."""
        if blob is not None:
            with self._mutex:
                self._pending.append(blob)
        self._dirty.set()

    def check(self) -> None:
        """Raise the error that a background commit met, if any."""
        if self._error is not None:
            raise self._error

    def sync(self) -> None:
        """Return once everything noted so far is on stable storage."""
        with self._disk:
            self._dirty.clear()
            with self._mutex:
                batch, self._pending = self._pending, []
            for path in batch:
                _fsync_path(path)
            if batch:
                _fsync_path(self._blobs)
            os.fdatasync(self._ledger_fd)

    def close(self) -> None:
        """Stop the thread and commit the rest."""
        self._stopped.set()
        self._dirty.set()
        self._thread.join()
        self.sync()

    def _run(self) -> None:
        while True:
            self._dirty.wait()
            if self._stopped.wait(self._interval):
                return
            try:
                self.sync()
            except OSError as error:
                self._error = error
                return


def _fsync_path(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
