"""Group commit: what is already written reaches the disk together, behind the traffic."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from pathlib import Path

# Beyond so many files one flush of the file system costs less than a flush of each.
_FEW = 16


class GroupCommit:
    """Brings files and then the ledger to stable storage, in that order.

    A background thread does so once nothing was noted for `idle` seconds, and at the latest
    `longest` seconds after the first `note`; `sync` does it now. An error of the disk is kept
    and raised by the next `check` (OSError).
    """

    def __init__(self, ledger_fd: int, blobs: Path, idle: float, longest: float) -> None:
        self._ledger_fd = ledger_fd
        self._blobs = str(blobs)
        self._idle = idle
        self._longest = longest
        self._pending: list[str] = []
        self._last_note = 0.0
        self._dirty = threading.Event()
        self._stopped = threading.Event()
        self._mutex = threading.Lock()
        self._disk = threading.Lock()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-commit", daemon=True)
        self._thread.start()

    def note(self, blob: str | None = None) -> None:
        """Something was written: a blob, or a line of the ledger when `blob` is None."""
        if blob is not None:
            with self._mutex:
                self._pending.append(blob)
        self._last_note = time.monotonic()
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
            if len(batch) <= _FEW or not _flush_file_system(self._ledger_fd):
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
        while not self._stopped.is_set():
            self._dirty.wait()
            if not self._pause():
                return
            try:
                self.sync()
            except OSError as error:
                self._error = error
                return

    def _pause(self) -> bool:
        """Wait for the traffic to pause; False when there is nothing more to wait for."""
        end = time.monotonic() + self._longest
        while True:
            now = time.monotonic()
            left = min(self._last_note + self._idle, end) - now
            if left <= 0:
                return True
            if self._stopped.wait(left):
                return False


def _fsync_path(path: str) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _flush_file_system(fd: int) -> bool:
    """Flush the file system of `fd` (Linux); False where that is not to be had."""
    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return False
    if syncfs(fd) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return True
