"""The views of a submission, with good and hostile input."""

from __future__ import annotations

from typing import Any

import pytest

from dmp_certify.wire.call import Call
from dmp_certify.wire.coherence import FedDocument
from dmp_certify.wire.coherence_pairs import fold, pairs
from dmp_certify.wire.fed_content import FedContent
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.registry_answer import answer_to
from dmp_certify.wire.subjects import declare_readers
from dmp_certify.wire.xds import DocumentEntry, Submission, SubmissionSet
from tests.support import bases
from tests.support.wounds import build, inflict

declare_readers()
ENTRY = "//rim:ExtrinsicObject[@id='Document01']"
FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"


def message(*wounds: dict[str, Any], base: str = "td2_1") -> Message:
    return bases.message(build(base, list(wounds)))


def read(*wounds: dict[str, Any]) -> Submission:
    found = message(*wounds).view(Submission)
    assert found is not None
    return found


def test_attributes_are_read_by_their_xds_name() -> None:
    submission = read()
    assert [entry.signature for entry in submission.entries] == [False, True]
    document = submission.clinical[0]
    assert document.text("typeCode") == "34112-3"
    assert document.text("uniqueId") == "1.2.250.1.999.1.1.1.20261120.1"
    assert [one.value for one in document.values("sourcePatientInfo")][1] == "PID-7|19790312"
    assert document.values("creationTime")[0].place.path.endswith(
        "rim:ExtrinsicObject[1]/rim:Slot[1]/rim:ValueList/rim:Value"
    )
    assert submission.set is not None and submission.set.text("contentTypeCode") == "03"
    assert submission.marked_sets == submission.sets
    assert len(message().views(DocumentEntry)) == 2
    assert len(message().views(SubmissionSet)) == 1


def test_documents_are_found_by_their_entry() -> None:
    submission = read()
    document = submission.document_of(submission.clinical[0])
    assert document is not None and document.data is not None
    assert b"<ClinicalDocument" in document.data


@pytest.mark.parametrize(
    "wound",
    [
        {"remove": "//rim:Association[@id='as03']"},
        {
            "set": {
                f"//rim:Classification[@classificationScheme='{FORMAT}']/@nodeRepresentation": "x"
            }
        },
        {"set": {"//rim:Classification[@nodeRepresentation='E1762']/@nodeRepresentation": "x"}},
    ],
    ids=["no-association", "no-format", "no-type"],
)
def test_one_wrong_trait_does_not_hide_the_signature_entry(wound: dict[str, Any]) -> None:
    assert [entry.signature for entry in read(wound).entries] == [False, True]


def test_a_lone_package_is_the_lot_even_unmarked() -> None:
    submission = read({"remove": "//rim:Classification[@id='node01']"})
    assert len(submission.sets) == 1 and not submission.marked_sets


def test_values_are_trimmed_and_empty_ones_left_out() -> None:
    slot = f"{ENTRY}/rim:Slot[@name='languageCode']/rim:ValueList/rim:Value"
    assert read({"set": {slot: "\n  fr-FR  "}}).clinical[0].text("languageCode") == "fr-FR"
    assert read({"set": {slot: "  "}}).clinical[0].values("languageCode") == ()


def test_an_empty_list_yields_no_entry_and_no_crash() -> None:
    submission = read({"remove": "//rim:RegistryObjectList/*"})
    assert submission.entries == () and submission.set is None and submission.associations == ()
    assert read({"remove": "//rim:RegistryObjectList"}).entries == ()


def test_hostile_submissions_are_unreadable_and_never_crash() -> None:
    for wound in (
        {"body-bytes": ["</rim:RegistryObjectList>", ""]},
        {"replace-bytes": ["urn:ihe:iti:xds-b:2007", "urn:ihe:iti:xds-b:2008"]},
    ):
        with pytest.raises(Unreadable):
            message(wound).views(Submission)
    assert message(base="td0_2").views(Submission) == ()
    assert Message("connection/c1", "connection", b"", bases.RECEIVED_AT).views(Submission) == ()


def test_every_comparison_of_the_base_agrees() -> None:
    (fed,) = message().views(FedDocument)
    found = list(pairs(fed))
    assert all(pair.agrees for pair in found), [pair for pair in found if not pair.agrees]
    assert len({pair.attribute for pair in found}) >= 17


def test_a_document_that_is_no_cda_makes_no_pair() -> None:
    wound = {"in": "document", "replace-bytes": ["</ClinicalDocument>", ""]}
    broken = build("td2_1", [])
    inflict(broken, wound)
    assert bases.message(broken).views(FedDocument) == ()


def test_names_are_folded() -> None:
    assert fold("d'Été-Noël ") == "D ETE NOEL" == fold("D’ETE  NOEL")


def test_a_new_sending_of_the_same_content_has_the_same_key() -> None:
    (first,) = message().views(FedContent)
    time = {"in": "document", "set": {"/hl7:ClinicalDocument/hl7:versionNumber/@value": "2"}}
    (same,) = message(time).views(FedContent)
    title = {"in": "document", "set": {"/hl7:ClinicalDocument/hl7:title": "Autre"}}
    (other,) = message(title).views(FedContent)
    assert first.key == same.key != other.key


def test_a_call_knows_the_patient_of_its_vihf_and_of_its_body() -> None:
    for base in ("td2_1", "td0_2"):
        (call,) = message(base=base).views(Call)
        assert call.vihf_patient is not None
        assert call.vihf_patient.id == "279035121518989"
        assert {one.id for one in call.body_patients()} == {"279035121518989"}


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.1 200 OK\r\n\r\n<a", b"\x00\xff" * 10])
def test_an_unreadable_answer_is_no_answer(answer: bytes | None) -> None:
    request = message()
    request.answer = answer
    assert answer_to(request) is None
