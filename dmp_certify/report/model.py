"""`report.json`, the only truth: built from evidence, findings and a profile, and nothing else.

The same evidence judged by the same suite gives the same bytes, so that anybody can rebuild a
report and compare. `reports/schema/report-1.json` describes the format.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from dmp_certify import data
from dmp_certify.catalogue.check import CheckTexts
from dmp_certify.catalogue.profiles import Profile
from dmp_certify.engine.verdict import (
    ProfileVerdict,
    RequirementVerdict,
    effective,
    judge_profile,
)
from dmp_certify.errors import EvidenceError, SuiteError
from dmp_certify.evidence.entry import Entry, JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Cause, Obligation, Outcome, Verdict
from dmp_certify.report import attestations
from dmp_certify.report.text import clean, pair, trace
from dmp_certify.report.wire_facts import seen_on_wire

SCHEMA = "urn:dmp-certify:report:1"

_SILENCE = {
    Cause.NOT_EXERCISED: Text(
        "Aucun échange de la session n'a mis cette exigence en jeu.",
        "No exchange of the run brought this requirement into play.",
    ),
    Cause.OPERATOR: Text(
        "Aucune attestation nommant son auteur et ses preuves n'a été donnée.",
        "No attestation that names its author and its evidence was given.",
    ),
    Cause.PRODUCT: Text(
        "Le contenu envoyé par le produit n'a pas pu être lu.",
        "The content sent by the product could not be read.",
    ),
    Cause.PRODUCT_CONFIGURATION: Text(
        "La configuration du produit n'a pas permis d'exercer cette exigence.",
        "The product's configuration did not let this requirement be exercised.",
    ),
    Cause.ENVIRONMENT: Text(
        "L'environnement de la session n'a pas permis d'exercer cette exigence.",
        "The environment of the run did not let this requirement be exercised.",
    ),
    Cause.SUITE: Text(
        "La suite n'a pas le moyen de vérifier cette exigence.",
        "The suite has no means to verify this requirement.",
    ),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report rests on besides evidence and findings: the profile and the texts.

    `software` counts the exchanges in which the product names itself, by (name, version,
    approval id); `checks` maps check ids to their texts.
    """

    profile: Profile
    checks: Mapping[str, CheckTexts]
    software: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def build(evidence: Evidence, findings: Iterable[Finding], basis: Basis) -> dict[str, JsonValue]:
    """The report of one profile. Raises EvidenceError when the run never began or never ended."""
    run, ended = _bounds(evidence)
    profile = basis.profile
    rows = frozenset(row.id for row in (*profile.requirements, *profile.outside))
    known = sorted((each for each in findings if _concerns(each, rows)), key=_order)
    sworn = tuple(attestations.entries_of(evidence, rows))
    verdict = _judge(run, known, profile, sworn)
    report: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "suite": _plain(run.fields.get("suite")),
        "profile": {"id": profile.id, "edition": profile.edition, "title": pair(profile.title)},
        "product": {
            **_product(run),
            "seen_on_wire": seen_on_wire(evidence, basis.software),
        },
        "run": _run(evidence, run, ended),
        "ruling": verdict.ruling.value,
        "counts": _counts(verdict, known),
        "requirements": [_requirement(each) for each in verdict.ruled_on],
        "findings": [_finding(each) for each in known],
        "checks": _texts(known, basis.checks),
        "not_exercised": [
            _not_exercised(each)
            for each in verdict.requirements
            if each.verdict is Verdict.NOT_DEMONSTRATED
        ],
        "attestations": [attestations.printed(entry) for entry in sworn],
        "deviations": [
            {"id": each.requirement.id, "title": pair(each.requirement.title)}
            for each in verdict.ruled_on
            if each.verdict is Verdict.DEVIATION
        ],
    }
    validate(report)
    return report


