"""The suite proves itself, and its proof can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.engine import selftest
from dmp_certify.engine.selftest import Proof, prove
from dmp_certify.reference_lps.sins import SINS


def test_the_product_conforms_and_each_sin_is_caught_by_its_check_alone(home: Path) -> None:
    proofs = list(prove(home / "pki"))
    assert [each.sin for each in proofs] == ["", *SINS]
    assert [(each.sin, each.failed, each.trouble) for each in proofs if not each.holds] == []
    assert len(SINS) >= 25


@pytest.mark.parametrize(
    ("failed", "trouble", "holds"),
    [
        (("a",), "", True),
        ((), "", False),
        (("b",), "", False),
        (("a", "b"), "", False),
        (("a",), "x: crashed", False),
    ],
)
def test_a_proof_holds_only_when_exactly_the_expected_checks_fail(
    failed: tuple[str, ...], trouble: str, holds: bool
) -> None:
    assert Proof("sin", ("a",), failed, trouble).holds is holds


def test_a_product_that_does_not_conform_is_no_proof(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sinful = selftest._run(home / "pki", "cda-effective-time", ("feed-pdf",))
    monkeypatch.setattr(selftest, "_run", lambda *_: sinful)
    proof = selftest._clean(home / "pki")
    assert not proof.holds and "NON_CONFORMING" in proof.trouble
