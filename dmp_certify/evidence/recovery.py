"""What a killed writer leaves behind, and how much of it still holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import GENESIS, PACED_KINDS, Entry, decode

PARTIAL = ".partial-"
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the sound part of a ledger ends: next `seq`, its `prev`, its size in bytes.

    `counts` says how many entries of each kind it holds.
    """

    seq: int
    prev: str
    size: int
    dropped_bytes: int
    counts: dict[str, int]


def chain(data: bytes) -> Iterator[tuple[Entry, int]]:
    """Each entry of a ledger with the offset where its line ends, newline included.

    Stops before a last line without newline. Raises EvidenceError at the first line that does
    not continue the chain.
    """
    prev, start, seq = GENESIS, 0, 0
    while (end := data.find(b"\n", start)) >= 0:
        entry = decode(data[start:end], seq + 1)
        if entry.seq != seq or entry.prev != prev:
            raise EvidenceError(
                f"ledger.jsonl line {seq + 1} does not follow the line before it: "
                "an entry was changed, removed or added"
            )
        start, seq, prev = end + 1, seq + 1, entry.digest
        yield entry, start


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex, read piece by piece."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ):
            running.update(piece)
    return running.hexdigest()


def recover(ledger: Path, blobs: Path) -> Tail:
    """The sound part of a ledger whose writer died.

    Partial blobs are removed. A torn last line does not count, nor do entries of the traffic
    whose blobs a power loss took before the group commit. Raises EvidenceError when anything
    else is wrong: that is no accident of a dying writer.
    """
    sound = _sound_blobs(blobs)
    data = ledger.read_bytes()
    size, seq, prev = 0, 0, GENESIS
    counts: Counter[str] = Counter()
    lost: Entry | None = None
    for entry, end in chain(data):
        if lost is None and any(digest not in sound for digest in entry.blobs()):
            lost = entry
        if lost is not None and entry.kind not in PACED_KINDS:
            raise EvidenceError(
                f"{ledger} line {lost.seq + 1} names a blob that is missing or changed, "
                "and later entries were committed after it: the evidence was altered"
            )
        if lost is None:
            size, seq, prev = end, entry.seq + 1, entry.digest
            counts[entry.kind] += 1
    return Tail(seq, prev, size, len(data) - size, dict(counts))


def _sound_blobs(blobs: Path) -> set[str]:
    try:
        files = list(blobs.iterdir())
    except OSError as error:
        raise EvidenceError(f"no blobs folder at {blobs} ({error.strerror})") from error
    sound = set()
    for path in files:
        if path.name.startswith(PARTIAL) or digest_of(path) != path.name:
            path.unlink()
        else:
            sound.add(path.name)
    return sound
