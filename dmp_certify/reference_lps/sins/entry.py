"""More sins of the submission's metadata: shapes and values of single attributes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dmp_certify import clock
from dmp_certify.finding import Text
from dmp_certify.reference_lps import codes, lotsign
from dmp_certify.reference_lps.metadata import Association, Entry, Submission
from dmp_certify.reference_lps.moments import dtm
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.sins.sin import Sin, at, put
from dmp_certify.reference_lps.stages import Hook, Stage


def _entry(name: str, title: Text, checks: str, hook: Hook, scenario: str = "feed-pdf") -> Sin:
    return Sin(name, title, tuple(checks.split()), scenario, at(Stage.ENTRY, hook))


def _lot(name: str, title: Text, checks: str, hook: Hook) -> Sin:
    return Sin(name, title, tuple(checks.split()), "feed-pdf", at(Stage.SUBMISSION, hook))


def _of_the_signature(change: Hook) -> Hook:
    def hook(lot: Submission) -> Submission:
        change(lot.entries[-1])
        return lot

    return hook


def _institution(entry: Entry) -> Entry:
    parts = entry.authors[0].institution.split("^")
    parts[5:7] = ["", ""]
    entry.authors = [replace(entry.authors[0], institution="^".join(parts))]
    return entry


def _specialty(entry: Entry) -> Entry:
    entry.authors = [replace(entry.authors[0], specialty="SM26")]
    return entry


def _stray_link(lot: Submission) -> Submission:
    member = lot.associations[0]
    lot.associations.append(Association(member.type, member.source, "Document99", original=True))
    return lot


def _tomorrow(lot: Submission) -> Submission:
    lot.time = dtm(clock.now() + timedelta(days=1))
    return lot


SINS = (
    _entry(
        "mime-type",
        Text("Le type MIME n'est pas admis", "The MIME type is not admitted"),
        "xds.mime-type-unknown",
        put(mime="application/pdf"),
    ),
    _entry(
        "time-malformed",
        Text("Le début de l'acte n'est pas un DTM", "The service start time is not a DTM"),
        "xds.time-malformed",
        put(service_start="2026-11-23T10:00:00Z"),
    ),
    _entry(
        "coding-scheme",
        Text(
            "La classe est rattachée à une autre nomenclature",
            "The class is tied to another code system",
        ),
        "xds.coding-scheme-wrong",
        put(class_=Coded("10", "1.2.250.1.213.1.1.4.12", "Compte rendu")),
    ),
    _entry(
        "organisation-malformed",
        Text(
            "La structure de l'auteur n'est pas au format XON",
            "The author's institution is not a XON",
        ),
        "xds.organisation-malformed",
        _institution,
    ),
    _entry(
        "specialty-malformed",
        Text(
            "La spécialité de l'auteur n'est pas codée",
            "The author's specialty is not coded",
        ),
        "xds.specialty-wrong",
        _specialty,
    ),
    _entry(
        "patient-info-malformed",
        Text(
            "Les traits du patient ne sont pas des segments PID",
            "The patient's traits are not PID fields",
        ),
        "xds.patient-info-malformed",
        put(source_patient_info=["PAT-TROIS DOMINIQUE"]),
    ),
    _entry(
        "no-basic-confidentiality",
        Text(
            "La confidentialité de base manque",
            "The basic confidentiality is missing",
        ),
        "xds.basic-confidentiality-wrong",
        put(confidentiality=[codes.HIDDEN_FROM_PATIENT]),
        scenario="hide-from-patient",
    ),
    _entry(
        "vaccination-hidden",
        Text(
            "Une note de vaccination est cachée au patient",
            "A vaccination note is hidden from the patient",
        ),
        "xds.vaccination-note-restricted",
        put(confidentiality=[codes.NORMAL, codes.HIDDEN_FROM_PATIENT]),
        scenario="feed-structured",
    ),
    _lot(
        "content-type",
        Text(
            "Le type d'activité du lot n'est pas dans le jeu de valeurs",
            "The lot's content type is not in the value set",
        ),
        "xds.content-type-outside-value-set",
        put(content_type=Coded("98", "1.2.250.1.213.2.2", "Inconnu")),
    ),
    _lot(
        "submission-in-the-future",
        Text("Le lot est soumis demain", "The lot is submitted tomorrow"),
        "xds.submission-time-in-future",
        _tomorrow,
    ),
    _lot(
        "association-broken",
        Text(
            "Une association vise un objet que rien ne définit",
            "An association targets an object that nothing defines",
        ),
        "xds.association-broken",
        _stray_link,
    ),
    _lot(
        "lot-id-malformed",
        Text("L'identifiant du lot n'est pas un OID", "The lot's identifier is not an OID"),
        "xds.unique-id-wrong signature.manifest-incomplete",
        put(unique_id=lambda oid: f"urn:oid:{oid}"),
    ),
    _lot(
        "signature-visible",
        Text(
            "La signature du lot n'est pas cachée au patient",
            "The lot's signature is not hidden from the patient",
        ),
        "xds.signature-entry-value",
        _of_the_signature(put(confidentiality=[codes.NORMAL])),
    ),
    _lot(
        "signature-language",
        Text(
            "La signature du lot a une langue humaine",
            "The lot's signature has a human language",
        ),
        "xds.signature-entry-value",
        _of_the_signature(put(language="fr-FR")),
    ),
    Sin(
        "lot-purpose",
        Text(
            "La signature du lot annonce un autre but",
            "The lot's signature announces another purpose",
        ),
        ("signature.purpose-wrong",),
        "feed-pdf",
        at(
            Stage.LOT_SIGNATURE,
            lambda data: data.replace(
                f">{lotsign.PURPOSE}</SignatureProperty>".encode(),
                b">1.2.840.10065.1.12.1.5</SignatureProperty>",
            ),
        ),
    ),
    Sin(
        "lot-signature-not-xml",
        Text(
            "Le document de signature n'est pas une signature",
            "The signature document is not a signature",
        ),
        ("signature.not-a-signature",),
        "feed-pdf",
        at(Stage.LOT_SIGNATURE, lambda _data: b"<Signature/>"),
    ),
)
