"""The intents, over real mutual TLS, and what the product tells of the DMP's answers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from lxml import etree

from dmp_certify.reference_lps.desk import Desk
from tests.reference_lps.harness import (
    NS,
    PATIENT,
    LoopbackDmp,
    demographics,
    document,
    failure,
    fault,
    reference,
    slots,
    success,
)

RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"


@pytest.mark.parametrize(
    ("answer", "status"), [("active", "active"), ("terminated", "closed"), (None, "absent")]
)
def test_existence_is_understood(
    dmp: LoopbackDmp, desk: Desk, answer: str | None, status: str
) -> None:
    dmp.answers = [demographics(answer)]
    told = desk.carry_out(dmp.order("test-existence", patient=PATIENT))
    assert told["outcome"] == "done"
    assert told["detail"] == {"status": status}
    (got,) = dmp.received
    assert got.path == "/si-dmp-server/v2/services/patients"
    assert got.version == "TLSv1.2"
    value = got.soap.find(".//hl7:patientIdentifier/hl7:value", NS)
    assert value is not None
    assert value.get("root") == "1.2.250.1.213.1.4.10"
    assert value.get("extension") == "279035121518989"
    assert got.soap.findtext(".//wsa:Action", "", NS) == "urn:hl7-org:v3:PRPA_IN201307UV02"
    identifier = got.soap.find(".//saml:Attribute[@Name][saml:AttributeValue='urn:dmp']", NS)
    assert identifier is not None


@pytest.mark.parametrize("answer", [failure("le mot girofle"), fault("le mot girofle")])
def test_a_refusal_shows_the_words_of_the_dmp(
    dmp: LoopbackDmp, desk: Desk, answer: tuple[int, bytes]
) -> None:
    dmp.answers = [answer]
    told = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    assert told["outcome"] == "refused"
    assert "le mot girofle" in told["shown"]


def test_what_was_refused_is_sent_again_once(dmp: LoopbackDmp, desk: Desk) -> None:
    dmp.answers = [failure("non"), success()]
    order = dmp.order("feed", "first", patient=PATIENT, documents=[document()])
    assert desk.carry_out(order)["outcome"] == "refused"
    again = desk.carry_out(dmp.order("retry", step="first"))
    assert again["outcome"] == "done"
    refused, sent = dmp.received
    assert refused.document("Document01") == sent.document("Document01")
    assert _lot_id(refused.soap) != _lot_id(sent.soap)
    assert _message_id(refused.soap) != _message_id(sent.soap)
    nothing = desk.carry_out(dmp.order("retry", step="first"))
    assert nothing == {"outcome": "done", "shown": "Rien à renvoyer.", "detail": {"documents": []}}
    assert len(dmp.received) == 2


def test_a_broken_connection_leaves_the_lot_to_be_sent_again(dmp: LoopbackDmp, desk: Desk) -> None:
    dmp.answers = [None]
    order = dmp.order("feed", "cut", patient=PATIENT, documents=[document()])
    assert desk.carry_out(order)["outcome"] == "failed"
    assert desk.carry_out(dmp.order("retry", step="cut"))["outcome"] == "done"


def test_a_lot_that_had_arrived_is_not_sent_a_third_time(dmp: LoopbackDmp, desk: Desk) -> None:
    dmp.answers = [None, failure("déjà enregistré", "XDSDuplicateUniqueIdInRegistry")]
    order = dmp.order("feed", "lost", patient=PATIENT, documents=[document()])
    assert desk.carry_out(order)["outcome"] == "failed"
    assert desk.carry_out(dmp.order("retry", step="lost"))["outcome"] == "done"
    assert desk.carry_out(dmp.order("retry", step="lost"))["shown"] == "Rien à renvoyer."
    assert len(dmp.received) == 2


@pytest.mark.parametrize("answer", [(503, b"cannelle"), (200, b"<html><p>cannelle</p></html>")])
def test_an_answer_that_is_not_soap_is_shown(
    dmp: LoopbackDmp, desk: Desk, answer: tuple[int, bytes]
) -> None:
    dmp.answers = [answer]
    told = desk.carry_out(dmp.order("test-existence", patient=PATIENT))
    assert told["outcome"] == "failed"
    assert "cannelle" in told["shown"]


def test_a_replacement_names_what_it_replaces(dmp: LoopbackDmp, desk: Desk) -> None:
    first = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    replaced = first["detail"]["documents"][0]["unique_id"]
    dmp.answers = [reference("urn:uuid:1c6cf5fb-3fd6-4d3c-b9c3-4e5d8a1b2c3d")]
    told = desk.carry_out(
        dmp.order("replace", patient=PATIENT, replaces={"unique_id": replaced}, document=document())
    )
    assert told["outcome"] == "done"
    fed, query, sent = dmp.received
    assert query.path.endswith("/registry")
    wanted = query.soap.findtext(".//rim:Value", "", NS)
    assert wanted == f"('{replaced}')"
    link = sent.soap.find(f".//rim:Association[@associationType='{RPLC}']", NS)
    assert link is not None
    assert link.get("sourceObject") == "Document01"
    assert link.get("targetObject") == "urn:uuid:1c6cf5fb-3fd6-4d3c-b9c3-4e5d8a1b2c3d"
    old = etree.fromstring(fed.document("Document01"))
    new = etree.fromstring(sent.document("Document01"))
    parent = new.find("hl7:relatedDocument[@typeCode='RPLC']/hl7:parentDocument/hl7:id", NS)
    assert parent is not None
    assert parent.get("root") == replaced
    assert _root(old, "setId") == _root(new, "setId")
    assert new.find("hl7:versionNumber[@value='2']", NS) is not None


def test_a_document_unknown_to_the_product_is_not_replaced(dmp: LoopbackDmp, desk: Desk) -> None:
    told = desk.carry_out(
        dmp.order("replace", patient=PATIENT, replaces={"unique_id": "2.25.1"}, document=document())
    )
    assert told["outcome"] == "failed"
    assert dmp.received == []


def test_both_kinds_of_hiding_at_once_are_declined(dmp: LoopbackDmp, desk: Desk) -> None:
    both = document(hidden_from_patient=True, hidden_from_professionals=True)
    told = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[both]))
    assert told["outcome"] == "failed"
    assert dmp.received == []


def test_unchanged_or_empty_files_are_not_sent(
    dmp: LoopbackDmp, desk: Desk, tmp_path: Path
) -> None:
    desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    same = tmp_path / "same.xml"
    same.write_bytes(dmp.received[0].document("Document01"))
    empty = tmp_path / "empty.xml"
    empty.write_bytes(b"\n")
    for file in (same, empty):
        again = document("ready-made", path=str(file))
        told = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[again]))
        assert told["outcome"] == "failed"
    assert len(dmp.received) == 1


def test_a_file_about_another_patient_is_not_sent(
    dmp: LoopbackDmp, desk: Desk, tmp_path: Path
) -> None:
    desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    data = dmp.received[0].document("Document01").replace(b"279035121518989", b"277076322082910")
    file = tmp_path / "other.xml"
    file.write_bytes(data)
    order = dmp.order("feed", patient=PATIENT, documents=[document("ready-made", path=str(file))])
    told = desk.carry_out(order)
    assert told["outcome"] == "failed"
    assert "autre patient" in told["shown"]
    assert len(dmp.received) == 1


def test_what_the_product_cannot_do_is_said(dmp: LoopbackDmp, desk: Desk) -> None:
    unknown = desk.carry_out(dmp.order("sing"))
    structured = {**document("structured"), "type": document()["type"]}
    letter = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[structured]))
    assert unknown["outcome"] == letter["outcome"] == "unsupported"


@pytest.mark.parametrize("order", [{}, [], {"intent": "feed", "as": 3}, {"intent": None}])
def test_a_malformed_order_fails_with_its_reason(desk: Desk, order: object) -> None:
    told = desk.carry_out(order)  # type: ignore[arg-type]
    assert told["outcome"] == "failed"
    assert told["shown"]


def test_hiding_adds_its_code(dmp: LoopbackDmp, desk: Desk) -> None:
    orders = [document(hidden_from_patient=True), document(hidden_from_professionals=True)]
    told = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=orders))
    assert len(told["detail"]["documents"]) == 2
    found = [
        [
            c.get("nodeRepresentation")
            for c in entry.findall(
                "rim:Classification"
                "[@classificationScheme='urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f']",
                NS,
            )
        ]
        for entry in dmp.received[0].soap.findall(".//rim:ExtrinsicObject", NS)
    ]
    assert found == [
        ["N", "INVISIBLE_PATIENT"],
        ["N", "MASQUE_PS"],
        ["N", "MASQUE_PS", "INVISIBLE_PATIENT"],
    ]


def test_times_are_sent_in_utc(dmp: LoopbackDmp, desk: Desk) -> None:
    desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    (got,) = dmp.received
    entry = got.soap.find(".//rim:ExtrinsicObject[@id='Document01']", NS)
    cda = etree.fromstring(got.document("Document01"))
    effective = cda.find("hl7:effectiveTime", NS)
    assert entry is not None
    assert effective is not None
    local = effective.get("value", "")
    assert local[14:] in ("+0100", "+0200")
    stamp = time.strptime(local, "%Y%m%d%H%M%S%z")
    utc = time.strftime("%Y%m%d%H%M%S", time.gmtime(_epoch(stamp)))
    assert slots(entry)["creationTime"] == [utc]


def test_one_intent_from_the_command_line(dmp: LoopbackDmp, tmp_path: Path) -> None:
    dmp.answers = [demographics("active")]
    command = [sys.executable, "-m", "dmp_certify.reference_lps", "--state", str(tmp_path)]
    given = json.dumps(dmp.order("test-existence", patient=PATIENT))
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["detail"] == {"status": "active"}
    wrong = subprocess.run(command, input="{", capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "not JSON" in wrong.stderr


def test_the_command_says_which_sins_it_knows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dmp_certify.reference_lps", "--state", str(tmp_path)]
    wrong = subprocess.run(
        [*command, "--sin", "sloth"], input="{}", capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "unknown sin 'sloth'; known sins:" in wrong.stderr


def test_the_product_serves_its_intents_over_http(dmp: LoopbackDmp, tmp_path: Path) -> None:
    dmp.answers = [demographics("active")]
    command = [sys.executable, "-m", "dmp_certify.reference_lps", "--state", str(tmp_path)]
    with subprocess.Popen([*command, "--serve", "0"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        order = json.dumps(dmp.order("test-existence", patient=PATIENT)).encode()
        with urllib.request.urlopen(urllib.request.Request(url, order), timeout=20) as answer:
            told = json.load(answer)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(urllib.request.Request(url, b"{"), timeout=20)
        process.terminate()
    assert told["detail"] == {"status": "active"}


def _epoch(stamp: time.struct_time) -> float:
    import calendar

    return calendar.timegm(stamp) - (stamp.tm_gmtoff or 0)


def _lot_id(soap: etree._Element) -> str:
    path = (
        ".//rim:RegistryPackage/rim:ExternalIdentifier"
        "[@identificationScheme='urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8']"
    )
    found = soap.find(path, NS)
    assert found is not None
    return found.get("value", "")


def _message_id(soap: etree._Element) -> str:
    return soap.findtext(".//wsa:MessageID", "", NS)


def _root(cda: etree._Element, name: str) -> str | None:
    found = cda.find(f"hl7:{name}", NS)
    return found.get("root") if found is not None else None
