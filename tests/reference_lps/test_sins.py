"""Each sin changes something on the wire or in the answer, and leaves the rest as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmp_certify.outcome import DriverOutcome
from dmp_certify.reference_lps.desk import Desk
from dmp_certify.reference_lps.sins import SINS
from dmp_certify.reference_lps.stages import Stages
from tests.reference_lps.harness import (
    NS,
    PATIENT,
    LoopbackDmp,
    demographics,
    document,
    failure,
    reference,
    success,
)

LAYERS = {
    "transport",
    "soap",
    "vihf",
    "hl7v3",
    "xds",
    "cda_header",
    "cda_body",
    "signature",
    "coherence",
    "workflow",
}


def play(dmp: LoopbackDmp, desk: Desk, scenario: str) -> list[dict[str, Any]]:
    """The driver's answers to the steps of a scenario, as the suite would ask for them."""
    form = "structured" if scenario == "feed-structured" else "level1-pdf"
    feed = {"patient": PATIENT, "documents": [document(form)]}
    if scenario.startswith("existence"):
        status = {"existence-found": "active", "existence-closed": "terminated"}.get(scenario)
        dmp.answers = [demographics(status)]
        return [desk.carry_out(dmp.order("test-existence", patient=PATIENT))]
    if scenario == "feed-lot":
        two = {"patient": PATIENT, "documents": [document(), document(title="Autre")]}
        return [desk.carry_out(dmp.order("feed", **two))]
    if scenario == "refusal-shown":
        dmp.answers = [failure("girofle")]
        return [desk.carry_out(dmp.order("feed", **feed))]
    if scenario == "retry-once":
        dmp.answers = [failure("girofle")]
        told = [desk.carry_out(dmp.order("feed", "a", **feed))]
        return told + [desk.carry_out(dmp.order("retry", step="a")) for _ in range(2)]
    dmp.answers = [success(), reference("urn:uuid:1c6cf5fb-3fd6-4d3c-b9c3-4e5d8a1b2c3d")]
    told = [desk.carry_out(dmp.order("feed", **feed))]
    if scenario == "replace":
        dmp.answers = [reference("urn:uuid:1c6cf5fb-3fd6-4d3c-b9c3-4e5d8a1b2c3d"), success()]
        old = told[0]["detail"]["documents"][0]
        again = {"patient": PATIENT, "replaces": old, "document": document()}
        told.append(desk.carry_out(dmp.order("replace", **again)))
    return told


def test_there_are_enough_and_each_is_well_named() -> None:
    assert len(SINS) >= 30
    for name, sin in SINS.items():
        assert name == sin.name
        assert sin.title.fr
        assert sin.title.en
        assert sin.title.fr != sin.title.en
        assert sin.expects
        assert all(check.partition(".")[0] in LAYERS for check in sin.expects)


@pytest.mark.parametrize("name", sorted(SINS))
def test_a_sin_is_committed_and_told_as_a_product_would(
    dmp: LoopbackDmp, tmp_path: Path, name: str
) -> None:
    sin = SINS[name]
    desk = Desk(tmp_path / "state", Stages(sin.hooks(tmp_path / "state")))
    told = play(dmp, desk, sin.scenario)
    assert all(answer["outcome"] in list(DriverOutcome) for answer in told)
    if name.startswith("client-certificate"):
        return  # what this server does not refuse, the simulator does
    if name != "success-as-failure":
        assert all(answer["outcome"] != "failed" for answer in told), told
    assert dmp.received


def _seen(dmp: LoopbackDmp, tmp_path: Path, name: str, **feed: Any) -> LoopbackDmp:
    sin = SINS[name]
    desk = Desk(tmp_path, Stages(sin.hooks(tmp_path)))
    play(dmp, desk, sin.scenario)
    return dmp


def test_an_untrusted_certificate_is_refused_in_the_handshake(
    dmp: LoopbackDmp, tmp_path: Path
) -> None:
    sin = SINS["client-certificate-untrusted"]
    desk = Desk(tmp_path, Stages(sin.hooks(tmp_path)))
    (told,) = play(dmp, desk, sin.scenario)
    assert told["outcome"] == "failed"
    assert dmp.received == []


def test_without_mtom_the_document_is_inline(dmp: LoopbackDmp, tmp_path: Path) -> None:
    (got,) = _seen(dmp, tmp_path, "mtom-missing").received
    assert got.headers["Content-Type"].startswith("application/soap+xml")
    assert (got.soap.findtext(".//xdsb:Document[@id='Document01']", "", NS)).startswith("PD94")


def test_a_soap_11_envelope_is_sent_as_such(dmp: LoopbackDmp, tmp_path: Path) -> None:
    (got,) = _seen(dmp, tmp_path, "soap-11").received
    assert got.headers["Content-Type"].startswith("text/xml")
    assert got.soap.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"


def test_the_retry_that_duplicates_sends_three_times(dmp: LoopbackDmp, tmp_path: Path) -> None:
    received = _seen(dmp, tmp_path, "retry-duplicates").received
    assert len(received) == 3
    assert received[1].document("Document01") == received[2].document("Document01")


def test_another_title_in_the_document_only(dmp: LoopbackDmp, tmp_path: Path) -> None:
    (got,) = _seen(dmp, tmp_path, "cda-other-title").received
    assert b"<title>Autre titre</title>" in got.document("Document01")
    names = [n.get("value") for n in got.soap.findall(".//rim:Name/rim:LocalizedString", NS)]
    assert "Lettre étoile" in names
    assert "Autre titre" not in names
