"""What the whole judge says of a message: every check on every subject that a run would hold."""

from __future__ import annotations

from dmp_certify.catalogue import requirements
from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.finding import Finding
from dmp_certify.outcome import Obligation, Outcome
from dmp_certify.wire.message import Message
from dmp_certify.wire.run import run_message
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases

declare_readers()
CHECKS = load_all()
_BAD = (Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED)


def findings(base: bases.Base) -> list[Finding]:
    """The findings on the base's message, its connection and the run of that message alone."""
    return judged(bases.message(base), bases.connection(base))


def judged(*messages: Message) -> list[Finding]:
    """The findings on those messages and on the run they make."""
    return judge_messages((*messages, run_message(messages)), CHECKS)


def said(finding: Finding) -> str:
    return (
        f"{finding.check} {finding.outcome} {finding.requirement_ids} at {finding.place.artifact} "
        f"{finding.place.path}: expected {finding.expected.en!r}, observed {finding.observed.en!r}"
    )


def wrong(found: list[Finding]) -> list[Finding]:
    """Everything that is neither a PASS nor out of the subject."""
    return [one for one in found if one.outcome in _BAD]


def assert_silent(subject: bases.Base | Message, noted: frozenset[str] = frozenset()) -> None:
    """No check finds anything, and the message was judged indeed.

    `noted` are rows that are reported and never held against a product (MAY): they must be found.
    """
    found = findings(subject) if isinstance(subject, bases.Base) else judged(subject)
    assert {obligation(row) for row in noted} <= {Obligation.MAY}
    heard = [one for one in wrong(found) if not noted or not set(one.requirement_ids) <= noted]
    assert not heard, [said(one) for one in heard]
    assert {row for one in wrong(found) for row in one.requirement_ids} == set(noted)
    assert any(one.outcome is Outcome.PASS for one in found)


def obligation(row: str) -> Obligation:
    return requirements.load_all()[row].obligation


def named(found: list[Finding], *outcomes: Outcome) -> set[str]:
    """The ids of the checks with one of those outcomes; FAIL by default."""
    return {one.check for one in found if one.outcome in (outcomes or (Outcome.FAIL,))}
