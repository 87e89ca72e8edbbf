"""`report.json`: its contract, its determinism, what it refuses."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.errors import EvidenceError, SuiteError
from dmp_certify.finding import Text
from dmp_certify.outcome import Outcome
from dmp_certify.report import model
from dmp_certify.report.text import LIMIT
from tests.report import sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "evidence"
    sample.record(folder)
    return folder


@pytest.fixture
def report(folder: Path) -> Any:
    return model.build(model.Evidence.open(folder), sample.FINDINGS, sample.basis())


def test_the_contract(report: Any) -> None:
    assert report["ruling"] == "NON_CONFORMING"
    verdicts = {each["id"]: (each["verdict"], each["cause"]) for each in report["requirements"]}
    assert verdicts == {
        "EX_0.1-1020": ("MET", ""),
        "DC-SOAP-001": ("MET", ""),
        "EX_VIHF-040": ("NOT_MET", "product"),
        "EX_VIHF-060": ("DEVIATION", "product"),
        "EX_2.1-1140": ("NOT_DEMONSTRATED", "product"),
        "EX_2.1-1260": ("NOTED", "product"),
        "EX_GEN-1060": ("NOT_DEMONSTRATED", "not-exercised"),
        "EX_DIR-010": ("NOT_APPLICABLE", "product-configuration"),
        "EX_GEN-1900": ("ATTESTED", ""),
    }
    assert report["counts"]["NOT_MET"] == 1
    assert report["counts"]["by_obligation"]["MUST"]["MET"] == 2
    assert report["counts"]["outside"] == 1
    assert [each["id"] for each in report["not_exercised"]] == [
        "EX_2.1-1140",
        "EX_GEN-1060",
        "REC_GEN-1050",
    ]
    assert report["not_exercised"][2]["reason"]["fr"] == "Le texte de l'exigence n'est pas public."
    assert [each["id"] for each in report["deviations"]] == ["EX_VIHF-060"]
    assert report["attestations"][0]["by"] == "Dr Camille Test, directrice technique"
    assert list(report["checks"]) == ["vihf.assertion-expired"]


def test_product_and_run(report: Any, folder: Path) -> None:
    product = report["product"]
    assert product["vendor"] == "Éditeur & Fils <SARL>"
    seen = product["seen_on_wire"]
    assert seen["software"][0]["version"] == "4.2.0"
    assert seen["tls"] == [
        {"version": "TLSv1.2", "cipher": "ECDHE-RSA-AES256-GCM-SHA384", "connections": 1}
    ]
    assert seen["client_certificates"][0]["subject"] == "CN=cabinet-auth-cli"
    run = report["run"]
    assert (run["exchanges"], run["connections"], run["refused_connections"]) == (2, 2, 1)
    assert run["scenarios"] == [
        {"id": "feed-pdf", "state": "ended"},
        {"id": "feed-vital", "state": "skipped"},
    ]
    assert run["started"] == "2026-11-23T09:00:00.000000Z"
    assert run["evidence_root"] == model.Evidence.open(folder).root


def test_same_evidence_same_bytes(folder: Path, tmp_path: Path) -> None:
    shuffled = list(sample.FINDINGS)
    random.Random(3).shuffle(shuffled)
    elsewhere = sample.record(tmp_path / "elsewhere")
    first = model.encode(model.build(model.Evidence.open(folder), sample.FINDINGS, sample.basis()))
    again = model.encode(model.build(elsewhere, shuffled, sample.basis()))
    assert first == again
    assert model.encode(json.loads(first)) == first


def test_findings_and_requirements_speak_both_languages(report: Any) -> None:
    for each in report["requirements"]:
        assert set(each["title"]) == {"fr", "en"}
    failed = next(each for each in report["findings"] if each["outcome"] == "FAIL")
    assert set(failed["expected"]) == set(failed["observed"]) == {"fr", "en"}


def test_hostile_and_huge_values_stay_writable(folder: Path) -> None:
    huge = sample.FINDINGS[3]._replace(observed=Text.same("\ud800" + "x" * 5_000_000))
    built = model.build(model.Evidence.open(folder), [huge], sample.basis())
    written: Any = json.loads(model.encode(built))
    observed = written["findings"][0]["observed"]["fr"]
    assert observed.startswith("\\ud800xxx")
    assert len(observed) < LIMIT + 20


def test_a_traceback_names_no_folder_of_the_machine(folder: Path) -> None:
    lines = (
        'File "/home/a/b/dmp_certify/checks/x.py", line 3, in y\n'
        'File "C:\\py\\lib\\site-packages\\lxml\\z.py", line 4'
    )
    crash = sample.FINDINGS[0]._replace(outcome=Outcome.CRASHED, observed=Text.same(lines))
    built: Any = model.build(model.Evidence.open(folder), [crash], sample.basis())
    assert built["ruling"] == "VOID"
    seen = built["findings"][0]["observed"]["en"]
    assert 'File "dmp_certify/checks/x.py", line 3' in seen
    assert 'File "site-packages/lxml/z.py"' in seen
    assert "/home" not in seen


def test_findings_of_other_profiles_stay_out(folder: Path) -> None:
    alien = sample.FINDINGS[3]._replace(requirement_ids=("EX_OTHER-1",))
    ours = sample.FINDINGS[0]._replace(outcome=Outcome.CRASHED, requirement_ids=())
    built: Any = model.build(model.Evidence.open(folder), [alien, ours], sample.basis())
    assert [each["requirement_ids"] for each in built["findings"]] == [[]]
    assert built["ruling"] == "VOID"


def test_a_run_without_findings_is_incomplete(folder: Path) -> None:
    built = model.build(model.Evidence.open(folder), [], sample.basis())
    assert built["ruling"] == "INCOMPLETE"


def test_a_run_that_has_not_ended_gives_no_report(tmp_path: Path) -> None:
    evidence = sample.record(tmp_path / "open", ended=False)
    with pytest.raises(EvidenceError, match="has not ended"):
        model.build(evidence, sample.FINDINGS, sample.basis())


def test_a_folder_without_a_run_gives_no_report(tmp_path: Path) -> None:
    sample.Ledger.create(tmp_path / "void").close()
    with pytest.raises(EvidenceError, match="no run entry"):
        model.build(model.Evidence.open(tmp_path / "void"), [], sample.basis())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("ruling",), "CONFORMANT"),
        (("counts", "MET"), -1),
        (("requirements", 0, "verdict"), "PASS"),
        (("requirements", 0, "title"), "one language"),
        (("findings", 0, "cause"), "bad luck"),
        (("run", "started"), "yesterday"),
        (("more",), 1),
    ],
)
def test_the_schema_refuses(report: Any, path: tuple[Any, ...], value: object) -> None:
    model.validate(report)
    inside = report
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    with pytest.raises(SuiteError, match="departs from its schema"):
        model.validate(report)
