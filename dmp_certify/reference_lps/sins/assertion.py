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
    credential,
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


def _expired(content: vihf.Vihf) -> vihf.Vihf:
    content.not_before = content.issued - timedelta(minutes=20)
    content.not_on_or_after = content.issued - timedelta(minutes=10)
    return content


def _first_role(role: Coded) -> Hook:
    return put(roles=lambda roles: [role, *roles[1:]])


_TLS_KEY = Sin(
    "vihf-signed-by-tls-certificate",
    Text(
        "Le VIHF est signé avec le certificat d'authentification TLS",
        "The VIHF is signed with the TLS authentication certificate",
    ),
    ("vihf.certificate-purpose",),
    "existence-found",
    at(Stage.CREDENTIALS, credential("sign", "org-auth-cli")),
)

SINS = (
    _TLS_KEY,
    Sin(
        "vihf-signing-certificate-expired",
        Text(
            "Le certificat de cachet du VIHF a expiré",
            "The seal certificate of the VIHF has expired",
        ),
        ("vihf.certificate-expired",),
        "existence-found",
        at(Stage.CREDENTIALS, credential("sign", "expired-org-sign")),
    ),
    Sin(
        "vihf-signing-certificate-revoked",
        Text(
            "Le certificat de cachet du VIHF est révoqué",
            "The seal certificate of the VIHF is revoked",
        ),
        ("vihf.certificate-revoked",),
        "existence-found",
        at(Stage.CREDENTIALS, credential("sign", "revoked-org-sign")),
    ),
    _vihf(
        "vihf-unsigned",
        Text("Le VIHF n'est pas signé", "The VIHF is not signed"),
        "vihf.signature-missing",
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
        "vihf.issuer-mismatch",
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
        "vihf.authn-instant",
        _later,
    ),
    _vihf(
        "vihf-mode",
        Text("Le mode d'authentification est inconnu", "The authentication mode is unknown"),
        "vihf.authentication-mode",
        _attribute("Authentification_Mode", "INDIRECT"),
    ),
    _vihf(
        "vihf-version",
        Text("La version du VIHF est inconnue", "The version of the VIHF is unknown"),
        "vihf.version",
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
        "vihf.sector",
        _attribute("Secteur_Activite", "SA05"),
    ),
    _vihf(
        "vihf-role-unknown",
        Text(
            "La profession n'est pas un code de la TRE_G15",
            "The profession is not a code of TRE_G15",
        ),
        "vihf.role",
        _first_role(Coded("999", "1.2.250.1.71.1.2.7", "Inconnue")),
    ),
    _vihf(
        "vihf-specialty-missing",
        Text(
            "Un médecin est déclaré sans savoir-faire",
            "A doctor is declared without a specialty",
        ),
        "vihf.second-role-missing",
        put(roles=lambda roles: roles[:1]),
    ),
    _vihf(
        "vihf-purpose-unknown",
        Text("Le mode d'accès est inconnu", "The access mode is unknown"),
        "vihf.purpose-of-use",
        put(purpose=Coded("curieux", "1.2.250.1.213.1.1.4.248", "Accès curieux")),
    ),
    _vihf(
        "vihf-resource-malformed",
        Text("L'INS du VIHF n'est pas au format CX", "The INS of the VIHF is not a CX"),
        "vihf.resource-id",
        _attribute(vihf.RESOURCE_ID, lambda cx: cx.split("^")[0]),
    ),
    Sin(
        "ins-key",
        Text("La clé de l'INS est fausse", "The key of the INS is wrong"),
        ("vihf.ins-key", "hl7v3.ins-key"),
        "existence-absent",
        _bad_key_everywhere,
    ),
    _vihf(
        "vihf-other-patient",
        Text(
            "Le VIHF et le message parlent de deux patients",
            "The VIHF and the message speak of two patients",
        ),
        "coherence.vihf-patient",
        _attribute(vihf.RESOURCE_ID, f"{OTHER_INS}^^^&{INS_OID}&ISO^NH"),
    ),
    _vihf(
        "vihf-other-structure",
        Text(
            "La structure du VIHF n'est celle d'aucun auteur",
            "The structure of the VIHF is that of no author",
        ),
        "coherence.author-institution",
        _attribute("Identifiant_Structure", "1990000028"),
        scenario="feed-pdf",
    ),
    _vihf(
        "product-version",
        Text(
            "La version portée par le VIHF n'est pas la version déclarée",
            "The version in the VIHF is not the declared one",
        ),
        "vihf.product-version",
        _attribute("LPS_Version", "0.0.1"),
    ),
    _vihf(
        "product-name",
        Text(
            "Le nom porté par le VIHF n'est pas le nom déclaré",
            "The name in the VIHF is not the declared one",
        ),
        "vihf.product-name",
        _attribute("LPS_Nom", "Autre logiciel"),
    ),
    Sin(
        "hl7v3-reason",
        Text(
            "Le motif de la requête TD0.2 est inconnu",
            "The reason of the TD0.2 query is unknown",
        ),
        ("hl7v3.reason-code",),
        "existence-found",
        at(Stage.QUERY, put(reason="TEST")),
    ),
)
