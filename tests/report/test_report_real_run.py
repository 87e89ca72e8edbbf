"""A real run, sealed and verified by judging its evidence again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.catalogue import profiles
from dmp_certify.checks import load_all
from dmp_certify.engine import config
from dmp_certify.engine.events import Events
from dmp_certify.engine.replay import judge
from dmp_certify.engine.run import Plan, begin
from dmp_certify.evidence.reader import Evidence
from dmp_certify.outcome import Outcome
from dmp_certify.report import bundle, derive, identity, model
from dmp_certify.report.deliver import Delivery, deliver
from dmp_certify.report.verify import REPLAY, Refused, verify
from dmp_certify.wire.evidence import messages


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv("DMP_CERTIFY_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def run(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scenario of the bundled product that commits a fault."""
    plan = Plan(
        profiles.load("alimentation"),
        config.reference("cda-other-title"),
        home / "pki",
        seed=11,
        only=("feed-structured",),
    )
    return begin(plan, tmp_path_factory.mktemp("out"), Events())


@pytest.fixture(scope="module")
def delivery(run: Path) -> Delivery:
    return deliver(run, "alimentation")


def test_a_run_is_delivered_and_verifies(delivery: Delivery) -> None:
    result = verify(delivery.files["dmpcert"], derive.derive)
    assert result.own_identity
    assert result.ruling == delivery.ruling
    assert result.findings == len(delivery.report["findings"]) > 50
    for name in ("report.html", "report.pdf", "report.json", "junit.xml"):
        assert delivery.files[name].stat().st_size > 1000


def test_evidence_judged_twice_gives_the_same_bytes(run: Path, delivery: Delivery) -> None:
    evidence = Evidence.open(run / "evidence")
    again = model.encode(derive.derive(evidence, "alimentation"))
    assert again == delivery.files["report.json"].read_bytes()


def test_the_page_shows_the_lines_of_each_fault(delivery: Delivery) -> None:
    page = delivery.files["report.html"].read_text("utf-8")
    failed = [each for each in delivery.report["findings"] if each["outcome"] == "FAIL"]
    assert failed
    rows = {each["id"] for each in delivery.report["requirements"]}
    for each in failed:
        assert rows.intersection(each["requirement_ids"])
        assert each["place"]["path"].rpartition("/")[2] in page
    assert page.count('class="excerpt"') >= 1
    assert "<mark>" in page


@pytest.mark.parametrize("lie", ["faults dropped", "ruling embellished", "one word"])
def test_the_owner_of_the_key_cannot_lie(run: Path, tmp_path: Path, lie: str) -> None:
    """Signed with the trusted key, over the true evidence: the replay still sees it."""
    evidence = Evidence.open(run / "evidence")
    basis = model.Basis(
        profiles.load("alimentation"),
        {check.id: check.texts for check in load_all()},
        derive.software(messages(evidence)),
    )
    findings = judge(evidence)
    report: Any = model.build(evidence, findings, basis)
    if lie == "faults dropped":
        kept = [each for each in findings if each.outcome is not Outcome.FAIL]
        assert len(kept) < len(findings)
        report = model.build(evidence, kept, basis)
    elif lie == "ruling embellished":
        report["ruling"] = "CONFORMING"
    else:
        report["findings"][0]["observed"]["fr"] += "x"
    signer = identity.ensure().signer()
    path = bundle.write(tmp_path / "lie.dmpcert", evidence, report, signer)
    with pytest.raises(Refused) as refused:
        verify(path, derive.derive)
    assert refused.value.step is REPLAY


def test_flips_all_over_the_real_bundle_are_seen(delivery: Delivery, tmp_path: Path) -> None:
    data = delivery.files["dmpcert"].read_bytes()
    path = tmp_path / "flipped.dmpcert"

    def rebuild(evidence: Evidence, profile: str) -> Mapping[str, Any]:
        raise AssertionError("a flipped byte must be seen before the replay")

    for place in range(0, len(data), max(1, len(data) // 150)):
        wounded = bytearray(data)
        wounded[place] ^= 0x20
        path.write_bytes(wounded)
        with pytest.raises(Refused) as refused:
            verify(path, rebuild)
        assert refused.value.step is not REPLAY


def test_the_bundle_holds_no_key(delivery: Delivery, home: Path) -> None:
    parts = bundle.read(delivery.files["dmpcert"]).parts
    keys = [file for file in home.rglob("*") if file.is_file() and b"PRIVATE" in file.read_bytes()]
    assert keys
    for file in keys:
        line = file.read_bytes().splitlines()[1]
        for name, data in parts.items():
            assert line not in data, f"{file} in {name}"
            assert b"PRIVATE KEY" not in data, name


def test_another_place_and_time_zone_give_the_same_report(delivery: Delivery, home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from dmp_certify.report import derive, verify;"
        "print(verify.verify(Path(sys.argv[1]), derive.derive).ruling)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, str(delivery.files["dmpcert"])],
        env={
            "DMP_CERTIFY_HOME": str(home),
            "PYTHONPATH": str(root),
            "PYTHONHASHSEED": "5",
            "TZ": "Pacific/Auckland",
            "LC_ALL": "C",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == delivery.ruling, done.stderr
