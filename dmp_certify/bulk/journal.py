"""The results file: one JSON line a document, written as it is done, resumed after a kill.

Nothing grows with the number of documents but the set of 16-byte digests of finished names that
`--resume` needs (150,000 documents: about 15 MB).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from dmp_certify.errors import ConfigurationError, EvidenceError


class Journal:
    """Appends result lines; `done(key)` says whether a document has its line already."""

    def __init__(self, file: Path, *, resume: bool) -> None:
        self.file = file
        if file.exists() and not resume and file.stat().st_size:
            raise ConfigurationError(
                f"{file} holds results already: add --resume to go on, or name another --out"
            )
        self._done: set[bytes] = set()
        kept = 0
        if resume and file.exists():
            for line in lines(file):
                self._done.add(_digest(line["document"]))
                kept += 1
            _cut_torn_tail(file)
        self.resumed = kept
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream: IO[str] = file.open("a", encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"cannot write {file} ({error.strerror}); choose another file with --out"
            ) from error

    def done(self, key: str) -> bool:
        """Whether the document's line stands in the file."""
        return _digest(key) in self._done

    def add(self, line: dict[str, Any]) -> bool:
        """Write one line; False when the document has one already (counted once, never twice)."""
        digest = _digest(line["document"])
        if digest in self._done:
            return False
        try:
            self._stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._stream.flush()
        except OSError as error:
            raise EvidenceError(
                f"cannot write {self.file}: {error}; free some room and run again with --resume"
            ) from error
        self._done.add(digest)
        return True

    def close(self) -> None:
        """Force what is written to the disk."""
        with contextlib.suppress(OSError):
            os.fsync(self._stream.fileno())
        self._stream.close()


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a results file; a torn last one is left out."""
    with file.open("rb") as stream:
        for raw in stream:
            if not raw.endswith(b"\n"):
                return
            try:
                line = json.loads(raw)
            except ValueError as error:
                raise ConfigurationError(f"{file}: not a results file ({error})") from None
            if not isinstance(line, dict) or "document" not in line:
                raise ConfigurationError(f"{file}: not a results file (a line has no document)")
            yield line


def _cut_torn_tail(file: Path) -> None:
    with file.open("rb+") as stream:
        whole = 0
        for raw in stream:
            if not raw.endswith(b"\n"):
                break
            whole += len(raw)
        stream.truncate(whole)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).digest()
