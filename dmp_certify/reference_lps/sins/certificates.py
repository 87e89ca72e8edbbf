"""Sins of the certificates: TLS client and VIHF seal."""

from __future__ import annotations

from dmp_certify.finding import Text
from dmp_certify.reference_lps.sins.sin import Sin, at, credential
from dmp_certify.reference_lps.stages import Stage


def _certificate(kind: str, borrowed: str, name: str, check: str, title: Text) -> Sin:
    """The test PKI's credential `borrowed` in place of the good one; `kind` is auth or sign."""
    checks = (check,) if kind == "sign" else (check, "workflow.exchange-missing")
    return Sin(
        name,
        title,
        checks,
        "existence-found",
        at(Stage.CREDENTIALS, credential(kind, borrowed)),
    )


SINS = (
    _certificate(
        "auth",
        "expired-auth-cli",
        "client-certificate-expired",
        "transport.client-certificate-expired",
        Text(
            "Le certificat client présenté en TLS a expiré",
            "The client certificate presented in TLS has expired",
        ),
    ),
    _certificate(
        "auth",
        "revoked-auth-cli",
        "client-certificate-revoked",
        "transport.client-certificate-revoked",
        Text(
            "Le certificat client présenté en TLS est révoqué",
            "The client certificate presented in TLS is revoked",
        ),
    ),
    _certificate(
        "auth",
        "wrong-ca",
        "client-certificate-untrusted",
        "transport.client-certificate-untrusted",
        Text(
            "Le certificat client ne vient pas de l'IGC-Santé",
            "The client certificate does not come from IGC-Santé",
        ),
    ),
    _certificate(
        "auth",
        "wrong-purpose",
        "client-certificate-purpose",
        "transport.client-certificate-wrong-purpose",
        Text(
            "Le certificat client n'est pas fait pour l'authentification",
            "The client certificate is not made for authentication",
        ),
    ),
    _certificate(
        "sign",
        "org-auth-cli",
        "vihf-signed-by-tls-certificate",
        "vihf.signer-wrong-purpose",
        Text(
            "Le VIHF est signé avec le certificat d'authentification TLS",
            "The VIHF is signed with the TLS authentication certificate",
        ),
    ),
    _certificate(
        "sign",
        "expired-org-sign",
        "vihf-signing-certificate-expired",
        "vihf.signer-expired",
        Text(
            "Le certificat de cachet du VIHF a expiré",
            "The seal certificate of the VIHF has expired",
        ),
    ),
    _certificate(
        "sign",
        "wrong-ca-org-sign",
        "vihf-signing-certificate-untrusted",
        "vihf.signer-untrusted",
        Text(
            "Le certificat de cachet du VIHF ne vient pas de l'IGC-Santé",
            "The seal certificate of the VIHF does not come from IGC-Santé",
        ),
    ),
    _certificate(
        "sign",
        "revoked-org-sign",
        "vihf-signing-certificate-revoked",
        "vihf.signer-revoked",
        Text(
            "Le certificat de cachet du VIHF est révoqué",
            "The seal certificate of the VIHF is revoked",
        ),
    ),
)
