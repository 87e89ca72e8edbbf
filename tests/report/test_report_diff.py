"""What changed between two reports."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.report import diff, model
from tests.report import sample


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    evidence = sample.record(tmp_path_factory.mktemp("run") / "evidence")
    bad = model.build(evidence, sample.FINDINGS, sample.basis())
    good = model.build(evidence, sample.CLEAN, sample.basis())
    return bad, good


def test_a_correction_is_told(reports: tuple[Any, Any]) -> None:
    found = diff.compare(*reports)
    assert found.ruling == ("NON_CONFORMING", "CONFORMING")
    assert found.verdicts["EX_VIHF-040"] == ("NOT_MET", "MET")
    assert "EX_0.1-1020" not in found.verdicts
    assert [fault[0] for fault in found.gone] == [
        "vihf.assertion-expired",
        "vihf.role",
        "xds.author",
        "xds.inline",
    ]
    assert found.appeared == ()
    assert "  EX_VIHF-040 : Non satisfaite → Satisfaite" in found.lines("fr")
    assert "Ruling: Non-conforming → Conforming" in found.lines("en")
    assert found.to_json()["gone"][0]["requirement"] == "EX_VIHF-040"


def test_a_regression_is_told(reports: tuple[Any, Any]) -> None:
    found = diff.compare(*reversed(reports))
    assert len(found.appeared) == 4
    assert not found.empty


def test_values_and_exchanges_are_no_difference(tmp_path: Path, reports: tuple[Any, Any]) -> None:
    evidence = sample.record(tmp_path / "evidence")
    again = [
        each._replace(observed=Text.same("other"), exchange="0002") for each in sample.FINDINGS
    ]
    found = diff.compare(reports[0], model.build(evidence, again, sample.basis()))
    assert found.empty
    assert found.lines("fr")[-1] == "Aucune différence."


def test_two_profiles_are_not_compared(reports: tuple[Any, Any]) -> None:
    other = copy.deepcopy(reports[1])
    other["profile"]["id"] = "consultation"
    with pytest.raises(ConfigurationError, match="two profiles, alimentation and consultation"):
        diff.compare(reports[0], other)


def test_a_row_that_is_new_or_gone_is_told(reports: tuple[Any, Any]) -> None:
    shorter = copy.deepcopy(reports[1])
    row = shorter["requirements"].pop(0)["id"]
    assert diff.compare(reports[1], shorter).verdicts == {row: ("MET", "")}
    assert f"  {row} : absente → Satisfaite" in diff.compare(shorter, reports[1]).lines("fr")
