"""Sins of the VIHF and of the HL7 V3 query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from dmp_certify.finding import Text
from dmp_certify.reference_lps import vihf
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.sins.sin import (
    INS_OID,
    OTHER_INS,
    Sin,
    at,
    put,
    swap,
)
from dmp_certify.reference_lps.stages import Hook, Stage


def _vihf(
    name: str, title: Text, check: str, *hooks: Hook, scenario: str = "existence-found"
) -> Sin:
    return Sin(name, title, (check,), scenario, at(Stage.VIHF, *hooks))


def _attribute(name: str, value: str | Callable[[str], str] | None) -> Hook:
    def hook(content: vihf.Vihf) -> vihf.Vihf:
        present = content.attributes.pop(name)
        if value is not None:
            content.attributes[name] = value(present) if callable(value) else value
        return content

    return hook


def _bad_key(ins: str) -> str:
    """The same matricule with the next key."""
    return f"{ins[:13]}{int(ins[13:15]) % 97 + 1:02d}{ins[15:]}"


def _bad_key_everywhere(_state: Path) -> dict[Stage, Hook]:
    return {
        Stage.VIHF: _attribute(vihf.RESOURCE_ID, _bad_key),
        Stage.QUERY: put(ins=_bad_key),
    }


def _later(content: vihf.Vihf) -> vihf.Vihf:
    content.authenticated = content.issued + timedelta(minutes=10)
    return content


def _future(content: vihf.Vihf) -> vihf.Vihf:
    content.issued += timedelta(hours=2)
    content.not_on_or_after += timedelta(hours=2)
    return content


def _expired(content: vihf.Vihf) -> vihf.Vihf:
    content.not_before = content.issued - timedelta(minutes=20)
    content.not_on_or_after = content.issued - timedelta(minutes=10)
    return content


SINS = (
    _vihf(
        "vihf-unsigned",
        Text("Le VIHF n'est pas signé", "The VIHF is not signed"),
        "vihf.unsigned",
        put(signer=None),
    ),
    Sin(
        "vihf-tampered",
        Text(
            "Le VIHF est modifié après sa signature",
            "The VIHF is changed after it was signed",
        ),
        ("vihf.signature-invalid",),
        "existence-found",
        at(Stage.VIHF_BYTES, swap(b">DMPC-0001<", b">DMPC-0002<")),
    ),
    _vihf(
        "vihf-issuer-differs",
        Text(
            "L'Issuer du VIHF n'est pas le certificat signataire",
            "The Issuer of the VIHF is not the signing certificate",
        ),
        "vihf.issuer-wrong",
        put(issuer=lambda dn: dn.replace("CN=", "CN=AUTRE ", 1)),
    ),
    _vihf(
        "vihf-expired",
        Text("Le VIHF n'est plus valide", "The VIHF is no longer valid"),
        "vihf.assertion-expired",
        _expired,
    ),
    _vihf(
        "vihf-authenticated-later",
        Text(
            "L'authentification est postérieure à l'émission du VIHF",
            "The authentication is later than the issue of the VIHF",
        ),
        "vihf.authenticated-after-issue",
        _later,
    ),
    _vihf(
        "vihf-mode",
        Text("Le mode d'authentification est inconnu", "The authentication mode is unknown"),
        "vihf.value-not-allowed",
        _attribute("Authentification_Mode", "INDIRECT"),
    ),
    _vihf(
        "vihf-version",
        Text("La version du VIHF est inconnue", "The version of the VIHF is unknown"),
        "vihf.value-not-allowed",
        _attribute("VIHF_Version", "2.0"),
    ),
    _vihf(
        "vihf-attribute-missing",
        Text("Le secteur d'activité manque au VIHF", "The VIHF lacks the activity sector"),
        "vihf.attribute-missing",
        _attribute("Secteur_Activite", None),
    ),
    _vihf(
        "vihf-sector-unknown",
        Text("Le secteur d'activité est mal formé", "The activity sector is malformed"),
        "vihf.value-not-allowed",
        _attribute("Secteur_Activite", "SA05"),
    ),
    _vihf(
        "vihf-role-order",
        Text(
            "Le savoir-faire précède la profession",
            "The specialty comes before the profession",
        ),
        "vihf.role-unknown",
        put(roles=lambda roles: roles[::-1]),
    ),
    _vihf(
        "vihf-profession-undeclared",
        Text(
            "La profession n'est pas de celles que le produit déclare",
            "The profession is not among those that the product declares",
        ),
        "vihf.not-as-declared",
        put(roles=[Coded("60", "1.2.250.1.71.1.2.7", "Infirmier")]),
    ),
    _vihf(
        "vihf-specialty-missing",
        Text(
            "Un médecin est déclaré sans savoir-faire",
            "A doctor is declared without a specialty",
        ),
        "vihf.role-unknown",
        put(roles=lambda roles: roles[:1]),
    ),
    _vihf(
        "vihf-purpose-unknown",
        Text("Le mode d'accès est inconnu", "The access mode is unknown"),
        "vihf.purpose-unknown",
        put(purpose=Coded("curieux", "1.2.250.1.213.1.1.4.248", "Accès curieux")),
    ),
    _vihf(
        "vihf-resource-malformed",
        Text("L'INS du VIHF n'est pas au format CX", "The INS of the VIHF is not a CX"),
        "vihf.patient-malformed",
        _attribute(vihf.RESOURCE_ID, lambda cx: cx.split("^")[0]),
    ),
    Sin(
        "ins-key",
        Text("La clé de l'INS est fausse", "The key of the INS is wrong"),
        (
            "vihf.patient-malformed",
            "hl7v3.patient-identifier-wrong",
            "workflow.exchange-missing",
        ),
        "existence-absent",
        _bad_key_everywhere,
    ),
    _vihf(
        "vihf-other-patient",
        Text(
            "Le VIHF et le message parlent de deux patients",
            "The VIHF and the message speak of two patients",
        ),
        "coherence.call-patient-differs",
        _attribute(vihf.RESOURCE_ID, f"{OTHER_INS}^^^&{INS_OID}&ISO^NH"),
    ),
    _vihf(
        "vihf-other-structure",
        Text(
            "La structure du VIHF n'est pas celle du certificat",
            "The structure of the VIHF is not that of the certificate",
        ),
        "vihf.structure-not-of-certificate",
        _attribute("Identifiant_Structure", "1990000028"),
    ),
    _vihf(
        "approval-number",
        Text(
            "Le numéro d'homologation n'est pas le numéro déclaré",
            "The approval number is not the declared one",
        ),
        "vihf.approval-number-differs",
        _attribute("LPS_ID_HOMOLOGATION_DMP", "AUTRE-NUMERO"),
    ),
    _vihf(
        "vihf-patient-missing",
        Text("Le VIHF ne nomme pas le patient", "The VIHF does not name the patient"),
        "vihf.patient-missing",
        _attribute(vihf.RESOURCE_ID, None),
    ),
    _vihf(
        "vihf-user-malformed",
        Text(
            "L'utilisateur n'est pas désigné par un identifiant national",
            "The user is not named by a national identifier",
        ),
        "vihf.user-malformed",
        put(name_id="MARTIN"),
    ),
    _vihf(
        "vihf-in-the-future",
        Text("Le VIHF est émis dans le futur", "The VIHF is issued in the future"),
        "vihf.issued-in-the-future",
        _future,
    ),
    _vihf(
        "vihf-used-twice",
        Text("Une même assertion sert deux fois", "One assertion is used twice"),
        "vihf.assertion-repeated",
        put(id="_00000000-1111-4222-8333-444444444444"),
        scenario="retry-once",
    ),
    _vihf(
        "product-version",
        Text(
            "La version portée par le VIHF n'est pas la version déclarée",
            "The version in the VIHF is not the declared one",
        ),
        "vihf.product-differs",
        _attribute("LPS_Version", "0.0.1"),
    ),
    _vihf(
        "product-name",
        Text(
            "Le nom porté par le VIHF n'est pas le nom déclaré",
            "The name in the VIHF is not the declared one",
        ),
        "vihf.product-differs",
        _attribute("LPS_Nom", "Autre logiciel"),
    ),
    Sin(
        "hl7v3-reason",
        Text(
            "Le motif de la requête TD0.2 est inconnu",
            "The reason of the TD0.2 query is unknown",
        ),
        ("hl7v3.reason-unknown",),
        "existence-found",
        at(Stage.QUERY, put(reason="TEST")),
    ),
)
