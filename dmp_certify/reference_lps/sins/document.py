"""Sins of the documents themselves and of their agreement with the metadata."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from dmp_certify.finding import Text
from dmp_certify.reference_lps import cda, codes
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.sins.sin import Sin, at, put, rewrite
from dmp_certify.reference_lps.stages import Hook, Stage


def _bytes(
    name: str, title: Text, checks: tuple[str, ...], hook: Hook, scenario: str = "feed-pdf"
) -> Sin:
    return Sin(name, title, checks, scenario, at(Stage.CDA_BYTES, hook))


def _header(
    name: str, title: Text, checks: tuple[str, ...], hook: Hook, scenario: str = "feed-pdf"
) -> Sin:
    return Sin(name, title, checks, scenario, at(Stage.CDA, hook))


def _another_ins(data: bytes) -> bytes:
    """The INS of somebody born the same month at the same place: another order number."""
    found = re.search(rb'<patientRole><id root="[^"]+" extension="(\w{15})"', data)
    if found is None:
        raise LookupError("the sin finds no INS in the document")
    ins = found[1].decode()
    number = f"{ins[:10]}{int(ins[10:13]) % 998 + 1:03d}"
    key = 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97
    return data.replace(found[1], f"{number}{key:02d}".encode(), 1)


def _same_id(_state: Path) -> dict[Stage, Hook]:
    first: list[str] = []

    def hook(header: cda.Header) -> cda.Header:
        first.append(header.unique_id)
        header.unique_id = first[0]
        return header

    return {Stage.CDA: hook}


def _other_structure(header: cda.Header) -> cda.Header:
    header.person = replace(header.person, structure_id="1990000028", structure_name="AUTRE CENTRE")
    return header


SINS = (
    Sin(
        "unique-id-twice",
        Text(
            "Deux documents du lot ont le même identifiant",
            "Two documents of the lot have the same identifier",
        ),
        (
            "xds.unique-id-repeated",
            "signature.digest-mismatch",
            "workflow.exchange-missing",
        ),
        "feed-lot",
        _same_id,
    ),
    _header(
        "author-other-structure",
        Text(
            "La structure du VIHF n'est celle d'aucun auteur du document",
            "The structure of the VIHF is that of no author of the document",
        ),
        ("xds.author-not-of-structure",),
        _other_structure,
    ),
    _bytes(
        "cda-other-patient",
        Text(
            "Le document est celui d'un autre patient",
            "The document is that of another patient",
        ),
        ("coherence.attribute-differs",),
        _another_ins,
    ),
    _bytes(
        "cda-other-id",
        Text(
            "L'identifiant du document n'est pas l'uniqueId",
            "The identifier of the document is not the uniqueId",
        ),
        ("coherence.attribute-differs",),
        rewrite(r'(<id root="2\.25\.)\d{6}', r"\g<1>111111"),
    ),
    _bytes(
        "cda-other-title",
        Text(
            "Le titre du document n'est pas celui de la fiche",
            "The title of the document is not that of the entry",
        ),
        ("coherence.attribute-differs",),
        rewrite(r"<title>[^<]*</title>", "<title>Autre titre</title>"),
    ),
    _bytes(
        "cda-id-extension",
        Text(
            "L'identifiant du document a une extension",
            "The identifier of the document has an extension",
        ),
        ("cda_header.id-extension", "coherence.attribute-differs"),
        rewrite(r'(<id root="2\.25\.[\d.]+")>', r'\g<1> extension="1">'),
    ),
    _bytes(
        "cda-effective-time",
        Text(
            "La date du document n'a pas de décalage horaire",
            "The date of the document has no offset",
        ),
        ("cda_header.effective-time",),
        rewrite(r'(<effectiveTime value="\d{14})[+-]\d{4}', r"\g<1>"),
    ),
    _bytes(
        "cda-legal-authenticator",
        Text(
            "Le responsable du document manque",
            "The legal authenticator of the document is missing",
        ),
        ("cda_header.element-cardinality",),
        rewrite(r"<legalAuthenticator>.*</legalAuthenticator>", ""),
    ),
    _bytes(
        "cda-birth-name",
        Text(
            "Le nom de naissance du patient manque",
            "The birth name of the patient is missing",
        ),
        ("cda_header.ins-traits",),
        rewrite(r'<family qualifier="BR">[^<]*</family>', ""),
    ),
    _bytes(
        "cda-media-type",
        Text(
            "Le corps non structuré n'a pas de type admis",
            "The unstructured body has no admitted media type",
        ),
        ("cda_body.level1-body",),
        rewrite('mediaType="application/pdf"', 'mediaType="application/octet-stream"'),
    ),
    _bytes(
        "cda-body-empty",
        Text("Le corps du document est vide", "The body of the document is empty"),
        ("cda_body.content-empty",),
        rewrite(r'(representation="B64">)[^<]+<', r"\g<1><"),
    ),
    _bytes(
        "document-empty",
        Text("Le document envoyé est vide", "The document sent is empty"),
        ("workflow.empty-document-sent", "cda_body.not-clinical"),
        lambda _data: b"",
    ),
    _header(
        "cda-language",
        Text("La langue du document n'est pas fr-FR", "The language is not fr-FR"),
        ("cda_header.language", "xds.language-wrong"),
        put(language="fr-fr"),
    ),
    _header(
        "type-code",
        Text(
            "Le type de document n'est pas dans le jeu de valeurs",
            "The document type is not in the value set",
        ),
        ("xds.code-outside-value-set", "cda_header.value-set"),
        put(type=Coded("00000-0", codes.LOINC, "Type inconnu")),
    ),
    _header(
        "related-document-missing",
        Text(
            "Le document de remplacement ne nomme pas celui qu'il remplace",
            "The replacing document does not name what it replaces",
        ),
        ("cda_header.replacement", "coherence.replacement-not-said"),
        put(replaces=None),
        "replace",
    ),
    _header(
        "version-not-increased",
        Text(
            "Le numéro de version n'augmente pas au remplacement",
            "The version number does not increase on replacement",
        ),
        ("cda_header.replacement",),
        put(version=1),
        "replace",
    ),
)
