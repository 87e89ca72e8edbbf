"""Reads a ledger that is still being written: the complete lines, each once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dmp_certify import clock
from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import Entry, decode
from dmp_certify.scenarios.facts import Facts, read_facts
from dmp_certify.wire.message import Message


class LedgerTail:
    """The entries of one evidence folder so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[Entry] = []
        self._offset = 0

    def read(self) -> list[Entry]:
        """The entries that arrived since the last call; they are also kept in `entries`."""
        with (self.folder / "ledger.jsonl").open("rb") as stream:
            stream.seek(self._offset)
            data = stream.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        fresh = [
            decode(line, len(self.entries) + rank)
            for rank, line in enumerate(whole.splitlines(), 1)
        ]
        self.entries += fresh
        return fresh


def facts_reader(blob: Callable[[str], bytes]) -> Callable[[Entry], Facts]:
    """Reads the facts of `exchange` entries, each once; `blob` gives the bytes of a digest."""
    known: dict[str, Facts] = {}

    def facts_of(entry: Entry) -> Facts:
        if entry.digest not in known:
            known[entry.digest] = _facts(entry, blob)
        return known[entry.digest]

    return facts_of


def _facts(entry: Entry, blob: Callable[[str], bytes]) -> Facts:
    fields = entry.fields
    try:
        name, at = f"exchange/{fields['id']}", clock.parse_iso(entry.at)
        sent, received = fields["response"]["blob"], fields["request"]
        request = Message(
            f"{name}/request",
            "http",
            blob(received["blob"]),
            at,
            complete=received.get("complete") is True,
        )
        return read_facts(request, Message(f"{name}/response", "answer", blob(sent), at))
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceError(
            f"ledger.jsonl line {entry.seq + 1}: the exchange entry cannot be read ({error})"
        ) from error
