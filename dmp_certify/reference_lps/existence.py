"""TD0.2: does the patient have a DMP, and is the structure authorised?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from dmp_certify.reference_lps import product
from dmp_certify.reference_lps.markup import Xml, el
from dmp_certify.reference_lps.moments import paris
from dmp_certify.reference_lps.orders import Patient

ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
DMP_OID = "1.2.250.1.213.4.1.1.1"
HL7 = "{urn:hl7-org:v3}"


@dataclass(slots=True)
class Query:
    """The query before it is written."""

    ins: str
    ins_oid: str
    root: str
    moment: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    query_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    reason: str = "TEST_EXST"


def build(patient: Patient, root: str, moment: datetime) -> Query:
    """The query for one patient; `root` is the OID of the installation that asks."""
    return Query(patient.ins, patient.ins_oid, root, moment)


def write(query: Query) -> Xml:
    """The body of the request."""
    return el(
        "PRPA_IN201307UV02",
        el("id", root=query.root, extension=query.id),
        el("creationTime", value=paris(query.moment).strftime("%Y%m%d%H%M%S")),
        el("interactionId", root="2.16.840.1.113883.1.6", extension="PRPA_IN201307UV02"),
        el("processingCode", code="D"),
        el("processingModeCode", code="T"),
        el("acceptAckCode", code="AL"),
        el("receiver", _device(DMP_OID, "DMP"), typeCode="RCV"),
        el("sender", _device(query.root, product.NAME), typeCode="SND"),
        el(
            "controlActProcess",
            el(
                "reasonCode",
                code=query.reason,
                codeSystem="1.2.250.1.213.1.1.4.11",
                displayName="Test d'existence de dossier",
            ),
            _parameters(query),
            classCode="CACT",
            moodCode="EVN",
        ),
        xmlns="urn:hl7-org:v3",
        xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
        ITSVersion="XML_1.0",
    )


def _device(root: str, name: str) -> Xml:
    return el(
        "device",
        el("id", root=root),
        el("softwareName", name),
        classCode="DEV",
        determinerCode="INSTANCE",
    )


def _parameters(query: Query) -> Xml:
    return el(
        "queryByParameter",
        el("queryId", root=query.root, extension=query.query_id),
        el("statusCode", code="new"),
        el(
            "parameterList",
            el("dataSource", xsi__nil="true"),
            el(
                "patientIdentifier",
                el("value", root=query.ins_oid, extension=query.ins),
                el("semanticsText", "Patient.id"),
            ),
        ),
    )


def status(answer: etree._Element | None) -> str:
    """`active`, `closed` or `absent`, as the DMP's answer says."""
    if answer is None:
        return "absent"
    code = answer.find(f".//{HL7}queryAck/{HL7}queryResponseCode")
    if code is not None and code.get("code") == "NF":
        return "absent"
    found = answer.find(f".//{HL7}patient/{HL7}statusCode")
    if found is None:
        return "absent"
    return {"active": "active", "terminated": "closed"}.get(found.get("code", ""), "absent")
