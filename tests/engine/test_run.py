"""Runs, end to end: real TLS, real bytes, a product of its own process."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.engine import config, resume
from dmp_certify.engine.events import Event, Events
from dmp_certify.engine.replay import judge, plays
from dmp_certify.engine.run import begin
from dmp_certify.engine.run import resume as go_on
from dmp_certify.engine.running import running
from dmp_certify.errors import ConfigurationError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Outcome
from dmp_certify.report.derive import derive
from dmp_certify.scenarios import loader
from tests.engine.conftest import plan

ECHO = """\
import json, sys
order = json.load(sys.stdin)
json.dump({"outcome": "done", "shown": "fini", "detail": {}}, sys.stdout)
"""


@pytest.fixture(scope="module")
def evidence(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = begin(plan(home), tmp_path_factory.mktemp("out"), Events())
    return Evidence.open(folder / "evidence")


def test_every_scenario_of_the_profile_is_played_and_answered(evidence: Evidence) -> None:
    played = plays(evidence)
    assert {each.scenario for each in played} == set(loader.load_all())
    assert all(each.satisfied and each.ended for each in played)
    again = next(each for each in played if each.step == "again")
    assert again.bounded and not again.forbidden


def test_the_words_of_the_fault_come_back_from_the_product(evidence: Evidence) -> None:
    shown = {
        (each.scenario, word): word in each.shown
        for each in plays(evidence)
        for word in each.expect.get("shown") or ()
    }
    assert len(shown) == 2 and all(shown.values())


def test_judging_twice_gives_the_same_findings(evidence: Evidence) -> None:
    first = judge(evidence)
    again = judge(Evidence.open(evidence.folder))
    assert first == again and len(first) > 100


def test_the_suite_finds_no_fault_with_itself(evidence: Evidence) -> None:
    assert [f for f in judge(evidence) if f.outcome is Outcome.CRASHED] == []


def test_no_key_and_no_password_is_recorded(evidence: Evidence) -> None:
    ledger = (evidence.folder / "ledger.jsonl").read_bytes()
    assert b"PRIVATE KEY" not in ledger and b"dmp-certify-test" not in ledger
    for blob in (evidence.folder / "blobs").iterdir():
        assert b"PRIVATE KEY" not in blob.read_bytes()
    orders = [json.dumps(dict(each.fields["order"])) for each in evidence.of_kind("step-begun")]
    assert orders and not any("pkcs12" in order or ".pem" in order for order in orders)


def test_what_only_served_the_play_is_removed(evidence: Evidence) -> None:
    assert [each.name for each in evidence.folder.parent.iterdir()] == ["evidence"]


@pytest.mark.parametrize(
    ("old", "new", "observed"),
    [
        (b"PRPA_IN201308UV02", b"PRPA_IN201309UV02", "PRPA_IN201309UV02"),
        (b"ResponseStatusType:Success", b"ResponseStatusType:Sukcess", "Sukcess"),
        (b"soap:Reason>", b"soap:Raison>", "no soap:Reason/soap:Text"),
        (b"RelatesTo", b"RelatedTo", ""),
        (b'code="NF"', b'code="XX"', "XX"),
        (b"HTTP/1.1 200", b"HTTP/1.1 299", "HTTP 299"),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
def test_an_answer_of_ours_that_departs_voids_the_run(
    evidence: Evidence, tmp_path: Path, old: bytes, new: bytes, observed: str
) -> None:
    wrong = _changed(evidence, tmp_path, old, new)
    found = [each for each in judge(wrong) if each.outcome is Outcome.CRASHED]
    assert found and {each.check for each in found} == {"suite.own-answer"}
    assert all(each.requirement_ids == () for each in found)
    assert any(observed in each.observed.en for each in found)


def _changed(evidence: Evidence, folder: Path, old: bytes, new: bytes) -> Evidence:
    """The same evidence, recorded anew, with `old` replaced in what the suite answered."""
    with Ledger.create(folder / "changed") as ledger:
        for entry in evidence.entries:
            fields = json.loads(json.dumps(dict(entry.fields)))
            for digest in set(entry.blobs()):
                ledger.put(evidence.blob(digest))
            if entry.kind == "exchange":
                answer = evidence.blob(fields["response"]["blob"])
                fields["response"]["blob"] = ledger.put(answer.replace(old, new))
            ledger.append(entry.kind, **fields)
    return Evidence.open(folder / "changed")


def test_a_run_that_stops_goes_on_where_it_was(home: Path, tmp_path: Path) -> None:
    wanted = plan(home, "existence-found", "feed-pdf", "existence-closed")
    folder = wanted.folder(tmp_path)
    scenarios = wanted.scenarios()
    with pytest.raises(KeyboardInterrupt), running(wanted, folder, Events()) as run:
        run.play(scenarios[0])
        run.stage.ledger.append("scenario-begun", scenario=scenarios[1].id, attempt=1)
        raise KeyboardInterrupt
    past = resume.read(folder)
    assert (past.seed, past.only, past.ended) == (7, wanted.only, False)
    heard: list[Event] = []
    go_on(replace(wanted), past, folder, Events(heard.append))
    evidence = Evidence.open(folder / "evidence")
    begun = [
        (e.fields["scenario"], e.fields["attempt"]) for e in evidence.of_kind("scenario-begun")
    ]
    second, third = scenarios[1].id, scenarios[2].id
    assert begun == [("existence-found", 1), (second, 1), (second, 2), (third, 1)]
    assert len(list(evidence.of_kind("resumed"))) == 1
    assert len(plays(evidence)) == 4 and all(each.satisfied for each in plays(evidence))
    assert resume.read(folder).ended


def test_a_run_that_has_ended_is_not_played_again(home: Path, tmp_path: Path) -> None:
    wanted = plan(home, "existence-found")
    folder = begin(wanted, tmp_path, Events())
    before = (folder / "evidence" / "ledger.jsonl").read_bytes()
    go_on(wanted, resume.read(folder), folder, Events())
    assert (folder / "evidence" / "ledger.jsonl").read_bytes() == before


def test_there_must_be_a_run_to_resume(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no run"):
        resume.read(tmp_path)


def test_a_product_that_only_says_done_proves_nothing(home: Path, tmp_path: Path) -> None:
    found = _with_adapter(home, tmp_path, ECHO)
    assert not any(each.outcome is Outcome.PASS and each.exchange for each in found)
    step = plays(Evidence.open(next(tmp_path.glob("out/*/evidence"))))[0]
    assert not step.satisfied and step.outcome == "done"


def test_a_product_that_crashes_has_failed_and_the_run_goes_on(home: Path, tmp_path: Path) -> None:
    _with_adapter(home, tmp_path, "raise SystemExit('boom')")
    step = plays(Evidence.open(next(tmp_path.glob("out/*/evidence"))))[0]
    assert step.outcome == "failed" and "driver_error" in step.detail


def _with_adapter(home: Path, folder: Path, source: str) -> tuple[Finding, ...]:
    import sys

    (folder / "adapter.py").write_text(source)
    driver = {"kind": "command", "command": [sys.executable, "adapter.py"], "patience_seconds": 0.2}
    sut = replace(config.reference(), driver=driver, folder=folder)
    run = begin(plan(home, "existence-found", sut=sut), folder / "out", Events())
    return judge(Evidence.open(run / "evidence"))


class Vouching:
    """The bundled product with a human beside it."""

    def __init__(self, actor: Any) -> None:
        self.ask = actor.ask

    def attest(self, question: Text) -> dict[str, Any]:
        return {"holds": "documents" in question.en, "by": "Camille ESSAI, testeur", "remark": ""}


def test_a_human_vouches_with_the_exchange_as_evidence(home: Path, tmp_path: Path) -> None:
    wanted = plan(home, "feed-pdf")
    folder = wanted.folder(tmp_path)
    with running(wanted, folder, Events()) as run:
        run.stage.actor = Vouching(run.stage.actor)
        run.play(wanted.scenarios()[0])
        run.end()
    report = derive(Evidence.open(folder / "evidence"), "alimentation")
    (word,) = report["attestations"]
    assert word["holds"] is True and word["evidence"] == ["0001"]
    rows = {row["id"]: row["verdict"] for row in report["requirements"]}
    assert rows["EX_2.1-1190"] == "ATTESTED"


@pytest.mark.parametrize(
    "claims",
    [{"documents": ["level1-pdf"]}, {"documents": ["structured"]}, {"professions": ["60"]}],
    ids=["pdf", "structured", "nurse"],
)
def test_a_product_that_claims_less_conforms_to_what_it_claims(
    home: Path, tmp_path: Path, claims: dict[str, list[str]]
) -> None:
    bundled = config.reference()
    sut = replace(
        bundled,
        conformance={**bundled.conformance, **claims},
        driver={**bundled.driver, "kind": config.IN_PROCESS},
    )
    folder = begin(plan(home, sut=sut), tmp_path, Events())
    report = derive(Evidence.open(folder / "evidence"), "alimentation")
    open_rows = {r["id"]: r["verdict"] for r in report["requirements"] if r["verdict"] != "MET"}
    assert report["ruling"] == "CONFORMING", open_rows


def test_a_product_that_does_not_feed_never_conforms_to_the_feeding_profile(
    home: Path, tmp_path: Path
) -> None:
    bundled = config.reference()
    claims = {**bundled.conformance, "transactions": ["TD0.2"], "documents": []}
    driver = {**bundled.driver, "kind": config.IN_PROCESS}
    sut = replace(bundled, conformance=claims, driver=driver)
    folder = begin(plan(home, sut=sut), tmp_path, Events())
    evidence = Evidence.open(folder / "evidence")
    assert derive(evidence, "alimentation")["ruling"] == "INCOMPLETE"
    skipped = {each.fields["scenario"] for each in evidence.of_kind("scenario-skipped")}
    assert {"feed-pdf", "replace", "retry-once"} <= skipped


def test_an_unknown_scenario_leaves_no_folder(home: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no scenario 'nope'"):
        begin(plan(home, "nope"), tmp_path / "out", Events())
    sinful = plan(home, sut=config.reference("nope"))
    with pytest.raises(ConfigurationError, match="unknown sin"):
        begin(sinful, tmp_path / "out", Events())
    assert not any((tmp_path / "out").glob("*"))
