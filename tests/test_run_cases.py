"""Checks that compare the calls of a run, against their cases: bases `play-run-<base>`.

The run is the base, then a fresh call of the same content that bears the wounds of the case.
"""

from __future__ import annotations

import dataclasses

import pytest

from dmp_certify.checks import load_all as all_checks
from dmp_certify.engine.judge import judge_message
from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome
from dmp_certify.wire.run import RunView, run_message
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases, cases
from tests.support.wounds import build
from tests.test_cases import as_expected, said

PREFIX = "play-run-"
declare_readers()
CHECKS = [check for check in all_checks() if check.subject is RunView]
CASES = [case for case in cases.load_all() if case.base.startswith(PREFIX)]


def judge(case: cases.Case) -> list[Finding]:
    name = case.base.removeprefix(PREFIX)
    first = bases.message(build(name, []))
    wounded = build(name, list(case.wounds), case.resign, fresh=True)
    second = dataclasses.replace(
        bases.message(wounded), artifact="exchange/0002/request", exchange="0002", _views={}
    )
    return [finding for c in CHECKS for finding in judge_message(run_message((first, second)), [c])]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_run_case(case: cases.Case) -> None:
    found = judge(case)
    crashed = [said(one) for one in found if one.outcome is Outcome.CRASHED]
    assert not crashed, crashed
    failed = [one for one in found if one.outcome is Outcome.FAIL]
    if case.good:
        assert not failed, [said(one) for one in failed]
        passed = {one.check for one in found if one.outcome is Outcome.PASS}
        assert case.check in passed, f"{case.check} did not run on its good case"
        return
    own = [one for one in failed if one.check == case.check]
    others = {one.check for one in failed} - {case.check}
    assert own, f"{case.check} is silent; others: {[said(one) for one in failed]}"
    assert others == set(case.also), [said(one) for one in failed]
    assert any(as_expected(one, case.expect) for one in own), [said(one) for one in own]
