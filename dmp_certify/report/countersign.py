"""The authority's own decision on a bundle: a further statement beside the first.

It signs the manifest, the report, the vendor's statement and every earlier decision, so that it
can be neither moved to another bundle nor reordered. It edits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError, VerificationError
from dmp_certify.report import archive, chain, dsse, statement
from dmp_certify.report import bundle as bundles
from dmp_certify.report.sign import Certificates, Signer

DECISIONS = ("accepted", "accepted-with-reservations", "refused")
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authority decided: one of DECISIONS, by whom (name and role), and why."""

    decision: str
    by: str
    reason: str
    signed_at: str = ""
    signer: str = ""


def add(path: Path, decision: Decision, signer: Signer, *, now: datetime | None = None) -> str:
    """Add the decision to the bundle at `path`; return the name of its part.

    Verify the bundle first: this function reads it but judges nothing. Raises ConfigurationError
    on an unknown decision, a missing name or a certificate that may not sign now.
    """
    at = now or clock.now()
    if decision.decision not in DECISIONS or not decision.by.strip():
        raise ConfigurationError(f"a decision is one of {', '.join(DECISIONS)}, with its author")
    try:
        chain.check_path(signer.chain, [signer.certificate], at)
    except VerificationError as refused:
        raise ConfigurationError(f"cannot countersign: {refused}") from refused
    bundle = bundles.read(path)
    held = bundle.countersignatures
    name = f"countersignatures/{len(held) + 1:03}.dsse.json"
    if name in held or len(held) >= 999:
        raise ConfigurationError(f"{path} holds no room for {name}")
    predicate = statement.build(
        statement.DECISION_PREDICATE,
        _subjects(bundle, held),
        {"decision": decision.decision, "by": decision.by, "reason": decision.reason},
        signer.chain,
        at,
    )
    sealed = dsse.seal(predicate, signer)
    bundles.replace(path, archive.write({**bundle.parts, name: sealed}))
    return name


def check(bundle: bundles.Bundle, anchors: Certificates, now: datetime) -> tuple[Decision, ...]:
    """The decisions in the bundle. Raises VerificationError unless every one of them holds."""
    names = bundle.countersignatures
    decisions: list[Decision] = []
    for number, name in enumerate(names):
        if name != f"countersignatures/{number + 1:03}.dsse.json":
            raise VerificationError(f"{name} follows a gap: a countersignature was removed")
        envelope = dsse.unseal(bundle.parts[name], name)
        signed = statement.Statement(envelope.payload, name, statement.DECISION_PREDICATE)
        signed.check_signer(envelope.chain)
        signed.check_subjects(_subjects(bundle, names[:number]))
        if signed.signed_at > now + SKEW:
            raise VerificationError(f"{name} is dated in the future")
        chain.check_path(envelope.chain, anchors, signed.signed_at)
        decisions.append(_decision(signed, chain.name_of(envelope.certificate)))
    return tuple(decisions)


def _subjects(bundle: bundles.Bundle, earlier: tuple[str, ...]) -> dict[str, str]:
    parts = (bundles.MANIFEST, bundles.REPORT, bundles.STATEMENT, *earlier)
    return {name: bundle.digest(name) for name in parts}


def _decision(signed: statement.Statement, signer: str) -> Decision:
    said = {name: str(signed.predicate.get(name) or "") for name in ("decision", "by", "reason")}
    if said["decision"] not in DECISIONS:
        raise VerificationError(f"{signed.name} holds no decision")
    return Decision(**said, signed_at=clock.iso(signed.signed_at), signer=signer)
