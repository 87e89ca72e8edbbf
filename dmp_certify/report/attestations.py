"""A human's words, read from evidence.

Shape of an `attestation` entry: `requirements` (row ids), `holds` (true, false, or null when the
question stayed without an answer), `by` (name and role), `evidence` (artifact names or exchange
ids), `question` {fr, en}, `remark`, `scenario`, `step`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.engine.verdict import Attestation
from dmp_certify.evidence.entry import Entry, JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.report.text import bilingual, clean


def entries_of(evidence: Evidence, rows: frozenset[str]) -> Iterator[Entry]:
    """The attestations that speak of one of the rows."""
    for entry in evidence.of_kind("attestation"):
        if rows.intersection(_strings(entry.fields.get("requirements"))):
            yield entry


def words_of(entry: Entry) -> Iterator[Attestation]:
    """One Attestation per row that the entry answers; a question left open answers none."""
    holds = entry.fields.get("holds")
    if not isinstance(holds, bool):
        return
    for row in _strings(entry.fields.get("requirements")):
        by = str(entry.fields.get("by") or "")
        yield Attestation(row, holds, by, _strings(entry.fields.get("evidence")))


def printed(entry: Entry) -> dict[str, JsonValue]:
    """The entry as `report.json` shows it."""
    fields = entry.fields
    holds = fields.get("holds")
    return {
        "requirement_ids": list(_strings(fields.get("requirements"))),
        "holds": holds if isinstance(holds, bool) else None,
        "by": clean(str(fields.get("by") or "")),
        "at": entry.at,
        "evidence": [clean(piece) for piece in _strings(fields.get("evidence"))],
        "question": bilingual(fields.get("question")),
        "remark": clean(str(fields.get("remark") or "")),
        "scenario": clean(str(fields.get("scenario") or "")),
    }


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()