def encode(report: Mapping[str, JsonValue]) -> bytes:
    """The one spelling of a report: UTF-8, sorted keys, two spaces, a final newline."""
    text = json.dumps(report, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode() + b"\n"


def digest(report: Mapping[str, JsonValue]) -> str:
    """The SHA-256 of `encode(report)`: what a signature vouches for."""
    return hashlib.sha256(encode(report)).hexdigest()


def validate(report: Mapping[str, JsonValue]) -> None:
    """Raises SuiteError when the report departs from its published schema: the fault is ours."""
    found = next(iter(_validator().iter_errors(report)), None)
    if found is not None:
        where = "/".join(str(step) for step in found.absolute_path)
        raise SuiteError(f"report.json departs from its schema at /{where}: {found.message[:300]}")


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads(data.path("reports", "schema", "report-1.json").read_bytes())
    return Draft202012Validator(schema)


def _judge(
    run: Entry, findings: Sequence[Finding], profile: Profile, sworn: Iterable[Entry]
) -> ProfileVerdict:
    return judge_profile(
        profile.requirements,
        findings,
        conformance=_mapping(run.fields.get("conformance")),
        attestations=[word for entry in sworn for word in attestations.words_of(entry)],
        outside=profile.outside,
    )


def _bounds(evidence: Evidence) -> tuple[Entry, Entry]:
    run = next(evidence.of_kind("run"), None)
    if run is None:
        raise EvidenceError(f"{evidence.folder} holds no run entry: there is nothing to report")
    ended = next(evidence.of_kind("run-ended"), None)
    if ended is None:
        raise EvidenceError(f"the run in {evidence.folder} has not ended: resume it first")
    return run, ended


def _concerns(finding: Finding, rows: frozenset[str]) -> bool:
    """Whether the finding is this profile's matter: of one of its rows, or of the suite itself."""
    return not finding.requirement_ids or not rows.isdisjoint(finding.requirement_ids)


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return (
        finding.requirement_ids,
        finding.check,
        finding.exchange,
        (place.artifact, place.path, place.line or 0),
        finding.outcome,
        finding.expected,
        finding.observed,
        finding.cause,
    )


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _plain(value: object) -> dict[str, JsonValue]:
    return cast("dict[str, JsonValue]", _mapping(value))


def _product(run: Entry) -> dict[str, JsonValue]:
    declared = _mapping(run.fields.get("product"))
    return {
        name: clean(str(declared.get(name) or ""))
        for name in ("vendor", "name", "version", "approval_id")
    }


def _run(evidence: Evidence, run: Entry, ended: Entry) -> dict[str, JsonValue]:
    connections = list(evidence.of_kind("connection"))
    return {
        "id": clean(str(run.fields.get("id") or "")),
        "seed": run.fields.get("seed"),
        "started": run.at,
        "ended": ended.at,
        "environment": _plain(run.fields.get("environment")),
        "conformance": _plain(run.fields.get("conformance")),
        "pack": _pack(run.fields.get("pack")),
        "scenarios": _scenarios(evidence),
        "exchanges": sum(1 for _ in evidence.of_kind("exchange")),
        "connections": len(connections),
        "refused_connections": sum(not entry.fields.get("established") for entry in connections),
        "interruptions": sum(1 for _ in evidence.of_kind("resumed")),
        "evidence_root": evidence.root,
    }


def _pack(pinned: JsonValue) -> JsonValue:
    """The official content pack that judged the documents, or None for our own, `core`, alone."""
    if not isinstance(pinned, dict):
        return None
    return {name: clean(str(pinned.get(name) or "")) for name in ("name", "digest")}


def _scenarios(evidence: Evidence) -> list[JsonValue]:
    """Each scenario in the order it first came up, with how it was left."""
    states = {"scenario-skipped": "skipped", "scenario-begun": "begun", "scenario-ended": "ended"}
    left: dict[str, str] = {}
    for entry in evidence.of_kind(*states):
        left[str(entry.fields.get("scenario") or "")] = states[entry.kind]
    return [{"id": clean(name), "state": state} for name, state in left.items()]


def _counts(verdict: ProfileVerdict, findings: Sequence[Finding]) -> dict[str, JsonValue]:
    outcomes = Counter(effective(finding) for finding in findings)
    by_obligation: dict[str, JsonValue] = {
        each.value: {v.value: n for v, n in verdict.counts(each).items()} for each in Obligation
    }
    return {
        **{v.value: n for v, n in verdict.counts().items()},
        "by_obligation": by_obligation,
        "outcomes": {each.value: outcomes[each] for each in Outcome},
        "outside": len(verdict.requirements) - len(verdict.ruled_on),
    }


def _requirement(judged: RequirementVerdict) -> dict[str, JsonValue]:
    row = judged.requirement
    return {
        "id": row.id,
        "document": row.document,
        "section": row.section,
        "obligation": row.obligation.value,
        "verification": row.verification,
        "title": pair(row.title),
        "source": clean(row.source),
        "verdict": judged.verdict.value,
        "cause": judged.cause.value,
        "checks": list(judged.checks),
        "evidence": [clean(piece) for piece in judged.evidence],
    }


def _finding(finding: Finding) -> dict[str, JsonValue]:
    crashed = finding.outcome is Outcome.CRASHED
    place = finding.place
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "requirement_ids": list(finding.requirement_ids),
        "place": {"artifact": clean(place.artifact), "path": clean(place.path), "line": place.line},
        "expected": pair(finding.expected),
        "observed": pair(trace(finding.observed) if crashed else finding.observed),
        "exchange": finding.exchange,
        "cause": str(finding.cause),
    }


def _texts(findings: Iterable[Finding], checks: Mapping[str, CheckTexts]) -> dict[str, JsonValue]:
    named = sorted({finding.check for finding in findings}.intersection(checks))
    return {
        name: {part: pair(getattr(checks[name], part)) for part in CheckTexts.__slots__}
        for name in named
    }


def _not_exercised(judged: RequirementVerdict) -> dict[str, JsonValue]:
    row = judged.requirement
    silence = _SILENCE[judged.cause]
    reason = Text.same(row.reason) if row.reason and judged.outside else silence
    return {
        "id": row.id,
        "obligation": row.obligation.value,
        "title": pair(row.title),
        "cause": judged.cause.value,
        "reason": pair(reason),
        "outside": not judged.ruled_on,
    }
