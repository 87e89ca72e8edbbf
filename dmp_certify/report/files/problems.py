"""One flat list of problems, whatever judged: our checks, the XSD or a Schematron."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dmp_certify.catalogue.check import Check
from dmp_certify.engine.documents import FileVerdict, obligation
from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Obligation, Outcome

if TYPE_CHECKING:
    from dmp_certify.packs import Abort, Assertion, XsdError
    from dmp_certify.report.files.context import Context

DOCUMENT_RULE = "EX_2.1-1071"
"""The requirement behind the XSD and the Schematrons: one defect is non-conformity."""


class Severity(StrEnum):
    """SARIF's words: a MUST departed from is an error, a SHOULD a warning, a MAY a note."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One departure, and all that helps to mend it. `rule` is stable across versions."""

    rule: str
    severity: Severity
    title: Text
    artifact: str
    path: str
    line: int | None
    expected: Text
    observed: Text
    why: Text
    correct: Text
    requirements: tuple[str, ...]


_NONE = Text.same("")
_WEIGHT = {
    Obligation.MUST: Severity.ERROR,
    Obligation.SHOULD: Severity.WARNING,
    Obligation.MAY: Severity.NOTE,
}
_WHY_DOCUMENT = Text(
    "le DMP exige de chaque document CDA la conformité au schéma, au schématron de son volet et "
    "aux jeux de valeurs ; un seul écart suffit",
    "the DMP requires each CDA document to conform to the schema, the Schematron of its template "
    "and the value sets; one departure is enough",
)


def of(verdict: FileVerdict, checks: Mapping[str, Check], data: bytes = b"") -> list[Problem]:
    """The problems of a file, gravest first, then in the order of the file.

    With the file's bytes, a failed assertion says what stands there and the nearest valid codes.
    """
    found = [*_of_checks(verdict, checks), *_of_pack(verdict, data)]
    order = list(Severity)
    return sorted(found, key=lambda one: (order.index(one.severity), one.line or 0, one.rule))


def _of_checks(verdict: FileVerdict, checks: Mapping[str, Check]) -> Iterator[Problem]:
    for finding in verdict.findings:
        if finding.outcome is Outcome.FAIL:
            yield _failed(finding, checks[finding.check])
        elif finding.outcome in {Outcome.BLOCKED, Outcome.CRASHED}:
            yield _kept_from_judging(finding)


def _failed(finding: Finding, check: Check) -> Problem:
    texts = check.texts
    return Problem(
        finding.check,
        _WEIGHT[obligation(finding)],
        texts.title,
        finding.place.artifact,
        finding.place.path,
        finding.place.line,
        finding.expected,
        finding.observed,
        texts.why,
        texts.correct,
        finding.requirement_ids,
    )


def _kept_from_judging(finding: Finding) -> Problem:
    crashed = finding.outcome is Outcome.CRASHED
    return Problem(
        f"{finding.check}" if crashed else "unreadable",
        Severity.ERROR,
        Text("Un contrôle de la suite a échoué", "A check of the suite crashed")
        if crashed
        else Text("Le contenu ne peut pas être lu", "The content cannot be read"),
        finding.place.artifact,
        finding.place.path,
        finding.place.line,
        finding.expected,
        finding.observed,
        Text("rien de ce contenu n'a pu être jugé", "nothing of this content could be judged"),
        Text("signaler ce cas aux auteurs de la suite", "report this case to the suite's authors")
        if crashed
        else Text(
            "rendre le contenu lisible puis relancer", "make the content readable, then run again"
        ),
        finding.requirement_ids if crashed else (),
    )


def _of_pack(verdict: FileVerdict, data: bytes) -> Iterator[Problem]:
    document = verdict.document
    if document is None:
        return
    from dmp_certify.report.files.context import Context

    context = Context(data, verdict.path, document.pack)
    for error in document.xsd_errors:
        yield _of_xsd(verdict.path, error, verdict.explained.get(error, ""), context)
    for assertion in document.failed:
        yield _of_assertion(verdict.path, assertion, context)
    for abort in document.aborted:
        yield _of_abort(verdict.path, abort)


def _of_xsd(artifact: str, error: XsdError, explained: str, context: Context) -> Problem:
    return Problem(
        "xsd",
        Severity.ERROR,
        Text("Le document n'est pas valide selon son schéma", "The document breaks its schema"),
        artifact,
        context.path(error.path),
        error.line,
        Text.same(explained),
        Text.same(error.message),
        _WHY_DOCUMENT,
        Text("corriger la structure à cet endroit", "mend the structure at this place"),
        (DOCUMENT_RULE,),
    )


def _of_assertion(artifact: str, one: Assertion, context: Context) -> Problem:
    # The official verdict fails on every role, so that a "warning" of a Schematron is grave here.
    title = Text.same(" ".join(one.message.split()))
    return Problem(
        one.test_id,
        Severity.ERROR,
        title,
        artifact,
        one.location,
        one.line,
        context.expected(one.location, one.value_set) if one.value_set else _NONE,
        context.observed(one.location),
        _WHY_DOCUMENT,
        Text(
            f"employer un code du jeu de valeurs {one.value_set}",
            f"use a code of value set {one.value_set}",
        )
        if one.value_set
        else Text(
            f"satisfaire cette règle du schématron {one.schematron}",
            f"satisfy this rule of Schematron {one.schematron}",
        ),
        (DOCUMENT_RULE,),
    )


def _of_abort(artifact: str, abort: Abort) -> Problem:
    return Problem(
        f"{abort.schematron}:abort",
        Severity.ERROR,
        Text(
            f"Le schématron {abort.schematron} s'interrompt sur ce document",
            f"Schematron {abort.schematron} aborts on this document",
        ),
        artifact,
        abort.location,
        abort.line,
        _NONE,
        abort.reason if isinstance(abort.reason, Text) else Text.same(str(abort.reason)),
        _WHY_DOCUMENT,
        Text(
            "corriger la valeur que la règle ne peut pas évaluer",
            "mend the value that the rule cannot evaluate",
        ),
        (DOCUMENT_RULE,),
    )
