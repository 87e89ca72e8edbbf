"""The two tables of the verdict, as pure functions.

Findings and attestations go in, one verdict per requirement row and one ruling per profile come
out. Nothing here reads evidence, a clock or a file, and the order of the findings is of no
consequence. Silence is never a pass: a row on which nothing was seen is NOT_DEMONSTRATED, and a
profile without one MUST row that is MET is never CONFORMING.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dmp_certify.catalogue.requirements import Requirement
from dmp_certify.finding import Finding
from dmp_certify.outcome import Cause, Obligation, Outcome, Ruling, Verdict

# When several causes meet in one verdict, the first of these is named.
_PRECEDENCE = (
    Cause.SUITE,
    Cause.PRODUCT,
    Cause.PRODUCT_CONFIGURATION,
    Cause.ENVIRONMENT,
    Cause.OPERATOR,
    Cause.NOT_EXERCISED,
)
_ON_FAIL = {
    Obligation.MUST: Verdict.NOT_MET,
    Obligation.SHOULD: Verdict.DEVIATION,
    Obligation.MAY: Verdict.NOTED,
}
# The outcomes that decide a verdict of this kind, so that its cause is read from them alone.
_DECIDING = {
    Verdict.VOID: Outcome.CRASHED,
    Verdict.NOT_MET: Outcome.FAIL,
    Verdict.DEVIATION: Outcome.FAIL,
    Verdict.NOTED: Outcome.FAIL,
    Verdict.NOT_DEMONSTRATED: Outcome.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Attestation:
    """A human's word on one row. Without a name and evidence it is worth nothing."""

    requirement_id: str
    holds: bool
    by: str
    evidence: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether somebody answers for it and points at something."""
        return bool(self.by.strip()) and any(piece.strip() for piece in self.evidence)


@dataclass(frozen=True, slots=True)
class RequirementVerdict:
    """The verdict of one row, with the checks that spoke and the exchanges they spoke of."""

    requirement: Requirement
    verdict: Verdict
    cause: Cause
    checks: tuple[str, ...]
    evidence: tuple[str, ...]
    outside: bool = False

    @property
    def ruled_on(self) -> bool:
        """False for a row outside the suite's judgement of which nothing is known."""
        return not (self.outside and self.verdict is Verdict.NOT_DEMONSTRATED)


@dataclass(frozen=True, slots=True)
class ProfileVerdict:
    """The ruling of a profile and the verdicts it rests on, in the order of the profile's rows.

    Rows outside the suite's judgement of which nothing is known are printed apart, never ruled on.
    """

    ruling: Ruling
    requirements: tuple[RequirementVerdict, ...]

    @property
    def ruled_on(self) -> tuple[RequirementVerdict, ...]:
        """The verdicts that the ruling rests on."""
        return tuple(each for each in self.requirements if each.ruled_on)

    def counts(self, obligation: Obligation | None = None) -> dict[Verdict, int]:
        """How many rows bear each verdict; every verdict is a key."""
        found = Counter(
            each.verdict
            for each in self.ruled_on
            if obligation is None or each.requirement.obligation is obligation
        )
        return {verdict: found[verdict] for verdict in Verdict}


def verdict_of(obligation: Obligation, outcomes: Iterable[Outcome]) -> Verdict:
    """The first table: the verdict of one requirement from the outcomes of its checks."""
    seen = set(outcomes)
    if Outcome.CRASHED in seen:
        return Verdict.VOID
    if Outcome.FAIL in seen:
        return _ON_FAIL[obligation]
    if Outcome.BLOCKED in seen:
        return Verdict.NOT_DEMONSTRATED
    if Outcome.PASS in seen:
        return Verdict.MET
    return Verdict.NOT_APPLICABLE if seen else Verdict.NOT_DEMONSTRATED


def ruling_of(verdicts: Iterable[tuple[Obligation, Verdict]]) -> Ruling:
    """The second table: the ruling of a profile from its verdicts."""
    seen = set(verdicts)
    if any(verdict is Verdict.VOID for _, verdict in seen):
        return Ruling.VOID
    must = {verdict for obligation, verdict in seen if obligation is Obligation.MUST}
    if Verdict.NOT_MET in must:
        return Ruling.NON_CONFORMING
    if Verdict.NOT_DEMONSTRATED in must:
        return Ruling.INCOMPLETE
    return Ruling.CONFORMING if Verdict.MET in must else Ruling.INCOMPLETE


