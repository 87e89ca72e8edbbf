"""An attribute of the metadata does not say what the document says

What it finds: a document entry and its CDA that disagree: identifier, type, title, times,
confidentiality, patient and traits, authors, institution, specialty, legal authenticator, events,
facility, practice setting.
Why it matters: users search and read the metadata before the document, and the DMP grants rights by
them: two truths about one document are a danger to the patient.
How to correct: build the metadata from the CDA header, after the last change to it, and convert its
times to UTC.

Un attribut des métadonnées ne dit pas ce que dit le document

Ce que le contrôle trouve : une entrée de document et son CDA qui se contredisent : identifiant,
type, titre, dates, confidentialité, patient et traits, auteurs, structure, spécialité, responsable
légal, événements, lieu, cadre d'exercice.
Pourquoi c'est important : les utilisateurs cherchent et lisent les métadonnées avant le document,
et le DMP en déduit les droits : deux vérités sur un document mettent le patient en danger.
Comment corriger : construire les métadonnées d'après l'en-tête du CDA, après sa dernière
modification, et en convertir les dates en UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.coherence import FedDocument
from dmp_certify.wire.coherence_pairs import pairs

_ROWS = {
    "uniqueId": "DC-COH-UNIQUE-ID",
    "typeCode": "DC-COH-TYPE",
    "title": "DC-COH-TITLE",
    "creationTime": "DC-COH-CREATION-TIME",
    "confidentialityCode": "DC-COH-CONFIDENTIALITY",
    "patientId": "DC-COH-PATIENT-ID",
    "sourcePatientId": "DC-COH-SOURCE-PATIENT-ID",
    "sourcePatientInfo.PID-5": "DC-COH-PID-5",
    "sourcePatientInfo.PID-7": "DC-COH-PID-7",
    "sourcePatientInfo.PID-8": "DC-COH-PID-8",
    "authorPerson": "DC-COH-AUTHOR-PERSON",
    "authorInstitution": "DC-COH-AUTHOR-INSTITUTION",
    "authorSpecialty": "DC-COH-AUTHOR-SPECIALTY",
    "authorRole": "DC-COH-AUTHOR-ROLE",
    "legalAuthenticator": "DC-COH-LEGAL-AUTHENTICATOR",
    "eventCodeList": "DC-COH-EVENT",
    "serviceStartTime": "DC-COH-SERVICE-START",
    "serviceStopTime": "DC-COH-SERVICE-STOP",
    "healthcareFacilityTypeCode": "DC-COH-FACILITY",
    "practiceSettingCode": "DC-COH-PRACTICE-SETTING",
}


@check(*_ROWS.values())
def attribute_differs(fed: FedDocument) -> Iterator[Fault]:
    for pair in pairs(fed):
        if not pair.agrees:
            wanted = " | ".join(dict.fromkeys(pair.allowed))[:200]
            line = pair.source.line
            yield Fault(
                pair.stated.place,
                Text(f"{wanted} (CDA, ligne {line})", f"{wanted} (CDA, line {line})"),
                pair.stated.value[:200],
                _ROWS[pair.attribute],
            )
