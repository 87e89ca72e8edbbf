"""Bytes on their way to the evidence: in memory while small, in a file beyond."""

from __future__ import annotations

import hashlib
import mmap
from io import FileIO
from pathlib import Path

from dmp_certify.evidence.ledger import Ledger, disk_error

IN_MEMORY = 2 << 20


class Spool:
    """Collects bytes; beyond `IN_MEMORY` they go to a file of the ledger's folder.

    Without a ledger everything stays in memory.
    """

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger
        self._memory = bytearray()
        self._file: FileIO | None = None
        self._path = ""
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add `data` at the end. Raises EvidenceError when the disk is full."""
        self.size += len(data)
        if self._file is not None:
            self._digest.update(data)
            self._write_all(data)
            return
        self._memory += data
        if self._ledger is not None and len(self._memory) > IN_MEMORY:
            self._path = self._ledger.temporary()
            self._open()
            self._digest.update(self._memory)
            self._write_all(self._memory)
            self._memory = bytearray()

    def view(self) -> bytearray | mmap.mmap:
        """The bytes so far, without copying them."""
        if self._file is None:
            return self._memory
        return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def keep(self) -> str:
        """Make the bytes a blob of the ledger; its digest."""
        assert self._ledger is not None
        if self._file is None:
            return self._ledger.put(self._memory)
        return self._ledger.adopt(self._path, self._digest.hexdigest())

    def discard(self) -> None:
        """Let go; a file that was not kept is removed."""
        if self._file is not None:
            self._file.close()
            Path(self._path).unlink(missing_ok=True)
            self._file = None
        self._memory = bytearray()

    def _open(self) -> None:
        try:
            self._file = FileIO(self._path, "x+")
        except OSError as error:
            raise disk_error(error, Path(self._path)) from error

    def _write_all(self, data: bytes | bytearray) -> None:
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) or 0 :]
        except OSError as error:
            self.discard()
            raise disk_error(error, Path(self._path)) from error
