"""Sins of the submission's metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dmp_certify.finding import Text
from dmp_certify.reference_lps import codes, metadata
from dmp_certify.reference_lps.metadata import SIGNATURE_ID, Submission
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.sins.sin import (
    INS_OID,
    OTHER_INS,
    Sin,
    at,
    put,
)
from dmp_certify.reference_lps.stages import Hook, Stage


def _entry(name: str, title: Text, checks: str, hook: Hook, scenario: str = "feed-pdf") -> Sin:
    return Sin(name, title, tuple(checks.split()), scenario, at(Stage.ENTRY, hook))


def _lot(
    name: str, title: Text, checks: str, change: Callable[[Submission], None], scenario: str
) -> Sin:
    def hook(lot: Submission) -> Submission:
        change(lot)
        return lot

    return Sin(name, title, tuple(checks.split()), scenario, at(Stage.SUBMISSION, hook))


def _local_time(entry: metadata.Entry) -> metadata.Entry:
    """The digits of the document's local time, passed off as UTC."""
    found = re.search(rb'<effectiveTime value="(\d{14})', entry.data)
    if found is None:
        raise LookupError("the sin finds no effectiveTime")
    entry.created = found[1].decode()
    return entry


def _authors(entry: metadata.Entry, **changes: str) -> metadata.Entry:
    entry.authors = [replace(entry.authors[0], **changes), *entry.authors[1:]]
    return entry


def _malformed_patient(lot: Submission) -> None:
    for entry in lot.entries:
        entry.patient_id = entry.patient_id.split("^")[0]
    lot.patient_id = lot.patient_id.split("^")[0]


def _other_patient(lot: Submission) -> None:
    lot.entries[-1].patient_id = f"{OTHER_INS}^^^&{INS_OID}&ISO^NH"


def _no_member(lot: Submission) -> None:
    lot.associations = [link for link in lot.associations if link.target != "Document01"]


def _no_signs(lot: Submission) -> None:
    lot.associations = [link for link in lot.associations if link.type != metadata.SIGNS]


def _no_signature(lot: Submission) -> None:
    lot.entries = [entry for entry in lot.entries if entry.id != SIGNATURE_ID]
    lot.associations = [
        link for link in lot.associations if SIGNATURE_ID not in (link.source, link.target)
    ]


def _replace_another(lot: Submission) -> None:
    for link in lot.associations:
        if link.type == metadata.REPLACES:
            link.target = "urn:uuid:99999999-8888-4777-8666-555555555555"


def _replace_by_unique_id(lot: Submission) -> None:
    """RPLC on the uniqueId of the old document where its entryUUID belongs."""
    found = re.search(rb'<parentDocument><id root="([^"]+)"', lot.entries[0].data)
    for link in lot.associations:
        if link.type == metadata.REPLACES and found is not None:
            link.target = f"urn:oid:{found[1].decode()}"


SINS = (
    _entry(
        "hash-mismatch",
        Text(
            "L'empreinte n'est pas celle du document",
            "The hash is not that of the document",
        ),
        "xds.hash-or-size-wrong workflow.exchange-missing",
        put(hash="0" * 40),
    ),
    _entry(
        "size-mismatch",
        Text("La taille n'est pas celle du document", "The size is not that of the document"),
        "xds.hash-or-size-wrong workflow.exchange-missing",
        put(size=lambda size: str(int(size) + 1)),
    ),
    _entry(
        "author-person-malformed",
        Text("L'auteur n'est pas au format XCN", "The author is not an XCN"),
        "xds.person-malformed",
        lambda entry: _authors(entry, person=entry.authors[0].person.split("^")[0]),
    ),
    _entry(
        "creation-time-local",
        Text(
            "La date de création est en heure locale",
            "The creation time is in local time",
        ),
        "coherence.attribute-differs",
        _local_time,
    ),
    _entry(
        "class-code",
        Text(
            "La classe n'est pas celle du type de document",
            "The class is not that of the document type",
        ),
        "xds.class-code-not-from-type-code",
        put(class_=Coded("11", "1.2.250.1.213.1.1.4.1", "Synthèse")),
    ),
    _entry(
        "format-code",
        Text(
            "Le format annoncé n'est pas celui du document",
            "The announced format is not that of the document",
        ),
        "coherence.format-differs",
        put(format=codes.format_of("text/plain", [])),
    ),
    _entry(
        "forbidden-pair",
        Text(
            "Le document est à la fois masqué aux professionnels et invisible du patient",
            "The document is hidden both from professionals and from the patient",
        ),
        "xds.masked-and-invisible",
        put(
            confidentiality=[
                codes.NORMAL,
                codes.HIDDEN_FROM_PROFESSIONALS,
                codes.HIDDEN_FROM_PATIENT,
            ]
        ),
    ),
    _entry(
        "confidentiality-unknown",
        Text(
            "La confidentialité n'est pas dans le jeu de valeurs du DMP",
            "The confidentiality is not in the DMP's value set",
        ),
        "xds.code-outside-value-set",
        put(confidentiality=[codes.NORMAL, Coded("MASQUE_PSOCIAL", codes.ACCESS, "Masqué")]),
    ),
    _entry(
        "service-start-missing",
        Text("Le début de l'acte manque", "The service start time is missing"),
        "xds.entry-attribute-count",
        put(service_start=""),
    ),
    _entry(
        "metadata-title",
        Text(
            "Le titre de la fiche n'est pas celui du document",
            "The title of the entry is not that of the document",
        ),
        "coherence.attribute-differs",
        put(title="Autre titre"),
    ),
    _lot(
        "patient-id-malformed",
        Text("L'identifiant du patient n'est pas un CX", "The patient identifier is not a CX"),
        "xds.identifier-malformed workflow.exchange-missing",
        _malformed_patient,
        "feed-pdf",
    ),
    _lot(
        "signature-other-patient",
        Text(
            "La signature du lot est d'un autre patient que le lot",
            "The lot's signature is of another patient than the lot",
        ),
        "xds.patient-differs-in-lot workflow.exchange-missing",
        _other_patient,
        "feed-pdf",
    ),
    _lot(
        "member-missing",
        Text(
            "Un document n'est pas rattaché au lot",
            "A document is not linked to the lot",
        ),
        "xds.member-missing",
        _no_member,
        "feed-pdf",
    ),
    _lot(
        "signature-link-missing",
        Text(
            "La signature n'est pas liée au lot",
            "The signature is not linked to the lot",
        ),
        "xds.signature-unlinked",
        _no_signs,
        "feed-pdf",
    ),
    _lot(
        "lot-unsigned",
        Text("Le lot n'est pas signé", "The lot is not signed"),
        "xds.signature-entry-missing",
        _no_signature,
        "feed-pdf",
    ),
    _lot(
        "replace-another",
        Text(
            "Le remplacement vise un autre document",
            "The replacement targets another document",
        ),
        "workflow.replacement-of-another",
        _replace_another,
        "replace",
    ),
    _lot(
        "replace-by-unique-id",
        Text(
            "Le remplacement vise l'uniqueId au lieu de l'entryUUID",
            "The replacement targets the uniqueId instead of the entryUUID",
        ),
        "xds.replacement-wrong workflow.replacement-of-another",
        _replace_by_unique_id,
        "replace",
    ),
)
