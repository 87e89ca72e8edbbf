"""The verdict tables, enumerated, and the properties no table may lose."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_certify.catalogue.requirements import Requirement
from dmp_certify.engine.verdict import (
    Attestation,
    ProfileVerdict,
    judge_profile,
    judge_requirement,
    ruling_of,
    verdict_of,
)
from dmp_certify.finding import Finding, Place, Text
from dmp_certify.outcome import Cause, Obligation, Outcome, Ruling, Verdict

WORSE = {Ruling.VOID: 0, Ruling.NON_CONFORMING: 1, Ruling.INCOMPLETE: 2, Ruling.CONFORMING: 3}


def row(
    identifier: str = "EX_1",
    obligation: Obligation = Obligation.MUST,
    verification: str = "message",
    applies: str = "",
) -> Requirement:
    return Requirement(
        id=identifier,
        document="demo-1",
        section="1",
        actor="LPS",
        obligation=obligation,
        applies=applies,
        from_=None,
        until=None,
        verification=verification,
        reason="raison",
        title=Text.same("titre"),
        source="source",
    )


def finding(outcome: Outcome, *rows: str, cause: str = "", exchange: str = "0001") -> Finding:
    empty = Text.same("")
    return Finding("a.b", outcome, rows, Place("x"), empty, empty, exchange, cause)


def ruled(rows: list[Requirement], findings: list[Finding], *words: Attestation) -> ProfileVerdict:
    return judge_profile(rows, findings, conformance={}, attestations=words)


# --- first table -----------------------------------------------------------------------------


def expected_verdict(obligation: Obligation, seen: frozenset[Outcome]) -> Verdict:
    """The first table once more, as rows to be walked from the top."""
    fail = {"MUST": "NOT_MET", "SHOULD": "DEVIATION", "MAY": "NOTED"}[obligation]
    table = [
        ("CRASHED", "VOID"),
        ("FAIL", fail),
        ("BLOCKED", "NOT_DEMONSTRATED"),
        ("PASS", "MET"),
        ("NOT_APPLICABLE", "NOT_APPLICABLE"),
    ]
    named = {str(outcome) for outcome in seen}
    return Verdict(next((v for outcome, v in table if outcome in named), "NOT_DEMONSTRATED"))


SUBSETS = [frozenset(c) for n in range(len(Outcome) + 1) for c in combinations(Outcome, n)]


@pytest.mark.parametrize("obligation", Obligation)
def test_every_combination_of_outcomes(obligation: Obligation) -> None:
    assert len(SUBSETS) == 32
    for seen in SUBSETS:
        assert verdict_of(obligation, seen) is expected_verdict(obligation, seen), seen


@given(st.sampled_from(Obligation), st.lists(st.sampled_from(Outcome), max_size=9), st.randoms())
def test_verdict_ignores_order_and_repetition(
    obligation: Obligation, outcomes: list[Outcome], rng: random.Random
) -> None:
    shuffled = outcomes + outcomes[:2]
    rng.shuffle(shuffled)
    assert verdict_of(obligation, shuffled) is verdict_of(obligation, outcomes)


# --- second table ----------------------------------------------------------------------------

PAIRS = list(product(Obligation, Verdict))


def expected_ruling(pairs: tuple[tuple[Obligation, Verdict], ...]) -> Ruling:
    must = [verdict for obligation, verdict in pairs if obligation == "MUST"]
    if "VOID" in [verdict for _, verdict in pairs]:
        return Ruling.VOID
    for verdict, ruling in (
        ("NOT_MET", Ruling.NON_CONFORMING),
        ("NOT_DEMONSTRATED", Ruling.INCOMPLETE),
        ("MET", Ruling.CONFORMING),
    ):
        if verdict in must:
            return ruling
    return Ruling.INCOMPLETE


def test_every_combination_of_up_to_four_verdicts() -> None:
    seen = set()
    for size in range(5):
        for pairs in combinations(PAIRS, size):
            ruling = ruling_of(pairs)
            assert ruling is expected_ruling(pairs), pairs
            seen.add(ruling)
    assert seen == set(Ruling)


@given(st.lists(st.sampled_from(PAIRS), max_size=30), st.randoms())
def test_ruling_ignores_order(pairs: list[tuple[Obligation, Verdict]], rng: random.Random) -> None:
    before = ruling_of(pairs)
    rng.shuffle(pairs)
    assert ruling_of(pairs) is before


@given(st.lists(st.sampled_from([p for p in PAIRS if p != ("MUST", "MET")]), max_size=20))
def test_nothing_conforms_without_a_must_that_is_met(
    pairs: list[tuple[Obligation, Verdict]],
) -> None:
    assert ruling_of(pairs) is not Ruling.CONFORMING


# --- profiles --------------------------------------------------------------------------------

IDS = [f"EX_{n}" for n in range(4)]
ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(IDS),
        st.sampled_from(Obligation),
        st.sampled_from(["message", "behaviour", "attested", "none"]),
        st.sampled_from(["", "role=other"]),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
FINDINGS = st.lists(
    st.builds(
        lambda outcome, ids, cause: finding(outcome, *ids, cause=cause),
        st.sampled_from(Outcome),
        st.lists(st.sampled_from(IDS), max_size=2, unique=True),
        st.sampled_from(["", *Cause]),
    ),
    max_size=6,
)
WORDS = st.lists(
    st.builds(
        Attestation,
        st.sampled_from(IDS),
        st.booleans(),
        st.sampled_from(["", "Dr X"]),
        st.sampled_from([(), ("exchange/0001",)]),
    ),
    max_size=3,
)


@settings(max_examples=400)
@given(
    ROWS, FINDINGS, WORDS, st.sampled_from(IDS), st.sampled_from([Outcome.FAIL, Outcome.CRASHED])
)
def test_one_more_fail_never_improves_a_ruling(
    rows: list[Requirement],
    findings: list[Finding],
    words: list[Attestation],
    where: str,
    outcome: Outcome,
) -> None:
    before = ruled(rows, findings, *words)
    for position in range(len(findings) + 1):
        more = [*findings[:position], finding(outcome, where), *findings[position:]]
        after = ruled(rows, more, *words)
        assert WORSE[after.ruling] <= WORSE[before.ruling]
        for old, new in zip(before.requirements, after.requirements, strict=True):
            assert new.verdict is old.verdict or new.verdict not in (Verdict.MET, Verdict.ATTESTED)


@settings(max_examples=200)
@given(ROWS, FINDINGS, WORDS, st.randoms())
def test_profile_ignores_the_order_of_findings(
    rows: list[Requirement],
    findings: list[Finding],
    words: list[Attestation],
    rng: random.Random,
) -> None:
    before = ruled(rows, findings, *words)
    rng.shuffle(findings)
    rng.shuffle(words)
    assert ruled(rows, findings, *words) == before


@given(ROWS, WORDS)
def test_no_finding_is_never_conforming(rows: list[Requirement], words: list[Attestation]) -> None:
    verdict = ruled(rows, [], *words)
    assert verdict.ruling is not Ruling.CONFORMING
    assert Verdict.MET not in {each.verdict for each in verdict.requirements}


@settings(max_examples=200)
@given(ROWS, FINDINGS, WORDS)
def test_every_verdict_carries_its_cause(
    rows: list[Requirement], findings: list[Finding], words: list[Attestation]
) -> None:
    for each in ruled(rows, findings, *words).requirements:
        held = each.verdict in (Verdict.MET, Verdict.ATTESTED)
        assert (each.cause is Cause.NONE) is held
        assert (each.cause is Cause.SUITE) or each.verdict is not Verdict.VOID


@given(FINDINGS, st.sampled_from(["none", "attested"]))
def test_rows_of_none_or_attested_are_never_met(findings: list[Finding], kind: str) -> None:
    rows = [row(each, verification=kind) for each in IDS]
    assert ruled(rows, findings).counts()[Verdict.MET] == 0


def test_a_pass_conforms_and_a_fail_does_not() -> None:
    good = [finding(Outcome.PASS, "EX_1")]
    assert ruled([row()], good).ruling is Ruling.CONFORMING
    bad = [*good, finding(Outcome.FAIL, "EX_1", exchange="0002")]
    verdict = ruled([row()], bad)
    assert verdict.ruling is Ruling.NON_CONFORMING
    assert verdict.requirements[0].cause is Cause.PRODUCT
    assert verdict.requirements[0].evidence == ("0001", "0002")
    assert verdict.requirements[0].checks == ("a.b",)


def test_an_attested_row_outside_enters_the_ruling_once_something_is_known() -> None:
    asked = row("EX_2", verification="attested")
    passed = [finding(Outcome.PASS, "EX_1")]

    def outside(*words: Attestation) -> ProfileVerdict:
        return judge_profile([row()], passed, conformance={}, attestations=words, outside=[asked])

    assert outside().ruling is Ruling.CONFORMING
    assert [each.requirement.id for each in outside().ruled_on] == ["EX_1"]
    said = Attestation("EX_2", True, "Dr X", ("exchange/0001",))
    assert outside(said).counts()[Verdict.ATTESTED] == 1
    denied = Attestation("EX_2", False, "Dr X", ("exchange/0001",))
    assert outside(denied).ruling is Ruling.NON_CONFORMING


def test_a_row_out_of_reach_stands_apart_and_still_cannot_hide_a_fail() -> None:
    rows = [row(), row("EX_2", verification="none")]
    verdict = ruled(rows, [finding(Outcome.PASS, "EX_1", "EX_2")])
    assert verdict.ruling is Ruling.CONFORMING
    assert [each.requirement.id for each in verdict.ruled_on] == ["EX_1"]
    assert verdict.requirements[1].verdict is Verdict.NOT_DEMONSTRATED
    failed = ruled(rows, [finding(Outcome.PASS, "EX_1"), finding(Outcome.FAIL, "EX_2")])
    assert failed.ruling is Ruling.NON_CONFORMING


def test_an_unexercised_must_makes_the_ruling_incomplete() -> None:
    verdict = ruled([row(), row("EX_2")], [finding(Outcome.PASS, "EX_1")])
    assert verdict.ruling is Ruling.INCOMPLETE
    assert verdict.requirements[1].cause is Cause.NOT_EXERCISED
    assert verdict.counts(Obligation.MUST)[Verdict.NOT_DEMONSTRATED] == 1
    assert sum(verdict.counts().values()) == 2


def test_not_applicable_comes_from_the_conformance_statement() -> None:
    rows = [row(), row("EX_2", applies="role=other")]
    passed = [finding(Outcome.PASS, "EX_1")]
    verdict = judge_profile(rows, passed, conformance={"role": "this"})
    assert verdict.requirements[1].verdict is Verdict.NOT_APPLICABLE
    assert verdict.ruling is Ruling.CONFORMING
    claimed = judge_profile(rows, passed, conformance={"role": ["this", "other"]})
    assert claimed.ruling is Ruling.INCOMPLETE


def test_a_crash_without_a_row_and_a_fault_of_the_suite_are_void() -> None:
    good = finding(Outcome.PASS, "EX_1")
    assert ruled([row()], [good, finding(Outcome.CRASHED)]).ruling is Ruling.VOID
    ours = finding(Outcome.FAIL, "EX_1", cause=Cause.SUITE)
    assert ruled([row()], [good, ours]).requirements[0].verdict is Verdict.VOID


def test_an_attestation_needs_a_name_and_evidence_and_is_apart_from_met() -> None:
    asked = row(verification="attested")
    said = Attestation("EX_1", True, "Dr X", ("exchange/0001",))
    assert judge_requirement(asked, [], [said]).verdict is Verdict.ATTESTED
    for hollow in (
        Attestation("EX_1", True, " ", ("exchange/0001",)),
        Attestation("EX_1", True, "Dr X", ()),
        Attestation("EX_1", True, "Dr X", ("",)),
    ):
        silent = judge_requirement(asked, [], [hollow])
        assert (silent.verdict, silent.cause) == (Verdict.NOT_DEMONSTRATED, Cause.OPERATOR)
    denied = Attestation("EX_1", False, "Dr X", ("exchange/0001",))
    assert judge_requirement(asked, [], [said, denied]).verdict is Verdict.NOT_MET
    assert judge_requirement(row(), [], [said]).verdict is Verdict.NOT_DEMONSTRATED


def test_an_attestation_alone_does_not_conform() -> None:
    asked = row(verification="attested")
    said = Attestation("EX_1", True, "Dr X", ("exchange/0001",))
    assert ruled([asked], [], said).ruling is Ruling.INCOMPLETE


def test_the_cause_is_that_of_the_deciding_findings() -> None:
    findings = [
        finding(Outcome.FAIL, "EX_1", cause="environment"),
        finding(Outcome.FAIL, "EX_1", cause="product-configuration"),
        finding(Outcome.BLOCKED, "EX_1", cause="product"),
    ]
    assert judge_requirement(row(), findings).cause is Cause.PRODUCT_CONFIGURATION
