"""The existence test lacks a field

What it finds: an element or attribute of PRPA_IN201307UV02 that the interaction requires and that
is missing; and a query for no patient or for several.
Why it matters: the DMP cannot route, trace or answer a query whose envelope is incomplete.
How to correct: build the message on the schema of the interaction; put exactly one
patientIdentifier into parameterList.

Il manque un champ au test d'existence

Ce que le contrôle trouve : un élément ou un attribut de PRPA_IN201307UV02 que l'interaction exige
et qui manque ; et une recherche sur aucun patient ou sur plusieurs.
Pourquoi c'est important : le DMP ne peut ni router, ni tracer, ni satisfaire une requête dont
l'enveloppe est incomplète.
Comment corriger : construire le message sur le schéma de l'interaction ; mettre un
patientIdentifier et un seul dans parameterList.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place, Text
from dmp_certify.wire.hl7v3 import Code, ExistenceRequest, Identifier

_QUERY = "hl7:controlActProcess/hl7:queryByParameter"
# path of the field: requirement row
_FIELDS = {
    "hl7:id": "DC-HL7-P-ID",
    "hl7:creationTime": "DC-HL7-P-CREATION-TIME",
    "hl7:interactionId": "DC-HL7-P-INTERACTION",
    "hl7:processingCode": "DC-HL7-P-PROCESSING",
    "hl7:processingModeCode": "DC-HL7-P-MODE",
    "hl7:acceptAckCode": "DC-HL7-P-ACK",
    "hl7:receiver/hl7:device/hl7:id": "DC-HL7-P-RECEIVER",
    "hl7:sender/hl7:device/hl7:id": "DC-HL7-P-SENDER",
    "hl7:controlActProcess/hl7:reasonCode": "DC-HL7-P-REASON",
    f"{_QUERY}/hl7:queryId": "DC-HL7-P-QUERY-ID",
    f"{_QUERY}/hl7:statusCode": "DC-HL7-P-STATUS",
    f"{_QUERY}/hl7:parameterList/hl7:patientIdentifier": "DC-HL7-P-PATIENT",
}


@check(*_FIELDS.values())
def field_missing(request: ExistenceRequest) -> Iterator[Fault]:
    held = (
        _root(request.id),
        request.creation_time is not None and bool(request.creation_time.value),
        _root(request.interaction),
        _code(request.processing),
        _code(request.mode),
        _code(request.accept_ack),
        any(map(_root, request.receivers)),
        any(map(_root, request.senders)),
        _code(request.reason),
        _root(request.query_id),
        _code(request.status),
        any(_value(one.value) for one in request.patients),
    )
    for (path, row), present in zip(_FIELDS.items(), held, strict=True):
        if not present:
            name = path.rpartition(":")[2]
            yield Fault(
                request.missing(path),
                Text(f"{name} renseigné", f"{name} filled in"),
                Text(f"{name} absent ou vide", f"{name} missing or empty"),
                row,
            )
    if len(request.patients) > 1:
        yield _several(request.patients[1].place, len(request.patients))


def _root(found: Identifier | None) -> bool:
    return found is not None and found.root is not None and bool(found.root.value)


def _code(found: Code | None) -> bool:
    return found is not None and found.code is not None and bool(found.code.value)


def _value(found: Identifier | None) -> bool:
    return _root(found) and found is not None and found.extension is not None


def _several(place: Place, count: int) -> Fault:
    return Fault(
        place,
        Text("un seul patient", "one patient"),
        f"{count} patientIdentifier",
        "DC-HL7-P-PATIENT",
    )
