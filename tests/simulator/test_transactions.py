"""The transactions of the simulated DMP, over real TLS."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from dmp_certify.simulator.people import INS_TEST_OID, invent
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import APPROVED, DEPRECATED, World
from tests.simulator.client import NS, TD02, TD21, Client, Doc, Lot, envelope, recorded, td02_body

GET_DOCUMENTS = "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
FIND_DOCUMENTS = "14d4debf-8f97-4251-9a74-a90016b0af0d"


@pytest.fixture
def client(server: DmpServer, pki: TestPki) -> Client:
    return Client(server, pki)


def test_td02_active(client: Client, world: World) -> None:
    active = world.patients()[0]
    reply = client.td02(active.ins)
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("application/soap+xml")
    assert reply.find(".//hl7:queryResponseCode").get("code") == "OK"
    assert reply.find(".//hl7:patient/hl7:statusCode").get("code") == "active"
    assert reply.find(".//hl7:patient/hl7:id").get("extension") == active.ins
    assert reply.text(".//hl7:family[@qualifier='BR']") == active.family_birth
    lines = reply.xml.findall(".//hl7:attentionLine", NS)
    words = {line[0].get("code"): line[1].get("code") or line[1].get("value") for line in lines}
    assert words == {"AUTORISATION": "VALIDE", "STATUT_MT": "false"}
    observed = {
        item[0].get("code"): item[1].get("value")
        for item in reply.xml.iterfind(".//hl7:administrativeObservation", NS)
    }
    assert observed == {"COMPTE_INTERNET_OUVERT": "true", "RATTACHEMENT_ENS": "true"}


def test_td02_closed_and_absent(client: Client, world: World) -> None:
    _, closed, absent = world.patients()
    reply = client.td02(closed.ins)
    assert reply.find(".//hl7:patient/hl7:statusCode").get("code") == "terminated"
    reply = client.td02(absent.ins)
    assert reply.find(".//hl7:queryResponseCode").get("code") == "NF"
    assert reply.find(".//hl7:subject") is None
    unknown = invent("nobody", 1)[0]
    assert client.td02(unknown.ins).find(".//hl7:queryResponseCode").get("code") == "NF"


def test_addressing_relates_the_answer(client: Client, world: World) -> None:
    body = envelope(TD02, td02_body(world.patients()[0].ins), "urn:uuid:0-1-2")
    reply = client.post("patients", body)
    assert reply.text(".//wsa:RelatesTo") == "urn:uuid:0-1-2"
    assert reply.text(".//wsa:To") == "http://www.w3.org/2005/08/addressing/anonymous"
    assert reply.text(".//wsa:Action") == "urn:hl7-org:v3:PRPA_IN201308UV02"
    assert reply.text(".//wsa:MessageID").startswith("urn:uuid:")
    target = reply.find(".//hl7:acknowledgement/hl7:targetMessage/hl7:id")
    assert (target.get("root"), target.get("extension")) == ("2.999.5", "m1")
    assert reply.find(".//hl7:queryAck/hl7:queryId").get("extension") == "q1"


def test_td21_stores_each_document_byte_exact(client: Client, world: World) -> None:
    patient = world.patients()[0]
    contents = [b"<a>\r\n--MIMEBoundary_essa</a>", bytes(range(256)) * 20]
    lot = Lot(patient, *(Doc(content) for content in contents))
    reply = client.td21(lot)
    assert (reply.status, reply.registry_status, reply.errors) == (200, "Success", [])
    stored = world.documents(patient.ins)
    assert [document.content for document in stored] == contents
    assert [document.unique_id for document in stored] == [doc.unique_id for doc in lot.docs]
    assert all(document.status == APPROVED for document in stored)
    assert {item["kind"].rpartition(":")[2] for item in world.associations()} == {"HasMember"}


def test_td21_tolerates_inline_base64(client: Client, world: World) -> None:
    lot = Lot(world.patients()[0], Doc(b"<cda>en ligne</cda>"))
    text = base64.encodebytes(lot.docs[0].content).decode()
    body = envelope(TD21, lot.metadata(f'<x:Document id="Document0">{text}</x:Document>'))
    assert client.post("repository", body).registry_status == "Success"
    assert world.documents()[0].content == lot.docs[0].content


def _refusals(client: Client, lot: Lot) -> list[str]:
    reply = client.td21(lot)
    assert reply.status == 200
    assert reply.registry_status == ("Failure" if reply.errors else "Success")
    return [code for code, _ in reply.errors]


def test_td21_refuses_what_a_registry_refuses(client: Client, world: World) -> None:
    active, closed, absent = world.patients()
    doc = Doc(b"<a/>")
    assert _refusals(client, Lot(active, doc, unique_id="2.25.1")) == []
    duplicate = "XDSDuplicateUniqueIdInRegistry"
    assert _refusals(client, Lot(active, Doc(b"<b/>"), unique_id="2.25.1")) == [duplicate]
    assert _refusals(client, Lot(active, doc)) == [duplicate]
    changed = Doc(b"<other/>", doc.unique_id)
    assert _refusals(client, Lot(active, changed)) == ["XDSNonIdenticalHash"]
    assert _refusals(client, Lot(absent, Doc(b"x"))) == ["XDSUnknownPatientId"]
    assert _refusals(client, Lot("nonsense", Doc(b"x"))) == ["XDSUnknownPatientId"]
    assert _refusals(client, Lot(closed, Doc(b"x"))) == ["XDSRegistryError"]
    wrong = "XDSRepositoryMetadataError"
    assert _refusals(client, Lot(active, Doc(b"x", hash="0" * 40))) == [wrong]
    assert _refusals(client, Lot(active, Doc(b"x", size="99"))) == [wrong]
    assert _refusals(client, Lot(active)) == [wrong]
    twice = Lot(active, Doc(b"x", "2.25.7"), Doc(b"y", "2.25.7"))
    assert _refusals(client, twice) == ["XDSRepositoryDuplicateUniqueIdInMessage"]
    other = Doc(b"x", patient=f"{closed.ins}^^^&amp;{INS_TEST_OID}&amp;ISO^NH")
    assert _refusals(client, Lot(active, other)) == ["XDSPatientIdDoesNotMatch"]
    missing = Lot(active, Doc(b"x"), Doc(b"y"))
    missing.left_out = {1}
    assert _refusals(client, missing) == ["XDSMissingDocument"]
    assert len(world.documents()) == 1


def test_td21_needs_metadata_for_each_document(client: Client, world: World) -> None:
    lot = Lot(world.patients()[0], Doc(b"x"))
    extra = '<x:Document id="Document0">eA==</x:Document><x:Document id="D7">eA==</x:Document>'
    reply = client.post("repository", envelope(TD21, lot.metadata(extra)))
    assert [code for code, _ in reply.errors] == ["XDSMissingDocumentMetadata"]
    bad = '<x:Document id="Document0">not base64!</x:Document>'
    reply = client.post("repository", envelope(TD21, lot.metadata(bad)))
    assert [code for code, _ in reply.errors] == ["XDSRepositoryError"]
    lone = '<x:Document id="Document0"><xop:Include href="cid:none" xmlns:xop='
    lone += '"http://www.w3.org/2004/08/xop/include"/></x:Document>'
    reply = client.post("repository", envelope(TD21, lot.metadata(lone)))
    assert reply.errors == [("XDSMissingDocument", "aucune partie MIME pour cid:none")]


@pytest.mark.parametrize("year", ["2007", "2010"])
def test_replacement(client: Client, world: World, year: str) -> None:
    patient = world.patients()[0]
    old = Doc(b"<v1/>")
    assert _refusals(client, Lot(patient, old)) == []
    found = client.td31(GET_DOCUMENTS, XDSDocumentEntryUniqueId=f"('{old.unique_id}')")
    entry_uuid = found.find(".//rim:ObjectRef").get("id")
    assert found.find(".//query:AdhocQueryResponse").get("totalResultCount") == "1"
    assert _refusals(client, Lot(patient, Doc(b"<v2/>")).replaces(entry_uuid, year)) == []
    assert [item.status for item in world.documents()] == [DEPRECATED, APPROVED]
    again = Lot(patient, Doc(b"<v3/>")).replaces(entry_uuid, year)
    assert _refusals(client, again) == ["XDSRegistryDeprecatedDocumentError"]
    by_unique_id = client.td21(Lot(patient, Doc(b"<v4/>")).replaces(old.unique_id, year))
    assert by_unique_id.errors == [("XDSDocumentUniqueIdError", f"uniqueId={old.unique_id}")]
    nowhere = Lot(patient, Doc(b"<v5/>")).replaces("urn:uuid:00000000-0000-4000-8000-000000000000")
    assert _refusals(client, nowhere) == ["XDSDocumentUniqueIdError"]


def test_another_patients_document_is_not_replaced(client: Client, world: World) -> None:
    patient = world.patients()[0]
    other = invent("other", 1)[0]
    world.add(other)
    _refusals(client, Lot(patient, Doc(b"<v1/>")))
    target = world.documents()[0].entry_uuid
    lot = Lot(other, Doc(b"<v2/>")).replaces(target)
    assert _refusals(client, lot) == ["XDSPatientIdDoesNotMatch"]


def test_a_uuid_is_used_once(client: Client, world: World) -> None:
    patient = world.patients()[0]
    name = "urn:uuid:7d1a0d9e-3e5f-4a4e-9c55-0c6a7ac11b77"

    def send(*ids: str) -> list[str]:
        lot = Lot(patient, *(Doc(b"<a n='%d'/>" % len(world.documents())) for _ in ids))
        body, kind = lot.mtom()
        for number, each in enumerate(ids):
            body = body.replace(b"Document%d" % number, each.encode())
        return [code for code, _ in client.post("repository", body, Content_Type=kind).errors]

    assert send(name, name.removeprefix("urn:uuid:")) == ["XDSRegistryMetadataError"]
    assert send(name) == []
    assert world.documents()[0].entry_uuid == name
    assert send(name) == ["XDSRegistryMetadataError"]


def test_find_documents(client: Client, world: World) -> None:
    patient, _, absent = world.patients()
    _refusals(client, Lot(patient, Doc(b"<v1/>", title="Un &amp; deux")))
    _refusals(client, Lot(patient, Doc(b"<v2/>")).replaces(world.documents()[0].entry_uuid))
    cx = f"'{patient.ins}^^^&amp;{INS_TEST_OID}&amp;ISO^NH'"
    assert (
        len(
            client.td31(FIND_DOCUMENTS, XDSDocumentEntryPatientId=cx).xml.findall(
                ".//rim:ObjectRef", NS
            )
        )
        == 1
    )
    both = f"('{APPROVED}','{DEPRECATED}')"
    reply = client.td31(
        FIND_DOCUMENTS, leaf=True, XDSDocumentEntryPatientId=cx, XDSDocumentEntryStatus=both
    )
    entries = reply.xml.findall(".//rim:ExtrinsicObject", NS)
    assert [entry.get("status") for entry in entries] == [DEPRECATED, APPROVED]
    assert entries[0].find("rim:Name/rim:LocalizedString", NS).get("value") == "Un & deux"
    slots = {slot.get("name"): "".join(slot.itertext()).strip() for slot in entries[0][:3]}
    assert slots["size"] == "5" and len(slots["hash"]) == 40
    unknown = f"'{absent.ins}^^^&amp;{INS_TEST_OID}&amp;ISO^NH'"
    reply = client.td31(FIND_DOCUMENTS, XDSDocumentEntryPatientId=unknown)
    assert [code for code, _ in reply.errors] == ["XDSUnknownPatientId"]


def test_queries_that_cannot_be_answered(client: Client) -> None:
    def code(query: str, **parameters: str) -> str:
        return client.td31(query, **parameters).errors[0][0]

    assert code("00000000-0000-4000-8000-000000000000") == "XDSUnknownStoredQuery"
    assert code(GET_DOCUMENTS) == "XDSStoredQueryMissingParam"
    assert code(FIND_DOCUMENTS) == "XDSStoredQueryMissingParam"


def test_unusual_paths_and_actions_are_served(client: Client, world: World) -> None:
    ins = world.patients()[0].ins
    for path in ("patient", "", "somewhere/else?wsdl=1", "repository"):
        reply = client.post(path, envelope("urn:wrong", td02_body(ins)))
        assert reply.find(".//hl7:queryResponseCode").get("code") == "OK"


def test_unknown_transaction_is_a_fault(client: Client) -> None:
    reply = client.post("patients", envelope("urn:other", "<other xmlns='urn:x'/>"))
    assert reply.status == 500
    assert reply.text(".//soap:Code/soap:Value") == "soap:Sender"
    assert reply.text(".//soap:Subcode/soap:Value") == "soap:ActionNotSupported"
    assert "{urn:x}other" in reply.text(".//soap:Reason/soap:Text")
    empty = client.post("patients", envelope(TD02, ""))
    assert empty.text(".//soap:Subcode/soap:Value") == "soap:InvalidMessage"
    assert "PRPA_IN201307UV02" in empty.text(".//soap:Reason/soap:Text")
    client.http.request("GET", f"{client.path}/patients?wsdl")
    answer = client.http.getresponse()
    assert answer.status == 405
    assert b"seul POST" in answer.read()


def test_every_exchange_is_recorded_byte_exact(
    server: DmpServer, client: Client, world: World, evidence_folder: Path
) -> None:
    server.label("feed", "1")
    body, kind = Lot(world.patients()[0], Doc(b"<a/>")).mtom()
    reply = client.post("repository", body, Content_Type=kind)
    server.label(None, None)
    client.td02(world.patients()[0].ins)
    evidence = recorded(server, evidence_folder)
    first, second = evidence.of_kind("exchange")
    (connection,) = evidence.of_kind("connection")
    assert server.exchanges_seen() == 2
    assert connection.fields["established"] is True
    assert connection.fields["tls"]["version"] == "TLSv1.2"
    assert len(connection.fields["tls"]["client_chain"]) == 2
    assert first.fields["connection"] == second.fields["connection"] == connection.fields["id"]
    assert (first.fields["scenario"], first.fields["step"]) == ("feed", "1")
    assert second.fields["scenario"] is None
    raw = evidence.blob(first.fields["request"]["blob"])
    assert raw.startswith(b"POST /si-dmp-server/v2/services/repository HTTP/1.1\r\n")
    assert raw.endswith(b"\r\n\r\n" + body)
    answer = evidence.blob(first.fields["response"]["blob"])
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(reply.body)
    assert [entry.fields["complete"] for entry in evidence.of_kind("sent")] == [True, True]
