"""Each check against its cases: good ones are silent, bad ones trip it alone and at its place."""

from __future__ import annotations

import pytest

from dmp_certify import packs
from dmp_certify.checks import load_all as all_checks
from dmp_certify.engine.judge import judge_messages
from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases, cases
from tests.support.wounds import build

declare_readers()
CHECKS = all_checks()
CASES = [case for case in cases.load_all() if not case.base.startswith("play")]


def judge(case: cases.Case) -> list[Finding]:
    base = build(case.base, list(case.wounds), case.resign)
    message = bases.message(base)
    message.pack = packs.load(bases.FIXTURES / "_packs" / case.pack) if case.pack else None
    return judge_messages((bases.connection(base), message), CHECKS)


def said(finding: Finding) -> str:
    return (
        f"{finding.check} {finding.outcome} {finding.requirement_ids} at {finding.place}: "
        f"expected {finding.expected.en!r}, observed {finding.observed.en!r}"
    )


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: cases.Case) -> None:
    found = judge(case)
    crashed = [said(one) for one in found if one.outcome is Outcome.CRASHED]
    assert not crashed, crashed
    failed = [one for one in found if one.outcome is Outcome.FAIL]
    if case.good:
        assert not failed, [said(one) for one in failed]
        assert any(one.check == case.check and one.outcome is Outcome.PASS for one in found), (
            f"{case.check} did not run on its good case"
        )
        return
    own = [one for one in failed if one.check == case.check]
    others = {one.check for one in failed} - {case.check}
    assert own, f"{case.check} is silent; others: {[said(one) for one in failed]}"
    assert others == set(case.also), [
        said(one) for one in failed if one.check in others ^ set(case.also)
    ]
    assert any(as_expected(one, case.expect) for one in own), [said(one) for one in own]


def as_expected(finding: Finding, expect: dict[str, str]) -> bool:
    wanted = {
        "path": lambda text: finding.place.path.endswith(text),
        "artifact": lambda text: finding.place.artifact.endswith(text),
        "observed": lambda text: text in finding.observed.en or text in finding.observed.fr,
        "requirement": lambda text: text in finding.requirement_ids,
    }
    assert {"observed"} <= set(expect), "a bad case states what is observed"
    assert {"path", "artifact"} & set(expect), "a bad case states its place"
    return all(wanted[key](str(value)) for key, value in expect.items())


def test_every_check_has_a_good_and_a_bad_case() -> None:
    held = {(case.check, case.good) for case in cases.load_all()}
    lacking = [
        f"{check.id}: no {'good' if good else 'bad'} case"
        for check in CHECKS
        for good in (True, False)
        if (check.id, good) not in held
    ]
    assert not lacking, lacking


def test_every_case_has_its_check() -> None:
    assert {case.check for case in cases.load_all()} <= {check.id for check in CHECKS}
