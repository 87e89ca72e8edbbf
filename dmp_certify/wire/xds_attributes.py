"""Where each XDS attribute stands in ebRIM. Source: IHE ITI TF-3 tables 4.2.3.2-1 and 4.2.3.3-1."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dmp_certify.finding import Place
from dmp_certify.wire.message import Located
from dmp_certify.wire.rim import RimObject

STABLE_DOCUMENT = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SUBMISSION_SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
FOLDER_NODE = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"


class Carrier(NamedTuple):
    """`kind` is slot, classification, identifier, attribute, name or description."""

    kind: str
    key: str


ENTRY: Mapping[str, Carrier] = MappingProxyType(
    {
        "mimeType": Carrier("attribute", "mimeType"),
        "title": Carrier("name", ""),
        "comments": Carrier("description", ""),
        "creationTime": Carrier("slot", "creationTime"),
        "languageCode": Carrier("slot", "languageCode"),
        "legalAuthenticator": Carrier("slot", "legalAuthenticator"),
        "serviceStartTime": Carrier("slot", "serviceStartTime"),
        "serviceStopTime": Carrier("slot", "serviceStopTime"),
        "sourcePatientId": Carrier("slot", "sourcePatientId"),
        "sourcePatientInfo": Carrier("slot", "sourcePatientInfo"),
        "hash": Carrier("slot", "hash"),
        "size": Carrier("slot", "size"),
        "repositoryUniqueId": Carrier("slot", "repositoryUniqueId"),
        "author": Carrier("classification", "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"),
        "classCode": Carrier("classification", "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"),
        "confidentialityCode": Carrier(
            "classification", "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
        ),
        "eventCodeList": Carrier("classification", "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"),
        "formatCode": Carrier("classification", "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"),
        "healthcareFacilityTypeCode": Carrier(
            "classification", "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
        ),
        "practiceSettingCode": Carrier(
            "classification", "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
        ),
        "typeCode": Carrier("classification", "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"),
        "patientId": Carrier("identifier", "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"),
        "uniqueId": Carrier("identifier", "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"),
    }
)
SUBMISSION_SET: Mapping[str, Carrier] = MappingProxyType(
    {
        "title": Carrier("name", ""),
        "comments": Carrier("description", ""),
        "submissionTime": Carrier("slot", "submissionTime"),
        "author": Carrier("classification", "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"),
        "contentTypeCode": Carrier(
            "classification", "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
        ),
        "patientId": Carrier("identifier", "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"),
        "sourceId": Carrier("identifier", "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"),
        "uniqueId": Carrier("identifier", "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"),
    }
)


def occurrences(owner: RimObject, carrier: Carrier) -> tuple[Located[str], ...]:
    """Every value of the attribute, empty ones left out; an author counts whatever its value."""
    found: list[Located[str] | None]
    if carrier in (ENTRY["author"], SUBMISSION_SET["author"]):
        found = [Located("author", one.place) for one in owner.classified(carrier.key)]
    elif carrier.kind == "slot":
        found = [value for slot in owner.slots_named(carrier.key) for value in slot.values]
    elif carrier.kind == "classification":
        found = [one.value for one in owner.classified(carrier.key)]
    elif carrier.kind == "identifier":
        found = [one.value for one in owner.identified(carrier.key)]
    elif carrier.kind == "attribute":
        found = [owner.element.attribute(carrier.key)]
    else:
        found = [owner.name if carrier.kind == "name" else owner.description]
    return tuple(value for value in found if value is not None and value.value.strip())


def place_of(owner: RimObject, carrier: Carrier) -> Place:
    """Where an absent attribute would stand; the line is the object's."""
    step = {
        "slot": f"rim:Slot[@name='{carrier.key}']",
        "classification": f"rim:Classification[@classificationScheme='{carrier.key}']",
        "identifier": f"rim:ExternalIdentifier[@identificationScheme='{carrier.key}']",
        "attribute": f"@{carrier.key}",
        "name": "rim:Name",
        "description": "rim:Description",
    }[carrier.kind]
    own = owner.place
    return Place(own.artifact, f"{own.path}/{step}", own.line)
