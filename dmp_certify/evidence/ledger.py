"""The append-only record of a run: hash-chained lines and content-addressed blobs.

A folder holds `ledger.jsonl` and `blobs/<sha256 hex>`. A blob is complete under its own name
before a line names it, and a line is in the kernel's hands before `append` returns: killing the
process loses nothing that was appended. Power loss is covered by group commit, see
`docs/adr/0002-evidence-durability.md`.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from dmp_certify import clock
from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.commit import GroupCommit
from dmp_certify.evidence.entry import GENESIS, PACED_KINDS, Entry, JsonValue, encode
from dmp_certify.evidence.recovery import PARTIAL, Tail, recover

LEDGER = "ledger.jsonl"
BLOBS = "blobs"
# Stable storage follows the traffic at its first pause, and at the latest after so long.
COMMIT_IDLE_SECONDS = 0.25
COMMIT_LONGEST_SECONDS = 2.0


class Ledger:
    """Writes one evidence folder. Thread-safe; one process at a time holds a folder.

    `create` and `reopen` are the ways in; use it as a context manager or `close` it.
    Every method raises EvidenceError when the disk does not take what it is given.
    `counts` holds the number of entries of each kind, those of earlier openings included.
    """

    def __init__(self, folder: Path, fd: int, tail: Tail, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self._blobs = folder / BLOBS
        self._fd = fd
        self._seq = tail.seq
        self._prev = tail.prev
        self.counts = Counter(tail.counts)
        self._now = now
        self._size = os.fstat(fd).st_size
        self._lock = threading.Lock()
        self._known: set[str] = {path.name for path in self._blobs.iterdir()}
        self._temporary = 0
        self._broken = ""
        self._commit = GroupCommit(fd, self._blobs, COMMIT_IDLE_SECONDS, COMMIT_LONGEST_SECONDS)

    @classmethod
    def create(cls, folder: Path, now: Callable[[], datetime] = clock.now) -> Ledger:
        """A new ledger in `folder`, which is made if need be and must be empty."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise EvidenceError(
                    f"the evidence folder {folder} is not empty; choose another one, "
                    "or resume the run that it holds"
                )
            (folder / BLOBS).mkdir()
            fd = os.open(folder / LEDGER, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600)
        except OSError as error:
            raise disk_error(error, folder) from error
        _lock_file(fd, folder)
        return cls(folder, fd, Tail(0, GENESIS, 0, 0, {}), now)

    @classmethod
    def reopen(cls, folder: Path, now: Callable[[], datetime] = clock.now) -> Ledger:
        """Go on with the ledger in `folder`; a torn tail is dropped, and a `resumed` entry says so.

        Raises EvidenceError when the chain does not hold or another process writes the ledger.
        """
        try:
            fd = os.open(folder / LEDGER, os.O_RDWR | os.O_APPEND)
        except OSError as error:
            raise disk_error(error, folder) from error
        _lock_file(fd, folder)
        try:
            tail = recover(folder / LEDGER, folder / BLOBS)
            os.ftruncate(fd, tail.size)
        except EvidenceError:
            os.close(fd)
            raise
        ledger = cls(folder, fd, tail, now)
        ledger.append("resumed", dropped_bytes=tail.dropped_bytes)
        return ledger

    def put(self, data: bytes | bytearray | memoryview) -> str:
        """Store `data`; its SHA-256 in hex, which names the blob."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._known:
            return digest
        temporary = self.temporary()
        try:
            # Plain system calls: this runs for every exchange, before its answer leaves.
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write_all(fd, data)
            finally:
                os.close(fd)
        except OSError as error:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise disk_error(error, Path(temporary)) from error
        return self.adopt(temporary, digest)

    def temporary(self) -> str:
        """A free path in the folder, to write a large blob piece by piece before `adopt`."""
        with self._lock:
            self._temporary += 1
            return f"{self._blobs}/{PARTIAL}{os.getpid()}-{self._temporary}"

    def adopt(self, temporary: str, digest: str) -> str:
        """Make the complete file `temporary`, whose SHA-256 is `digest`, a blob."""
        final = f"{self._blobs}/{digest}"
        try:
            os.rename(temporary, final)  # noqa: PTH104 - in the path of every exchange
        except OSError as error:
            raise disk_error(error, Path(final)) from error
        self._known.add(digest)
        self._commit.note(final)
        return digest

    def append(self, kind: str, **fields: JsonValue) -> Entry:
        """Write one entry; on return it survives the death of this process.

        Entries that do not belong to the traffic are on stable storage too.
        """
        with self._lock:
            self._check()
            at = clock.iso(self._now())
            line = encode(self._seq, self._prev, at, kind, fields)
            self._write(line + b"\n")
            digest = hashlib.sha256(line).hexdigest()
            entry = Entry(self._seq, self._prev, at, kind, fields, digest)
            self._seq += 1
            self._prev = digest
            self.counts[kind] += 1
        if kind in PACED_KINDS:
            self._commit.note()
        else:
            self.sync()
        return entry

    def sync(self) -> None:
        """Return once everything appended so far is on stable storage."""
        try:
            self._commit.sync()
        except OSError as error:
            self._broken = str(error)
            raise disk_error(error, self.folder) from error

    def close(self) -> None:
        """Commit and let go of the folder. Closing twice is harmless."""
        with self._lock:
            if self._fd < 0:
                return
            fd, self._fd = self._fd, -1
        try:
            for path in self._blobs.glob(f"{PARTIAL}*"):
                path.unlink()
            self._commit.close()
        except OSError as error:
            raise disk_error(error, self.folder) from error
        finally:
            os.close(fd)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self) -> None:
        if self._fd < 0:
            raise EvidenceError(f"the ledger in {self.folder} is closed")
        if self._broken:
            raise EvidenceError(
                f"the ledger in {self.folder} stopped at an earlier fault of the disk "
                f"({self._broken}); free the disk and resume the run"
            )
        try:
            self._commit.check()
        except OSError as error:
            self._broken = str(error)
            raise disk_error(error, self.folder) from error

    def _write(self, data: bytes) -> None:
        written = 0
        try:
            while written < len(data):
                written += os.write(self._fd, data[written:])
        except OSError as error:
            # A half-written line would break the chain for the entries that follow.
            try:
                os.ftruncate(self._fd, self._size)
            except OSError:
                self._broken = str(error)
            raise disk_error(error, self.folder / LEDGER) from error
        self._size += written


def _write_all(fd: int, data: bytes | bytearray | memoryview) -> None:
    written = os.write(fd, data)
    while written < len(data):
        written += os.write(fd, memoryview(data)[written:])


def _lock_file(fd: int, folder: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise EvidenceError(
            f"another process writes the evidence in {folder}; wait for it to end, "
            "or choose another folder"
        ) from error


def disk_error(error: OSError, path: Path) -> EvidenceError:
    """What `error` means to a user whose evidence goes to `path`."""
    what = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EvidenceError(
            f"no room to record evidence in {path} ({what}); free some space, "
            "then go on with `run --resume`"
        )
    if error.errno == errno.ENOENT:
        return EvidenceError(f"no evidence at {path} ({what}); check the path of the run")
    return EvidenceError(
        f"evidence cannot be written or read at {path} ({what}); check the disk and its rights"
    )
