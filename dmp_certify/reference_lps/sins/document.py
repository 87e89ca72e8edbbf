"""Sins of the documents themselves and of their agreement with the metadata."""

from __future__ import annotations

import re

from dmp_certify.finding import Text
from dmp_certify.reference_lps import codes
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.sins.sin import OTHER_INS, Sin, at, put
from dmp_certify.reference_lps.stages import Hook, Stage


def rewrite(pattern: str, replacement: str) -> Hook:
    """Rewrites the first match of a pattern in the document; a LookupError without one."""

    def hook(data: bytes) -> bytes:
        changed, count = re.subn(
            pattern.encode(), replacement.encode(), data, count=1, flags=re.DOTALL
        )
        if not count:
            raise LookupError(f"the sin finds no {pattern!r} in the document")
        return changed

    return hook


def _bytes(
    name: str, title: Text, checks: tuple[str, ...], hook: Hook, scenario: str = "feed-pdf"
) -> Sin:
    return Sin(name, title, checks, scenario, at(Stage.CDA_BYTES, hook))


def _header(
    name: str, title: Text, checks: tuple[str, ...], hook: Hook, scenario: str = "feed-pdf"
) -> Sin:
    return Sin(name, title, checks, scenario, at(Stage.CDA, hook))


SINS = (
    _bytes(
        "cda-other-patient",
        Text(
            "Le document est celui d'un autre patient",
            "The document is that of another patient",
        ),
        ("coherence.patient",),
        rewrite(r'(<patientRole><id root="[^"]+" extension=")\d+"', rf"\g<1>{OTHER_INS}" + '"'),
    ),
    _bytes(
        "cda-other-id",
        Text(
            "L'identifiant du document n'est pas l'uniqueId",
            "The identifier of the document is not the uniqueId",
        ),
        ("coherence.unique-id",),
        rewrite(r'(<id root="2\.25\.)\d{6}', r"\g<1>111111"),
    ),
    _bytes(
        "cda-other-title",
        Text(
            "Le titre du document n'est pas celui de la fiche",
            "The title of the document is not that of the entry",
        ),
        ("coherence.title",),
        rewrite(r"<title>[^<]*</title>", "<title>Autre titre</title>"),
    ),
    _bytes(
        "cda-id-extension",
        Text(
            "L'identifiant du document a une extension",
            "The identifier of the document has an extension",
        ),
        ("cda_header.id-extension",),
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
        ("cda_header.element-missing",),
        rewrite(r"<legalAuthenticator>.*</legalAuthenticator>", ""),
    ),
    _bytes(
        "cda-birth-name",
        Text(
            "Le nom de naissance du patient manque",
            "The birth name of the patient is missing",
        ),
        ("cda_header.patient-name",),
        rewrite(r'<family qualifier="BR">[^<]*</family>', ""),
    ),
    _bytes(
        "cda-media-type",
        Text(
            "Le corps non structuré n'a pas de type admis",
            "The unstructured body has no admitted media type",
        ),
        ("cda_body.media-type",),
        rewrite('mediaType="application/pdf"', 'mediaType="application/octet-stream"'),
    ),
    _bytes(
        "cda-body-empty",
        Text("Le corps du document est vide", "The body of the document is empty"),
        ("cda_body.body-empty",),
        rewrite(r'(representation="B64">)[^<]+<', r"\g<1><"),
    ),
    _bytes(
        "document-empty",
        Text("Le document envoyé est vide", "The document sent is empty"),
        ("workflow.document-empty",),
        lambda _data: b"",
    ),
    _header(
        "cda-language",
        Text("La langue du document n'est pas fr-FR", "The language is not fr-FR"),
        ("cda_header.language-code",),
        put(language="fr-fr"),
    ),
    _header(
        "type-code",
        Text(
            "Le type de document n'est pas dans le jeu de valeurs",
            "The document type is not in the value set",
        ),
        ("xds.type-code", "cda_header.type-code"),
        put(type=Coded("00000-0", codes.LOINC, "Type inconnu")),
    ),
    _header(
        "related-document-missing",
        Text(
            "Le document de remplacement ne nomme pas celui qu'il remplace",
            "The replacing document does not name what it replaces",
        ),
        ("coherence.related-document",),
        put(replaces=None),
        "replace",
    ),
    _header(
        "version-not-increased",
        Text(
            "Le numéro de version n'augmente pas au remplacement",
            "The version number does not increase on replacement",
        ),
        ("workflow.version-number",),
        put(version=1),
        "replace",
    ),
    _header(
        "set-id-changes",
        Text(
            "Le setId change au remplacement",
            "The setId changes on replacement",
        ),
        ("workflow.set-id",),
        put(set_id=lambda root: f"{root}.1"),
        "replace",
    ),
)
