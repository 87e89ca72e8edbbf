"""Writes a submission as an ebRIM 3.0 SubmitObjectsRequest, and the queries of ITI-18."""

from __future__ import annotations

import uuid

from dmp_certify.reference_lps.markup import Xml, el, join
from dmp_certify.reference_lps.metadata import SET_ID, Association, Author, Entry, Submission
from dmp_certify.reference_lps.orders import Coded

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XDSB = "urn:ihe:iti:xds-b:2007"
_OBJECT = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:"
_ENTRY_TYPE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
_SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
_GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"

_SET = {
    "author": "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d",
    "contentTypeCode": "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500",
    "patientId": "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "sourceId": "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
    "uniqueId": "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
}
_ENTRY = {
    "author": "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d",
    "classCode": "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
    "confidentialityCode": "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
    "eventCodeList": "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4",
    "formatCode": "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "healthcareFacilityTypeCode": "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
    "practiceSettingCode": "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
    "typeCode": "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
    "patientId": "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "uniqueId": "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
}


def submit(submission: Submission) -> Xml:
    """The `SubmitObjectsRequest` of a lot."""
    node = el(
        "rim:Classification",
        id=_uuid(),
        objectType=f"{_OBJECT}Classification",
        classifiedObject=SET_ID,
        classificationNode=_SET_NODE,
    )
    return el(
        "lcm:SubmitObjectsRequest",
        el(
            "rim:RegistryObjectList",
            _package(submission),
            *[_extrinsic(entry) for entry in submission.entries],
            node,
            *[_association(link) for link in submission.associations],
        ),
        xmlns__lcm=LCM,
        xmlns__rim=RIM,
    )


def provide(metadata: Xml, references: dict[str, str]) -> Xml:
    """The body of TD2.1; `references` gives the content-id of each entry's document."""
    documents = [
        el(
            "xdsb:Document",
            el(
                "xop:Include",
                xmlns__xop="http://www.w3.org/2004/08/xop/include",
                href=f"cid:{content_id}",
            ),
            id=entry_id,
        )
        for entry_id, content_id in references.items()
    ]
    return el("xdsb:ProvideAndRegisterDocumentSetRequest", metadata, *documents, xmlns__xdsb=XDSB)


def find_reference(unique_id: str) -> Xml:
    """The body of TD3.1 that asks for the entryUUID of one document (GetDocuments)."""
    query = el(
        "rim:AdhocQuery",
        el(
            "rim:Slot",
            el("rim:ValueList", el("rim:Value", f"('{unique_id}')")),
            name="$XDSDocumentEntryUniqueId",
        ),
        id=_GET_DOCUMENTS,
    )
    option = el("query:ResponseOption", returnComposedObjects="true", returnType="ObjectRef")
    return el("query:AdhocQueryRequest", option, query, xmlns__query=QUERY, xmlns__rim=RIM)


def _uuid() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _slot(name: str, *values: str) -> Xml | None:
    kept = [el("rim:Value", value) for value in values if value]
    return el("rim:Slot", el("rim:ValueList", *kept), name=name) if kept else None


def _name(value: str) -> Xml:
    string = el("rim:LocalizedString", xml__lang="FR", charset="UTF8", value=value)
    return el("rim:Name", string)


def _classification(scheme: str, owner: str, code: Coded) -> Xml:
    return el(
        "rim:Classification",
        _slot("codingScheme", code.system),
        _name(code.display),
        id=_uuid(),
        objectType=f"{_OBJECT}Classification",
        classificationScheme=scheme,
        classifiedObject=owner,
        nodeRepresentation=code.code,
    )


def _author(scheme: str, owner: str, author: Author) -> Xml:
    return el(
        "rim:Classification",
        _slot("authorInstitution", author.institution),
        _slot("authorPerson", author.person),
        _slot("authorRole", author.role),
        _slot("authorSpecialty", author.specialty),
        id=_uuid(),
        objectType=f"{_OBJECT}Classification",
        classificationScheme=scheme,
        classifiedObject=owner,
        nodeRepresentation="",
    )


def _external(scheme: str, owner: str, name: str, value: str) -> Xml:
    return el(
        "rim:ExternalIdentifier",
        _name(name),
        id=_uuid(),
        objectType=f"{_OBJECT}ExternalIdentifier",
        registryObject=owner,
        identificationScheme=scheme,
        value=value,
    )


def _package(lot: Submission) -> Xml:
    return el(
        "rim:RegistryPackage",
        _slot("submissionTime", lot.time),
        _name(lot.title) if lot.title else None,
        _author(_SET["author"], SET_ID, lot.author),
        _classification(_SET["contentTypeCode"], SET_ID, lot.content_type),
        _external(_SET["patientId"], SET_ID, "XDSSubmissionSet.patientId", lot.patient_id),
        _external(_SET["sourceId"], SET_ID, "XDSSubmissionSet.sourceId", lot.source_id),
        _external(_SET["uniqueId"], SET_ID, "XDSSubmissionSet.uniqueId", lot.unique_id),
        id=SET_ID,
        objectType=f"{_OBJECT}RegistryPackage",
    )


def _extrinsic(entry: Entry) -> Xml:
    return el(
        "rim:ExtrinsicObject",
        _slot("creationTime", entry.created),
        _slot("languageCode", entry.language),
        _slot("legalAuthenticator", entry.legal_authenticator),
        _slot("serviceStartTime", entry.service_start),
        _slot("serviceStopTime", entry.service_stop),
        _slot("sourcePatientId", entry.source_patient_id),
        _slot("sourcePatientInfo", *entry.source_patient_info),
        _slot("hash", entry.hash),
        _slot("size", entry.size),
        _name(entry.title) if entry.title else None,
        *[_author(_ENTRY["author"], entry.id, author) for author in entry.authors],
        _codes(entry),
        _external(_ENTRY["patientId"], entry.id, "XDSDocumentEntry.patientId", entry.patient_id),
        _external(_ENTRY["uniqueId"], entry.id, "XDSDocumentEntry.uniqueId", entry.unique_id),
        id=entry.id,
        objectType=_ENTRY_TYPE,
        mimeType=entry.mime,
    )


def _codes(entry: Entry) -> Xml:
    return join(
        [
            _classification(_ENTRY[name], entry.id, code)
            for name, code in [
                ("classCode", entry.class_),
                *[("confidentialityCode", code) for code in entry.confidentiality],
                *[("eventCodeList", code) for code in entry.events],
                ("formatCode", entry.format),
                ("healthcareFacilityTypeCode", entry.facility),
                ("practiceSettingCode", entry.practice),
                ("typeCode", entry.type),
            ]
        ]
    )


def _association(link: Association) -> Xml:
    return el(
        "rim:Association",
        _slot("SubmissionSetStatus", "Original") if link.original else None,
        id=_uuid(),
        objectType=f"{_OBJECT}Association",
        associationType=link.type,
        sourceObject=link.source,
        targetObject=link.target,
    )
