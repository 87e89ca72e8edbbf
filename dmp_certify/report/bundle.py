"""A `.dmpcert`: everything a stranger needs to derive a report again, sealed by one signature.

`manifest.json` lists every other part with its size and digest; `statement.dsse.json` signs the
manifest, the report and the root of the evidence. `countersignatures/001.dsse.json` and so on are
later decisions about the bundle: they sign it and never change it, so the manifest skips them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError, EvidenceError, SuiteError, VerificationError
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.report import archive, chain, dsse, model, statement
from dmp_certify.report.sign import Signer

MANIFEST, REPORT, STATEMENT, SUT = (
    "manifest.json",
    "report.json",
    "statement.dsse.json",
    "sut.toml",
)
LEDGER = "evidence/ledger.jsonl"
COUNTERSIGNATURE = re.compile(r"countersignatures/\d{3}\.dsse\.json", re.ASCII)
MANIFEST_TYPE = "urn:dmp-certify:manifest:1"

_BLOB = re.compile(r"evidence/blobs/[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The parts of a bundle by name, read and not yet trusted."""

    parts: Mapping[str, bytes]

    @property
    def countersignatures(self) -> tuple[str, ...]:
        return tuple(name for name in sorted(self.parts) if COUNTERSIGNATURE.fullmatch(name))

    def digest(self, name: str) -> str:
        """The SHA-256 of a part."""
        return hashlib.sha256(self.parts[name]).hexdigest()

    def report(self, *, validate: bool = True) -> dict[str, Any]:
        """The report. Raises VerificationError when it is not one.

        Without `validate` only its format is asked: enough to compare, not to show.
        """
        document = parse_json(self.parts[REPORT], REPORT)
        if not isinstance(document, dict) or document.get("schema") != model.SCHEMA:
            raise VerificationError(f"{REPORT} is not a report of format {model.SCHEMA}")
        if validate:
            try:
                model.validate(document)
            except (SuiteError, RecursionError) as error:
                raise VerificationError(f"{REPORT} cannot be read: {error}") from error
        return document

    def unpack_evidence(self, folder: Path) -> Path:
        """Write the evidence below `folder` and return where."""
        for name, data in self.parts.items():
            if name == LEDGER or _BLOB.fullmatch(name):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return folder / "evidence"


def write(
    path: Path,
    evidence: Evidence,
    report: Mapping[str, JsonValue],
    signer: Signer,
    *,
    now: datetime | None = None,
) -> Path:
    """Seal the report and its evidence into `path`, which appears whole or not at all.

    Raises ConfigurationError when the certificate may not sign now, or the disk refuses.
    """
    signed_at = now or clock.now()
    _check_signer(signer, signed_at)
    parts = {REPORT: model.encode(report), SUT: sut_of(evidence), **_evidence_parts(evidence)}
    parts[MANIFEST] = manifest_of(parts)
    subjects = subjects_of(parts, evidence.root)
    signed = statement.build(
        statement.REPORT_PREDICATE,
        subjects,
        statement.report_predicate(report),
        signer.chain,
        signed_at,
    )
    parts[STATEMENT] = dsse.seal(signed, signer)
    replace(path, archive.write(parts))
    return path


def read(path: Path) -> Bundle:
    """The parts of the bundle at `path`. Raises VerificationError unless the zip is canonical and
    holds what a bundle holds and nothing else."""
    try:
        if path.stat().st_size > archive.MAX_SIZE:
            raise VerificationError(f"{path} is larger than {archive.MAX_SIZE} bytes")
        parts = archive.read(path.read_bytes())
    except OSError as error:
        raise VerificationError(f"cannot read {path}: {error.strerror}") from error
    for name in (MANIFEST, REPORT, STATEMENT, SUT, LEDGER):
        if name not in parts:
            raise VerificationError(f"the bundle has no {name}: it was removed")
    for name in parts:
        known = name in (MANIFEST, REPORT, STATEMENT, SUT, LEDGER)
        if not (known or _BLOB.fullmatch(name) or COUNTERSIGNATURE.fullmatch(name)):
            raise VerificationError(f"the bundle holds {name[:120]}, which no bundle holds")
    return Bundle(parts)


def manifest_of(parts: Mapping[str, bytes]) -> bytes:
    """The manifest of these parts: RFC 8785 JSON, one name per part."""
    import rfc8785

    files: dict[str, Any] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in parts.items()
        if name not in (MANIFEST, STATEMENT) and not COUNTERSIGNATURE.fullmatch(name)
    }
    return bytes(rfc8785.dumps({"schema": MANIFEST_TYPE, "files": files})) + b"\n"


def subjects_of(parts: Mapping[str, bytes], root: str) -> dict[str, str]:
    """The subjects of the statement: manifest, report and evidence root."""
    return {
        MANIFEST: hashlib.sha256(parts[MANIFEST]).hexdigest(),
        REPORT: hashlib.sha256(parts[REPORT]).hexdigest(),
        "evidence": root,
    }


def sut_of(evidence: Evidence) -> bytes:
    """The `sut.toml` that the run recorded; empty when it recorded none."""
    run = next(evidence.of_kind("run"), None)
    recorded = run.fields.get("sut_toml") if run is not None else None
    return evidence.blob(str(recorded)) if recorded else b""


def parse_json(data: bytes, name: str) -> Any:
    """The JSON in a part. Raises VerificationError."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise VerificationError(f"{name} is not JSON: {error!r:.200}") from error


def replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one step. Raises ConfigurationError when the disk refuses."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ConfigurationError(f"cannot write {path}: {error.strerror}") from error


def _evidence_parts(evidence: Evidence) -> dict[str, bytes]:
    parts = {LEDGER: (evidence.folder / "ledger.jsonl").read_bytes()}
    for blob in sorted((evidence.folder / "blobs").iterdir()):
        parts[f"evidence/blobs/{blob.name}"] = blob.read_bytes()
    lines = parts[LEDGER].splitlines()
    if not lines or hashlib.sha256(lines[-1]).hexdigest() != evidence.root:
        raise EvidenceError(f"{evidence.folder} changed since it was read: end the run first")
    return parts


def _check_signer(signer: Signer, at: datetime) -> None:
    try:
        chain.check_path(signer.chain, [signer.certificate], at)
    except VerificationError as refused:
        raise ConfigurationError(f"cannot sign: {refused}") from refused
