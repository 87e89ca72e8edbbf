"""Evidence, read-only and verified: the judge's only source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import GENESIS, HEX_DIGEST, Entry
from dmp_certify.evidence.recovery import PARTIAL, chain, digest_of


class Evidence:
    """The entries and blobs of one evidence folder, whose chain and digests hold."""

    def __init__(self, folder: Path, entries: tuple[Entry, ...]) -> None:
        self.folder = folder
        self.entries = entries

    @classmethod
    def open(cls, folder: Path) -> Evidence:
        """Read and verify `folder`. Raises EvidenceError that says what is wrong and where."""
        ledger = folder / "ledger.jsonl"
        try:
            data = ledger.read_bytes()
        except OSError as error:
            raise EvidenceError(
                f"no ledger at {ledger} ({error.strerror}); give the folder that holds it"
            ) from error
        if data and not data.endswith(b"\n"):
            raise EvidenceError(
                f"{ledger} ends in the middle of a line: its writer was stopped; "
                "resume the run before reading it"
            )
        entries = tuple(entry for entry, _ in chain(data))
        evidence = cls(folder, entries)
        evidence._verify_blobs()
        return evidence

    @property
    def root(self) -> str:
        """The digest of the last line, which seals all the others; 64 zeros when empty."""
        return self.entries[-1].digest if self.entries else GENESIS

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        """The entries of these kinds, in order."""
        return (entry for entry in self.entries if entry.kind in kinds)

    def blob(self, digest: str) -> bytes:
        """The bytes of a blob. Raises EvidenceError when it is missing or changed."""
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise EvidenceError(f"blob missing: {path} ({error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise EvidenceError(f"blob changed: {path} no longer matches its name")
        return data

    def _path(self, digest: str) -> Path:
        if not HEX_DIGEST.fullmatch(digest):
            raise EvidenceError(f"not the digest of a blob: {digest!r}")
        return self.folder / "blobs" / digest

    def _verify_blobs(self) -> None:
        seen: set[str] = set()
        for entry in self.entries:
            for digest in entry.blobs():
                if digest not in seen and not self._path(digest).is_file():
                    raise EvidenceError(
                        f"blob missing: {self._path(digest)}, named by ledger.jsonl "
                        f"line {entry.seq + 1}"
                    )
                seen.add(digest)
        folder = self.folder / "blobs"
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name.startswith(PARTIAL):
                continue  # a writer is at work; no entry can name it yet
            if not path.is_file() or digest_of(path) != path.name:
                raise EvidenceError(f"blob changed: {path} does not match its name")
