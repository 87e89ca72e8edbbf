"""Verifies a bundle offline and fails closed: each step must hold before the next is tried.

Nothing in the bundle is believed: digests are computed again, the evidence is judged again, and
the report that comes out must be the report that was signed, byte for byte.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from dmp_certify import __version__, clock
from dmp_certify.engine.baseline import digest
from dmp_certify.errors import CertifyError, VerificationError
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Text
from dmp_certify.report import bundle as bundles
from dmp_certify.report import chain, countersign, dsse, identity, model
from dmp_certify.report.sign import Certificates
from dmp_certify.report.statement import REPORT_PREDICATE, Statement, report_predicate

Rebuild: TypeAlias = Callable[[Evidence, str], Mapping[str, JsonValue]]

SKEW = timedelta(minutes=5)

ARCHIVE = Text("Archive canonique et complète", "Canonical and complete archive")
MANIFEST = Text("Empreintes du manifeste", "Digests of the manifest")
SIGNATURE = Text("Signature", "Signature")
CHAIN = Text("Certificat du signataire", "Certificate of the signer")
SUBJECTS = Text("Parties signées", "Signed parts")
EVIDENCE = Text("Chaîne des preuves", "Chain of the evidence")
REPLAY = Text("Rejeu de tous les contrôles", "Replay of all checks")
COUNTERSIGNATURES = Text("Contre-signatures", "Countersignatures")

_OTHER_SUITE = Text(
    "Le rapport vient d'une autre version de la suite ; celle-ci en tire le même rapport.",
    "The report was made by another version of the suite; this one derives the same report.",
)
_REVOCATION = Text(
    "La révocation des certificats n'est pas examinée hors ligne.",
    "Revocation of certificates is not examined offline.",
)
_OWN = Text(
    "Sans --trust : seule l'identité de ce poste (DMP_CERTIFY_HOME) fait foi.",
    "Without --trust: only the identity of this computer (DMP_CERTIFY_HOME) is trusted.",
)
_TIME = Text(
    "L'heure de signature est celle que déclare le signataire.",
    "The time of the signature is the one its signer states.",
)


class Refused(VerificationError):
    """The bundle does not verify: `step` says at which step, `reason` why."""

    def __init__(self, step: Text, reason: str) -> None:
        super().__init__(f"{step.en}: {reason}")
        self.step = step
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verified bundle says, and what was held against it."""

    path: str
    ruling: str
    profile: str
    product: str
    signer: str
    signer_sha256: str
    signed_at: str
    findings: int
    own_identity: bool
    steps: tuple[Text, ...]
    decisions: tuple[countersign.Decision, ...] = ()
    notes: tuple[Text, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The same for machines; texts as {fr, en}."""
        plain = asdict(self)
        plain["verified"] = True
        for name in ("steps", "notes"):
            plain[name] = [text._asdict() for text in getattr(self, name)]
        return plain


def verify(
    path: Path,
    rebuild: Rebuild,
    *,
    anchors: Certificates | None = None,
    now: datetime | None = None,
) -> Verification:
    """Verify the bundle at `path`; `rebuild` judges its evidence again for the profile named.

    `anchors` are the trusted certificates; None trusts this user's own identity only.
    Raises Refused, with the step that does not hold and the reason.
    """
    trusted = _own_identity() if anchors is None else anchors
    at = now or clock.now()
    with _step(ARCHIVE):
        bundle = bundles.read(path)
    with _step(MANIFEST):
        _check_manifest(bundle)
    with _step(SIGNATURE):
        envelope = dsse.unseal(bundle.parts[bundles.STATEMENT], bundles.STATEMENT)
        signed = Statement(envelope.payload, bundles.STATEMENT, REPORT_PREDICATE)
        signed.check_signer(envelope.chain)
    with _step(CHAIN):
        _check_time(signed.signed_at, at)
        chain.check_path(envelope.chain, trusted, signed.signed_at)
    report = _check_content(bundle, signed, rebuild)
    with _step(COUNTERSIGNATURES):
        decisions = countersign.check(bundle, trusted, at)
    steps = (ARCHIVE, MANIFEST, SIGNATURE, CHAIN, EVIDENCE, SUBJECTS, REPLAY)
    return Verification(
        path=str(path),
        **_summary(report),
        signer=chain.name_of(envelope.certificate),
        signer_sha256=signed.signer[0],
        signed_at=clock.iso(signed.signed_at),
        own_identity=anchors is None,
        steps=(*steps, COUNTERSIGNATURES) if decisions else steps,
        decisions=decisions,
        notes=_notes(anchors is None, report),
    )


def _notes(own: bool, report: Mapping[str, Any]) -> tuple[Text, ...]:
    other = (_OTHER_SUITE,) if _other_suite(report["suite"]) else ()
    return (*((_OWN,) if own else ()), *other, _REVOCATION, _TIME)


def _summary(report: Mapping[str, Any]) -> dict[str, Any]:
    product, profile = report["product"], report["profile"]
    return {
        "ruling": report["ruling"],
        "profile": f"{profile['id']} {profile['edition']}".strip(),
        "product": f"{product['vendor']} {product['name']} {product['version']}".strip(),
        "findings": len(report["findings"]),
    }


def _check_content(
    bundle: bundles.Bundle, signed: Statement, rebuild: Rebuild
) -> Mapping[str, Any]:
    """The report, once subjects, evidence and replay hold."""
    with tempfile.TemporaryDirectory(prefix="dmp-certify-") as folder:
        with _step(EVIDENCE):
            evidence = Evidence.open(bundle.unpack_evidence(Path(folder)))
            if bundles.sut_of(evidence) != bundle.parts[bundles.SUT]:
                raise VerificationError(f"{bundles.SUT} is not the one that the run recorded")
        with _step(SUBJECTS):
            signed.check_subjects(bundles.subjects_of(bundle.parts, evidence.root))
            report = bundle.report(validate=False)
        with _step(REPLAY):
            again = rebuild(evidence, _profile(report))
            _compare(bundle, report, again)
        with _step(SUBJECTS):
            _check_predicate(signed, again)
            if signed.signed_at < clock.parse_iso(report["run"]["ended"]) - SKEW:
                raise VerificationError("the report is signed before its run ended")
    return report


def _check_manifest(bundle: bundles.Bundle) -> None:
    stored = bundle.parts[bundles.MANIFEST]
    if stored == bundles.manifest_of(bundle.parts):
        return
    files = bundles.parse_json(stored, bundles.MANIFEST)
    listed = files.get("files") if isinstance(files, Mapping) else None
    listed = listed if isinstance(listed, Mapping) else {}
    apart = (bundles.MANIFEST, bundles.STATEMENT, *bundle.countersignatures)
    held = {name: data for name, data in bundle.parts.items() if name not in apart}
    for name in sorted({*held, *listed}):
        if name not in held:
            raise VerificationError(f"{name} was removed: the manifest lists it")
        if name not in listed:
            raise VerificationError(f"{name} was added: the manifest does not list it")
        digest = hashlib.sha256(held[name]).hexdigest()
        if listed[name] != {"sha256": digest, "size": len(held[name])}:
            raise VerificationError(f"{name} was changed: it is not what the manifest lists")
    raise VerificationError(f"{bundles.MANIFEST} is not in its canonical form")


def _check_time(signed_at: datetime, now: datetime) -> None:
    if signed_at > now + SKEW:
        raise VerificationError(
            f"the signature is dated {clock.iso(signed_at)}, in the future of {clock.iso(now)}"
        )


def _compare(
    bundle: bundles.Bundle, report: Mapping[str, Any], again: Mapping[str, JsonValue]
) -> None:
    if model.encode(again) == bundle.parts[bundles.REPORT]:
        return
    differs = [name for name in sorted({*report, *again}) if report.get(name) != again.get(name)]
    # Findings come first: what else differs mostly follows from them.
    differs.sort(key=lambda name: name != "findings")
    reason = f"judged again, the evidence gives another report: {', '.join(differs) or 'spelling'}"
    if report.get("findings") != again.get("findings"):
        reason += f" ({_first_difference(report.get('findings'), again.get('findings'))})"
    raise VerificationError(reason + _other_suite(report.get("suite")))


def _other_suite(suite: Any) -> str:
    """Another suite judges otherwise with a clear conscience: the reader must know."""
    made_by = suite if isinstance(suite, Mapping) else {}
    if made_by.get("version") == __version__ and made_by.get("baseline_digest") == digest():
        return ""
    return (
        f"; the report was made by suite {made_by.get('version')} "
        f"({str(made_by.get('baseline_digest'))[:12]}), this is {__version__} ({digest()[:12]}): "
        "verify it with the suite that made it"
    )


def _first_difference(old: Any, new: Any) -> str:
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return f"finding {number}: {one.get('check')} was {one.get('outcome')}"
    return f"{len(old)} findings were {len(new)}"


def _check_predicate(signed: Statement, report: Mapping[str, Any]) -> None:
    for name, value in report_predicate(report).items():
        if signed.predicate.get(name) != value:
            raise VerificationError(f"the statement says another {name} than the report")


def _profile(report: Mapping[str, Any]) -> str:
    profile = report.get("profile")
    if not isinstance(profile, Mapping) or not isinstance(profile.get("id"), str):
        raise VerificationError("the report names no profile")
    return str(profile["id"])


def _own_identity() -> Certificates:
    own = identity.own()
    if not own.exists:
        raise Refused(
            CHAIN,
            f"nobody is trusted: there is no identity in {own.key.parent}; "
            "give the signer's root certificate with --trust",
        )
    return (own.signer().certificate,)


@contextmanager
def _step(step: Text) -> Iterator[None]:
    """Whatever goes wrong inside is a refusal at this step: a doubt never passes."""
    try:
        yield
    except Refused:
        raise
    except CertifyError as error:
        raise Refused(step, str(error)) from error
    except Exception as error:
        raise Refused(step, f"{type(error).__name__}: {error!s:.300}") from error