def judge_profile(
    rows: Sequence[Requirement],
    findings: Iterable[Finding],
    *,
    conformance: Mapping[str, object],
    attestations: Iterable[Attestation] = (),
    outside: Sequence[Requirement] = (),
) -> ProfileVerdict:
    """The verdicts of the rows, those `outside` the suite's judgement last, and the ruling.

    `conformance` is the product's conformance statement: the only source of NOT_APPLICABLE
    besides the checks. A row outside enters the ruling once something is known of it: a fault, or
    an attestation. A crash that no row owns makes the whole run VOID.
    """
    by_row: defaultdict[str, list[Finding]] = defaultdict(list)
    astray = False
    for finding in findings:
        astray = astray or (effective(finding) is Outcome.CRASHED and not finding.requirement_ids)
        for identifier in finding.requirement_ids:
            by_row[identifier].append(finding)
    words: defaultdict[str, list[Attestation]] = defaultdict(list)
    for attestation in attestations:
        words[attestation.requirement_id].append(attestation)
    verdicts = []
    for row in (*rows, *outside):
        judged = judge_requirement(row, by_row[row.id], words[row.id], row.applies_to(conformance))
        apart = row in outside or row.verification == "none"
        verdicts.append(replace(judged, outside=apart))
    ruling = ruling_of((v.requirement.obligation, v.verdict) for v in verdicts if v.ruled_on)
    return ProfileVerdict(Ruling.VOID if astray else ruling, tuple(verdicts))


def judge_requirement(
    row: Requirement,
    findings: Sequence[Finding],
    attestations: Sequence[Attestation] = (),
    applies: bool = True,
) -> RequirementVerdict:
    """The verdict of one row.

    A PASS proves a row only if the row is verified on messages or on behaviour: an attested row
    needs a human's word that stands, and a row of verification `none` is never met.
    """
    outcomes = [effective(finding) for finding in findings]
    if row.verification in ("attested", "none"):
        outcomes = [outcome for outcome in outcomes if outcome is not Outcome.PASS]
    if not applies:
        outcomes.append(Outcome.NOT_APPLICABLE)
    standing = [each for each in attestations if each.stands and row.verification == "attested"]
    denied = any(not each.holds for each in standing)
    if denied and applies:
        outcomes.append(Outcome.FAIL)
    verdict = verdict_of(row.obligation, outcomes)
    if standing and not outcomes:
        verdict = Verdict.ATTESTED
    evidence = {finding.exchange or finding.place.artifact for finding in findings}
    evidence.update(piece for each in standing for piece in each.evidence)
    return RequirementVerdict(
        row,
        verdict,
        cause_of(row, verdict, findings),
        tuple(sorted({finding.check for finding in findings})),
        tuple(sorted(evidence - {""})),
    )


def effective(finding: Finding) -> Outcome:
    """The outcome that counts: a fault in what the suite itself sent is a crash of the suite."""
    if finding.outcome is Outcome.FAIL and finding.cause == Cause.SUITE:
        return Outcome.CRASHED
    return finding.outcome


def cause_of(row: Requirement, verdict: Verdict, findings: Sequence[Finding]) -> Cause:
    """Why the row is not met; Cause.NONE when it is met or attested."""
    if verdict in (Verdict.MET, Verdict.ATTESTED):
        return Cause.NONE
    if verdict is Verdict.VOID:
        return Cause.SUITE
    if verdict is Verdict.NOT_APPLICABLE:
        return Cause.PRODUCT_CONFIGURATION
    decisive = [f for f in findings if effective(f) is _DECIDING[verdict]]
    if not decisive and verdict is Verdict.NOT_DEMONSTRATED:
        silence = {"attested": Cause.OPERATOR, "none": Cause.SUITE}
        return silence.get(row.verification, Cause.NOT_EXERCISED)
    named = {finding.cause for finding in decisive}
    return next((cause for cause in _PRECEDENCE if cause in named), Cause.PRODUCT)
