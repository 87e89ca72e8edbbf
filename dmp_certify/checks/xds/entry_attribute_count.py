"""A document entry lacks an attribute or repeats it

What it finds: an attribute of a DocumentEntry whose number of non-empty values is not the one that
XDS and the CI-SIS ask for.
Why it matters: the DMP sorts, filters and displays documents by these attributes; one that is
missing makes the registration fail or the document impossible to find.
How to correct: fill in each attribute from the CDA header, once; leave out the slot rather than
sending it empty.

Une entrée de document n'a pas un attribut obligatoire, ou le répète

Ce que le contrôle trouve : un attribut de DocumentEntry dont le nombre de valeurs non vides n'est
pas celui que demandent XDS et le CI-SIS.
Pourquoi c'est important : le DMP trie, filtre et affiche les documents d'après ces attributs ; s'il
en manque un, l'enregistrement échoue ou le document est introuvable.
Comment corriger : renseigner chaque attribut d'après l'en-tête du CDA, une seule fois ; ne pas
envoyer de slot vide.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import DocumentEntry

# attribute: (requirement row, least number, greatest number or None)
_COUNTS: dict[str, tuple[str, int, int | None]] = {
    "mimeType": ("DC-XDS-E-MIME-TYPE", 1, 1),
    "title": ("DC-XDS-E-TITLE", 1, 1),
    "creationTime": ("DC-XDS-E-CREATION-TIME", 1, 1),
    "languageCode": ("DC-XDS-E-LANGUAGE", 1, 1),
    "legalAuthenticator": ("DC-XDS-E-LEGAL-AUTHENTICATOR", 1, 1),
    "serviceStartTime": ("DC-XDS-E-SERVICE-START", 1, 1),
    "serviceStopTime": ("DC-XDS-E-SERVICE-STOP", 0, 1),
    "sourcePatientId": ("DC-XDS-E-SOURCE-PATIENT-ID", 1, 1),
    "sourcePatientInfo": ("DC-XDS-E-SOURCE-PATIENT-INFO", 1, None),
    "hash": ("DC-XDS-E-HASH", 1, 1),
    "size": ("DC-XDS-E-SIZE", 1, 1),
    "author": ("DC-XDS-E-AUTHOR", 1, None),
    "classCode": ("DC-XDS-E-CLASS", 1, 1),
    "typeCode": ("DC-XDS-E-TYPE", 1, 1),
    "confidentialityCode": ("DC-XDS-E-CONFIDENTIALITY", 1, 4),
    "formatCode": ("DC-XDS-E-FORMAT", 1, 1),
    "healthcareFacilityTypeCode": ("DC-XDS-E-FACILITY", 1, 1),
    "practiceSettingCode": ("DC-XDS-E-PRACTICE-SETTING", 1, 1),
    "patientId": ("DC-XDS-E-PATIENT-ID", 1, 1),
    "uniqueId": ("DC-XDS-E-UNIQUE-ID", 1, 1),
}
# What only a document made by people or software for care has; the technical entry may lack it.
_CLINICAL = ("legalAuthenticator", "serviceStartTime", "sourcePatientInfo", "author", "title")


@check(*(row for row, _, _ in _COUNTS.values()))
def entry_attribute_count(entry: DocumentEntry) -> Iterator[Fault]:
    for attribute, (row, least, most) in _COUNTS.items():
        if entry.signature and attribute in _CLINICAL:
            continue
        values = entry.values(attribute)
        if len(values) < least:
            yield Fault(
                entry.missing(attribute),
                Text(f"{attribute} renseigné", f"{attribute} filled in"),
                Text(f"{attribute} absent ou vide", f"{attribute} missing or empty"),
                row,
            )
        elif most is not None and len(values) > most:
            seen = ", ".join(value.value[:60] for value in values)
            yield Fault(
                values[most].place,
                Text(f"au plus {most} valeur(s)", f"at most {most} value(s)"),
                Text(f"{len(values)} valeurs : {seen}", f"{len(values)} values: {seen}"),
                row,
            )
